"""How fast the pricing kernels are, beside their peers in the same run on the same options.

    python benchmarks/greeks.py [--options N] [--seconds T] [--json]

Times are the least of many repetitions, on the clock and of the processor, in nanoseconds per option, of the public functions as they are called
(broadcasting, allocation and statuses included), with the code already compiled. Peers that are not installed are named as such. Two threads share one
batch. The options are those of a chain: spot 100, strikes within 30 %, one week to two years, volatility 10 to 60 %, out of the money for implied
volatility, as the field measures it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from greeks import american, european, implied  # noqa: E402
from greeks.compiled import HAS_NUMBA  # noqa: E402
from greeks.rows import Kernel, as_rows, in_blocks  # noqa: E402

Floats = NDArray[np.float64]
SEED = 20260101
CHAIN = 5000
AMERICAN = 1024
TICK = 64
SCALAR = 100
"""Options for peers that take one at a time."""
TITLES = {
    "european": "European price and Greeks, ns per option",
    "implied": "Implied volatility, ns per option",
    "american": "American, options per second",
    "live": "Live use: implied volatility, price and 8 Greeks",
}


@dataclass(frozen=True, slots=True)
class Options:
    """Out-of-the-money options with their price."""

    call: Floats
    spot: Floats
    strike: Floats
    years: Floats
    rate: Floats
    carry: Floats
    volatility: Floats
    price: Floats

    def head(self, count: int) -> Options:
        """The first `count` of them."""
        return Options(*(getattr(self, name)[:count] for name in self.__dataclass_fields__))

    def flags(self) -> NDArray[np.str_]:
        """ "c" or "p", as the peers want it."""
        return np.where(self.call != 0.0, "c", "p")


def options(count: int) -> Options:
    """The benchmark's chain-like sample."""
    rng = np.random.default_rng(SEED)
    spot, strike = np.full(count, 100.0), 100.0 * np.exp(rng.uniform(-0.3, 0.3, count))
    years, volatility = rng.uniform(7.0 / 365.0, 2.0, count), rng.uniform(0.1, 0.6, count)
    rate, carry = np.full(count, 0.03), np.full(count, 0.01)
    call = (strike > spot * np.exp((rate - carry) * years)).astype(np.float64)
    return Options(call, spot, strike, years, rate, carry, volatility, european.price(call, spot, strike, years, rate, carry, volatility))


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds on the clock and of processor time (all threads), each the least of many runs: on a busy machine the second is the fairer for one thread."""

    wall: float
    cpu: float

    def per(self, count: int) -> dict[str, float]:
        """Nanoseconds per option."""
        return {"wall": self.wall / count * 1e9, "cpu": self.cpu / count * 1e9}

    def rate(self, count: int) -> dict[str, float]:
        """Options per second."""
        return {"wall": count / self.wall, "cpu": count / self.cpu}


def best(work: Callable[[], Any], budget: float) -> Timing:
    """The least of at least five runs, and as many as fit in `budget` seconds, after one that warms up."""
    work()
    walls: list[float] = []
    cpus: list[float] = []
    until = perf_counter() + budget
    while len(walls) < 5 or perf_counter() < until:
        started, used = perf_counter(), process_time()
        work()
        walls.append(perf_counter() - started)
        cpus.append(process_time() - used)
    return Timing(min(walls), min(cpus))


def measured(works: dict[str, Callable[[], Any]], count: int, budget: float, as_rate: bool = False) -> dict[str, Any]:
    """Nanoseconds per option of each, or options per second; a peer that fails is reported with its reason, never left out."""
    table: dict[str, Any] = {}
    for name, work in works.items():
        try:
            timing = best(work, budget)
            table[name] = timing.rate(count) if as_rate else timing.per(count)
        except ImportError as reason:
            table[name] = f"not installed ({reason.name})"
        except Exception as reason:  # noqa: BLE001 - a peer may fail in any way; the table says that it did
            table[name] = f"fails ({type(reason).__name__})"
    return table


def _scipy_greeks(o: Options) -> list[Floats]:
    """Price, delta, gamma, theta, vega, rho as a NumPy user writes them."""
    sign, root = np.where(o.call != 0.0, 1.0, -1.0), np.sqrt(o.years)
    d1 = (np.log(o.spot / o.strike) + (o.rate - o.carry + 0.5 * o.volatility**2) * o.years) / (o.volatility * root)
    d2 = d1 - o.volatility * root
    n1, n2 = ndtr(sign * d1), ndtr(sign * d2)
    asset, cash = o.spot * np.exp(-o.carry * o.years), o.strike * np.exp(-o.rate * o.years)
    density = np.exp(-0.5 * d1 * d1) * 0.3989422804014327 * asset
    theta = -density * o.volatility / (2.0 * root) + sign * (o.carry * asset * n1 - o.rate * cash * n2)
    gamma = density / (o.spot**2 * o.volatility * root)
    return [sign * (asset * n1 - cash * n2), sign * asset * n1 / o.spot, gamma, theta, density * root, sign * o.years * cash * n2]


def _in_blocks(kernel: Kernel, arguments: tuple[Floats, ...]) -> None:
    rows, _ = as_rows(arguments)
    in_blocks(kernel, rows, np.empty((kernel.outputs, rows[0].size)))


def _py_vollib(o: Options, volatility: bool) -> Callable[[], Any]:
    flags = o.flags()

    def work() -> Any:
        import py_vollib_vectorized as peer

        if volatility:
            market = (o.price, o.spot, o.strike, o.years, o.rate, flags)
            return peer.vectorized_implied_volatility(*market, q=o.carry, model="black_scholes_merton", return_as="numpy")
        peer.vectorized_black_scholes_merton(flags, o.spot, o.strike, o.years, o.rate, o.volatility, o.carry, return_as="numpy")
        return peer.get_all_greeks(flags, o.spot, o.strike, o.years, o.rate, o.volatility, o.carry, model="black_scholes_merton", return_as="dict")

    return work


def _fast_vollib(o: Options, method: str) -> Callable[[], Any]:
    flags = o.flags()

    def work() -> Any:
        import fast_vollib as peer
        from fast_vollib.jackel import jackel_iv_black

        if method == "greeks":
            peer.fast_black_scholes_merton(flags, o.spot, o.strike, o.years, o.rate, o.volatility, o.carry, return_as="numpy")
            return peer.get_all_greeks(flags, o.spot, o.strike, o.years, o.rate, o.volatility, o.carry, model="black_scholes_merton", return_as="dict")
        market = (o.price, o.spot, o.strike, o.years, o.rate, flags)
        if method == "jackel":
            grown = np.exp(o.rate * o.years)
            return jackel_iv_black(o.price * grown, o.spot * grown * np.exp(-o.carry * o.years), o.strike, o.years, o.call != 0.0)
        return peer.fast_implied_volatility(*market, q=o.carry, model="black_scholes_merton", return_as="numpy")

    return work


def _quantlib(o: Options, task: str) -> Callable[[], Any]:
    """One option at a time through QuantLib's Python binding."""

    def work() -> None:
        import QuantLib as ql  # noqa: N813 - as its documentation writes it

        today, count = ql.Date(1, 6, 2022), ql.Actual365Fixed()
        ql.Settings.instance().evaluationDate = today
        quotes = [ql.SimpleQuote(x) for x in (100.0, 0.03, 0.01, 0.2)]
        handles = [ql.QuoteHandle(quote) for quote in quotes]
        rates, yields = (ql.YieldTermStructureHandle(ql.FlatForward(today, handle, count)) for handle in handles[1:3])
        process = ql.BlackScholesMertonProcess(
            handles[0], yields, rates, ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, ql.NullCalendar(), handles[3], count))
        )
        analytic, fast = ql.AnalyticEuropeanEngine(process), ql.QdFpAmericanEngine(process, ql.QdFpAmericanEngine.fastScheme())
        for call, strike, years, volatility, price in zip(*(x.tolist() for x in (o.call, o.strike, o.years, o.volatility, o.price)), strict=True):
            expiry = today + max(round(years * 365.0), 1)
            exercise = ql.AmericanExercise(today, expiry) if task == "american" else ql.EuropeanExercise(expiry)
            option = ql.VanillaOption(ql.PlainVanillaPayoff(ql.Option.Call if call else ql.Option.Put, strike), exercise)
            quotes[3].setValue(volatility)
            option.setPricingEngine(fast if task == "american" else analytic)
            if task == "volatility":
                option.impliedVolatility(price, process, 1e-10, 200, 1e-4, 4.0)
            else:
                option.NPV()
            if task == "greeks":
                _ = (option.delta(), option.gamma(), option.theta(), option.vega(), option.rho())

    return work


