"""Our volatilities and Greeks on LEAN's real sample chains (AAPL June 2014, GOOG December 2015), beside those in the files, and why they differ.

    python benchmarks/greeks_real_chains.py [--data FOLDER] [--json] [--files N]

Three questions. First, what are the file's figures? Spot, rate, dividend yield and time behind each file are recovered from its Greeks, and each volatility is
inverted to the price it solves for; that price is then recognised. Second, do our kernels agree given the same inputs? Third, what do our figures say on the
closes of the file and on the real bid-ask quotes (American kernel, parity forward, eSSVI smile), by moneyness and time to expiry?
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.real_chains import quotes  # noqa: E402
from benchmarks.real_chains.chain_files import describe, load, recover  # noqa: E402
from benchmarks.real_chains.comparison import differences, ours, recognise, same_inputs, shares, statuses, steps  # noqa: E402

FILES = {"aapl": "201406", "goog": "201512"}


def main() -> None:
    """Read the chains, print the tables or the JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = os.environ.get("THETADESK_SHARED", str(ROOT.parent / "shared"))
    parser.add_argument("--data", type=Path, default=Path(shared) / "lean-data", help="LEAN data folder (default: lean-data under THETADESK_SHARED)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    parser.add_argument("--files", type=int, default=0, help="use only the first N files of each underlying")
    arguments = parser.parse_args()
    if not arguments.data.is_dir():
        print(f"greeks_real_chains: skipped, no LEAN data at {arguments.data}; pass --data or set THETADESK_SHARED")
        return
    report = {name: study(arguments.data, name, month, arguments.files) for name, month in FILES.items()}
    report["quotes"] = quotes.study(arguments.data)
    if arguments.json:
        print(json.dumps(report, indent=1))
    else:
        print_report(report)


def study(data: Path, name: str, month: str, most: int) -> dict[str, Any]:
    """All figures of one underlying."""
    chains = load(data, name, month)
    chains = chains[:most] if most else chains
    found = [(chain, recover(chain)) for chain in chains]
    pairs = [(chain, inputs) for chain, inputs in found if inputs is not None]
    own = [ours(chain, inputs) for chain, inputs in pairs]
    priced = [recognise(chain, inputs) for chain, inputs in pairs]
    return {
        "contracts": sum(len(chain) for chain in chains),
        "files": len(chains),
        "inputs": [describe(chain, inputs) for chain, inputs in found],
        "same_inputs": same_inputs(pairs),
        "price_behind_iv": shares(priced),
        "steps": steps(pairs, priced),
        "status": statuses(own),
        "difference": differences(pairs, own, priced),
    }


def print_report(report: Mapping[str, Any]) -> None:
    """Tables for people."""
    for name in FILES:
        one = report[name]
        print(f"\n{name.upper()}: {one['contracts']:,} contracts in {one['files']} files\n")
        print("  what the Greeks of each file were computed with (recovered from delta, vega and rho)")
        for line in one["inputs"]:
            print(
                f"    {line['file']}  {line['contracts']:>5} contracts {line['with_iv']:>5} with IV  spot row {line['spot_row']:>8}  {text(line['recovered'])}"
            )
        table("our European Greeks at the file's volatility and inputs: absolute difference", one["same_inputs"], plain)
        table("price the file's volatility solves for (share of rows with a volatility)", one["price_behind_iv"], lambda share: f"{share:.2%}")
        table("our IV less the file's, rows priced from their own close, one change at a time", one["steps"], plain)
        table("status of our American IV on the closes (all rows)", one["status"], lambda share: f"{share:.2%}")
        for title, rows in one["difference"].items():
            table(f"our American figures less the file's: {title.replace('_', ' ')}", rows, gaps)
    quotes.print_study(report["quotes"])


def table(title: str, rows: Mapping[str, Any], show: Callable[[Any], str]) -> None:
    """One titled block."""
    print(f"\n  {title}")
    for name, value in rows.items():
        print(f"    {name:<32} {show(value)}")


def plain(value: Any) -> str:
    """A mapping of figures on one line."""
    return "  ".join(f"{key} {figure:g}" for key, figure in value.items()) if isinstance(value, Mapping) else str(value)


def text(recovered: Mapping[str, float] | None) -> str:
    """Recovered inputs on one line."""
    return "no volatility to recover from" if recovered is None else plain(recovered)


def gaps(value: Mapping[str, Any]) -> str:
    """Volatility and delta spreads on one line."""
    return f"{value['rows']:>6} rows {value['compared']:>6} compared | IV {plain(value['iv'])} | delta {plain(value['delta'])}"


if __name__ == "__main__":
    main()
