"""Copies are judged against chance, and by what they do to the score; a sound division says so with its sizes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exams.cases import evidence
from whyfit.evidence.dataset import RowNumbers
from whyfit.evidence.estimate import Estimate
from whyfit.evidence.evidence import CopyFacts
from whyfit.evidence.finding import Severity
from whyfit.evidence.leaks import (
    ColumnSuspect,
    ContrastFacts,
    GroupSuspect,
    NearCopyFacts,
    PretendedFacts,
    SuspectFacts,
    TimeSuspect,
)
from whyfit.exams.splits import SplitsExam
from whyfit.text.words import Words

EXAM = SplitsExam()
HEALTHY = evidence().splits
NO_COPIES = CopyFacts(
    pairs=0, expected_pairs=0.0, rows_compared=1000, copied_score_rows=0, scored_rows=1000, agreeing=0, disagreeing=0
)


def judged(*, copies=NO_COPIES, **changes):
    case = evidence(splits=replace(HEALTHY, copies=copies, **changes))
    return {finding.code: finding for finding in EXAM.judge(case)}


def copies(pairs, expected, copied=0, **effect):
    return replace(
        NO_COPIES, pairs=pairs, expected_pairs=expected, copied_score_rows=copied, examples=((3, 17), (5, 9)), **effect
    )


def estimate(value, low, high):
    return Estimate(value, low=low, high=high, fits=20)


def test_a_sound_division_says_so_with_its_sizes():
    found = judged()
    assert list(found) == ["splits.large_enough", "splits.sound"]
    assert dict(found["splits.sound"].numbers) == {"train": 640, "stop": 160, "rows": 200, "folds": 5, "repeats": 2}


def test_the_question_is_answered_in_full_where_leaks_were_looked_for():
    looked = evidence(splits=replace(HEALTHY, suspects=SuspectFacts()))
    assert EXAM.applies(looked).status == "measured"
    assert EXAM.applies(evidence()).why_code == "leaks_not_measured"


@pytest.mark.parametrize(("pairs", "code"), [(3, "splits.copies_by_chance"), (4, "splits.copies")])
def test_a_few_equal_rows_are_chance_even_where_none_are_expected(pairs, code):
    assert code in judged(copies=copies(pairs, 0.0))


@pytest.mark.parametrize(
    ("pairs", "expected", "code"),
    [(1200, 1000.0, "splits.copies_by_chance"), (1200, 17.0, "splits.copies"), (1200, None, "splits.copies_by_chance")],
)
def test_copies_are_more_equal_rows_than_chance_gives(pairs, expected, code):
    found = judged(copies=copies(pairs, expected, copied=80))
    assert code in found
    assert found[code].where.rows == (3, 17, 5, 9)


def test_equal_rows_by_chance_are_a_note_beside_a_sound_division():
    found = judged(copies=copies(1200, 1000.0))
    assert found["splits.copies_by_chance"].severity is Severity.NOTE
    assert "splits.sound" in found


@pytest.mark.parametrize(
    ("copied", "effect", "severity"),
    [
        (49, {}, Severity.WARNING),
        (50, {}, Severity.SERIOUS),
        (400, {"score_with": 0.03, "score_without": 0.039}, Severity.WARNING),
        (10, {"score_with": 0.03, "score_without": 0.041}, Severity.SERIOUS),
    ],
    ids=str,
)
def test_copies_are_serious_by_their_effect_else_by_their_share(copied, effect, severity):
    """The healthy score's interval is 0.02 to 0.04: more than 0.01 changes what one concludes."""
    found = judged(copies=copies(133, 0.2, copied=copied, **effect))["splits.copies"]
    assert found.severity is severity
    assert found.numbers["share"] == copied / 1000


def test_a_class_missing_from_a_part_is_a_warning_with_class_and_part():
    found = judged(missing_classes=(("rare", "stop"), ("rare", "train")))["splits.class_missing"]
    assert (found.severity, dict(found.numbers)) == (
        Severity.WARNING,
        {"class": "rare", "part": "train", "classes": None},
    )