def european_table(o: Options, budget: float) -> dict[str, Any]:
    """Price and Greeks."""
    a = (o.call, o.spot, o.strike, o.years, o.rate, o.carry, o.volatility)
    table = measured(
        {
            "thetadesk, price + 8 Greeks, 1 thread": lambda: european.greeks(*a),
            "thetadesk, price + 8 Greeks, 2 threads": lambda: european.greeks(*a, threads=2),
            "thetadesk, price, 1 thread": lambda: european.price(*a),
            "thetadesk, price + 8 Greeks, NumPy alone": lambda: _in_blocks(european.GREEKS, a),
            "NumPy + SciPy formulas, price + 5 Greeks": lambda: _scipy_greeks(o),
            "fast-vollib, price + 5 Greeks": _fast_vollib(o, "greeks"),
            "py_vollib_vectorized, price + 5 Greeks": _py_vollib(o, volatility=False),
        },
        o.spot.size,
        budget,
    )
    return table | measured({"QuantLib, price + 5 Greeks, one at a time": _quantlib(o.head(SCALAR), "greeks")}, SCALAR, budget)


def implied_table(o: Options, budget: float) -> dict[str, Any]:
    """Implied volatility."""
    a = (o.call, o.price, o.spot, o.strike, o.years, o.rate, o.carry)
    table = measured(
        {
            "thetadesk, 1 thread": lambda: implied.implied_volatility(*a),
            "thetadesk, 2 threads": lambda: implied.implied_volatility(*a, threads=2),
            "thetadesk, NumPy alone": lambda: _in_blocks(implied.VOLATILITY, a),
            "fast-vollib, default": _fast_vollib(o, "default"),
            "fast-vollib, jackel": _fast_vollib(o, "jackel"),
            "py_vollib_vectorized": _py_vollib(o, volatility=True),
        },
        o.spot.size,
        budget,
    )
    return table | measured({"QuantLib, one at a time": _quantlib(o.head(SCALAR), "volatility")}, SCALAR, budget)


