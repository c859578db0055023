"""Reading the autograd graph: what a forward pass did, known from what it left behind, without a hook in it.

Between the forward pass and the backward pass autograd holds every operation with its saved tensors. Reading them costs
nothing unless asked for, needs no hook on a module, sees functional calls as well as modules, and changes no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_NODES = 20_000
"""A larger graph is read no further: some 20 ms in Python."""

ACTIVATIONS = {
    "Relu": "relu", "LeakyRelu": "leaky_relu", "Elu": "elu", "Gelu": "gelu", "Silu": "silu", "Mish": "mish",
    "Softplus": "softplus", "Hardswish": "hardswish", "Hardtanh": "hardtanh", "Sigmoid": "sigmoid", "Tanh": "tanh",
    "Softmax": "softmax", "LogSoftmax": "log_softmax", "LogSigmoid": "log_sigmoid", "Exp": "exp", "Glu": "glu",
    "PreluKernel": "prelu", "Hardsigmoid": "hardsigmoid", "Threshold": "threshold", "ClampMin": "relu",
    "SafeSoftmax": "softmax", "Log": "log",
}  # fmt: skip
"""Names of autograd's nodes, and ours. `clamp(min=0)` is a ReLU."""
LOSSES = {
    "NllLoss": "nll", "NllLoss2D": "nll", "NllLossNd": "nll", "MseLoss": "mse", "L1Loss": "l1", "SmoothL1Loss": "huber",
    "HuberLoss": "huber", "BinaryCrossEntropy": "bce", "BinaryCrossEntropyWithLogits": "bce_logits", "KlDiv": "kl",
}  # fmt: skip
LAYERS = {
    "Addmm": "dense", "Mm": "dense", "Convolution": "conv", "Embedding": "embedding", "EmbeddingBag": "embedding",
    "MkldnnRnnLayer": "recurrent", "CudnnRnn": "recurrent", "Mv": "dense", "Bmm": "dense", "Baddbmm": "dense",
    "Linear": "dense", "MkldnnLinear": "dense", "SlowConv3D": "conv", "ConvolutionOverrideable": "conv",
}  # fmt: skip
NORMS = {
    "NativeBatchNorm": "batchnorm", "CudnnBatchNorm": "batchnorm", "MiopenBatchNorm": "batchnorm",
    "NativeLayerNorm": "layernorm", "NativeGroupNorm": "groupnorm", "FusedRmsNorm": "layernorm",
}  # fmt: skip
PASSIVE = frozenset(
    {
        "View", "Reshape", "ReshapeAlias", "UnsafeView", "T", "Transpose", "Permute", "Squeeze", "Unsqueeze", "ToCopy",
        "Clone", "Expand", "Alias", "Slice", "Select", "MaxPool2DWithIndices", "MaxPool1D", "AvgPool2D", "Mean", "Sum",
        "AdaptiveAvgPool2D", "Contiguous", "NativeDropout", "FusedDropout", "Div", "Neg", "Detach", "Index", "Unbind",
        "Split", "MaxPool3DWithIndices", "AsStrided", "Cat", "Stack", "Narrow", "Flatten", "Copy",
    }
)  # fmt: skip
"""What moves or thins values without bending them. So do `Mul` and `Add` whose other side is a constant."""

_SUFFIX = re.compile(r"Backward\d*(_\d+)?$")


@dataclass(slots=True)
class Node:
    """One operation: its name, the shape it gave, its inputs (towards the data) and users (towards the loss)."""

    fn: Any
    name: str
    shape: tuple[int, ...]
    inputs: list[Node | None] = field(default_factory=list)
    users: list[Node] = field(default_factory=list)
    parameter: Any = None

    @property
    def live(self) -> list[Node]:
        """The inputs that carry gradient."""
        return [node for node in self.inputs if node is not None]

    def saved(self, name: str) -> Any:
        """A saved tensor or value, or None where there is none to be had (freed, or changed in place since)."""
        try:
            return getattr(self.fn, f"_saved_{name}", None)
        except RuntimeError:
            return None


