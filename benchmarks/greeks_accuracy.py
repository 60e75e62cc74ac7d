"""How exact the pricing kernels are: against 200-bit arithmetic, against QuantLib's American engine, against a finer tree.

    python benchmarks/greeks_accuracy.py [--options N] [--converged N] [--json]

European price and Greeks: every one of N random options (200,000 unless told) is evaluated in 200-bit arithmetic by mpmath. "of scale" divides the error by
the size of the terms the value is made of; "of value" by the value itself, which for options worth 1e-200 says how the rounding of the distance in standard
deviations is magnified. Implied volatility: from the oracle's price rounded to double; the floor is what half a unit in the last place of price and
volatility allows. American: the 6,000 puts of Andersen, Lake and Offengenden (2016) against QuantLib's high-precision scheme, and a part of them against
QuantLib run until it converges.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.greeks_oracle import QUANTITIES, OptionSample, OracleAnswer, oracle, sample_options  # noqa: E402
from greeks import american, european, implied  # noqa: E402
from greeks.american import dividends  # noqa: E402
from greeks.american.tree import tree_price  # noqa: E402
from greeks.status import Status  # noqa: E402

Floats = NDArray[np.float64]
Figures = dict[str, Any]
SEED = 20160301
SMALLEST = 1e-280
"""Values and scales below this are subnormal or nearly so and say nothing about relative errors."""


def main() -> None:
    """Measure, print tables or one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--options", type=int, default=200_000, help="random options evaluated in 200-bit arithmetic (default: 200000)")
    parser.add_argument("--converged", type=int, default=300, help="of the 6,000 American puts, how many QuantLib prices until convergence (default: 300)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    arguments = parser.parse_args()
    started = perf_counter()
    sample = sample_options(arguments.options, SEED)
    answer = _in_processes(sample)
    result = {
        "european": european_errors(sample, answer) | {"oracle_seconds": round(perf_counter() - started, 1)},
        "implied": implied_errors(sample, answer),
        "american": american_errors(arguments.converged),
        "american_greeks": american_greek_errors(),
        "dividends": dividend_errors(),
    }
    print(json.dumps(result) if arguments.json else as_text(result))


def _in_processes(sample: OptionSample) -> OracleAnswer:
    """The oracle on two processes; every option is evaluated."""
    bounds = np.linspace(0, sample.spot.size, 9).astype(int)
    parts = [OptionSample(*(column[a:b] for column in sample.columns())) for a, b in itertools.pairwise(bounds)]
    with ProcessPoolExecutor(2) as pool:
        answers = list(pool.map(oracle, parts))
    return OracleAnswer(np.concatenate([a.value for a in answers], axis=1), np.concatenate([a.scale for a in answers], axis=1))


def european_errors(sample: OptionSample, answer: OracleAnswer) -> Figures:
    """Errors of price and Greeks: largest and 99th percentile of scale, median and 99th percentile of value."""
    ours = european.greeks(*sample.arguments())
    table: dict[str, list[float]] = {}
    for i, quantity in enumerate(QUANTITIES):
        error = np.abs(getattr(ours, quantity) - answer.value[i])
        known = answer.scale[i] > SMALLEST
        scaled = error[known] / answer.scale[i][known]
        large = np.abs(answer.value[i]) > SMALLEST
        own = error[large] / np.abs(answer.value[i][large])
        table[quantity] = [float(scaled.max()), float(np.percentile(scaled, 99)), float(np.median(own)), float(np.percentile(own, 99))]
    return {"options": int(sample.spot.size), "errors": table}


def implied_errors(sample: OptionSample, answer: OracleAnswer) -> Figures:
    """Achieved error over achievable error, and what happened to options without an answer."""
    price, vega = answer.value[0], answer.value[QUANTITIES.index("vega")]
    found = implied.implied_volatility(sample.call, price, *sample.market())
    price_floor = implied.conditioning_floor(price, vega)
    good, lost = found.status == Status.OK, found.status == Status.NO_INFORMATION
    error = np.abs(found.volatility - sample.volatility)[good]
    ratio = error / (price_floor + 0.5 * np.spacing(sample.volatility))[good]
    sharp = price_floor[good] < 1e-14
    told = lost & (price > SMALLEST)
    relative_floor = price_floor[told] / sample.volatility[told]
    return {
        "statuses": {status.name: int(np.sum(found.status == status)) for status in Status},
        "ratio_percentiles": {str(p): float(np.percentile(ratio, p)) for p in (50, 90, 99, 99.9, 100)},
        "largest_error_where_floor_below_1e-14": float(error[sharp].max()),
        "no_information_smallest_relative_floor": float(relative_floor.min()) if relative_floor.size else None,
    }


def _alo_set() -> list[tuple[float, int, float, float, float]]:
    """(spot, days, volatility, rate, yield) of the 6,000 puts, strike 100."""
    spots = (25.0, 50.0, 80.0, 90.0, 100.0, 110.0, 120.0, 150.0, 175.0, 200.0)
    volatilities, rates, yields = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6), (0.02, 0.04, 0.06, 0.08, 0.10), (0.0, 0.04, 0.08, 0.12)
    return [(s, d, v, r, q) for d, s, v, r, q in itertools.product((30, 91, 182, 273, 365), spots, volatilities, rates, yields)]


