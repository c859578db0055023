"""Structures in Thrift's compact protocol, as Parquet writes what a file holds: fields by number, nothing else.

The protocol: github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, TypeAlias

Fields: TypeAlias = dict[int, Any]

DEEPEST = 32
"""Structures within structures; Parquet has five."""

LONGEST = 10
"""Bytes of a number of 64 bits."""

TRUE, FALSE, BYTE, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = 1, 2, 3, 7, 8, 9, 10, 11, 12
NUMBERS = (4, 5, 6)


class Compact:
    """Reads one structure after another.

    Examples
    --------
    >>> Compact(bytes([0x15, 0x0A, 0x19, 0x25, 2, 4, 0]), 0).fields()
    {1: 5, 2: [1, 2]}
    """

    def __init__(self, data: Any, at: int) -> None:
        self.data, self.at = data, at

    def fields(self, depth: int = 0) -> Fields:
        """The next structure, by the numbers of its fields.

        Raises
        ------
        ValueError
            Where there is none.
        """
        if depth > DEEPEST:
            raise ValueError("structures are nested too deeply")
        found: Fields = {}
        number = 0
        while header := self._byte():
            number = number + (header >> 4) if header >> 4 else self._number()
            found[number] = self._field(header & 15, depth)
        return found

    def _field(self, kind: int, depth: int) -> Any:
        return kind == TRUE if kind in (TRUE, FALSE) else self._value(kind, depth)

    def _value(self, kind: int, depth: int) -> Any:
        if kind in NUMBERS:
            return self._number()
        readers: dict[int, Callable[[], Any]] = {
            TRUE: lambda: self._byte() == TRUE,
            FALSE: lambda: self._byte() == TRUE,
            BYTE: self._byte,
            DOUBLE: lambda: struct.unpack("<d", self._bytes(8))[0],
            BINARY: lambda: self._bytes(self._count()),
            LIST: lambda: self._list(depth),
            SET: lambda: self._list(depth),
            MAP: lambda: self._map(depth),
            STRUCT: lambda: self.fields(depth + 1),
        }
        if kind not in readers:
            raise ValueError(f"no kind of value has the number {kind}")
        return readers[kind]()

    def _list(self, depth: int) -> list[Any]:
        header = self._byte()
        count = header >> 4
        return [self._value(header & 15, depth) for _ in range(self._count() if count == 15 else count)]

    def _map(self, depth: int) -> list[Any]:
        count = self._count()
        kinds = self._byte() if count else 0
        return [(self._value(kinds >> 4, depth), self._value(kinds & 15, depth)) for _ in range(count)]

    def _number(self) -> int:
        plain = self._count()
        return (plain >> 1) ^ -(plain & 1)

    def _count(self) -> int:
        value = 0
        for place in range(LONGEST):
            byte = self._byte()
            value |= (byte & 127) << (7 * place)
            if byte < 128:
                return value
        raise ValueError("a number has more than 64 bits")

    def _byte(self) -> int:
        if self.at >= len(self.data):
            raise ValueError("it ends in the middle of a structure")
        self.at += 1
        return int(self.data[self.at - 1])

    def _bytes(self, count: int) -> bytes:
        if self.at + count > len(self.data):
            raise ValueError("it ends in the middle of a value")
        self.at += count
        return bytes(self.data[self.at - count : self.at])
