"""Views into flat vectors without their price.

All numbers of a member live in a few flat vectors, so that they stay in the core's cache. A slice and a reshape of
Numba's cost two atomic counts and a call into C, some 30 ns, which the smallest networks would feel at every step. A view
made here costs nothing and does not keep its vector alive: it must not outlive the function it is made in.
"""

from __future__ import annotations

from typing import Any

from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array


def _view(context: Any, builder: Any, signature: Any, args: Any, dims: list[Any]) -> Any:
    vector_type, result_type = signature.args[0], signature.return_type
    vector = make_array(vector_type)(context, builder, args[0])
    start = builder.gep(vector.data, [args[1]])
    itemsize = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(vector_type.dtype)))
    strides = [itemsize] if len(dims) == 1 else [builder.mul(dims[1], itemsize), itemsize]
    result = make_array(result_type)(context, builder)
    populate_array(
        result,
        data=start,
        shape=cgutils.pack_array(builder, dims),
        strides=cgutils.pack_array(builder, strides),
        itemsize=itemsize,
        meminfo=None,
    )
    return result._getvalue()  # noqa: SLF001  # how Numba's own array code ends


@intrinsic
def vector(typing: Any, flat: Any, start: Any, size: Any) -> Any:  # noqa: ARG001  # Numba hands in its typing context
    """View `size` numbers of a flat vector from `start` on, (size,)."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _view(context, builder, signature, args, [args[2]])

    return types.Array(flat.dtype, 1, "C")(flat, types.intp, types.intp), generate


@intrinsic
def matrix(typing: Any, flat: Any, start: Any, rows: Any, columns: Any) -> Any:  # noqa: ARG001  # see above
    """View rows·columns numbers of a flat vector from `start` on, (rows, columns), row after row."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _view(context, builder, signature, args, [args[2], args[3]])

    return types.Array(flat.dtype, 2, "C")(flat, types.intp, types.intp, types.intp), generate
