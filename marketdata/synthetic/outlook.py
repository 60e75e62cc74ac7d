"""What the contracts on one underlying share through a session: the way to each expiry and to each date of early exercise.

A session is asked contract by contract, but how far an expiry is, the forward for it and the smile towards it do not depend on the strike. They are worked out
when the first contract needs them and kept with the session.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marketdata.port import Kind
from marketdata.synthetic.early_exercise import ahead, chances, may_exercise
from marketdata.synthetic.liquidity import Nearness, Unrest
from marketdata.synthetic.pricing import Horizon, Priced, european_on
from marketdata.synthetic.roots import OptionRoot
from marketdata.synthetic.states import DAYS_PER_YEAR, Instants, Moment, at_nodes, horizon
from marketdata.synthetic.surface import Smile, Surface

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LOOKS = 7
CLOSE_TO_WAITING, CLOSE_TO_BEST = 0.99, 0.98


@dataclass(frozen=True, slots=True)
class Way:
    """From the instants of a session to moments ahead: (nodes,) each for one moment, (moments, nodes) for several."""

    horizon: Horizon
    smile: Smile

    def mids(self, strike: Floats, sign: Floats) -> Floats:
        """European values of exercise at the moments; zero where a moment has gone by."""
        return np.where(self.horizon.live, european_on(self.smile, self.horizon, strike, sign).mid, 0.0)


@dataclass(frozen=True, slots=True)
class Expiring:
    """The way to an expiry, with what the calendar time left does to widths and the square root of its years, (nodes,)."""

    way: Way
    near: Nearness
    root_years: Floats


@dataclass(frozen=True, slots=True)
class Looks:
    """Dates of early exercise seen from a few of the session's nodes (`rows`)."""

    moments: Sequence[Moment]
    rows: Ints
    way: Way


class Outlook:
    """One underlying through one session at fixed nodes. Not thread-safe."""

    def __init__(self, now: Instants, nodes: Ints) -> None:
        self.now = now
        self._nodes = nodes
        self._surface = Surface.of(now.driver, now.vol)
        self._few = np.linspace(0, len(nodes) - 1, LOOKS).astype(np.int64)
        self._ways: dict[Moment, Way] = {}
        self._expiring: dict[Moment, Expiring] = {}
        self._looks: dict[tuple[int, bool], Looks | None] = {}
        self._unrest: dict[str, Unrest] = {}

    def expiring(self, moment: Moment) -> Expiring:
        """What contracts that settle at a moment share."""
        if moment not in self._expiring:
            years = np.maximum(moment.days - self.now.days, 0.0) / DAYS_PER_YEAR
            self._expiring[moment] = Expiring(self.way(moment), Nearness.of(years), np.sqrt(years))
        return self._expiring[moment]

    def unrest(self, root: OptionRoot) -> Unrest:
        """What widens the quotes of a root."""
        if root.ticker not in self._unrest:
            self._unrest[root.ticker] = Unrest.of(root, self.now.vol.log_vol, self._nodes)
        return self._unrest[root.ticker]

    def way(self, moment: Moment) -> Way:
        """The way to one moment."""
        if moment not in self._ways:
            end = horizon(self.now, moment)
            self._ways[moment] = Way(end, self._surface.smile(end.time))
        return self._ways[moment]

    def ways(self, moments: Sequence[Moment]) -> Way:
        """The ways to several moments, one row each."""
        found = [self.way(moment) for moment in moments]
        if len(found) == 1:
            return found[0]
        ends, smiles = [one.horizon for one in found], [one.smile for one in found]
        live = np.stack([np.asarray(end.live) for end in ends])
        together = Horizon(np.stack([end.time for end in ends]), np.stack([end.forward for end in ends]), np.stack([end.discount for end in ends]), live)
        variance, phi = np.stack([smile.half_variance for smile in smiles]), np.stack([smile.phi for smile in smiles])
        return Way(together, Smile(variance, phi, smiles[0].rho))

    def looks(self, until: int, call: bool) -> Looks | None:
        """A first look at the dates of early exercise before session `until`; None when there is none."""
        key = (until, call)
        if key not in self._looks:
            moments = chances(self.now.underlying, self.now.index, until, call)
            self._looks[key] = Looks(moments, self._few, self._seen_from_few(moments)) if moments else None
        return self._looks[key]

    def _seen_from_few(self, moments: Sequence[Moment]) -> Way:
        few = at_nodes(self.now, self._few)
        end = ahead(few, moments)
        return Way(end, Surface.of(few.driver, few.vol).smile(end.time))


def priced_contract(outlook: Outlook, style: str, settles: Moment, strike: float, sign: float) -> Priced:
    """Mids of one contract at the outlook's nodes."""
    level, side = np.asarray(strike), np.asarray(sign)
    way = outlook.way(settles)
    last = european_on(way.smile, way.horizon, level, side)
    if style == "european":
        return last
    waiting = np.maximum(last.mid, sign * (outlook.now.spot - level))
    early = best_early(outlook, settles.index, level, sign, waiting)
    return replace(last, mid=waiting if early is None else np.maximum(waiting, early))


def best_early(outlook: Outlook, until: int, strike: Floats, sign: float, waiting: Floats) -> Floats | None:
    """(nodes,) value of the best chance of one contract, None without any. waiting: value of the other choices; chances far from them at a few nodes are not
    looked at further.
    """
    looks = outlook.looks(until, sign > 0)
    if looks is None or not might_exercise(outlook.now, strike, sign):
        return None
    side = np.asarray(sign)
    tried = looks.way.mids(strike, side)
    close = tried > np.maximum(CLOSE_TO_WAITING * waiting[looks.rows], CLOSE_TO_BEST * tried.max(axis=0))
    kept = [moment for moment, near in zip(looks.moments, close.any(axis=1).tolist(), strict=True) if near]
    if not kept:
        return None
    values = outlook.ways(kept).mids(strike, side)
    return values if len(kept) == 1 else values.max(axis=0)


def might_exercise(now: Instants, strike: Floats, sign: float) -> bool:
    """Whether early exercise may matter at some node; a call on a fund is always looked at."""
    return (sign > 0 and now.underlying.kind is not Kind.FUTURE) or bool(may_exercise(now, strike, np.asarray(sign)).any())