def quantlib_puts(rows: Sequence[tuple[float, int, float, float, float]], scheme: str) -> tuple[Floats, float]:
    """QuantLib's QdFp values and seconds per option. scheme: fast, accurate, high, or converged (tanh-sinh 40, 40, 1e-13; FP-A where it converges)."""
    import QuantLib as ql  # noqa: N813 - a development requirement, needed by this table only

    engine, today = ql.QdFpAmericanEngine, ql.Date(1, 6, 2022)
    schemes = {"fast": engine.fastScheme, "accurate": engine.accurateScheme, "high": engine.highPrecisionScheme}
    made = schemes[scheme]() if scheme in schemes else ql.QdFpTanhSinhIterationScheme(40, 40, 1e-13)
    ql.Settings.instance().evaluationDate = today
    spot, volatility, rate, carry = (ql.SimpleQuote(x) for x in (100.0, 0.2, 0.0, 0.0))
    count = ql.Actual365Fixed()
    yields, rates = (ql.YieldTermStructureHandle(ql.FlatForward(today, ql.QuoteHandle(quote), count)) for quote in (carry, rate))
    smile = ql.BlackVolTermStructureHandle(ql.BlackConstantVol(today, ql.NullCalendar(), ql.QuoteHandle(volatility), count))
    process = ql.BlackScholesMertonProcess(ql.QuoteHandle(spot), yields, rates, smile)
    values, seconds = [], 0.0
    for s, days, v, r, q in rows:
        for quote, value in ((spot, s), (volatility, v), (rate, r), (carry, q)):
            quote.setValue(value)
        option = ql.VanillaOption(ql.PlainVanillaPayoff(ql.Option.Put, 100.0), ql.AmericanExercise(today, today + days))
        suits_a = (r - q) * (days / 365.0) ** 0.5 < 0.45 * v
        system = engine.Auto if scheme in schemes else (engine.FP_A if suits_a else engine.FP_B)
        option.setPricingEngine(engine(process, made, system))
        started = perf_counter()
        values.append(option.NPV())
        seconds += perf_counter() - started
    return np.array(values), seconds / len(rows)


def _against(values: Floats, reference: Floats) -> dict[str, float]:
    error = values - reference
    return {"rmse": float(np.sqrt(np.mean(error * error))), "max": float(np.abs(error).max())}


def american_errors(converged: int) -> Figures:
    """Root mean square and largest difference per 100 of strike; each scheme against QuantLib's high precision and against its converged values."""
    rows = _alo_set()
    spot, days, volatility, rate, carry = (np.array(column) for column in zip(*rows, strict=True))
    some = np.random.default_rng(SEED).permutation(len(rows))[:converged]
    truth, _ = quantlib_puts([rows[i] for i in some], "converged")
    names = ("high", "accurate", "fast")
    theirs = {name: quantlib_puts(rows, name)[0] for name in names}
    schemes = {"fast": american.FAST, "accurate": american.ACCURATE, "finest": american.Scheme(32, 40, 32, 128)}
    values = {f"thetadesk {name}": american.price(0.0, spot, 100.0, days / 365.0, rate, carry, volatility, scheme).value for name, scheme in schemes.items()}
    values |= {f"QuantLib QdFp {name}": theirs[name] for name in names}
    table = {name: {"high": _against(value, theirs["high"]), "converged": _against(value[some], truth)} for name, value in values.items()}
    return {"options": len(rows), "converged_options": len(some), "errors": table}


def american_greek_errors() -> Figures:
    """Greeks of the fast scheme against the accurate one on the same 6,000 puts: median, 99th percentile, largest."""
    spot, days, volatility, rate, carry = (np.array(column) for column in zip(*_alo_set(), strict=True))
    fast, fine = (american.greeks(0.0, spot, 100.0, days / 365.0, rate, carry, volatility, s, threads=2) for s in (american.FAST, american.ACCURATE))
    table: dict[str, list[float]] = {}
    for name in ("delta", "gamma", "theta", "vega", "rho"):
        error = np.abs(getattr(fast, name) - getattr(fine, name))
        table[name] = [float(np.percentile(error, p)) for p in (50, 99, 100)] + [float(np.abs(getattr(fine, name)).max())]
    return {"errors": table}


