"""Scenarios: a few sessions of the market's path replaced, so that any position can be put through any week.

A scenario is a list of sessions, each with the index's return and where the VIX closes, laid on the calendar around a chosen day. After it the price keeps
its shift or gives part of it back, and volatility calms down. Funds, futures, surfaces, spreads and volume follow from the market's path. Named ones repeat
published days; a text of a few lines makes a new one:

    name = "slow slide"
    at = 2024-03-04          # first session of the move
    spot = -0.08             # move of the index over all of it
    vol = 20                 # points added to the VIX by the last of these sessions
    days = 3
    recovery = 0.5           # share of the move given back
    recovery_days = 10       # sessions that takes; volatility calms down over them too
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import log1p
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketdata.synthetic.calendar import sessions
from marketdata.synthetic.pins import CLOSES, INTRADAY, ClosePin, IntradayPin
from marketdata.synthetic.skeleton import MarketChange, strip_state
from marketdata.synthetic.vix import log_vol_for, vix_at
from vocabulary.errors import BadInput

Floats = NDArray[np.float64]
FIELDS = {"name", "at", "spot", "vol", "days", "recovery", "recovery_days"}
LARGEST = 0.25
"""A session's largest move: what the strikes listed the evening before can still price."""
CALM = 2.0
"""Volatility's shift falls by exp(-CALM) over the recovery."""


@dataclass(frozen=True, slots=True)
class SessionMove:
    """One session: return of the index, and the VIX at the close: a level, or points over what it would have been (the other is None)."""

    change: float
    vix: float | None = None
    vix_points: float | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A stretch of sessions laid over the path. at: day of session `main` of `moves`; intraday: (session of `moves`, pin whose day is set when it is placed);
    recovery: share of the price shift given back over recovery_days sessions. Raises BadInput for what is out of range or not a session.
    """

    name: str
    at: date
    moves: tuple[SessionMove, ...]
    main: int = 0
    intraday: tuple[tuple[int, IntradayPin], ...] = ()
    recovery: float = 0.0
    recovery_days: int = 15

    def __post_init__(self) -> None:
        if not self.moves or any(abs(move.change) > LARGEST for move in self.moves):
            raise BadInput(f"scenario {self.name}: at least one session, none with a return beyond {LARGEST:.0%} either way")
        if not 0.0 <= self.recovery <= 2.0 or self.recovery_days < 1:
            raise BadInput(f"scenario {self.name}: recovery must be from 0 to 2 and recovery_days at least 1")
        first = self.first_session()
        if first < 1 or first + len(self.moves) > sessions().simulated:
            raise BadInput(f"scenario {self.name}: its sessions around {self.at} leave the calendar")

    def first_session(self) -> int:
        """Session of the first move. Raises BadInput when `at` is not a session."""
        index = sessions().index_of(self.at)
        if index is None:
            raise BadInput(f"scenario {self.name}: {self.at} is not a trading day; choose one")
        return index - self.main

    def intraday_pins(self) -> list[IntradayPin]:
        """Pins inside its sessions, with their days."""
        first = self.first_session()
        return [replace(pin, day=sessions().date(first + row)) for row, pin in self.intraday]


def imposed(scenarios: Sequence[Scenario]) -> MarketChange:
    """The change that lays scenarios over the market's path, one after the other."""

    def change(log_price: Floats, log_vol: Floats, slow: Floats) -> tuple[Floats, Floats]:
        for scenario in scenarios:
            log_price = log_price + price_shift(scenario, log_price)
            log_vol = log_vol + vol_shift(scenario, log_price, log_vol, slow)
        return log_price, log_vol

    return change


def price_shift(scenario: Scenario, log_price: Floats) -> Floats:
    """What to add to the log price at every close: grows over the moves, then part of it is given back, the rest stays."""
    first, count = scenario.first_session(), len(scenario.moves)
    wanted = np.cumsum([log1p(move.change) for move in scenario.moves])
    there = log_price[first + 1 : first + 1 + count] - log_price[first]
    shift = np.zeros_like(log_price)
    shift[first + 1 : first + 1 + count] = wanted - there
    after = np.arange(1, len(log_price) - first - count)
    given_back = scenario.recovery * np.minimum(after / scenario.recovery_days, 1.0)
    shift[first + 1 + count :] = (wanted[-1] - there[-1]) * (1.0 - given_back)
    return shift


def vol_shift(scenario: Scenario, log_price: Floats, log_vol: Floats, slow: Floats) -> Floats:
    """What to add to log volatility at every close so that the strip gives the VIX wanted; calms down afterwards."""
    shift, first = np.zeros_like(log_vol), scenario.first_session()
    last = 0.0
    for row, move in enumerate(scenario.moves, start=first + 1):
        state = strip_state(row, log_price, log_vol + shift, slow)
        wanted = move.vix
        if move.vix_points is not None:
            wanted = float(vix_at(state, log_vol[row : row + 1])[0]) + move.vix_points
        last = log_vol_for(state, wanted) - float(log_vol[row]) if wanted is not None else last
        shift[row] = last
    rest = np.arange(1, len(log_vol) - first - len(scenario.moves))
    shift[first + 1 + len(scenario.moves) :] = last * np.exp(-CALM * rest / scenario.recovery_days)
    return shift


