"""One zip archive, its directory kept as bytes and searched as bytes.

An option archive of one day holds hundreds of entries of which a run looks at a few. Making an object of every entry costs milliseconds per archive, finding
one name in the directory's bytes costs microseconds. Layout: APPNOTE.TXT of PKWARE, sections 4.3.7, 4.3.12, 4.3.16 and 4.5.3 (64-bit sizes, which writers
that stream use for small entries too).
"""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

END_SIGNATURE, CENTRAL_SIGNATURE, LOCAL_SIGNATURE = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
END_SIZE, CENTRAL_SIZE, LOCAL_SIZE = 22, 46, 30
LONGEST_COMMENT = 65_535
STORED, DEFLATED = 0, 8
ENCRYPTED = 1
TOO_LARGE = 0xFFFFFFFF
LONG_SIZES = 1
"""Number of the extra field that holds 64-bit sizes."""


class Entry(NamedTuple):
    """Where an entry's bytes are."""

    method: int
    flags: int
    crc: int
    packed: int
    size: int
    offset: int


class ZipDirectory:
    """An open archive. Raises BadZipFile when the file is torn or no plain zip, OSError when it cannot be read."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDONLY)
        try:
            self._directory = self._read_directory()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def read(self, name: str) -> bytes:
        """Bytes of an entry. KeyError when there is none of that name, BadZipFile when its bytes are damaged."""
        entry = self._find(name.encode("utf-8"))
        if entry is None:
            raise KeyError(name)
        if entry.flags & ENCRYPTED or entry.method not in (STORED, DEFLATED) or TOO_LARGE in (entry.packed, entry.size, entry.offset):
            return self._read_with_library(name)
        header = os.pread(self._file, LOCAL_SIZE, entry.offset)
        if len(header) < LOCAL_SIZE or header[:4] != LOCAL_SIGNATURE:
            raise BadZipFile(f"entry {name} has no header where the directory says")
        name_size, extra_size = struct.unpack_from("<HH", header, 26)
        packed = os.pread(self._file, entry.packed, entry.offset + LOCAL_SIZE + name_size + extra_size)
        data = packed if entry.method == STORED else zlib.decompress(packed, -zlib.MAX_WBITS, max(1, entry.size))
        if len(data) != entry.size or zlib.crc32(data) != entry.crc:
            raise BadZipFile(f"Bad CRC-32 for file {name!r}")
        return data

    def _read_with_library(self, name: str) -> bytes:
        """An entry this reader is too simple for: 64-bit sizes, encryption, other packing."""
        with os.fdopen(os.dup(self._file), "rb") as file, ZipFile(file) as archive:
            return archive.read(name)

    def names(self) -> list[str]:
        """Names of all entries in the directory's order."""
        found: list[str] = []
        at = 0
        while at + CENTRAL_SIZE <= len(self._directory):
            if self._directory[at : at + 4] != CENTRAL_SIGNATURE:
                raise BadZipFile("Bad magic number for central directory")
            name_size, extra_size, comment_size = struct.unpack_from("<HHH", self._directory, at + 28)
            found.append(self._directory[at + CENTRAL_SIZE : at + CENTRAL_SIZE + name_size].decode("utf-8"))
            at += CENTRAL_SIZE + name_size + extra_size + comment_size
        return found

    def _read_directory(self) -> bytes:
        length = os.fstat(self._file).st_size
        tail_size = min(length, END_SIZE)
        tail = os.pread(self._file, tail_size, length - tail_size)
        at = 0 if tail.startswith(END_SIGNATURE) else -1
        if at < 0:
            tail_size = min(length, END_SIZE + LONGEST_COMMENT)
            tail = os.pread(self._file, tail_size, length - tail_size)
            at = tail.rfind(END_SIGNATURE)
        if at < 0 or at + END_SIZE > len(tail):
            raise BadZipFile("File is not a zip file")
        size, offset = struct.unpack_from("<II", tail, at + 12)
        end = length - tail_size + at
        if TOO_LARGE in (size, offset) or offset + size > end:
            raise BadZipFile("Bad offset for central directory")
        directory = os.pread(self._file, size, end - size)
        if directory and not directory.startswith(CENTRAL_SIGNATURE):
            directory = os.pread(self._file, size, offset)  # 64-bit end records may lie between the directory and its end record
        if directory and not directory.startswith(CENTRAL_SIGNATURE):
            raise BadZipFile("Bad magic number for central directory")
        return directory

    def _find(self, name: bytes) -> Entry | None:
        at = self._directory.find(name)
        while at >= 0:
            start = at - CENTRAL_SIZE
            if start >= 0 and self._directory[start : start + 4] == CENTRAL_SIGNATURE:
                (name_size,) = struct.unpack_from("<H", self._directory, start + 28)
                if name_size == len(name):
                    return self._entry(start, name_size)
            at = self._directory.find(name, at + 1)
        return None

    def _entry(self, start: int, name_size: int) -> Entry:
        flags, method = struct.unpack_from("<HH", self._directory, start + 8)
        crc, packed, size = struct.unpack_from("<III", self._directory, start + 16)
        extra_size, (offset,) = struct.unpack_from("<H", self._directory, start + 30)[0], struct.unpack_from("<I", self._directory, start + 42)
        if TOO_LARGE in (packed, size, offset):
            at = start + CENTRAL_SIZE + name_size
            size, packed, offset = long_sizes(self._directory[at : at + extra_size], (size, packed, offset))
        return Entry(method, flags, crc, packed, size, offset)


def long_sizes(extra: bytes, sizes: tuple[int, int, int]) -> tuple[int, int, int]:
    """Size, packed size and offset, those that did not fit into 32 bits taken from the extra field; unchanged when it does not have them."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == LONG_SIZES:
            long = iter(struct.unpack_from(f"<{length // 8}Q", extra, at + 4))
            size, packed, offset = (next(long, number) if number == TOO_LARGE else number for number in sizes)
            return size, packed, offset
        at += 4 + length
    return sizes