def test_a_hundred_missing_classes_are_not_a_hundred_findings():
    missing = tuple((f"class {i}", "score") for i in range(100))
    found = EXAM.judge(evidence(splits=replace(HEALTHY, copies=NO_COPIES, missing_classes=missing)))
    assert [one.numbers["classes"] for one in found if one.code == "splits.class_missing"] == [100] * 5


def test_a_class_of_few_scored_rows_is_a_note_with_the_rows_needed():
    found = judged(scored_classes=(9, *[100] * 9))["splits.class_small"]
    assert (found.severity, dict(found.numbers)) == (
        Severity.NOTE,
        {"class": "0", "rows": 9, "needed": 1112, "classes": None},
    )


def test_rare_classes_that_were_divided_together_are_a_note():
    assert judged(why="rare_classes")["splits.rare_classes"].severity is Severity.NOTE


@pytest.mark.parametrize(
    ("changes", "incomplete"),
    [
        ({"times_scored": (0, 1)}, True),
        ({"times_scored": (1, 2)}, True),
        ({"times_scored": (0, 1), "by": "time"}, False),
        ({"times_scored": (0, 1), "kind": "holdout", "folds": 1}, False),
        ({"times_scored": (0, 3), "kind": "own"}, False),
    ],
    ids=str,
)
def test_every_row_is_scored_once_in_a_k_fold(changes, incomplete):
    assert ("splits.incomplete" in judged(**changes)) == incomplete


NEAR = NearCopyFacts(
    pairs=3,
    most_by_chance=5,
    smallest_p=1e-4,
    nearest=0,
    dimension=4.0,
    columns=6,
    rows_compared=1000,
    copied_score_rows=8,
    scored_rows=1000,
    examples=((3, 17),),
)


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({}, None),
        ({"pairs": 6}, Severity.WARNING),
        ({"nearest": 1}, Severity.WARNING),
        ({"pairs": 60, "copied_score_rows": 50}, Severity.SERIOUS),
    ],
    ids=str,
)
def test_near_copies_are_judged_by_their_number_or_one_by_one(changes, severity):
    found = judged(near=replace(NEAR, **changes)).get("splits.near_copies")
    assert (found and found.severity) == severity
    if found:
        assert found.where.rows == (3, 17)


def test_groups_on_both_sides_are_serious():
    assert judged(shared_groups=7)["splits.groups_shared"].severity is Severity.SERIOUS


GROUP = GroupSuspect("patient", 80, 0.6, 0.01, 0.1, 0.3, 1e-9)
TIME = TimeSuspect("day", 0.02, 0.1, 0.3, 1e-9)


@pytest.mark.parametrize("used", [False, True])
def test_groups_and_times_nobody_declared_are_warnings_until_the_division_respects_them(used):
    facts = SuspectFacts(groups=(GROUP,), time=(TIME,), used=("patient", "day") if used else ())
    found = judged(suspects=facts)
    codes = ["splits.groups_kept", "splits.time_kept"] if used else ["splits.group_column", "splits.time_order"]
    assert [code for code in found if code not in ("splits.sound", "splits.large_enough")] == codes
    assert {found[code].severity for code in codes} == {Severity.NOTE if used else Severity.WARNING}
    assert [found[code].where.column for code in codes] == ["patient", "day"]


def test_a_time_without_a_column_has_no_place():
    assert judged(suspects=SuspectFacts(time=(replace(TIME, column=None),)))["splits.time_order"].where is None


def test_a_column_that_gives_the_target_is_a_warning_and_is_named_once():
    told = ColumnSuspect("told", 0.001, 0.9, numbering=True, error_without=0.3)
    found = judged(suspects=SuspectFacts(disguised=(told,), numbering=(told,)))
    assert found["splits.target_in_disguise"].severity is Severity.WARNING
    assert "splits.identifier" not in found
    day = ColumnSuspect("day", 0.2, 0.9, numbering=True)
    assert "splits.identifier" not in judged(suspects=SuspectFacts(time=(TIME,), numbering=(day,)))


@pytest.mark.parametrize(("error", "severity"), [(0.9, Severity.NOTE), (0.4, Severity.WARNING)])
def test_a_column_that_numbers_the_rows_leaks_where_rows_are_sorted(error, severity):
    facts = SuspectFacts(numbering=(ColumnSuspect("id", error, 0.9, numbering=True),))
    assert judged(suspects=facts)["splits.identifier"].severity is severity


