"""The store: every finished member, committed as it arrives, in one SQLite file.

A commit is durable against the death of the process (write-ahead log). The file is locked while a study has it open;
the lock belongs to the process and dies with it, so a killed study leaves nothing to clean up.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from whyfit.errors import StudyBusyError, StudyDamagedError, StudyMismatchError
from whyfit.evidence.digest import DIGEST_BYTES
from whyfit.evidence.outcome import OUTCOME_SCHEMA, Outcome
from whyfit.study.codec import decode, encode

STORE_SCHEMA = "1"
APPLICATION_ID = 0x77687966  # "whyf": SQLite keeps it in the file's header, so a stranger's database is told apart

READY_BYTES = 128 * 2**20
"""Of outcomes read once that are kept ready, by their size in the file. Each look at a study reads all that came
before, and in a study of small networks decoding took as long as training. What does not fit is read anew."""

_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outcomes (
    key TEXT PRIMARY KEY, status TEXT NOT NULL, seconds REAL NOT NULL, digest BLOB NOT NULL, body BLOB NOT NULL
) WITHOUT ROWID;
"""


class Store:
    """Outcomes by member key, and a few facts of the study.

    Parameters
    ----------
    path
        The study file; None keeps everything in memory, for a study that nobody resumes.

    Raises
    ------
    StudyBusyError, StudyDamagedError, StudyMismatchError
        The file cannot be used; each message names it and says what to do.

    Examples
    --------
    >>> with Store(None) as store:
    ...     len(store)
    0
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._db = _connect(path)
        self._ready: dict[str, Outcome] = {}
        self._room = READY_BYTES
        try:
            self._prepare()
        except BaseException:
            self._db.close()
            raise

    def _prepare(self) -> None:
        with _named_failures(self.path):
            self._refuse_strangers()
            self._lock()
            self._db.execute(f"PRAGMA application_id={APPLICATION_ID}")
            self._db.executescript(_TABLES)
            version = self.fact("schema")
        if version is None:
            self.remember({"schema": STORE_SCHEMA, "outcome_schema": str(OUTCOME_SCHEMA)})
        elif (version, self.fact("outcome_schema")) != (STORE_SCHEMA, str(OUTCOME_SCHEMA)):
            raise StudyMismatchError(
                f"the study was written by another version of whyfit (schema {version}).",
                where=str(self.path),
                advice="Resume it with that version, or start a new file.",
            )

    def _lock(self) -> None:
        if self.path is None:
            return
        self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("BEGIN EXCLUSIVE")
        self._db.execute("COMMIT")
        complaint = self._db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if complaint != "ok":
            raise StudyDamagedError(f"the study file is damaged ({complaint}).", where=str(self.path), advice=_NEW_FILE)

    def _refuse_strangers(self) -> None:
        """Before anything is written: a database of somebody else's stays as it is, to the byte."""
        owner = self._db.execute("PRAGMA application_id").fetchone()[0]
        tables = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if owner != APPLICATION_ID and tables:
            advice = "Give another `--study` file; this one was left as it is."
            raise StudyDamagedError("this database is not a study of whyfit.", where=str(self.path), advice=advice)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._ready.clear()
        self._db.close()

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM outcomes").fetchone()[0])

    def keys(self) -> frozenset[str]:
        """The keys of all members that need not be trained again."""
        return frozenset(key for (key,) in self._db.execute("SELECT key FROM outcomes"))

    def commit(self, outcomes: Iterable[Outcome]) -> None:
        """Keep finished outcomes; one that is already there stays as it is. A cancelled member is not kept."""
        rows = [_row(outcome) for outcome in outcomes if outcome.status != "cancelled"]
        with _named_failures(self.path), self._db:
            self._db.executemany("INSERT OR IGNORE INTO outcomes VALUES (?, ?, ?, ?, ?)", rows)

    def get(self, keys: Iterable[str]) -> Iterator[Outcome]:
        """The outcomes of these keys, in their order; a missing one is left out."""
        for key in keys:
            outcome = self._ready.get(key) or self._read(key)
            if outcome is not None:
                yield outcome

    def _read(self, key: str) -> Outcome | None:
        with _named_failures(self.path):
            found = self._db.execute("SELECT digest, body FROM outcomes WHERE key = ?", (key,)).fetchone()
        if found is None:
            return None
        outcome, size = _checked(key, *found, path=self.path), len(found[1])
        if size <= self._room:
            self._ready[key] = outcome
            self._room -= size
        return outcome

    def remember(self, facts: Mapping[str, str]) -> None:
        """Write facts of the study, over older ones of the same name."""
        with _named_failures(self.path), self._db:
            self._db.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", list(facts.items()))

    def fact(self, name: str) -> str | None:
        """One fact of the study."""
        found = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if found is None else str(found[0])

    def must_match(self, facts: Mapping[str, str]) -> None:
        """Hold this study to what the file says of itself, or write it into a new file.

        Raises
        ------
        StudyMismatchError
            The file holds a study of other data, another network or other settings; the message names which.
        """
        different = [name for name, value in facts.items() if self.fact(name) not in (None, value)]
        if different:
            verb = "differs" if len(different) == 1 else "differ"
            raise StudyMismatchError(
                f"the file holds another study: its {' and '.join(different)} {verb}.",
                where=str(self.path),
                advice="Give the same data and arguments to resume it, or another `--study` file.",
            )
        self.remember(facts)

    def __repr__(self) -> str:
        return f"Store({str(self.path) if self.path else 'in memory'}, outcomes={len(self)})"


_NEW_FILE = "Give another `--study` file; if this one holds nothing that you need, remove it to begin anew."


def _connect(path: Path | None) -> sqlite3.Connection:
    if path is None:
        return sqlite3.connect(":memory:", check_same_thread=False)
    if not path.resolve().parent.is_dir():
        raise StudyDamagedError("its folder does not exist.", where=str(path), advice="Create the folder first.")
    with _named_failures(path):
        return sqlite3.connect(path, timeout=0.0, check_same_thread=False)


@contextmanager
def _named_failures(path: Path | None) -> Iterator[None]:
    """Turn SQLite's errors into messages that name the file."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise _damaged(path, error) from error
        advice = "Wait until it ends, or give another `--study` file."
        raise StudyBusyError("another process has this study open.", where=str(path), advice=advice) from error
    except sqlite3.Error as error:
        raise _damaged(path, error) from error


def _damaged(path: Path | None, error: Exception) -> StudyDamagedError:
    return StudyDamagedError(f"the study file cannot be used ({error}).", where=str(path), advice=_NEW_FILE)


def _row(outcome: Outcome) -> tuple[str, str, float, bytes, bytes]:
    body = encode(outcome)
    return outcome.key, outcome.status, outcome.seconds, _digest(body), body


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=DIGEST_BYTES).digest()


def _checked(key: str, digest: bytes, body: bytes, *, path: Path | None) -> Outcome:
    if _digest(body) != digest:
        raise StudyDamagedError(f"network {key} in the study file is damaged.", where=str(path), advice=_NEW_FILE)
    try:
        return decode(body)
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        message = f"network {key} in the study file cannot be read ({error})."
        raise StudyDamagedError(message, where=str(path), advice=_NEW_FILE) from error
