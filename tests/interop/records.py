"""Canonical records: CBOR with unsigned integers, bytes, text, arrays and null, each in its one shortest form."""

import struct

from sealing import Refused, need

DEPTH_MAX = 16


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    for code, form in ((24, ">B"), (25, ">H"), (26, ">I"), (27, ">Q")):
        if number < 1 << 8 * struct.calcsize(form):
            return bytes([major << 5 | code]) + struct.pack(form, number)
    raise ValueError("more than 64 bits")


def encode(item) -> bytes:
    if item is None:
        return b"\xf6"
    if isinstance(item, int):
        return _head(0, item)
    if isinstance(item, bytes):
        return _head(2, len(item)) + item
    if isinstance(item, str):
        encoded = item.encode()
        return _head(3, len(encoded)) + encoded
    return _head(4, len(item)) + b"".join(encode(part) for part in item)


def _take(data: bytes, at: int, count: int) -> tuple[bytes, int]:
    need(at + count <= len(data), "cut short")
    return data[at : at + count], at + count


def _decode(data: bytes, at: int, depth: int):
    need(depth <= DEPTH_MAX, "depth")
    first, at = _take(data, at, 1)
    if first == b"\xf6":
        return None, at
    major, low = first[0] >> 5, first[0] & 31
    need(major in (0, 2, 3, 4), "kind of item")
    need(low <= 27, "indefinite or reserved")
    number = low
    if low >= 24:
        raw, at = _take(data, at, 1 << low - 24)
        number = int.from_bytes(raw, "big")
        need(number >= (24 if low == 24 else 1 << (4 << low - 24)), "overlong")
    if major == 0:
        return number, at
    if major == 4:
        need(number <= len(data), "length")
        items = []
        for _ in range(number):
            item, at = _decode(data, at, depth + 1)
            items.append(item)
        return items, at
    raw, at = _take(data, at, number)
    if major == 2:
        return raw, at
    try:
        return raw.decode(), at
    except UnicodeDecodeError as error:
        raise Refused("text") from error


def decode(data: bytes):
    item, end = _decode(data, 0, 0)
    need(end == len(data), "trailing bytes")
    # Every check above is also this one: what was read writes itself back.
    need(encode(item) == data, "not canonical")
    return item
