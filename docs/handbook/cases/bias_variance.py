"""Where the error of that network comes from; an ensemble lowers the variance."""

from handbook.case import Case
from handbook.study import case_of


def run() -> Case:
    """The ensemble against one network."""
    return case_of("bias_variance", remedy="ensemble")
