"""Parameters of the desk as a whole: `desk.<field>`, and the check that every parameter given belongs to somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from trading.settings import Brokerage
from vocabulary.errors import BadInput
from vocabulary.parameters import setting


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """What the whole desk needs to know."""

    start: date = setting(date(2024, 1, 2), "day", "the year with 5 August", "first day of a backtest")
    end: date = setting(date(2024, 12, 31), "day", "the year with 5 August", "last day of a backtest")
    cash: float = setting(100_000.0, "USD", "phase 4 begins at 75,000 GBP", "starting cash of a backtest", 1.0)
    brokerage: Brokerage = setting(Brokerage.DEFAULT, "", "design 5", "brokerage model: order style, fees and margin follow it")
    journal: str = setting("", "path", "design 2-4", "journal file; empty: in memory; object-store:KEY: in LEAN's object store")
    run_id: str = setting("", "", "ids must be unique at the broker", "prefix of all ids; empty: the run's first day")
    vix_max_age: float = setting(1200.0, "seconds", "method C has 5 minutes; index rows may pause longer", "oldest VIX that counts", 1.0)
    assumed_vix: float = setting(
        0.0, "VIX", "missing data means no new risk", "stated VIX for data that has no VIX at all; 0: none, then nothing is opened", 0.0
    )
    mark_max_age: float = setting(23_400.0, "seconds", "one session: a quiet option keeps its quote all day", "oldest quote a short is valued with", 1.0)
    goal: float = setting(80_000.0, "GBP", "S002 goal", "account the progress line leads to; never an input to sizing", 1.0)


def refuse_unknown_sections(parameters: Mapping[str, str], sections: Iterable[str]) -> None:
    """Raise BadInput for a parameter whose section nobody reads, naming the nearest one."""
    known = sorted(set(sections))
    for key in sorted(parameters):
        section = key.partition(".")[0]
        if section not in known:
            near = get_close_matches(section, known, 1)
            hint = f"; did you mean {near[0]}?" if near else f"; sections are {', '.join(known)}"
            raise BadInput(f"parameter {key}: unknown section {section!r}{hint}")
