"""Plain data through a pipe, as JSON and raw numbers: what is read can hold data and nothing else.

Both sides use this file; the worker gets a copy of it, so it imports NumPy alone.

A frame is the length of its header, the length of its body, the header (JSON) and the body (the
bytes of its arrays, end to end). Lists, texts, numbers, True, False and None stand in the header
as they are; a one-letter object stands for the rest: t tuple, d dict, a array, e "...", x failure.
An array says its type and shape, not where its bytes begin: arrays that share bytes could make
gigabytes of a short frame.
"""

import io
import json
import math
import re
import struct

import numpy as np

LENGTHS = struct.Struct("!II")
DEPTH = 12
LONGEST = 2 << 20  # bytes of a header that nobody trusts: to parse it takes 50 times its memory
DTYPE = re.compile(r"[<>|][biufc](1|2|4|8|16)")


class WireError(Exception):
    """A frame that is none, or that is too large."""


def pack(value: object) -> bytes:
    """The frame of plain data. An object with kind, text and answer is a failure."""
    chunks: list[bytes] = []
    header = json.dumps(_encode(value, chunks)).encode()
    body = b"".join(chunks)
    return LENGTHS.pack(len(header), len(body)) + header + body


def _encode(value: object, chunks: list) -> object:
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, list):
        return [_encode(one, chunks) for one in value]
    if isinstance(value, tuple):
        return {"t": [_encode(one, chunks) for one in value]}
    if isinstance(value, dict):
        return {"d": [[str(key), _encode(one, chunks)] for key, one in value.items()]}
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        if not DTYPE.fullmatch(array.dtype.str):
            raise TypeError(f"An array of {array.dtype} is no plain data.")
        chunks.append(array.tobytes())
        return {"a": [array.dtype.str, list(array.shape)]}
    if value is ...:
        return {"e": 0}
    if hasattr(value, "kind") and hasattr(value, "text"):
        return {"x": [value.kind, value.text, _encode(value.answer, chunks)]}
    raise TypeError(f"A {type(value).__name__} is no plain data.")


def lengths(start: bytes, limit: int, longest: int = LONGEST) -> tuple[int, int]:
    """Lengths of header and body, from the first eight bytes of a frame.

    Raises WireError if they are more than `limit` together, or the header more than `longest`.
    """
    header, body = LENGTHS.unpack(start)
    if header + body > limit or header > longest:
        raise WireError("too large")
    return header, body


def unpack(header: bytes, body: bytes, failure: type) -> object:
    """The data of a frame, whoever wrote it; `failure(kind, text, answer)` makes the failures.

    Raises WireError if it is not such a frame.
    """
    try:
        return _decode(json.loads(header), io.BytesIO(body), failure, DEPTH)
    except WireError:
        raise
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, MemoryError) as error:
        raise WireError(type(error).__name__) from None


def _decode(value: object, body: io.BytesIO, failure: type, depth: int) -> object:
    if depth < 0:
        raise WireError("nested too deeply")
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return [_decode(one, body, failure, depth - 1) for one in value]
    ((letter, inner),) = value.items()
    if letter == "t":
        return tuple(_decode(list(inner), body, failure, depth))
    if letter == "d":
        return {str(key): _decode(one, body, failure, depth - 1) for key, one in inner}
    if letter == "a":
        return _array(*inner, body)
    if letter == "e":
        return ...
    if letter == "x":
        kind, text, answer = inner
        return failure(str(kind)[:40], str(text)[:2000], _decode(answer, body, failure, depth - 1))
    raise WireError("unknown")


def _array(dtype: str, shape: list, body: io.BytesIO) -> np.ndarray:
    """The array whose bytes come next in the body."""
    if not DTYPE.fullmatch(dtype) or len(shape) > 32:
        raise WireError("no array")
    if any(type(one) is not int or one < 0 for one in shape):
        raise WireError("no array")
    kind = np.dtype(dtype)
    size = math.prod(shape) * kind.itemsize
    content = body.read(size)
    if len(content) != size:
        raise WireError("no array")
    return np.frombuffer(content, kind).reshape(shape).copy()