def american_table(o: Options, budget: float) -> dict[str, Any]:
    """American puts and calls per second."""
    a = (o.call, o.spot, o.strike, o.years, o.rate, o.carry, o.volatility)
    value = american.price(*a).value
    market = (o.call, value, o.spot, o.strike, o.years, o.rate, o.carry)
    works = {
        "thetadesk, price fast, 1 thread": lambda: american.price(*a),
        "thetadesk, price fast, 2 threads": lambda: american.price(*a, threads=2),
        "thetadesk, price + Greeks fast, 1 thread": lambda: american.greeks(*a),
        "thetadesk, implied volatility fast, 1 thread": lambda: american.implied_volatility(*market),
    }
    table = measured(works, o.spot.size, budget, as_rate=True)
    small = o.head(SCALAR)
    few = (small.call, small.spot, small.strike, small.years, small.rate, small.carry, small.volatility)
    table |= measured({"thetadesk, price accurate, 1 thread": lambda: american.price(*few, american.ACCURATE)}, SCALAR, budget, as_rate=True)
    return table | measured({"QuantLib QdFp fast, one at a time": _quantlib(small, "american")}, SCALAR, budget, as_rate=True)


def live_table(o: Options, budget: float) -> dict[str, Any]:
    """A chain of 5,000 and streaming legs: implied volatility, then price and Greeks at it."""

    def refresh(p: Options) -> None:
        found = implied.implied_volatility(p.call, p.price, p.spot, p.strike, p.years, p.rate, p.carry)
        european.greeks(p.call, p.spot, p.strike, p.years, p.rate, p.carry, found.volatility)

    def single() -> None:
        found = implied.implied_volatility(1.0, 5.0, 100.0, 101.0, 0.25, 0.03, 0.01)
        european.greeks(1.0, 100.0, 101.0, 0.25, 0.03, 0.01, float(found.volatility))

    chain, legs = o.head(CHAIN), o.head(TICK)
    refreshed = best(lambda: refresh(chain), budget)
    return {
        f"chain of {CHAIN:,}, ms": {"wall": refreshed.wall * 1e3, "cpu": refreshed.cpu * 1e3},
        f"legs per second, in ticks of {TICK}": best(lambda: refresh(legs), budget).rate(TICK),
        "legs per second, one call each": best(single, budget).rate(1),
    }


def as_text(result: dict[str, Any]) -> str:
    """The tables a person reads."""
    machine = result["machine"]
    lines = [f"{machine['processor']}, {machine['cores']} cores, load {machine['load']:.1f}, numba {'on' if machine['numba'] else 'off'}"]
    for key, title in TITLES.items():
        lines += ["", f"{title:50}{'clock':>14}{'processor':>14}"]
        for name, value in result[key].items():
            lines.append(f"  {name:48}{value}" if isinstance(value, str) else f"  {name:48}{value['wall']:>14,.2f}{value['cpu']:>14,.2f}")
    return "\n".join(lines)


def main() -> None:
    """Measure, print tables or one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--options", type=int, default=20_000, help="options per batch (default: 20000; small enough to run between two interruptions)")
    parser.add_argument("--seconds", type=float, default=1.0, help="time given to each entry, of which the best run counts (default: 1.0)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    arguments = parser.parse_args()
    sample = options(arguments.options)
    warnings.simplefilter("ignore")
    result = {
        "machine": {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count(), "load": os.getloadavg()[0], "numba": HAS_NUMBA},
        "european": european_table(sample, arguments.seconds),
        "implied": implied_table(sample, arguments.seconds),
        "american": american_table(sample.head(AMERICAN), arguments.seconds),
        "live": live_table(sample, arguments.seconds),
    }
    print(json.dumps(result) if arguments.json else as_text(result))


if __name__ == "__main__":
    main()
