"""`self.object_store`: small files that outlive a run, in the project's storage folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from leanlocal.mappings import CallableList, KeyValuePair
from leanlocal.surface import LeanObject
from vocabulary.errors import StorageFailed


class KeyNotFoundException(KeyError):
    """The store has no such key."""


class ObjectStore(LeanObject[Path]):
    """Files by key below one folder. StorageFailed when the disk refuses."""

    def __init__(self, folder: Path) -> None:
        self._core = folder

    def _path(self, key: str) -> Path:
        path = (self._core / key.lstrip("/")).resolve()
        if self._core.resolve() not in path.parents:
            raise StorageFailed(f"object store key {key!r} leads outside {self._core}; use a key without '..'")
        return path

    def save_bytes(self, path: str, contents: bytes | None = None) -> bool:
        """Write bytes."""
        target = self._path(path)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if contents is not None:
                target.write_bytes(bytes(contents))
        except OSError as problem:
            raise StorageFailed(f"object store cannot write {target}: {problem}") from problem
        return True

    def save(self, path: str, text: str | None = None, encoding: Any = None) -> bool:
        """Write text."""
        return self.save_bytes(path, None if text is None else text.encode())

    save_string = save

    def save_json(self, key: str, obj: Any, encoding: Any = None, settings: Any = None) -> bool:
        """Write an object as JSON."""
        return self.save(key, json.dumps(obj))

    def read_bytes(self, path: str) -> bytes:
        """Bytes of a key; KeyNotFoundException when absent."""
        target = self._path(path)
        if not target.is_file():
            raise KeyNotFoundException(
                f"Object with path '{path}' was not found in the current project. Please use ObjectStore.ContainsKey(key) to check if an object exists "
                "before attempting to read."
            )
        return target.read_bytes()

    def read(self, path: str, encoding: Any = None) -> str:
        """Text of a key; KeyNotFoundException when absent."""
        return self.read_bytes(path).decode()

    read_string = read

    def read_json(self, key: str, encoding: Any = None, settings: Any = None) -> Any:
        """Object of a key; KeyNotFoundException when absent."""
        return json.loads(self.read(key))

    def contains_key(self, path: str) -> bool:
        """Whether the key exists."""
        return self._path(path).is_file()

    def delete(self, path: str) -> bool:
        """Remove a key; False when absent."""
        target = self._path(path)
        existed = target.is_file()
        if existed:
            target.unlink()
        return existed

    def get_file_path(self, path: str) -> str:
        """Path of a key's file, for reading or writing it directly."""
        target = self._path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        return str(target)

    @property
    def keys(self) -> CallableList[str]:
        """All keys."""
        if not self._core.is_dir():
            return CallableList()
        return CallableList(path.relative_to(self._core).as_posix() for path in sorted(self._core.rglob("*")) if path.is_file())

    @property
    def count(self) -> int:
        """Number of keys."""
        return len(self.keys)

    def clear(self) -> None:
        """Remove every key."""
        for key in self.keys:
            self.delete(key)

    def __iter__(self) -> Iterator[KeyValuePair[bytes]]:
        return (KeyValuePair(key, self.read_bytes(key)) for key in self.keys)