def of_shape(name: str, at: date, spot: float, vol: float, days: int, recovery: float = 0.0, recovery_days: int = 15) -> Scenario:
    """A move of the index by `spot` over `days` sessions from `at`, the VIX rising by `vol` points in equal steps."""
    if not 1 <= days <= 250 or spot <= -0.9 or not -60.0 <= vol <= 150.0:
        raise BadInput(f"scenario {name}: days from 1 to 250, spot above -0.9, vol from -60 to 150 points (got {days}, {spot}, {vol})")
    daily = (1.0 + spot) ** (1.0 / days) - 1.0
    moves = tuple(SessionMove(daily, vix_points=vol * (i + 1) / days) for i in range(days))
    return Scenario(name, at, moves, recovery=recovery, recovery_days=recovery_days)


def published(name: str, first: str, main: str, last: str) -> Callable[[date], Scenario]:
    """A scenario that repeats published closes from `first` to `last`, its day `main` placed on the chosen one."""

    def placed(at: date) -> Scenario:
        pins = [pin for pin in CLOSES if date.fromisoformat(first) <= pin.day <= date.fromisoformat(last)]
        start = next(pin for pin in reversed(CLOSES) if pin.day < pins[0].day)
        check_gapless(name, [start, *pins])
        days = [pin.day for pin in pins]
        moves = tuple(SessionMove(pin.index / before.index - 1.0, vix=pin.vix) for before, pin in zip([start, *pins], pins, strict=False))
        intraday = tuple((days.index(pin.day), pin) for pin in INTRADAY if pin.day in days)
        return Scenario(name, at, moves, days.index(date.fromisoformat(main)), intraday)

    return placed


def check_gapless(name: str, pins: Sequence[ClosePin]) -> None:
    """Raises BadInput unless every session between the first and the last day has a published close here."""
    calendar = sessions()
    rows = [calendar.on_or_before(pin.day) for pin in pins]
    if rows != list(range(rows[0], rows[-1] + 1)):
        raise BadInput(f"scenario {name}: a session between {pins[0].day} and {pins[-1].day} has no published close")


NAMED: Mapping[str, Callable[[date], Scenario]] = {
    "crash-2018": published("crash-2018", "2018-02-02", "2018-02-05", "2018-02-09"),
    "crash-2020": published("crash-2020", "2020-02-24", "2020-03-16", "2020-03-20"),
    "crash-2024": published("crash-2024", "2024-08-01", "2024-08-05", "2024-08-09"),
    "flash": lambda at: of_shape("flash", at, -0.06, 22.0, 1, recovery=0.9, recovery_days=3),
    "bear": lambda at: of_shape("bear", at, -0.22, 14.0, 60, recovery=0.3, recovery_days=60),
    "melt-up": lambda at: of_shape("melt-up", at, 0.08, -2.0, 15),
    "vol-crush": lambda at: of_shape("vol-crush", at, 0.02, -6.0, 3),
}


def named_scenario(name: str, at: date) -> Scenario:
    """One of NAMED placed on a day. Raises BadInput for an unknown name."""
    if name not in NAMED:
        raise BadInput(f"no scenario {name!r}; known are {', '.join(sorted(NAMED))}, or give a TOML file")
    return NAMED[name](at)


def scenario_from_toml(text: str, at: date | None = None) -> Scenario:
    """A scenario from text (see above); `at` given here wins. Raises BadInput naming the field."""
    try:
        values: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as reason:
        raise BadInput(f"scenario: not TOML: {reason}") from reason
    unknown = sorted(set(values) - FIELDS)
    if unknown:
        raise BadInput(f"scenario: unknown {', '.join(unknown)}; fields are {', '.join(sorted(FIELDS))}")
    day = at or values.get("at")
    if not isinstance(day, date):
        raise BadInput("scenario: `at` must be a date such as 2024-08-05, in the file or on the command line")
    numbers = {key: number_of(values, key) for key in ("spot", "vol", "days", "recovery", "recovery_days") if key in values}
    missing = {"spot", "vol", "days"} - set(numbers)
    if missing:
        raise BadInput(f"scenario: {', '.join(sorted(missing))} missing")
    optional = numbers.get("recovery", 0.0), int(numbers.get("recovery_days", 15))
    return of_shape(str(values.get("name", "scenario")), day, numbers["spot"], numbers["vol"], int(numbers["days"]), *optional)


def number_of(values: Mapping[str, Any], key: str) -> float:
    """A number field. Raises BadInput when it is something else."""
    value = values[key]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(f"scenario: {key} = {value!r} must be a number")
    return float(value)
