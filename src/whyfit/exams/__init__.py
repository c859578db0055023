"""One exam a question: evidence in, findings out; and the round of all twelve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from whyfit.evidence.evidence import Evidence, EvidenceKind
from whyfit.evidence.exam import Answer, Exam
from whyfit.evidence.finding import Finding, most_serious_first
from whyfit.evidence.question import Question
from whyfit.exams.activations import ActivationsExam
from whyfit.exams.backprop import BackpropExam
from whyfit.exams.batchnorm import BatchNormExam
from whyfit.exams.bias_variance import BiasVarianceExam
from whyfit.exams.dropout import DropoutExam
from whyfit.exams.gradients import GradientsExam
from whyfit.exams.initialization import InitializationExam
from whyfit.exams.optimizers import OptimizersExam
from whyfit.exams.overfitting import OverfittingExam
from whyfit.exams.relu import ReluExam
from whyfit.exams.saturation import SaturationExam
from whyfit.exams.splits import SplitsExam

EXAMS: tuple[Exam, ...] = (
    SplitsExam(),
    BiasVarianceExam(),
    OverfittingExam(),
    OptimizersExam(),
    BackpropExam(),
    InitializationExam(),
    GradientsExam(),
    ActivationsExam(),
    ReluExam(),
    SaturationExam(),
    DropoutExam(),
    BatchNormExam(),
)
"""All exams, in the order of the questions. Listing one here is what makes it count, and what tests it."""

COMPARED = (EvidenceKind.DECOMPOSITION, EvidenceKind.REMEDIES, EvidenceKind.RACE)
"""What rests on many divisions of the same rows. Forward in time there is one: its five blocks train on ever more rows,
so their differences are gains at five sizes, and with t(4) and Holm's rule over a dozen remedies only what is plain
without statistics could be named. So nothing is trained for it, and that is said."""
FORWARD = "forward_in_time"
NOT_BUILT = "not_in_this_version"
"""Why a question without an exam has no answer."""


def examine(evidence: Evidence, exams: Sequence[Exam] = EXAMS) -> tuple[Mapping[Question, Answer], tuple[Finding, ...]]:
    """Answer all twelve questions from what was measured; nothing is skipped in silence.

    Returns
    -------
    The answer to each question in order, and the findings, most serious first.
    """
    by_question = {exam.question: exam for exam in exams}
    answers = {question: _answer(by_question.get(question), evidence) for question in Question}
    judged = [
        exam.judge(evidence) for exam in exams if answers[exam.question].status in ("measured", "partly measured")
    ]
    return answers, most_serious_first(tuple(finding for findings in judged for finding in findings))


def _answer(exam: Exam | None, evidence: Evidence) -> Answer:
    if exam is None:
        return Answer("not measured", NOT_BUILT)
    absent = sorted(exam.needs - evidence.kinds)
    if absent:
        return Answer("not measured", _why(absent[0], evidence))
    answer = exam.applies(evidence)
    if answer.why_code == EvidenceKind.REMEDIES and _forward(evidence):
        return replace(answer, why_code=FORWARD)
    return answer


def _why(kind: EvidenceKind, evidence: Evidence) -> str:
    return FORWARD if kind in COMPARED and _forward(evidence) else kind.value


def _forward(evidence: Evidence) -> bool:
    return evidence.splits is not None and evidence.splits.by == "time"
