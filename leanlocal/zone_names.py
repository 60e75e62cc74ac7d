"""Time zones as an algorithm sees them: text that is the IANA name."""

from __future__ import annotations


class TimeZone(str):
    """A time zone; prints its IANA name."""

    __slots__ = ()

    @property
    def id(self) -> str:
        """IANA name."""
        return str(self)