def _shortcut(call: bool, strike: float, years: float, rate: float, cash: list[tuple[float, float]], volatility: float) -> float:
    """What the refused shortcuts give: boundary equations on the spot less dividends (put), the best European call up to an ex-date (Black 1975)."""
    escrow = sum(amount * np.exp(-rate * at) for at, amount in cash)
    best = float(american.price(call, 100.0 - escrow, strike, years, rate, 0.0, volatility, american.ACCURATE).value)
    if not call:
        return max(best, strike - 100.0)
    for at, _ in cash:
        before = sum(amount * np.exp(-rate * when) for when, amount in cash if when < at)
        best = max(best, float(european.price(call, 100.0 - before, strike, at, rate, 0.0, volatility)))
    return best


def dividend_errors() -> Figures:
    """Differences to a tree of 4,096 steps, spot 100, quarterly dividends of 0.2 to 1.2: the default tree and the shortcuts."""
    rng = np.random.default_rng(SEED)
    rows: list[tuple[bool, float, float]] = []
    for i in range(200):
        strike, years, rate, volatility = rng.uniform(70, 130), rng.uniform(0.1, 1.5), rng.uniform(0.005, 0.06), rng.uniform(0.12, 0.5)
        cash = [(float(at), float(rng.uniform(0.2, 1.2))) for at in np.arange(rng.uniform(0.01, 0.25), years, 0.25)]
        call = i % 2 == 0
        fine = tree_price(call, 100.0, strike, years, rate, 0.0, volatility, cash, 4096)
        default = float(dividends.price(call, 100.0, strike, years, rate, cash, volatility)[0])
        rows.append((call, default - fine, _shortcut(call, strike, years, rate, cash, volatility) - fine))
    table: dict[str, dict[str, float]] = {}
    for wanted, label in ((True, "calls"), (False, "puts")):
        for column, method in ((1, "tree 512"), (2, "shortcut")):
            error = np.array([row[column] for row in rows if row[0] is wanted])
            table[f"{label}, {method}"] = _against(error, np.zeros(error.size))
    return {"options": len(rows), "errors": table}


def as_text(result: Figures) -> str:
    """The tables a person reads."""
    part = result["european"]
    lines = [f"European, {part['options']:,} options in 200-bit arithmetic ({part['oracle_seconds']} s)"]
    lines += [f"{'':10}{'max of scale':>14}{'p99 of scale':>14}{'p50 of value':>14}{'p99 of value':>14}"]
    lines += [f"{name:10}" + "".join(f"{x:14.1e}" for x in row) for name, row in part["errors"].items()]
    part = result["implied"]
    lines += ["", "Implied volatility from the rounded price: achieved / achievable error"]
    lines += ["  " + "  ".join(f"p{p} {x:.2f}" for p, x in part["ratio_percentiles"].items())]
    lines += [f"  largest error where the price allows 1e-14: {part['largest_error_where_floor_below_1e-14']:.1e}"]
    lines += [f"  statuses {part['statuses']}"]
    lines += [f"  NO_INFORMATION: smallest relative error the price would allow {part['no_information_smallest_relative_floor']}"]
    part = result["american"]
    lines += ["", f"American puts per 100 of strike: {part['options']:,} against QdFp high precision, {part['converged_options']} against QdFp converged"]
    lines += [f"{'':24}{'rmse high':>12}{'max high':>12}{'rmse conv.':>12}{'max conv.':>12}"]
    for name, row in part["errors"].items():
        lines += [f"{name:24}" + "".join(f"{row[k][m]:12.1e}" for k in ("high", "converged") for m in ("rmse", "max"))]
    lines += ["", "American Greeks, fast against accurate", f"{'':10}{'p50':>12}{'p99':>12}{'max':>12}{'largest':>12}"]
    lines += [f"{name:10}" + "".join(f"{x:12.1e}" for x in row) for name, row in result["american_greeks"]["errors"].items()]
    part = result["dividends"]
    lines += ["", f"Cash dividends, {part['options']} options, spot 100, against a tree of 4,096 steps", f"{'':20}{'rmse':>12}{'max':>12}"]
    lines += [f"{name:20}{row['rmse']:12.1e}{row['max']:12.1e}" for name, row in part["errors"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
