from dataclasses import replace

import numpy as np

from study.fakes import table
from whyfit.study.share import SharedDataset


def test_keys_of_rows_and_moments_do_not_stand_in_the_way():
    """Another process trains on the same features; what only the report says stays behind."""
    data = table(rows=20, classes=2)
    columns = (replace(data.columns[0], moment=True), *data.columns[1:])
    data = replace(data, columns=columns, keys=(("patient", np.arange(20)),))
    with SharedDataset.write(data) as shared:
        opened = shared()
    assert opened.fingerprint == data.fingerprint
    assert opened.columns == data.columns
