"""Parsed series kept on disk between runs, so that the next run neither unzips nor parses what this one has read.

One cache file stands for one archive of one data folder and holds the entries that were looked at, those that were missing included. It is valid for exactly
the size and time the archive had; a changed archive, another format or a damaged file is read from the archive again and replaced. Files lie in the user's
cache folder, never in the data folder unless that is asked for, and the oldest go when the cache outgrows its bound.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import time
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from marketdata.leanfolder.column_file import Buffer, Kept, Place, Source, columns_at, file_bytes, kept, read_index, size_of, write_file
from marketdata.port import Columns

VARIABLE = "THETADESK_CACHE"
OFF = frozenset({"0", "off", "no", "none"})
SUFFIX = ".columns"
LIMIT_BYTES = 4 << 30
ARCHIVES_OPEN = 256
BYTES_WAITING = 64 << 20
FULL_AFTER_SWEEP = 0.8
SWEPT = "swept"
"""File whose time says when the cache was last looked through; that is done every so many seconds, or when much was written."""
SWEEP_EVERY = 24 * 3600
MANY_WRITES = 64


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Where the cache lies: what THETADESK_CACHE names (None for `off`), else `thetadesk/columns` in the user's cache folder."""
    asked = environment.get(VARIABLE, "")
    if asked.lower() in OFF:
        return None
    if asked:
        return Path(asked).expanduser()
    base = environment.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser() / "thetadesk" / "columns"


class CachedArchive:
    """What is kept of one archive, and what has been read since."""

    def __init__(self, path: Path, source: Source) -> None:
        self.path = path
        self._source = source
        self._buffer: Buffer = b""
        self._places: dict[str, Place | None] = {}
        self._added: dict[str, Kept | None] = {}
        self._map()

    def columns(self, name: str) -> Columns | None:
        """A kept series; None when the archive has no such entry. KeyError when it is not kept, or kept with damage."""
        if name in self._added:
            one = self._added[name]
            return None if one is None else columns_at(one.data, one.place)
        place = self._places[name]
        if place is None:
            return None
        found = columns_at(self._buffer, place)
        if found is None:
            del self._places[name]
            raise KeyError(name)
        return found

    def add(self, name: str, columns: Columns | None) -> int:
        """Keep what the archive gave; answers the bytes that wait to be written."""
        one = self._added[name] = None if columns is None else kept(columns)
        return 0 if one is None else len(one.data)

    def write(self) -> int:
        """Write what was added, together with what was there; answers the bytes written, 0 when nothing was added. OSError when it cannot be written."""
        if not self._added:
            return 0
        content = file_bytes(self._source, {**self._old(), **self._added})
        write_file(self.path, content)
        self._added = {}
        return len(content)

    def _map(self) -> None:
        try:
            with self.path.open("rb") as file:
                self._buffer = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):  # not there, empty, or not readable: nothing is kept
            return
        self._places = read_index(self._buffer, self._source) or {}

    def _old(self) -> dict[str, Kept | None]:
        old: dict[str, Kept | None] = {}
        for name, place in self._places.items():
            old[name] = None if place is None else Kept(place, self._stored(place))
        return old

    def _stored(self, place: Place) -> bytes:
        size = size_of(place)
        return bytes(memoryview(self._buffer)[place.offset : place.offset + size]) + bytes(-size % 8)


class ColumnCache:
    """Kept archives of any number of data folders, the recently used ones open. limit: bytes on disk.

    A cache that cannot be written costs the next run its time and not this one its result: `trouble` says why, and nothing more is written.
    """

    def __init__(self, folder: Path, limit: int = LIMIT_BYTES) -> None:
        self.folder = folder
        self.limit = limit
        self.trouble = ""
        self._open: OrderedDict[str, CachedArchive | None] = OrderedDict()
        self._waiting = 0
        self._written = 0

    @classmethod
    def of_user(cls) -> ColumnCache | None:
        """The user's cache, None when it is switched off."""
        folder = cache_folder()
        return None if folder is None else cls(folder)

    def archive(self, path: str) -> CachedArchive | None:
        """What is kept of an archive, None when there is no such archive."""
        if path in self._open:
            self._open.move_to_end(path)
            return self._open[path]
        opened = self._open[path] = self._opened(path)
        if len(self._open) > ARCHIVES_OPEN or self._waiting > BYTES_WAITING:
            self._put_away(path)
        return opened

    def add(self, archive: CachedArchive, name: str, columns: Columns | None) -> None:
        """Keep what an archive gave."""
        self._waiting += archive.add(name, columns)

    def close(self) -> None:
        """Write what waits, and make room when the cache has outgrown its bound."""
        while self._open:
            self._write(self._open.popitem(last=False)[1])
        self._waiting = 0
        written, self._written = self._written, 0
        if written and (written > self.limit // MANY_WRITES or _older_than(self.folder / SWEPT, SWEEP_EVERY)):
            sweep(self.folder, self.limit)
            (self.folder / SWEPT).touch()

    def _opened(self, path: str) -> CachedArchive | None:
        archive = Path(path)
        try:
            found = archive.stat()
        except OSError:
            return None
        digest = hashlib.sha256(str(archive.absolute()).encode()).hexdigest()
        return CachedArchive(self.folder / digest[:1] / f"{digest[1:33]}{SUFFIX}", Source(found.st_size, found.st_mtime_ns))

    def _put_away(self, newest: str) -> None:
        """Let go of the archives used longest ago: half of them, so that this is rare."""
        for path in list(self._open)[: len(self._open) // 2 + 1]:
            if path != newest:
                self._write(self._open.pop(path))
        self._waiting = 0

    def _write(self, archive: CachedArchive | None) -> None:
        if archive is None or self.trouble:
            return
        try:
            self._written += archive.write()
        except OSError as reason:
            self.trouble = f"{archive.path}: {reason.strerror or reason}"


def sweep(folder: Path, limit: int) -> int:
    """Delete the files written longest ago until the rest is well below the limit; answers the bytes left. Nothing happens below the limit."""
    files = sorted((found.st_mtime_ns, found.st_size, path) for path, found in _files(folder))
    total = sum(size for _, size, _ in files)
    if total <= limit:
        return total
    for _, size, path in files:
        if total <= limit * FULL_AFTER_SWEEP:
            break
        path.unlink(missing_ok=True)
        total -= size
    return total


def clear(folder: Path) -> int:
    """Delete every file of the cache; answers how many there were."""
    files = [path for path, _ in _files(folder)]
    for path in files:
        path.unlink(missing_ok=True)
    return len(files)


def occupied(folder: Path) -> tuple[int, int]:
    """Number of files of the cache, and their bytes."""
    files = _files(folder)
    return len(files), sum(found.st_size for _, found in files)


def _files(folder: Path) -> list[tuple[Path, os.stat_result]]:
    found: list[tuple[Path, os.stat_result]] = []
    for path in folder.glob(f"[0-9a-f]/*{SUFFIX}"):
        with suppress(FileNotFoundError):  # another process has swept it away
            found.append((path, path.stat()))
    return found


def _older_than(path: Path, seconds: float) -> bool:
    try:
        return time.time() - path.stat().st_mtime > seconds
    except OSError:
        return True
