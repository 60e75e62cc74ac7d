"""LEAN's data folder: where a series lies, how its rows read, and a provider over it."""

from marketdata.leanfolder.folder import LeanFolder

__all__ = ["LeanFolder"]
