"""All quotes of an option root at one minute: what a screen would show, from the same functions as the minute rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketdata.synthetic.chains import PricedChain, priced_chain
from marketdata.synthetic.liquidity import Nearness, Unrest, full_width, quoted
from marketdata.synthetic.paths import Paths
from marketdata.synthetic.pricing import vega_per_point
from marketdata.synthetic.roots import OptionRoot

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Quotes of every listed contract, in the order of `chain.found`. bid, ask, mid: (contracts,) per unit of the underlying; a bid of zero is none. spot:
    the underlying's unrounded price; forward, discount, years: (contracts,) to expiry.
    """

    root: OptionRoot
    index: int
    node: int
    chain: PricedChain
    bid: Floats
    ask: Floats
    mid: Floats
    spot: float
    forward: Floats
    discount: Floats
    years: Floats


def snapshot(paths: Paths, root: OptionRoot, index: int, node: int, month: str | None = None) -> Snapshot | None:
    """Quotes at a node of a session; None when nothing is listed. Contracts that have expired by then have no place in it."""
    nodes = np.array([node])
    chain = priced_chain(paths, root, index, nodes, month)
    if chain is None:
        return None
    priced, years = chain.priced, chain.years
    width = full_width(root, priced.mid, vega_per_point(priced, np.sqrt(years)), Nearness.of(years), Unrest.of(root, chain.now.vol.log_vol, nodes))
    both = quoted(root, priced.mid, width)
    columns = (both.bid, both.ask, priced.mid, priced.forward, priced.discount, years)
    bid, ask, mid, forward, discount, left = (column[:, 0] for column in np.broadcast_arrays(*columns))
    return Snapshot(root, index, node, chain, bid, ask, mid, float(chain.now.spot[0]), forward, discount, left)
