"""LEAN's data folder: where a series lies, how its rows read, a provider over it, and a cache of what was read."""

from marketdata.leanfolder.column_cache import ColumnCache
from marketdata.leanfolder.folder import LeanFolder

__all__ = ["ColumnCache", "LeanFolder"]
