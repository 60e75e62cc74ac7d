"""Entries of zip archives, with the most recently used directories kept.

An option archive of one day holds hundreds of contracts of which an algorithm looks at a few: the directory is read first, an entry when asked for.
"""

from __future__ import annotations

import zipfile
import zlib
from collections import OrderedDict
from pathlib import Path

from marketdata.leanfolder.directory import ZipDirectory
from vocabulary.errors import CorruptData

KEPT = 256


class Archives:
    """Reads entries below one folder. Not thread-safe; one per provider."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._open: OrderedDict[str, ZipDirectory | None] = OrderedDict()

    def entry(self, archive: str, name: str) -> bytes | None:
        """Bytes of one entry; None when the archive or the entry is not there. Raises CorruptData for a torn archive."""
        opened = self._directory(archive)
        if opened is None:
            return None
        try:
            return opened.read(name)
        except KeyError:
            return None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as reason:
            raise CorruptData(f"{self.root / archive}: entry {name}: {reason}; replace the file") from reason

    def names(self, archive: str) -> list[str]:
        """Entry names of an archive, empty when it is not there."""
        opened = self._directory(archive)
        return opened.names() if opened is not None else []

    def close(self) -> None:
        """Closes every archive."""
        for opened in self._open.values():
            if opened is not None:
                opened.close()
        self._open.clear()

    def _directory(self, archive: str) -> ZipDirectory | None:
        if archive in self._open:
            self._open.move_to_end(archive)
            return self._open[archive]
        opened = open_archive(self.root / archive)
        self._open[archive] = opened
        if len(self._open) > KEPT:
            _, oldest = self._open.popitem(last=False)
            if oldest is not None:
                oldest.close()
        return opened


def open_archive(path: Path) -> ZipDirectory | None:
    """The archive at `path`, None when there is no such file. Raises CorruptData when it is not a readable zip."""
    try:
        return ZipDirectory(path)
    except FileNotFoundError:
        return None
    except (zipfile.BadZipFile, OSError) as reason:
        raise CorruptData(f"{path}: not a readable zip archive ({reason}); replace the file") from reason
