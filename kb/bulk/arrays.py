"""Makes pyarrow arrays from numpy arrays and texts through their buffers.

`pyarrow.array` and `pyarrow.table` import pandas, if it is installed, to check for its types; that takes longer than
deciding a caseload.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from numpy.typing import NDArray

from kb.bulk.table import Numbers

Unknown = NDArray[np.bool_] | None


def numbers(values: Numbers, unknown: Unknown = None, kind: Any = None) -> Any:
    """An integer array, null where `unknown` is true. `kind`: an Arrow type of the same width, such as `date32`."""
    values = np.ascontiguousarray(values)
    kind = pa.from_numpy_dtype(values.dtype) if kind is None else kind
    return pa.Array.from_buffers(kind, len(values), [_valid(unknown), pa.py_buffer(values)])


def truths(values: NDArray[np.bool_], unknown: Unknown = None) -> Any:
    """A boolean array, null where `unknown` is true."""
    bits = pa.py_buffer(np.packbits(values, bitorder="little"))
    return pa.Array.from_buffers(pa.bool_(), len(values), [_valid(unknown), bits])


def texts(values: Sequence[str | None]) -> Any:
    """A string array; None becomes null."""
    encoded = [b"" if value is None else value.encode() for value in values]
    offsets = np.concatenate([[0], np.cumsum([len(text) for text in encoded])]).astype(np.int64)
    unknown = np.array([value is None for value in values], np.bool_)
    buffers = [_valid(unknown) if unknown.any() else None, pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))]
    large = pa.Array.from_buffers(pa.large_string(), len(encoded), buffers)
    return large if offsets[-1] > np.iinfo(np.int32).max else large.cast(pa.string())


def binary(values: Sequence[bytes]) -> Any:
    """A binary array."""
    offsets = np.concatenate([[0], np.cumsum([len(value) for value in values])]).astype(np.int32)
    return pa.Array.from_buffers(pa.binary(), len(values), [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(values))])


def coded(codes: Numbers, names: Sequence[str], unknown: Unknown = None) -> Any:
    """A dictionary array: entry i is `names[codes[i]]`, null where `unknown` is true."""
    return pa.DictionaryArray.from_arrays(numbers(codes, unknown), texts(names))


def table(columns: Mapping[str, Any]) -> Any:
    """A `pyarrow.Table` of named arrays."""
    return pa.Table.from_arrays(list(columns.values()), names=list(columns))


def as_numpy(array: Any, null: int) -> Numbers:
    """An integer array of pyarrow as a numpy array, with `null` in place of nulls."""
    kind = array.type.to_pandas_dtype()
    found = np.frombuffer(array.buffers()[1], kind)[array.offset : array.offset + len(array)]
    return np.where(is_known(array), found, null) if array.null_count else found


def is_known(array: Any) -> NDArray[np.bool_]:
    """True where an array of pyarrow is not null."""
    if not array.null_count:
        return np.ones(len(array), np.bool_)
    if array.buffers()[0] is None:  # an array of nulls only
        return np.zeros(len(array), np.bool_)
    bits = np.frombuffer(array.buffers()[0], np.uint8)
    return np.unpackbits(bits, bitorder="little")[array.offset : array.offset + len(array)].view(np.bool_)


def _valid(unknown: Unknown) -> Any:
    return None if unknown is None else pa.py_buffer(np.packbits(~unknown, bitorder="little"))
