"""Entries of an archive are found in its directory whatever sizes its writer used."""

from __future__ import annotations

import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from marketdata.leanfolder.directory import CENTRAL_SIGNATURE, END_SIGNATURE, LOCAL_SIGNATURE, ZipDirectory

ROWS = b"34200000,1,2,3,4,5\n"


def archive_with_long_sizes(path: Path, name: bytes, text: bytes) -> None:
    """An archive whose directory has the sizes and the offset of its one stored entry in the 64-bit extra field, as streaming writers make them."""
    crc = zlib.crc32(text)
    local = LOCAL_SIGNATURE + struct.pack("<HHHHHIIIHH", 45, 0, 0, 0, 0, crc, len(text), len(text), len(name), 0) + name + text
    long = struct.pack("<HHQQQ", 1, 24, len(text), len(text), 0)
    other = struct.pack("<HHI", 0x5455, 4, 7)
    full = 0xFFFFFFFF
    central = CENTRAL_SIGNATURE + struct.pack("<HHHHHHIIIHHHHHII", 45, 45, 0, 0, 0, 0, crc, full, full, len(name), len(other + long), 0, 0, 0, 0, full)
    directory = central + name + other + long
    end = END_SIGNATURE + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), len(local), 0)
    path.write_bytes(local + directory + end)


def test_entry_with_64_bit_sizes_is_read_without_the_general_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive_with_long_sizes(tmp_path / "day.zip", b"row.csv", ROWS)

    def refuse(self: ZipDirectory, name: str) -> bytes:
        raise AssertionError(f"the general reader was asked for {name}")

    monkeypatch.setattr(ZipDirectory, "_read_with_library", refuse)
    directory = ZipDirectory(tmp_path / "day.zip")
    assert directory.read("row.csv") == ROWS
    assert directory.names() == ["row.csv"]
    assert zipfile.ZipFile(tmp_path / "day.zip").read("row.csv") == ROWS


def test_entry_is_the_one_of_that_name_and_not_of_a_longer_one(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "day.zip", "w") as archive:
        archive.writestr("xrow.csv", b"1")
        archive.writestr("row.csv2", b"2")
        archive.writestr("row.csv", b"3")
    directory = ZipDirectory(tmp_path / "day.zip")
    assert directory.read("row.csv") == b"3"
    with pytest.raises(KeyError):
        directory.read("ow.csv")
