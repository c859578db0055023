"""The entries, one table: how large the first weights are, and how they are drawn."""

from __future__ import annotations

from typing import Literal

from whyfit.rules.activations import Activation
from whyfit.rules.initializers import made
from whyfit.rules.initializers.entry import Initializer, Made, Shape, Sized

CONSTANT = 0.1
"""Chosen: any constant keeps the units twins; this one keeps ReLU units alive."""
SMALL = 0.01
"""Krizhevsky, Sutskever & Hinton 2012, section 5: the deviation that everyone copied."""

GLOROT = "Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural networks"
HE = "He et al. 2015, Delving deep into rectifiers"


def fixed(deviation: float) -> Sized:
    """The same for every layer."""
    return lambda shape, activation: deviation


def glorot(shape: Shape, activation: Activation) -> float:
    """Between what keeps the signal and what keeps the gradient, for an activation that is linear near 0."""
    return float((2.0 / (shape.fan_in + shape.fan_out)) ** 0.5)


def he_in(shape: Shape, activation: Activation) -> float:
    """Keeps the mean square of the signal behind that activation: √(2/fan_in) for ReLU, √(1/fan_in) for none."""
    return float(activation.gain * shape.fan_in**-0.5)


def he_out(shape: Shape, activation: Activation) -> float:
    """The same with fan_out, which keeps the gradient instead."""
    return float(activation.gain * shape.fan_out**-0.5)


def lecun(shape: Shape, activation: Activation) -> float:
    """Keeps the variance before the activation at that of the inputs."""
    return float(shape.fan_in**-0.5)


def heuristic(shape: Shape, activation: Activation) -> float:
    """That of U(±1/√fan_in): a third of LeCun's variance."""
    return float((3.0 * shape.fan_in) ** -0.5)


def orthonormal(shape: Shape, activation: Activation) -> float:
    """That of the entries of a matrix with orthonormal rows or columns."""
    return float(max(shape) ** -0.5)


def orthogonal(shape: Shape, activation: Activation) -> float:
    """The same, times the gain of the activation."""
    return activation.gain * orthonormal(shape, activation)


def _entry(
    code: int,
    name: str,
    formula: str,
    suits: Literal["nothing", "linear", "rectifiers", "any"],
    paper: str,
    deviation: Sized,
    make: Made,
) -> Initializer:
    return Initializer(
        code=code,
        name=name,
        formula=formula,
        distinct=make is not made.constant,
        suits=suits,
        paper=paper,
        deviation=deviation,
        make=make,
        data_dependent=name == "lsuv",
    )


_MISTAKE = "the planted mistake of question 6"
_CONV_NET = "Krizhevsky, Sutskever & Hinton 2012, ImageNet classification with deep convolutional networks, section 5"
_LECUN = "LeCun, Bottou, Orr & Müller 1998, Efficient BackProp, equation 16"
_SAXE = "Saxe, McClelland & Ganguli 2014, Exact solutions to the nonlinear dynamics of learning"
_LSUV = "Mishkin & Matas 2016, All you need is a good init, algorithm 1"
_XAVIER_U, _XAVIER_N = r"w \sim U(\pm\sqrt{6/(n_{in} + n_{out})})", r"w \sim N(0, 2/(n_{in} + n_{out}))"

ENTRIES = (
    _entry(0, "zero", r"w = 0", "nothing", _MISTAKE, fixed(0.0), made.constant),
    _entry(1, "constant", rf"w = {CONSTANT}", "nothing", _MISTAKE, fixed(CONSTANT), made.constant),
    _entry(2, "normal", rf"w \sim N(0, {SMALL}^2)", "nothing", _CONV_NET, fixed(SMALL), made.normal),
    _entry(3, "unit_normal", r"w \sim N(0, 1)", "nothing", "torch.nn.init.normal_", fixed(1.0), made.normal),
    _entry(4, "uniform", r"w \sim U(\pm 1/\sqrt{n_{in}})", "nothing", f"{GLOROT}, equation 1", heuristic, made.uniform),
    _entry(5, "xavier_uniform", _XAVIER_U, "linear", f"{GLOROT}, equation 16", glorot, made.uniform),
    _entry(6, "xavier_normal", _XAVIER_N, "linear", f"{GLOROT}, equation 12", glorot, made.normal),
    _entry(7, "he_uniform", r"w \sim U(\pm g\sqrt{3/n_{in}})", "rectifiers", f"{HE}, equation 10", he_in, made.uniform),
    _entry(8, "he_normal", r"w \sim N(0, g^2/n_{in})", "rectifiers", f"{HE}, equation 10", he_in, made.normal),
    _entry(
        9,
        "he_uniform_fan_out",
        r"w \sim U(\pm g\sqrt{3/n_{out}})",
        "rectifiers",
        f"{HE}, equation 14",
        he_out,
        made.uniform,
    ),
    _entry(
        10, "he_normal_fan_out", r"w \sim N(0, g^2/n_{out})", "rectifiers", f"{HE}, equation 14", he_out, made.normal
    ),
    _entry(11, "lecun_normal", r"w \sim N(0, 1/n_{in})", "linear", _LECUN, lecun, made.normal),
    _entry(12, "orthogonal", r"W^\top W = g^2 I", "any", _SAXE, orthogonal, made.orthogonal),
    _entry(13, "lsuv", r"W^\top W = I,\; W \leftarrow W/\mathrm{std}(z)", "any", _LSUV, orthonormal, made.orthogonal),
)
"""`uniform` is also what `torch.nn.Linear` starts from. g is the gain of the activation that follows."""
