"""What is committed is kept; what is not whole is named."""

import sqlite3
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from study.fakes import member_of, outcome_of, table
from whyfit.errors import StudyBusyError, StudyDamagedError, StudyMismatchError
from whyfit.evidence.outcome import OUTCOME_SCHEMA
from whyfit.evidence.vitals import LAYER_NUMBERS, LayerVitals, Vitals
from whyfit.study import store as store_module
from whyfit.study.codec import decode, encode
from whyfit.study.store import Store


@pytest.fixture
def data():
    return table()


@pytest.fixture
def outcome(data):
    member = member_of(data)
    return outcome_of(member, member.key(data.fingerprint, OUTCOME_SCHEMA), data)


def test_an_outcome_comes_back_as_it_went(outcome):
    back = decode(encode(outcome))
    assert (back.key, back.status, back.final, back.best_epoch) == (
        outcome.key,
        outcome.status,
        outcome.final,
        outcome.best_epoch,
    )
    np.testing.assert_array_equal(back.predictions, outcome.predictions)
    np.testing.assert_array_equal(back.curves.stop_loss, outcome.curves.stop_loss)


def test_vitals_come_back_with_their_gaps(outcome):
    from dataclasses import replace

    layers = (LayerVitals("1", "dense", "relu", 8, pre_mean=0.5), LayerVitals("2", "dense", "identity", 2, dead=1.0))
    with_vitals = replace(outcome, vitals=(Vitals(0, 0, layers), Vitals(3, 30, layers)))
    back = decode(encode(with_vitals)).vitals
    assert [(v.epoch, v.step) for v in back] == [(0, 0), (3, 30)]
    for name in LAYER_NUMBERS:
        np.testing.assert_equal(getattr(back[1].layers[0], name), getattr(layers[0], name))


def test_a_study_is_there_again_after_closing(tmp_path, outcome):
    with Store(tmp_path / "s.db") as store:
        store.commit([outcome])
        store.remember({"seed": "7"})
    with Store(tmp_path / "s.db") as store:
        assert store.keys() == {outcome.key}
        assert store.fact("seed") == "7"
        assert next(store.get([outcome.key])).key == outcome.key


def test_a_second_commit_of_the_same_member_changes_nothing(outcome):
    from dataclasses import replace

    with Store(None) as store:
        store.commit([outcome])
        store.commit([replace(outcome, best_epoch=1)])
        assert next(store.get([outcome.key])).best_epoch == outcome.best_epoch


def test_a_cancelled_member_is_not_kept(data):
    member = member_of(data)
    with Store(None) as store:
        store.commit([outcome_of(member, "k", data, status="cancelled")])
        assert len(store) == 0


def test_a_second_process_is_refused_while_the_study_is_open(tmp_path):
    path = tmp_path / "s.db"
    attempt = textwrap.dedent(
        f"""
        from pathlib import Path
        from whyfit.errors import StudyBusyError
        from whyfit.study.store import Store
        try:
            Store(Path({str(path)!r}))
        except StudyBusyError as error:
            print(error)
        """
    )
    with Store(path):
        said = subprocess.run([sys.executable, "-c", attempt], capture_output=True, text=True, check=True).stdout
    assert said.strip() == (
        f"{path}: another process has this study open. Wait until it ends, or give another `--study` file."
    )
    Store(path).close()


def test_the_same_process_is_refused_too(tmp_path):
    with Store(tmp_path / "s.db"), pytest.raises(StudyBusyError, match="another process has this study open"):
        Store(tmp_path / "s.db")


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "s.db").write_bytes(b"not a study" * 1000)
    with pytest.raises(StudyDamagedError, match=r"s\.db: the study file cannot be used \(file is not a database\)"):
        Store(tmp_path / "s.db")


def test_a_strangers_database_is_left_alone(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(StudyDamagedError, match="not a study of whyfit"):
        Store(path)
    with sqlite3.connect(path) as other:
        assert [name for (name,) in other.execute("SELECT name FROM sqlite_master")] == ["theirs"]
    other.close()
    assert path.read_bytes() == before


def test_a_flipped_byte_in_a_network_is_found(tmp_path, outcome):
    path = tmp_path / "s.db"
    with Store(path) as store:
        store.commit([outcome])
    raw = sqlite3.connect(path)
    (body,) = raw.execute("SELECT body FROM outcomes").fetchone()
    raw.execute("UPDATE outcomes SET body = ?", (body[:500] + bytes([body[500] ^ 1]) + body[501:],))
    raw.commit()
    raw.close()
    with (
        Store(path) as store,
        pytest.raises(StudyDamagedError, match=f"network {outcome.key} in the study file is damaged"),
    ):
        list(store.get([outcome.key]))


def test_a_page_of_zeros_is_found(tmp_path, outcome):
    path = tmp_path / "s.db"
    with Store(path) as store:
        store.commit([outcome])
    body = bytearray(path.read_bytes())
    body[4096:8192] = bytes(4096)
    path.write_bytes(bytes(body))
    with pytest.raises(StudyDamagedError, match=r"s\.db"), Store(path) as store:
        list(store.get([outcome.key]))


def test_a_study_of_other_data_is_refused_by_name(tmp_path):
    with Store(tmp_path / "s.db") as store:
        store.must_match({"data": "a", "seed": "0"})
        with pytest.raises(StudyMismatchError, match=r"its data and seed differ\. Give the same data"):
            store.must_match({"data": "b", "seed": "1"})


def test_a_study_of_another_version_is_refused(tmp_path):
    with Store(tmp_path / "s.db") as store:
        store.remember({"schema": "0"})
    with pytest.raises(StudyMismatchError, match="another version of whyfit"):
        Store(tmp_path / "s.db")


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(StudyDamagedError, match="its folder does not exist"):
        Store(tmp_path / "nowhere" / "s.db")


def test_a_pickle_in_place_of_a_network_is_never_loaded(tmp_path, outcome):
    """The digest is right, the content hostile: numpy refuses it, and the store names the network."""
    import hashlib
    import io
    import pickle

    class Hostile:
        def __reduce__(self):
            return (open, (str(tmp_path / "executed"), "w"))

    target = io.BytesIO()
    np.savez(target, header=np.array([Hostile()], dtype=object))
    assert pickle.PROTO in target.getvalue()
    path = tmp_path / "s.db"
    with Store(path) as store:
        store.commit([outcome])
        digest = hashlib.blake2b(target.getvalue(), digest_size=16).digest()
        store._db.execute("UPDATE outcomes SET body = ?, digest = ?", (target.getvalue(), digest))
        (tmp_path / "executed").unlink(missing_ok=True)
        with pytest.raises(StudyDamagedError, match="cannot be read"):
            list(store.get([outcome.key]))
    assert not (tmp_path / "executed").exists()


def test_an_outcome_is_decoded_once_while_there_is_room(outcome):
    with Store(None) as store:
        store.commit([outcome])
        assert next(store.get([outcome.key])) is next(store.get([outcome.key]))


def test_what_does_not_fit_is_read_anew_and_the_same(outcome, monkeypatch):
    monkeypatch.setattr(store_module, "READY_BYTES", len(encode(outcome)) - 1)
    with Store(None) as store:
        store.commit([outcome])
        first, second = next(store.get([outcome.key])), next(store.get([outcome.key]))
    assert first is not second
    np.testing.assert_array_equal(first.predictions, second.predictions)