def test_a_column_that_numbers_the_rows_is_a_note_once_it_is_no_input():
    facts = SuspectFacts(numbering=(ColumnSuspect("id", 0.4, 0.9, numbering=True),), left_out=("id",))
    found = judged(suspects=facts)
    assert found["splits.identifier_left_out"].severity is Severity.NOTE
    assert "splits.identifier" not in found


@pytest.mark.parametrize(
    ("mode", "code", "severity"),
    [
        ("shuffled", "splits.own_shuffled", Severity.OK),
        ("passes", "splits.own_shuffled", Severity.OK),
        ("fixed", "splits.own_fixed", Severity.NOTE),
        ("loose", "splits.own_loose", Severity.NOTE),
        ("forward", "splits.own_forward", Severity.OK),
        ("holdout", "splits.own_holdout", Severity.NOTE),
        ("torn", "splits.own_torn", Severity.NOTE),
    ],
)
def test_a_splitter_of_ones_own_has_a_line_that_says_how_it_was_used(mode, code, severity):
    found = judged(kind="own", splitter="KFold(n_splits=5)", mode=mode)[code]
    assert (found.severity, found.numbers["splitter"]) == (severity, "KFold(n_splits=5)")


def test_a_division_of_whyfits_own_has_no_such_line():
    assert not [code for code in judged() if code.startswith("splits.own_")]


@pytest.mark.parametrize("compared", [1000, 400])
def test_what_was_looked_for_among_some_of_the_rows_only_is_said(compared):
    """The table has 1,000 rows."""
    facts = SuspectFacts(rows_compared=compared, rows_by_column=1000)
    found = judged(suspects=facts)
    assert ("splits.sampled" in found) == (compared < 1000)
    if compared < 1000:
        assert dict(found["splits.sampled"].numbers) == {
            "rows": 1000, "pairs_among": 1000, "near_among": None, "neighbours_among": 400, "columns_among": 1000,
            "alike_among": None,
        }  # fmt: skip


def test_of_many_pictures_chance_pairs_are_counted_among_some():
    """Nothing is suspected of pictures, so no number of neighbours stands there."""
    found = judged(copies=replace(NO_COPIES, rows_compared=800), suspects=SuspectFacts())
    assert found["splits.sampled"].numbers["pairs_among"] == 800
    words = Words("en").finding("splits.sampled", found["splits.sampled"].numbers)
    assert words.cause.startswith("This many rows were taken; equal pairs by chance: 800.")


def test_a_column_that_is_no_input_gives_nothing_away():
    """A number that was left out, a group that is kept whole, a time that orders the rows: no network sees them."""
    told = ColumnSuspect("told", 0.001, 0.9, numbering=True)
    out = judged(suspects=SuspectFacts(disguised=(told,), numbering=(told,), left_out=("told",)))
    assert "splits.target_in_disguise" not in out
    assert out["splits.identifier_left_out"].severity is Severity.NOTE
    who = ColumnSuspect(GROUP.column, 0.001, 0.9, numbering=False)
    kept = judged(suspects=SuspectFacts(groups=(GROUP,), disguised=(who,), used=(GROUP.column,)))
    assert "splits.target_in_disguise" not in kept
    assert "splits.groups_kept" in kept


def test_an_order_that_sorting_explains_is_a_note_with_the_column():
    time = TimeSuspect(None, 0.02, 0.1, 0.3, 1e-9, sorted_by="age")
    found = judged(suspects=SuspectFacts(time=(time,)))
    assert "splits.time_order" not in found
    assert found["splits.time_or_sorted"].severity is Severity.NOTE
    assert found["splits.time_or_sorted"].where.column == "age"


@pytest.mark.parametrize("keyless", [True, False])
def test_groups_without_a_key_are_said_to_be_unseen(keyless):
    assert ("splits.keyless" in judged(keyless=keyless)) == keyless


