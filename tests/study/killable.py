"""`whyfit` as it is, beside a file that grows by a byte for each network kept, so that a killer sees where it stands.

python tests/study/killable.py FILE checkup ...
"""

import os
import sys

from whyfit.doors.voice import Speech
from whyfit.study.study import Progress


def watched_by(place: str) -> None:
    """From now on the size of a file is the number of networks kept."""
    file = os.open(place, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
    moved = Speech.progress

    def progress(self: Speech, progress: Progress) -> None:
        moved(self, progress)
        os.ftruncate(file, progress.networks)

    Speech.progress = progress


if __name__ == "__main__":
    watched_by(sys.argv.pop(1))
    from whyfit.cli import main

    main()
