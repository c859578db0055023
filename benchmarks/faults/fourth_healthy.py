"""The fourth set: healthy programs alone, each a whole script of its own, as careful people write them.

Written without reading the exams, and never watched. A floor is what a sound network reaches on rows that it was not
trained on: clearly above the constant answer, and no further below an honest reference than seeds differ.
"""

from __future__ import annotations

from case import Program
from fourth_healthy_keepers import KEEPERS
from fourth_healthy_loops import LOOPS
from fourth_healthy_makers import MAKERS
from fourth_healthy_numbers import NUMBERS
from fourth_healthy_pictures import PICTURES
from fourth_healthy_series import SERIES
from fourth_healthy_tables import TABLES
from fourth_healthy_words import WORDS
from loops import TAIL

WHOLE = TABLES | NUMBERS | SERIES | WORDS | PICTURES | MAKERS | KEEPERS | LOOPS
"""Name to floor and text."""
FLOORS = {f"fourth-{name}": floor for name, (floor, _) in WHOLE.items()}
END = "\nimport hashlib\n" + TAIL


def programs() -> list[Program]:
    """All of them; spare until a draw."""
    return [Program(f"fourth-{name}", text.lstrip("\n") + END, spare=True) for name, (_, text) in WHOLE.items()]
