"""Numbers too small to have a full fraction are taken as zero while the kernel runs.

A subnormal number (under 1.2e-38 in float32) is handled by the processor's microcode, a hundred times slower than any
other. Training makes them by itself: the running means of a weight that no gradient reaches halve their way down to
them and stay there for good, so a network with dead units, or with columns that are constant, would slow down while it
trains. Measured on the digits: with an L2 penalty a step took 26 % longer than without, with the switch 5 %; Rprop took
six times as long as Adam, with the switch less. What such numbers add to a weight is less than its last bit.

The state belongs to the thread and is put back at the end. torch has the same switch, `torch.set_flush_denormal`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import binding, ir
from numba import types
from numba.extending import intrinsic

FLUSH_X86 = 0x8040
"""FTZ and DAZ, bits 15 and 6 of MXCSR (Intel 64 manual, volume 1, 10.2.3)."""

FLUSH_ARM = 1 << 24
"""FZ, bit 24 of FPCR (Arm architecture reference manual, C5.2.8)."""


def _x86(builder: Any, wanted: Any) -> Any:
    """Write MXCSR where `wanted` is given; give what it was."""
    place = builder.bitcast(builder.alloca(ir.IntType(32)), ir.IntType(8).as_pointer())
    kind = ir.FunctionType(ir.VoidType(), [place.type])
    module = builder.module
    words = builder.bitcast(place, ir.IntType(32).as_pointer())
    builder.call(_declared(module, kind, "llvm.x86.sse.stmxcsr"), [place])
    before = builder.zext(builder.load(words), ir.IntType(64))
    builder.store(builder.trunc(wanted(before, FLUSH_X86), ir.IntType(32)), words)
    builder.call(_declared(module, kind, "llvm.x86.sse.ldmxcsr"), [place])
    return before


def _arm(builder: Any, wanted: Any) -> Any:
    """The same for FPCR."""
    word, module = ir.IntType(64), builder.module
    before = builder.call(_declared(module, ir.FunctionType(word, []), "llvm.aarch64.get.fpcr"), [])
    setter = ir.FunctionType(ir.VoidType(), [word])
    builder.call(_declared(module, setter, "llvm.aarch64.set.fpcr"), [wanted(before, FLUSH_ARM)])
    return before


def _declared(module: Any, kind: Any, name: str) -> Any:
    return module.globals.get(name) or ir.Function(module, kind, name)


def _write(builder: Any, wanted: Any) -> Any:
    """On another processor nothing is done: it is slower, and no more."""
    target = binding.get_default_triple()
    if target.startswith(("x86_64", "i686")):
        return _x86(builder, wanted)
    if target.startswith(("aarch64", "arm64")):
        return _arm(builder, wanted)
    return ir.Constant(ir.IntType(64), 0)


def _flush(typing: Any) -> Any:  # noqa: ARG001  # Numba hands in its typing context
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001  # as Numba calls it
        return _write(builder, lambda before, bits: builder.or_(before, ir.Constant(before.type, bits)))

    return types.int64(), generate


def _restore(typing: Any, state: Any) -> Any:  # noqa: ARG001  # see above
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001  # see above
        return _write(builder, lambda before, bits: args[0])  # noqa: ARG005  # the whole state comes back

    return types.int64(types.int64), generate


flush_subnormals: Callable[[], int] = intrinsic(_flush)
"""`flush_subnormals()`: from here on this thread takes subnormal numbers as zero; gives the state to be put back."""

restore_subnormals: Callable[[int], int] = intrinsic(_restore)
"""`restore_subnormals(state)`: put back what `flush_subnormals` gave."""
