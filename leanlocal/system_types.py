"""Small types of .NET and of LEAN's time handling that algorithms name."""

from __future__ import annotations

from typing import ClassVar

from leanlocal.enums import LeanEnum
from leanlocal.zone_names import TimeZone


class DayOfWeek(LeanEnum):
    """.NET's week days: Sunday is 0."""

    SUNDAY = 0
    MONDAY = 1
    TUESDAY = 2
    WEDNESDAY = 3
    THURSDAY = 4
    FRIDAY = 5
    SATURDAY = 6


class TimeZones:
    """Time zones by LEAN's names."""

    UTC: ClassVar[TimeZone] = TimeZone("UTC")
    NEW_YORK: ClassVar[TimeZone] = TimeZone("America/New_York")
    EASTERN_STANDARD: ClassVar[TimeZone] = TimeZone("UTC-05")
    LONDON: ClassVar[TimeZone] = TimeZone("Europe/London")
    HONG_KONG: ClassVar[TimeZone] = TimeZone("Asia/Hong_Kong")
    TOKYO: ClassVar[TimeZone] = TimeZone("Asia/Tokyo")
    ROME: ClassVar[TimeZone] = TimeZone("Europe/Rome")
    SYDNEY: ClassVar[TimeZone] = TimeZone("Australia/Sydney")
    VANCOUVER: ClassVar[TimeZone] = TimeZone("America/Vancouver")
    TORONTO: ClassVar[TimeZone] = TimeZone("America/Toronto")
    CHICAGO: ClassVar[TimeZone] = TimeZone("America/Chicago")
    LOS_ANGELES: ClassVar[TimeZone] = TimeZone("America/Los_Angeles")
    PHOENIX: ClassVar[TimeZone] = TimeZone("America/Phoenix")
    BERLIN: ClassVar[TimeZone] = TimeZone("Europe/Berlin")
    PARIS: ClassVar[TimeZone] = TimeZone("Europe/Paris")
    ZURICH: ClassVar[TimeZone] = TimeZone("Europe/Zurich")
    MADRID: ClassVar[TimeZone] = TimeZone("Europe/Madrid")
    AMSTERDAM: ClassVar[TimeZone] = TimeZone("Europe/Amsterdam")
    SHANGHAI: ClassVar[TimeZone] = TimeZone("Asia/Shanghai")
    KOLKATA: ClassVar[TimeZone] = TimeZone("Asia/Kolkata")
