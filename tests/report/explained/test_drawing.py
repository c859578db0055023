"""Explanations as terminal text, HTML and LaTeX."""

from unicodedata import east_asian_width
from xml.etree import ElementTree as ET

import pytest

from whyfit.evidence.explanation import Check, Explanation, Formula, Line, Plot, Said, Step, Table
from whyfit.evidence.question import Question
from whyfit.explain.answers import explained
from whyfit.report.explained.canvas import canvas
from whyfit.report.explained.html import explanation_html, matrix_latex
from whyfit.report.explained.latex import explanation_latex
from whyfit.report.explained.maths import mathml, plain_maths
from whyfit.report.explained.svg import svg_of
from whyfit.report.explained.terminal import render_explanation
from whyfit.text.explained import ExplainWords


@pytest.fixture(scope="module")
def backprop():
    return explained("backprop", {"layers": "2,3,2", "loss": "mse"})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_text_fits_eighty_columns_but_for_long_formulas(backprop, language):
    from rich.cells import cell_len

    text = render_explanation(backprop, language)
    assert max(cell_len(line) for line in text.splitlines()) <= 80
    assert "\x1b" not in text


def test_every_line_of_the_derivation_is_marked_as_checked(backprop):
    text = render_explanation(backprop)
    assert text.count("✓") == len(backprop.checks)
    assert "δ₁ = (W₂ᵀδ₂) ∘ f′(u₁)" in text


def test_a_check_that_fails_is_said_in_every_drawing():
    failing = Explanation(Question.DROPOUT, {}, (Check("expectation", 0.5, 1e-12), Check("line", 0.0, 1.0)))
    assert "✗" in render_explanation(failing)
    assert "does NOT hold" in render_explanation(failing)
    assert 'class="check fails"' in explanation_html(failing)
    assert "boldsymbol" in explanation_latex(failing)
    assert "不成立" in render_explanation(failing, "zh")


def test_the_page_has_no_script_and_loads_nothing(backprop):
    page = explanation_html(backprop)
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/1998/Math/MathML", "")
    assert page.count("<math") >= len(backprop.checks) - 2
    assert 'lang="zh-Hans"' in explanation_html(backprop, "zh")


def test_what_comes_from_outside_is_escaped_on_the_page():
    hostile = "<script>alert(1)</script>"
    one = Explanation(
        Question.DROPOUT, {}, (Table("cases", ("case",), ((hostile,),)), Said("average", {"masks": 1, "units": 1}))
    )
    assert hostile not in explanation_html(one)


@pytest.mark.parametrize("question", list(Question))
def test_latex_holds_no_character_that_a_default_font_lacks(question):
    """Chinese text alone is beyond ASCII: its fonts come with ctex."""
    explanation = explained(question.value, {})
    assert {one for one in explanation_latex(explanation) if not one.isascii()} == set()
    chinese = {one for one in explanation_latex(explanation, "zh") if not one.isascii()}
    assert {one for one in chinese if east_asian_width(one) not in "WF"} == set()


def test_latex_has_balanced_environments(backprop):
    text = explanation_latex(backprop)
    for name in ("pmatrix", "tabular", "document"):
        assert text.count(rf"\begin{{{name}}}") == text.count(rf"\end{{{name}}}") > 0
    assert r"\documentclass{ctexart}" in explanation_latex(backprop, "zh")


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"f(z) = \frac{1}{1 + e^{-z}}", "f(z) = 1/(1 + e^(−z))"),
        (r"\tfrac12 (x^2 + 25\,y^2)", "½(x² + 25 y²)"),
        (r"w \leftarrow w - \eta \frac{m}{\sqrt{v} + \epsilon}", "w ← w − η(m/(√v + ϵ))"),
        (r"\ell = -\sum_k y_k \ln p_k", "ℓ = −∑ₖ yₖ ln pₖ"),
        (r"\tanh u", "tanh u"),
        (r"\bar w", "mean(w)"),
        (r"a_{train}", "a_train"),
        (r"m \sim N(0, 1)", "m ~ N(0, 1)"),
        (r"\sqrt{\frac{a}{b}}", "√(a/b)"),
        (r"(1 - x)(1 + x)", "(1 − x)(1 + x)"),
    ],
)
def test_formulas_read_as_one_line_of_text(latex, text):
    assert plain_maths(latex) == text


def test_mathml_is_well_formed():
    assert ET.fromstring(mathml(matrix_latex(((1.0, 2e-9),)))) is not None


def test_a_flat_line_and_an_empty_one_can_be_drawn():
    words = ExplainWords("en", Question.GRADIENTS)
    flat = Plot(
        "stacks",
        "layer",
        "gradient_norm",
        (Line("relu", (1.0, 2.0), (3.0, 3.0)), Line("tanh", (1.0,), (float("nan"),))),
    )
    assert len(canvas(flat)) == 14
    assert svg_of(flat, words)["lines"][1].path == ""
    assert canvas(Plot("stacks", "layer", "gradient_norm", ())) == []


def test_a_logarithmic_scale_has_powers_of_ten():
    words = ExplainWords("en", Question.GRADIENTS)
    plot = Plot("stacks", "layer", "gradient_norm", (Line("relu", (1.0, 2.0), (1e-6, 1.0)),), log=True)
    assert [tick.text for tick in svg_of(plot, words)["up"]] == ["1 × 10⁻⁶", "1 × 10⁻⁴", "0.01", "1"]


def test_steps_and_formulas_without_checks_are_drawn():
    one = Explanation(Question.DROPOUT, {}, (Step("x", ((1.0,),)), Formula(r"a = b \\ c = d")))
    assert "c = d" in render_explanation(one)
    assert explanation_html(one).count("<math") == 3
