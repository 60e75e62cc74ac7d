"""LEAN's universe files as arrays, and what their Greeks were computed with.

The files do not say which spot, rate, dividend yield or time they used. Delta, vega and rho of a few hundred rows at the file's own volatility determine all
four; the fit leaves no residual beyond the seven decimals of the file, which is the proof that the model is Black-Scholes-Merton.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from greeks import european
from marketdata.leanfolder.universe_files import read_universe

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ChainFile:
    """One universe file as arrays; mirror: row of the same strike and expiry with the other right (-1: none); before: open interest of the file before."""

    name: str
    spot: float
    call: Mask
    strike: Floats
    days: Floats
    close: Floats
    interest: Floats
    iv: Floats
    greeks: Mapping[str, Floats]
    mirror: NDArray[np.int64]
    before: Floats

    def __len__(self) -> int:
        return int(self.strike.size)

    def other(self, values: Floats) -> Floats:
        """A column as seen from the mirror contract."""
        return np.where(self.mirror >= 0, values[self.mirror], np.nan)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a file's Greeks were computed with: spot, days added to the calendar days, rate, dividend yield; misfit: median absolute residual of delta."""

    spot: float
    shift: float
    rate: float
    dividend_yield: float
    misfit: float


def load(data: Path, name: str, month: str) -> list[ChainFile]:
    """Every universe file of the month with more than a hundred contracts, oldest first."""
    folder = data / "option" / "usa" / "universes" / name
    chains: list[ChainFile] = []
    earlier: dict[tuple[date, float, str], float] = {}
    for path in sorted(folder.glob(f"{month}*.csv")):
        rows = read_universe(path, datetime.strptime(path.stem, "%Y%m%d").date())  # noqa: DTZ007
        if rows is None or len(rows.expiry) < 100 or rows.underlying is None:
            continue
        keys = list(zip(rows.expiry, (float(one) for one in rows.strike), rows.right, strict=True))
        at = {key: i for i, key in enumerate(keys)}
        mirror = np.array([at.get((e, k, "P" if r == "C" else "C"), -1) for e, k, r in keys])
        greeks = {"delta": rows.delta, "gamma": rows.gamma, "vega": rows.vega, "theta": rows.theta, "rho": rows.rho}
        days = np.array([(e - rows.day).days for e in rows.expiry], dtype=np.float64)
        before = np.array([earlier.get(key, np.nan) for key in keys])
        strike, call = np.array([key[1] for key in keys]), np.array([key[2] == "C" for key in keys])
        label = f"{name} {rows.day}"
        chains.append(ChainFile(label, rows.underlying[3], call, strike, days, rows.close, rows.open_interest, rows.iv, greeks, mirror, before))
        earlier = dict(zip(keys, rows.open_interest.tolist(), strict=True))
    return chains


def recover(chain: ChainFile) -> Inputs | None:
    """Spot, day shift, rate and yield that reproduce delta, vega and rho of the file at its own volatility; None with fewer than 20 informative rows."""
    size = np.abs(chain.greeks["delta"])
    rows = (chain.iv > 0.02) & (chain.greeks["gamma"] > 0) & (size > 0.1) & (size < 0.9)
    if np.sum(rows) < 20:
        return None

    scale = np.array([1.0, 1.0, 0.01, 0.01])

    def misfit(point: Floats) -> Floats:
        spot, shift, rate, dividend_yield = point * scale
        model = european.greeks(chain.call[rows], spot, chain.strike[rows], (chain.days[rows] + shift) / 365, rate, dividend_yield, chain.iv[rows])
        file = [chain.greeks[name][rows] for name in ("delta", "vega", "rho")]
        return np.concatenate([model.delta - file[0], model.vega / 100 - file[1], model.rho / 100 - file[2]])

    start = np.median(chain.strike[rows & (np.abs(size - 0.5) < 0.2)])
    found = least_squares(misfit, np.array([start, -1.0, 1.0, 0.0]), loss="soft_l1", f_scale=1e-3)
    count = int(np.sum(rows))
    spot, shift, rate, dividend_yield = (float(one) for one in found.x * scale)
    return Inputs(spot, shift, rate, dividend_yield, float(np.median(np.abs(misfit(found.x)[:count]))))


def describe(chain: ChainFile, inputs: Inputs | None) -> dict[str, Any]:
    """One line per file."""
    line: dict[str, Any] = {"file": chain.name, "contracts": len(chain), "with_iv": int(np.sum(chain.iv > 0)), "spot_row": chain.spot}
    if inputs is None:
        return line | {"recovered": None}
    return line | {
        "recovered": {
            "spot": round(inputs.spot, 3),
            "day_shift": round(inputs.shift, 4),
            "rate": round(inputs.rate, 6),
            "dividend_yield": round(inputs.dividend_yield, 6),
            "delta_misfit": inputs.misfit,
        }
    }


def model_years(chain: ChainFile, inputs: Inputs) -> Floats:
    """Time to expiry as the file counts it."""
    return (chain.days + inputs.shift) / 365
