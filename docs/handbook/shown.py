"""What a cell gives: Markdown or HTML that a notebook draws; plain text anywhere else."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Markdown:
    """Text in MyST Markdown."""

    text: str

    def _repr_markdown_(self) -> str:
        return self.text


@dataclass(frozen=True)
class HTML:
    """A piece of a page."""

    text: str

    def _repr_html_(self) -> str:
        return self.text