@dataclass(slots=True)
class Graph:
    """All operations between the parameters and what `backward` was called on; data first, loss last."""

    nodes: list[Node]
    roots: list[Node]
    whole: bool

    def layers(self) -> Iterator[Node]:
        """Operations that apply a weight, in order of the forward pass."""
        return (node for node in self.nodes if node.name in LAYERS and weight_of(node) is not NO_WEIGHT)


NO_WEIGHT: Any = object()


def read_graph(tensors: Sequence[Any]) -> Graph:
    """Walk back from the tensors that `backward` was called on."""
    nodes: dict[Any, Node] = {}
    ordered: list[Node] = []
    starts = [tensor.grad_fn for tensor in tensors if getattr(tensor, "grad_fn", None) is not None]
    stack: list[tuple[Any, bool]] = [(fn, False) for fn in reversed(starts)]
    while stack and len(nodes) < MOST_NODES:
        fn, done = stack.pop()
        if done:
            ordered.append(nodes[fn])
            continue
        if fn in nodes:
            continue
        nodes[fn] = _node(fn)
        stack.append((fn, True))
        stack.extend((child, False) for child, _ in reversed(fn.next_functions) if child is not None)
    _connect(nodes)
    return Graph(ordered, [nodes[fn] for fn in starts if fn in nodes], whole=not stack)


def _node(fn: Any) -> Node:
    name = fn.name()
    if name.endswith("AccumulateGrad"):
        return Node(fn, "AccumulateGrad", tuple(fn.variable.shape), parameter=fn.variable)
    metadata = getattr(fn, "_input_metadata", ())
    shape = tuple(metadata[0].shape) if metadata else ()
    return Node(fn, _SUFFIX.sub("", name), shape)


def _connect(nodes: dict[Any, Node]) -> None:
    for node in nodes.values():
        for child, _ in node.fn.next_functions:
            below = nodes.get(child)
            node.inputs.append(below)
            if below is not None:
                below.users.append(node)


def weight_of(node: Node) -> Any:
    """The matrix that a layer applies; None where it is frozen, `NO_WEIGHT` where there is none."""
    found = [parameter for child in node.live if (parameter := _plain_parameter(child)) is not None]
    matrices = [parameter for parameter in found if parameter.ndim >= 2]
    if matrices:
        return matrices[0]
    if node.name in ("Addmm", "Convolution", "MkldnnRnnLayer", "CudnnRnn") and _data_inputs(node):
        return None
    return NO_WEIGHT


def parameters_of(node: Node) -> list[Any]:
    """All parameters that an operation applies directly."""
    return [parameter for child in node.live if (parameter := _plain_parameter(child)) is not None]


def _plain_parameter(node: Node) -> Any:
    """The parameter behind a chain of reshapes and casts, or None where anything else stands between."""
    while node.parameter is None:
        if node.name not in ("T", "Transpose", "ToCopy", "View", "Permute", "Expand", "Unsqueeze", "Clone"):
            return None
        if len(node.live) != 1:
            return None
        node = node.live[0]
    return node.parameter


def _data_inputs(node: Node) -> list[Node]:
    return [child for child in node.live if _plain_parameter(child) is None]


def data_input(node: Node) -> Node | None:
    """The input of an operation that is not a parameter: towards the data."""
    inputs = _data_inputs(node)
    return inputs[0] if inputs else None


def is_passive(node: Node) -> bool:
    """Whether an operation leaves the kind of its values as it is."""
    if node.name in PASSIVE or node.name in NORMS:
        return True
    return node.name in ("Mul", "Add", "Sub") and len([c for c in node.live if _plain_parameter(c) is None]) == 1


def following(node: Node) -> tuple[str, Node | None, list[Node]]:
    """The activation that follows a layer, its node, and what stands between.

    Returns `identity` where the next thing is a layer or the loss, `unknown` where the way forks.
    """
    between: list[Node] = []
    while True:
        users = list({id(user): user for user in node.users}.values())
        if not users:
            return "identity", None, between
        if len(users) > 1:
            return "unknown", None, between
        (user,) = users
        if user.name in ACTIVATIONS:
            return ACTIVATIONS[user.name], user, between
        if not is_passive(user):
            known = user.name in LAYERS or user.name in LOSSES or user.name in ("Add", "Sub", "Pow", "Abs")
            return ("identity" if known else "unknown"), None, between
        between.append(user)
        node = user
