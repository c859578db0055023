"""What every exam keeps, whatever its question: one is tested here by being listed in `whyfit.exams.EXAMS`."""

import itertools
from dataclasses import replace

import pytest

from exams.cases import evidence, gap, last, layer, run, score, whole_study
from whyfit.evidence.evidence import Evidence, EvidenceKind
from whyfit.evidence.exam import Answer, Exam
from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.question import Question
from whyfit.exams import EXAMS, NOT_BUILT, examine

CASES = {
    "healthy": whole_study(),
    "dead": evidence(run((layer("1", dead=64.0), layer("2"), last()))),
    "diverged": evidence(run(status="diverged", reason="not_finite:loss:epoch=1:step=3")),
    "overfits": evidence(gap=gap(0.4, 0.35, 0.45, train_error=0.0, score_error=0.4), score=score(0.4, 0.35, 0.45)),
    "no intervals": evidence(gap=gap(0.1, None, None), score=score(0.1, None, None)),
    "no vitals": evidence(run(vitals=())),
    "one layer": evidence(run((last("1"),))),
}


@pytest.fixture(params=EXAMS, ids=lambda exam: exam.question.value)
def exam(request):
    return request.param


def applies(exam, case):
    return exam.needs <= case.kinds and exam.applies(case).status in ("measured", "partly measured")


def test_it_keeps_the_protocol(exam):
    assert isinstance(exam, Exam)
    assert isinstance(exam.question, Question)
    assert exam.needs
    assert all(code.startswith(f"{exam.question.value}.") for code in exam.codes)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_finds_only_codes_that_it_declares(exam, case):
    if applies(exam, case):
        found = exam.judge(case)
        assert found
        assert all(isinstance(finding, Finding) and finding.code in exam.codes for finding in found)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_is_pure(exam, case):
    if applies(exam, case):
        assert [repr(f) for f in exam.judge(case)] == [repr(f) for f in exam.judge(case)]


def test_it_is_silent_about_a_healthy_network(exam):
    assert applies(exam, CASES["healthy"]) or exam.applies(CASES["healthy"]).status == "does not apply"
    assert [f for f in exam.judge(CASES["healthy"]) if f.severity.rank >= Severity.WARNING.rank] == []


def test_numbers_are_plain_values(exam):
    plain = (int, float, str, bool, list, tuple, type(None))
    for case in CASES.values():
        for finding in exam.judge(case) if applies(exam, case) else ():
            assert all(isinstance(value, plain) for value in finding.numbers.values())


def test_no_question_has_two_exams():
    assert len({exam.question for exam in EXAMS}) == len(EXAMS)


def test_all_twelve_questions_are_answered_in_order():
    answers, _ = examine(evidence())
    assert list(answers) == list(Question)


def test_a_question_without_an_exam_says_so():
    answers, findings = examine(evidence(), exams=())
    assert set(answers.values()) == {Answer("not measured", NOT_BUILT)}
    assert findings == ()


def test_missing_evidence_is_named_never_skipped(exam):
    for kind in exam.needs:
        parts = {
            EvidenceKind.DATA: "data",
            EvidenceKind.SPLITS: "splits",
            EvidenceKind.SCORE: "score",
            EvidenceKind.GAP: "gap",
        }
        if kind in parts:
            answers, findings = examine(evidence(**{parts[kind]: None}), [exam])
            assert answers[exam.question] == Answer("not measured", kind.value)
            assert findings == ()


def test_nothing_measured_gives_no_finding_at_all():
    answers, findings = examine(Evidence())
    assert findings == ()
    assert {answer.status for answer in answers.values()} == {"not measured"}


def test_findings_come_most_serious_first():
    bad = evidence(
        run((layer("1", dead=64.0), layer("2", dead=1.0), last())),
        gap=gap(0.2, 0.1, 0.3, train_error=0.0, score_error=0.2),
        score=score(0.2, 0.15, 0.25),
    )
    _, findings = examine(bad)
    ranks = [finding.severity.rank for finding in findings]
    assert ranks == sorted(ranks, reverse=True)
    assert len(set(ranks)) > 1


def test_cases_differ():
    assert all(a is not b for a, b in itertools.combinations(CASES.values(), 2))


def test_forward_in_time_it_is_said_why_nothing_was_compared():
    forward = replace(evidence().splits, by="time")
    answers, _ = examine(evidence(splits=forward, decomposition=(), race=()))
    assert answers[Question.BIAS_VARIANCE] == Answer("not measured", "forward_in_time")
    assert answers[Question.OPTIMIZERS].why_code == "forward_in_time"
    assert answers[Question.OVERFITTING] == Answer("partly measured", "forward_in_time")
    shuffled, _ = examine(evidence(decomposition=(), race=()))
    assert shuffled[Question.BIAS_VARIANCE] == Answer("not measured", "decomposition")
    assert shuffled[Question.OVERFITTING] == Answer("partly measured", "remedies")