def test_a_group_column_that_was_found_is_a_key():
    found = GroupSuspect("patient", 80, 0.6, 0.02, 0.1, 0.4, 1e-6)
    for used in ((), ("patient",)):
        said = judged(keyless=True, suspects=SuspectFacts(groups=(found,), used=used))
        assert "splits.keyless" not in said
        assert ("splits.groups_kept" if used else "splits.group_column") in said
    said = judged(keyless=True, suspects=SuspectFacts(keys=(found,)))
    assert "splits.keyless" not in said
    assert said["splits.key_tells"].severity is Severity.NOTE


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.01, 0.03, "less error"), (-0.03, -0.01, "more error"), (-0.01, 0.02, "no difference"), (0.0, 0.0, "no diff")],
    ids=["above zero", "below zero", "around zero", "zero"],
)
@pytest.mark.parametrize("by", ["guess", "networks"])
def test_what_preparing_would_have_pretended_is_said_by_its_interval(by, low, high, said):
    value = (low + high) / 2
    measured = {
        "guess": {"pretended": PretendedFacts(0.3, 0.3 - value, value, low, high)},
        "networks": {
            "contrasts": tuple(
                ContrastFacts(kind, (), 0.3, 0.3 + value, estimate(value, low, high), 20, 300)
                for kind in ("scaling", "imputing", "selection")
            )
        },
    }[by]
    codes = ("scaled_inside", "imputed_inside", "selected_inside")[: 1 if by == "guess" else 3]
    for code in codes:
        finding = judged(**measured)[f"splits.{code}"]
        words = Words("en").finding(finding.code, {"metric": "error", **finding.numbers}).summary
        assert said in words
        assert sum(words.count(one) for one in ("less error", "more error", "no difference")) == 1
        assert "−" not in words or said == "no difference"


@pytest.mark.parametrize("kind", ["groups", "time"])
@pytest.mark.parametrize("used", [False, True], ids=["torn", "kept"])
@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(0.01, 0.03, "less_error"), (-0.03, -0.01, "more_error"), (-0.01, 0.02, "no_difference")],
    ids=["above zero", "below zero", "around zero"],
)
def test_what_a_random_division_pretends_is_said_by_its_interval(kind, used, low, high, said):
    value, suspect = (low + high) / 2, GROUP if kind == "groups" else TIME
    suspects = SuspectFacts(**{kind: (suspect,)}, used=(suspect.column,) if used else ())
    facts = ContrastFacts(kind, (suspect.column,), 0.3, 0.3 + value, estimate(value, low, high), 20, 300)
    names = {"groups": ("group_column", "groups_kept"), "time": ("time_order", "time_kept")}[kind]
    finding = judged(suspects=suspects, contrasts=(facts,))[f"splits.{names[used]}"]
    numbers = {"metric": "error", "column": suspect.column, **finding.numbers}
    phrases = {
        "en": {"less_error": "less error here", "more_error": "more error", "no_difference": "could be shown"},
        "zh": {"less_error": "显得低", "more_error": "反而高", "no_difference": "未显示出差别"},
    }
    for language, ways in phrases.items():
        words = Words(language).finding(finding.code, numbers).cause
        assert [way for way, phrase in ways.items() if phrase in words] == [said]
        assert "lets a network know" not in words


def test_copies_that_help_no_network_are_not_said_to():
    facts = ContrastFacts("copies", (), 0.245, 0.268, estimate(0.023, -0.005, 0.051), 20, 720)
    finding = judged(copies=copies(120, 0.1, 146), together=("copies",), contrasts=(facts,))["splits.copies_kept"]
    words = Words("en").finding(finding.code, {"metric": "error", **finding.numbers}).cause
    assert "No difference between the two could be shown" in words
    assert "memory" not in words


def test_rows_are_numbered_as_their_owner_counts_them():
    """A text file has a header in its first row, and here a blank line after the fourth row of data."""
    splits = replace(HEALTHY, copies=copies(40, 0.1, 80))
    arrays = evidence(splits=splits)
    file = evidence(splits=splits, data=replace(arrays.data, row_numbers=RowNumbers(first=2, dropped=(4,))))
    for case, rows, first in ((arrays, (3, 17, 5, 9), 0), (file, (5, 20, 8, 12), 2)):
        found = next(one for one in EXAM.judge(case) if one.code == "splits.copies")
        assert found.where.rows == rows
        assert found.numbers["first_row"] == first
