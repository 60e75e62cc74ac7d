"""Strategies that opened nothing, and why: every reason with the symbols it met and the last sentence said, so that a quiet strategy explains itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reporting.run_facts import RunFacts, records

SYMBOL = re.compile(r"(?:^|, )symbol ([^,]+)")


@dataclass(frozen=True, slots=True)
class IdleReason:
    """One reason of one strategy. code: of its own gate or of the risk gate; symbols: in the order met; last: the latest sentence, with its figures."""

    strategy: str
    code: str
    times: int
    symbols: tuple[str, ...]
    last: str


def idle_reasons(facts: RunFacts) -> list[IdleReason]:
    """Reasons of the strategies without any opened position, most frequent first within a strategy."""
    traded = set(facts.positions.dropna(subset=["opened"])["strategy"])
    decisions = facts.decisions[~facts.decisions["strategy"].isin(traded)]
    held = decisions[decisions["action"] == "hold"].assign(why=lambda rows: rows["rule"], said=lambda rows: rows["reason"])
    denied = decisions[(decisions["action"] == "open") & ~decisions["code"].isin(("OK", ""))]
    denied = denied.assign(why=denied["code"], said=denied["verdict"])
    both = pd.concat([held, denied])
    found = [_reason(key, records(part)) for key, part in both.groupby(["strategy", "why"], sort=True)]
    return sorted(found, key=lambda one: (one.strategy, -one.times, one.code))


def _reason(key: Any, rows: list[dict[str, Any]]) -> IdleReason:
    strategy, code = key
    symbols = [match.group(1) for row in rows if (match := SYMBOL.search(row["inputs"]))]
    return IdleReason(str(strategy), str(code), len(rows), tuple(dict.fromkeys(symbols)), str(rows[-1]["said"]))
