"""Zip archives from bytes to bytes, made for thousands of small entries.

The library's writer seeks back into the file for every entry and makes several objects of it, which costs more than packing the few bytes of an open-interest
entry. Here headers are laid out directly (APPNOTE.TXT of PKWARE, sections 4.3.7, 4.3.12 and 4.3.16); the bytes are those the library would write. Archives
that need 64-bit fields are left to the library.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

LEVEL = 1
ENTRY_DATE = (1980, 1, 1, 0, 0, 0)
DOS_TIME, DOS_DATE = 0, 0x21
VERSION, UNIX = 20, 3
UTF8_NAME = 0x800
PERMISSIONS = 0o600 << 16
MOST_ENTRIES, MOST_BYTES = 0xFFFF, 2**31 - 1
LOCAL, CENTRAL, END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s4B4H3L5H2L"), struct.Struct("<4s4H2LH")


def packed(entries: Mapping[str, bytes]) -> bytes:
    """The archive of some entries, sorted by name, all with the same fixed date."""
    if len(entries) > MOST_ENTRIES or sum(map(len, entries.values())) > MOST_BYTES:
        return packed_by_library(entries)
    parts: list[bytes] = []
    directory: list[bytes] = []
    at = 0
    for name in sorted(entries):
        local, central = entry_parts(name, entries[name], at)
        parts += local
        directory.append(central)
        at += sum(map(len, local))
    listed = b"".join(directory)
    end = END.pack(b"PK\x05\x06", 0, 0, len(entries), len(entries), len(listed), at, 0)
    return b"".join([*parts, listed, end])


def entry_parts(name: str, data: bytes, at: int) -> tuple[list[bytes], bytes]:
    """What stands at offset `at` for one entry, and its line in the directory."""
    encoded = name.encode("utf-8")
    flags = 0 if name.isascii() else UTF8_NAME
    body = deflated(data)
    about = (flags, zlib.DEFLATED, DOS_TIME, DOS_DATE, zlib.crc32(data), len(body), len(data), len(encoded), 0)
    local = LOCAL.pack(b"PK\x03\x04", VERSION, *about)
    central = CENTRAL.pack(b"PK\x01\x02", VERSION, UNIX, VERSION, 0, *about, 0, 0, 0, PERMISSIONS, at)
    return [local, encoded, body], central + encoded


def deflated(data: bytes) -> bytes:
    """Raw deflate stream."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def packed_by_library(entries: Mapping[str, bytes]) -> bytes:
    """The same archive by the library, which knows 64-bit fields."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for name in sorted(entries):
            archive.writestr(zipfile.ZipInfo(name, ENTRY_DATE), entries[name], zipfile.ZIP_DEFLATED, LEVEL)
    return target.getvalue()
