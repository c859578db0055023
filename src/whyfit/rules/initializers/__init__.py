"""The catalogue of initialisers, and the one call with which every engine starts a network."""

from __future__ import annotations

from whyfit.evidence.types import FloatArray
from whyfit.rules.activations import activations
from whyfit.rules.catalogue import Catalogue
from whyfit.rules.initializers import made
from whyfit.rules.initializers.entry import Draw, Initializer, Promise, Shape
from whyfit.rules.initializers.lsuv import lsuv

CONSTANT = 0.1
"""Chosen: any constant keeps the units twins, this one keeps ReLU units alive."""
SMALL = 0.01
"""Krizhevsky, Sutskever & Hinton 2012, section 5: the deviation that everyone copied."""

GLOROT = "Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural networks"
HE = "He et al. 2015, Delving deep into rectifiers"

_ENTRIES = (
    Initializer(
        0,
        "zero",
        "w = 0",
        False,
        "nothing",
        "the mistake of question 6",
        lambda s, f: 0.0,
        made.constant,
    ),
    Initializer(
        1,
        "constant",
        f"w = {CONSTANT}",
        False,
        "nothing",
        "the mistake of question 6",
        lambda s, f: CONSTANT,
        made.constant,
    ),
    Initializer(
        2,
        "normal",
        rf"w \sim N(0, {SMALL}^2)",
        True,
        "nothing",
        "Krizhevsky, Sutskever & Hinton 2012, ImageNet classification, section 5",
        lambda s, f: SMALL,
        made.normal,
    ),
    Initializer(
        3,
        "unit_normal",
        r"w \sim N(0, 1)",
        True,
        "nothing",
        "the default of torch.nn.init.normal_",
        lambda s, f: 1.0,
        made.normal,
    ),
    Initializer(
        4,
        "uniform",
        r"w \sim U(\pm 1/\sqrt{n_{in}})",
        True,
        "nothing",
        f"the heuristic that {GLOROT}, equation 1, measures; the default of torch.nn.Linear",
        lambda s, f: (3.0 * s.fan_in) ** -0.5,
        made.uniform,
    ),
    Initializer(
        5,
        "xavier_uniform",
        r"w \sim U(\pm\sqrt{6/(n_{in} + n_{out})})",
        True,
        "linear",
        f"{GLOROT}, equation 16",
        lambda s, f: (2.0 / (s.fan_in + s.fan_out)) ** 0.5,
        made.uniform,
    ),
    Initializer(
        6,
        "xavier_normal",
        r"w \sim N(0, 2/(n_{in} + n_{out}))",
        True,
        "linear",
        f"{GLOROT}, equation 12",
        lambda s, f: (2.0 / (s.fan_in + s.fan_out)) ** 0.5,
        made.normal,
    ),
    Initializer(
        7,
        "he_uniform",
        r"w \sim U(\pm\sqrt{3 g^2/n_{in}})",
        True,
        "rectifiers",
        f"{HE}, equation 10",
        lambda s, f: f.gain * s.fan_in**-0.5,
        made.uniform,
    ),
    Initializer(
        8,
        "he_normal",
        r"w \sim N(0, g^2/n_{in})",
        True,
        "rectifiers",
        f"{HE}, equation 10",
        lambda s, f: f.gain * s.fan_in**-0.5,
        made.normal,
    ),
    Initializer(
        9,
        "he_uniform_fan_out",
        r"w \sim U(\pm\sqrt{3 g^2/n_{out}})",
        True,
        "rectifiers",
        f"{HE}, equation 14",
        lambda s, f: f.gain * s.fan_out**-0.5,
        made.uniform,
    ),
    Initializer(
        10,
        "he_normal_fan_out",
        r"w \sim N(0, g^2/n_{out})",
        True,
        "rectifiers",
        f"{HE}, equation 14",
        lambda s, f: f.gain * s.fan_out**-0.5,
        made.normal,
    ),
    Initializer(
        11,
        "lecun_normal",
        r"w \sim N(0, 1/n_{in})",
        True,
        "linear",
        "LeCun, Bottou, Orr & Müller 1998, Efficient BackProp, equation 16",
        lambda s, f: s.fan_in**-0.5,
        made.normal,
    ),
    Initializer(
        12,
        "orthogonal",
        r"W^\top W = g^2 I",
        True,
        "any",
        "Saxe, McClelland & Ganguli 2014, Exact solutions to the nonlinear dynamics of learning",
        lambda s, f: f.gain * max(s) ** -0.5,
        made.orthogonal,
    ),
    Initializer(
        13,
        "lsuv",
        r"W^\top W = I, \quad W \leftarrow W / \mathrm{std}(z)",
        True,
        "any",
        "Mishkin & Matas 2016, All you need is a good init, algorithm 1",
        lambda s, f: max(s) ** -0.5,
        made.orthogonal,
        data_dependent=True,
    ),
)

initializers: Catalogue[Initializer] = Catalogue("initializer", "initializers", _ENTRIES)


def initialize(name: str, shape: tuple[int, int], activation: str, draw: Draw) -> FloatArray:
    """First weights of one dense layer; its bias starts at zero.

    Parameters
    ----------
    name
        In `whyfit.initializers`.
    shape
        (units, inputs).
    activation
        Name of the activation that follows; `identity` behind the last layer.
    draw
        Numbers from this layer's stream.

    Returns
    -------
    FloatArray
        (units, inputs), float64.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> draw = Draw(uniform=rng.random, normal=rng.standard_normal)
    >>> initialize("he_uniform", (200, 300), "relu", draw).std() * np.sqrt(300 / 2)
    np.float64(1.0016556443414106)
    """
    entry, sizes = initializers[name], Shape(*shape)
    return entry.make(sizes, entry.deviation(sizes, activations[activation]), draw)


__all__ = ["Draw", "Initializer", "Promise", "initialize", "initializers", "lsuv"]
