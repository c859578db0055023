"""Views into flat vectors without their price, and calls of machine code by its address.

All numbers of a member live in a few flat vectors, so that they stay in the core's cache. A slice and a reshape of
Numba's cost two atomic counts and a call into C, some 30 ns, which the smallest networks would feel at every step. A
view made here costs nothing and does not keep its vector alive: it must not outlive the function that makes it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array

from whyfit.evidence.types import AnyArray


def _vector(typing: Any, flat: Any, start: Any, size: Any) -> Any:  # noqa: ARG001  # Numba hands in its typing context
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _view(context, builder, signature, args, [args[2]])

    return types.Array(flat.dtype, 1, "C")(flat, types.intp, types.intp), generate


def _matrix(typing: Any, flat: Any, start: Any, rows: Any, columns: Any) -> Any:  # noqa: ARG001  # see above
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _view(context, builder, signature, args, [args[2], args[3]])

    return types.Array(flat.dtype, 2, "C")(flat, types.intp, types.intp, types.intp), generate


def _borrowed(typing: Any, array: Any) -> Any:  # noqa: ARG001  # see above
    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        owner, result = (make_array(signature.return_type)(context, builder, *one) for one in (args, ()))
        populate_array(
            result,
            data=owner.data,
            shape=owner.shape,
            strides=owner.strides,
            itemsize=owner.itemsize,
            meminfo=None,
        )
        return result._getvalue()  # noqa: SLF001  # see below

    return array(array), generate


def _view(context: Any, builder: Any, signature: Any, args: Any, dims: list[Any]) -> Any:
    flat_type = signature.args[0]
    flat = make_array(flat_type)(context, builder, args[0])
    itemsize = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(flat_type.dtype)))
    strides = [itemsize] if len(dims) == 1 else [builder.mul(dims[1], itemsize), itemsize]
    result = make_array(signature.return_type)(context, builder)
    populate_array(
        result,
        data=builder.gep(flat.data, [args[1]]),
        shape=cgutils.pack_array(builder, dims),
        strides=cgutils.pack_array(builder, strides),
        itemsize=itemsize,
        meminfo=None,
    )
    return result._getvalue()  # noqa: SLF001  # how Numba's own array code ends


def _call(typing: Any, address: Any, args: Any) -> Any:  # noqa: ARG001  # see above
    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        kinds = signature.args[1].types
        handed = [
            make_array(kind)(context, builder, value).data if isinstance(kind, types.Array) else value
            for kind, value in zip(kinds, cgutils.unpack_tuple(builder, values[1]), strict=True)
        ]
        function = ir.FunctionType(ir.DoubleType(), [value.type for value in handed])
        return builder.call(builder.inttoptr(values[0], function.as_pointer()), handed)

    return types.float64(types.intp, args), generate


vector: Callable[[AnyArray, int, int], AnyArray] = intrinsic(_vector)
"""`vector(flat, start, size)`: view `size` numbers of a flat vector, (size,)."""

matrix: Callable[[AnyArray, int, int, int], AnyArray] = intrinsic(_matrix)
"""`matrix(flat, start, rows, columns)`: view rows·columns numbers of a flat vector, (rows, columns), row after row."""

borrowed: Callable[[AnyArray], AnyArray] = intrinsic(_borrowed)
"""`borrowed(array)`: the array without its owner, so that handing it about costs no atomic counts."""

call: Callable[[int, tuple[Any, ...]], float] = intrinsic(_call)
"""`call(address, args)`: call machine code that gives a double; an array is handed over as the place of its first
number."""
