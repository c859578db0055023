"""Runs an exported network where importing whyfit fails."""

import json
import subprocess
import sys

import numpy as np

WITHOUT_WHYFIT = """
import json, sys
class Absent:
    def find_spec(self, name, *_):
        if name.split(".")[0] == "whyfit":
            raise ImportError("whyfit is not installed")
sys.meta_path.insert(0, Absent())
sys.path.insert(0, sys.argv[1])
from predict import predict
print(json.dumps(predict(json.load(sys.stdin)).tolist()))
"""


def predicted_without_whyfit(folder, columns):
    """(rows, outputs) that the exported script gives for columns by name."""
    command = [sys.executable, "-c", WITHOUT_WHYFIT, str(folder)]
    done = subprocess.run(command, input=json.dumps(columns), capture_output=True, text=True, check=True)
    return np.array(json.loads(done.stdout))
