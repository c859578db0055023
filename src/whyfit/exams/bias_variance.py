"""Question 2: where does the error come from?

Variance is what another training sample or another seed would change; bias and noise stay. One of them is called the
largest part only where its interval lies wholly above the other's.
"""

from __future__ import annotations

from collections.abc import Iterator

from whyfit.evidence.effects import DecompositionFacts
from whyfit.evidence.evidence import Evidence, EvidenceKind
from whyfit.evidence.exam import Answer
from whyfit.evidence.finding import Finding, Severity
from whyfit.evidence.question import Question

METRIC = {
    "zero_one": "error",
    "squared_error": "squared_error",
    "cross_entropy": "cross_entropy",
    "hamming": "hamming",
    "binary_cross_entropy": "binary_cross_entropy",
}


class BiasVarianceExam:
    """Tells variance from what is left; blind to which part of the rest is noise, unless inputs repeat."""

    question = Question.BIAS_VARIANCE
    needs = frozenset({EvidenceKind.DECOMPOSITION})
    codes = frozenset(
        {
            "bias_variance.variance_largest",
            "bias_variance.bias_noise_largest",
            "bias_variance.cannot_tell",
            "bias_variance.noise_known",
        }
    )

    def applies(self, evidence: Evidence) -> Answer:  # noqa: ARG002  # the contract's argument
        """In full: what cannot be told apart is said by a finding."""
        return Answer("measured")

    def judge(self, evidence: Evidence) -> tuple[Finding, ...]:
        """The verdict in the loss of the score, and the noise where inputs repeat."""
        terms = evidence.decomposition[0]
        return (_verdict(terms), *_noise(terms))


def _verdict(terms: DecompositionFacts) -> Finding:
    numbers = {
        "variance": terms.variance.value,
        "sample": terms.sample.value,
        "seed": terms.seed.value,
        "rest": terms.bias_plus_noise.value,
        "error": terms.error.value,
        "training_rows": terms.training_rows,
        "metric": METRIC[terms.loss],
    }
    largest = _largest(terms)
    severity = Severity.OK if largest == "cannot_tell" else Severity.NOTE
    return Finding(f"bias_variance.{largest}", severity, numbers)


def _largest(terms: DecompositionFacts) -> str:
    variance, rest = terms.variance, terms.bias_plus_noise
    if variance.low is None or variance.high is None or rest.low is None or rest.high is None:
        return "cannot_tell"
    if variance.low > rest.high:
        return "variance_largest"
    return "bias_noise_largest" if rest.low > variance.high else "cannot_tell"


def _noise(terms: DecompositionFacts) -> Iterator[Finding]:
    if terms.noise is not None and terms.noise_from == "repeats":
        numbers = {
            "low": terms.noise.low,
            "high": terms.noise.high,
            "rows": terms.noise.rows,
            "metric": METRIC[terms.loss],
        }
        yield Finding("bias_variance.noise_known", Severity.NOTE, numbers)
