"""The division that is sound for the data, whatever was declared: what is found is used, and said.

Groups and times by which a random division would score memory become groups and times; columns that number the rows,
and those that are the target itself, are no inputs; equal rows beyond chance stay in one part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from whyfit.data.contrasts import Contrast, leak_contrasts, preparing_contrasts
from whyfit.data.passes import OwnDivision, own_division
from whyfit.data.roles import with_groups, with_time, without_column
from whyfit.data.split_checks import refuse_folds
from whyfit.data.suspects import suspect_facts
from whyfit.data.together import Together, copies_of, kept_together
from whyfit.errors import ArgumentError
from whyfit.evidence.dataset import Dataset
from whyfit.evidence.leaks import SuspectFacts

MOST_UNDATED = 0.1
"""Share of the rows without a time up to which a time that was found divides them. Such rows stand behind all others;
more would fill the last of six blocks, of a sixth each. Chosen."""


@dataclass(frozen=True, eq=False, slots=True)
class Sound:
    """The data as it is divided and trained on, and what was found on the way.

    Attributes
    ----------
    data
        Without the columns that are no inputs; with the groups and the times by which it is divided.
    suspects, together
        What was found of groups, times and columns, and of copies.
    own
        The user's splitter, if there is one.
    leaks, preparing
        What networks are to measure: leaks that were found, and what preparing before the split would have pretended.
    """

    data: Dataset
    suspects: SuspectFacts
    together: Together
    own: OwnDivision | None = None
    leaks: tuple[Contrast, ...] = ()
    preparing: tuple[Contrast, ...] = ()


def sound_division(
    loaded: Dataset, *, cv: Any = None, seed: int = 0, keep_columns: bool = False, at_random: bool = False
) -> Sound:
    """Find what nobody declared, and divide by it.

    Parameters
    ----------
    cv
        The user's splitter: it divides as it does, and what is found is said only.
    keep_columns
        Whether the network counts on every column; none is then left out.
    at_random
        Divide by classes alone, whatever was found.

    Raises
    ------
    ArgumentError
        Two arguments say how to divide, or `cv` divides nothing.
    """
    own: OwnDivision | None = None
    if at_random and (loaded.groups is not None or loaded.time is not None or cv is not None):
        raise ArgumentError(
            "`by=random` and what else says how to divide (`cv`, `groups` or `time`) exclude each other.",
            advice="Leave out the one or the other.",
        )
    if is_number(cv):
        refuse_folds(loaded, cv, "cv")
    if cv is not None and not is_number(cv):
        if loaded.time is not None:
            advice = "Leave out `cv` for blocks forward in time, or `time` for your own splitter."
            raise ArgumentError("`cv` and `time` both say how to divide the rows.", advice=advice)
        suspects = suspect_facts(loaded)
        data, own = own_division(cv, loaded, seed)
    elif at_random:
        suspects = suspect_facts(loaded)
        data = loaded
    else:
        data, suspects = divided_soundly(loaded)
    if not keep_columns:
        data, suspects = without_telling(data, suspects)
    data, together = kept_together(data) if own is None and not at_random else (data, copies_of(data))
    leaks = leak_contrasts(loaded, data, suspects, together, seed)
    return Sound(data, suspects, together, own, leaks, preparing_contrasts(data, seed))


def is_number(cv: Any) -> bool:
    """Whether it is a number of folds."""
    return isinstance(cv, int | np.integer) and not isinstance(cv, bool)


def divided_soundly(data: Dataset) -> tuple[Dataset, SuspectFacts]:
    """The data as it should be divided: by groups or in time where a column was found that nobody declared.

    What is found is said in the report, with the score of the other division beside it; the column is then no input.
    A column that is both is a time: forward in time its equal values stay together, too.
    """
    suspects = suspect_facts(data)
    dated = [found for found in suspects.time if found.column is not None and found.undated <= MOST_UNDATED * data.rows]
    time = next((found.column for found in dated), None)
    group = next((found.column for found in suspects.groups if found.column != time), None)
    if group is not None:
        return with_groups(data, group), replace(suspects, used=(group,))
    if time is not None:
        return with_time(data, time), replace(suspects, used=(time,))
    return data, suspects


def without_telling(data: Dataset, suspects: SuspectFacts) -> tuple[Dataset, SuspectFacts]:
    """The data without columns that number its rows, and without those that are the target itself.

    New rows bring new numbers, of which nothing was learned. A column that is the target row for row is no input
    whatever it is called; one that only nearly tells it may be a good measurement, and stays.
    """
    names = [found.column for found in suspects.numbering]
    names += [found.column for found in suspects.disguised if found.itself and found.column not in names]
    gone = []
    for name in names:
        if name not in suspects.used and len(data.columns) > 1:
            data = without_column(data, name)
            gone.append(name)
    return data, replace(suspects, left_out=tuple(gone))
