"""Mathematics in LaTeX: as MathML for a page, and, read off that, as one line of text for a terminal."""

from __future__ import annotations

import re
from functools import lru_cache
from xml.etree import ElementTree as ET

NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
SUPERSCRIPTS = dict(zip("0123456789+−-()nit⊤′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿⁱᵗᵀ′", strict=True))
SUBSCRIPTS = dict(zip("0123456789+−-()aeijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎ₐₑᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
SPACED = frozenset("=←+−≤≥<>≈∼~→±·∘")
"""Operators with room on both sides; a sign in front of the first term has none."""
HALVES = {("1", "2"): "½"}
TIDY = (
    (re.compile(r"(^|[=←(<>≤≥∼~]) ?(−) "), r"\1 −"),
    (re.compile(r"\( "), "("),
    (re.compile(r" ([),;])"), r"\1"),
    (re.compile(r" ?~ ?"), " ~ "),
)
"""A sign in front of a first term stands close to it; brackets and commas stand close to what they hold."""


@lru_cache(maxsize=512)
def mathml(latex: str, *, block: bool = True) -> str:
    r"""The formula as a MathML element.

    Examples
    --------
    >>> mathml(r"\frac{1}{2}").count("mfrac")
    2
    """
    from latex2mathml.converter import convert  # noqa: PLC0415  # only explanations need it

    return str(convert(latex, display="block" if block else "inline"))


@lru_cache(maxsize=512)
def plain_maths(latex: str) -> str:
    r"""The formula as one line of text.

    Examples
    --------
    >>> plain_maths(r"\delta_1 = (W_2^\top \delta_2) \circ f'(u_1)")
    'δ₁ = (W₂ᵀδ₂) ∘ f′(u₁)'
    >>> plain_maths(r"w \leftarrow w - \eta \frac{m}{\sqrt{v} + \epsilon}")
    'w ← w − η(m/(√v + ϵ))'
    """
    root = ET.fromstring(mathml(latex, block=False))  # noqa: S314  # it was made by us, from our own formula
    line = " ".join(_text(root).split())
    for pattern, instead in TIDY:
        line = pattern.sub(instead, line)
    return line


def _text(node: ET.Element) -> str:  # noqa: PLR0911  # one return a kind of element
    tag, children = node.tag.removeprefix(NAMESPACE), list(node)
    if tag == "mfrac":
        over, under = _grouped(children[0]), _grouped(children[1])
        return HALVES.get((over, under), f"{over}/{under}")
    if tag == "msqrt":
        return "√" + _grouped_text("".join(map(_text, children)))
    if tag in ("msup", "msub", "msubsup"):
        return _scripted(tag, children)
    if tag in ("munder", "munderover"):
        return f"{_text(children[0])}_{_grouped(children[1])} "
    if tag == "mover":
        return _over(children)
    if tag == "mspace":
        return " "
    if tag == "mtext":
        return f" {(node.text or '').strip()} "
    if children:
        return _row(children)
    return _token(tag, node.text or "")


def _token(tag: str, text: str) -> str:
    if tag == "mo" and text in SPACED:
        return f" {text} "
    if tag == "mo" and text in (",", ";"):
        return f"{text} "
    return text.removeprefix("\\")


def _row(children: list[ET.Element]) -> str:
    """Parts in a row: a fraction that is a factor stands in brackets, a name of several letters gets room."""
    pieces = [_text(child) for child in children]
    fractions = [_is_fraction(child) for child in children]
    out = ""
    for place, piece in enumerate(pieces):
        after = pieces[place + 1] if place + 1 < len(pieces) else ""
        factor = fractions[place] and (_is_factor(after[:1]) or _is_factor(out[-1:]))
        whole = f"({piece})" if factor and piece not in HALVES.values() else piece
        out += f" {whole}" if _is_name(whole) and _is_factor(out[-1:]) else whole
        out += " " if _is_name(whole) and _is_factor(after[:1]) and not after.startswith("(") else ""
    return out


def _is_fraction(node: ET.Element) -> bool:
    """A fraction, or a small one: `tfrac` is a fraction in a style."""
    tag = node.tag.removeprefix(NAMESPACE)
    return tag == "mfrac" or (tag == "mstyle" and len(node) == 1 and _is_fraction(node[0]))


def _is_factor(character: str) -> bool:
    """Whether what begins, or ends, with this is multiplied with its neighbour."""
    return bool(character) and (character.isalnum() or character in "()[]‖√∑∏")


def _is_name(piece: str) -> bool:
    """A function's name, such as `tanh`."""
    return len(piece) > 1 and piece.isascii() and piece.isalpha()


def _scripted(tag: str, children: list[ET.Element]) -> str:
    base = _text(children[0])
    lower = _text(children[1]).strip() if tag != "msup" else ""
    upper = _text(children[-1]).strip() if tag != "msub" else ""
    room = " " if base in ("∑", "∏") or _is_name(base) else ""
    return base + _script(lower, SUBSCRIPTS, "_") + _script(upper, SUPERSCRIPTS, "^") + room


def _script(text: str, table: dict[str, str], mark: str) -> str:
    """Raised or lowered, where there are such characters; words and long things behind their mark."""
    packed = text.replace(" ", "")
    if packed.isalpha() and len(packed) > 2:
        return mark + packed
    if all(character in table for character in packed):
        return "".join(table[character] for character in packed)
    return f"{mark}({text})" if len(packed) > 1 and not _bracketed(packed) else mark + packed


def _over(children: list[ET.Element]) -> str:
    base, mark = _text(children[0]), _text(children[1]).strip()
    accents = {"^": "\u0302", "ˆ": "\u0302", "\u0302": "\u0302"}
    if mark in accents and len(base) == 1:
        return base + accents[mark]
    return f"mean({base})"


def _grouped(node: ET.Element) -> str:
    return _grouped_text(_text(node).strip())


def _grouped_text(text: str) -> str:
    """In brackets, unless it is one thing already."""
    simple = all(character not in " +−·/=" for character in text)
    return text if simple or _bracketed(text.removeprefix("√")) else f"({text})"


def _bracketed(text: str) -> bool:
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0 and place < len(text) - 1:
            return False
    return True
