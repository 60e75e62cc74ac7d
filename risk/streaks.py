"""The pause after losses in a row (E): trading on tilt is refused for a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from vocabulary.positions import Position


def paused_by_losses(closed: Sequence[Position], now: datetime, count: int, pause_hours: int) -> bool:
    """True when the last `count` closed positions all lost money after fees and the last of them ended less than `pause_hours` ago."""
    ended = sorted(((position.closed, position.id, position) for position in closed if position.closed is not None), key=lambda entry: entry[:2])
    last = [position for _, _, position in ended[-count:]]
    if len(last) < count or any(position.net_cash >= position.fees for position in last):
        return False
    return now < ended[-1][0] + timedelta(hours=pause_hours)
