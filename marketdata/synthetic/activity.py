"""Open interest and daily volume, of a whole list or of one contract.

The chain file of a session works both out for everything listed; a contract of that list asked for later is looked up there. One that is asked for alone is
worked out alone, to the same numbers.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketdata.synthetic.drivers import DRIVERS
from marketdata.synthetic.liquidity import ContractKeys, Liking, daily_volume, liking_of, open_interest
from marketdata.synthetic.paths import Paths
from marketdata.synthetic.roots import OptionRoot

Floats = NDArray[np.float64]
Pair = tuple[float, float]
KEPT_LISTS, KEPT_CONTRACTS = 24, 20_000


@dataclass(frozen=True, slots=True)
class Session:
    """A session of a root. spot: the underlying at the close before; month: delivery month of the future behind the options, None for others."""

    root: OptionRoot
    index: int
    month: str | None
    spot: float


class Activity:
    """Open interest and volume for one seed. Not thread-safe."""

    def __init__(self, seed: int, paths: Paths) -> None:
        self._seed = seed
        self._paths = paths
        self._lists: OrderedDict[tuple[str, int, str | None], tuple[ContractKeys, Floats, Floats]] = OrderedDict()
        self._rows: dict[tuple[str, int, str | None], dict[int, Pair]] = {}
        self._alone: dict[tuple[int, int], Pair] = {}
        self._likings: dict[int, Liking] = {}

    def of_list(self, session: Session, keys: ContractKeys) -> tuple[Floats, Floats]:
        """(rows,) open interest and (rows,) volume of everything listed on a session, remembered."""
        interest, volume = self._fresh(session, keys, liking_of(self._seed, session.root, keys))
        name = (session.root.ticker, session.index, session.month)
        self._lists[name] = (keys, interest, volume)
        if len(self._lists) > KEPT_LISTS:
            oldest, _ = self._lists.popitem(last=False)
            self._rows.pop(oldest, None)
        return interest, volume

    def of_contract(self, session: Session, keys: ContractKeys) -> Pair:
        """Open interest and volume of one contract (keys of one row)."""
        number = int(keys.number[0])
        listed = self._listed(session).get(number)
        if listed is not None:
            return listed
        key = (number, session.index)
        if key not in self._alone:
            if len(self._alone) >= KEPT_CONTRACTS:
                self._alone.clear()
                self._likings.clear()
            if number not in self._likings:
                self._likings[number] = liking_of(self._seed, session.root, keys)
            interest, volume = self._fresh(session, keys, self._likings[number])
            self._alone[key] = (float(interest[0]), float(volume[0]))
        return self._alone[key]

    def _listed(self, session: Session) -> dict[int, Pair]:
        name = (session.root.ticker, session.index, session.month)
        if name not in self._rows:
            if name not in self._lists:
                return {}
            keys, interest, volume = self._lists[name]
            self._rows[name] = dict(zip(keys.number.tolist(), zip(interest.tolist(), volume.tolist(), strict=True), strict=True))
        return self._rows[name]

    def _fresh(self, session: Session, keys: ContractKeys, liking: Liking) -> tuple[Floats, Floats]:
        root, index = session.root, session.index
        interest = open_interest(self._seed, root, keys, index, session.spot, liking)
        driver = root.underlying.driver
        log_vol = float(self._paths.frames[driver].log_vol[index + 1])
        return interest, daily_volume(self._seed, keys, index, interest, log_vol, DRIVERS[driver].usual)
