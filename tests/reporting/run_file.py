"""A small finished run, written by the product's own journal and recorder."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from trading.events import DecisionTaken, Noted, VerdictGiven
from trading.journal import Journal
from trading.recorder import RunRecorder, Sample
from vocabulary.contracts import AssetClass, Contract, Leg, Right, Settlement, Structure, StructureKind, Style
from vocabulary.decisions import Action, Decision, Strategy, Verdict
from vocabulary.positions import Position, PositionState

NEW_YORK = ZoneInfo("America/New_York")
START = datetime(2024, 7, 1, 10, 0, tzinfo=NEW_YORK)
EQUITIES = (100_000.0, 101_000.0, 99_000.0, 102_000.0)


def put(strike: float) -> Contract:
    return Contract(AssetClass.EQUITY_OPTION, "SPY", 100, "", date(2024, 8, 16), strike, Right.PUT, Style.AMERICAN, Settlement.PHYSICAL_PM)


SPREAD = Structure(StructureKind.PUT_SPREAD, (Leg(put(540), -1), Leg(put(530), 1)))


def position(number: int, net_cash: int, strategy: Strategy, state: PositionState = PositionState.CLOSED) -> Position:
    opened = START + timedelta(days=number)
    return Position(
        id=f"p{number}",
        strategy=strategy,
        structure=SPREAD,
        units=1,
        state=state,
        opened=opened,
        closed=opened + timedelta(hours=12) if state is PositionState.CLOSED else None,
        holdings=(),
        entry_credit=Decimal(200),
        net_cash=Decimal(net_cash),
        fees=Decimal("2.60"),
        entry_days_to_expiry=45,
        mfe=150.0,
        mae=-80.0,
        rolls=0,
        exit_rule="S002-9 profit 50 %" if net_cash > 0 else "S002-11 stop 200 %",
    )


def sample(day: int, equity: float) -> Sample:
    time = (START + timedelta(days=day)).isoformat()
    return Sample(
        time,
        equity,
        equity,
        20_000.0,
        equity - 20_000,
        0.2,
        14.0 + day,
        "calm" if day < 2 else "elevated",
        "P4",
        "active",
        10.0,
        12.0,
        -1.0,
        50.0,
        -100.0,
        3.0,
        90.0 - day,
        1,
        0.0,
    )


def write_run(path: Path) -> Path:
    """Four days: two closed positions (one won, one lost), one open, one refusal by a gate, one denial, one alert with HTML in it."""
    journal = Journal(path)
    recorder = RunRecorder(journal, {"SPY": "EQUITY_INDEX"})
    opening = Decision(Action.OPEN, Strategy.LT112, "lt112.entry", "first Wednesday", SPREAD, 1, inputs={"delta": -0.2512345})
    for number, (decision, verdict) in enumerate(
        (
            (opening, Verdict(True, "OK", "", 1)),
            (opening, Verdict(False, "GROUP_FULL", "EQUITY_INDEX holds 3 of 3")),
            (Decision(Action.HOLD, Strategy.STRANGLE, "strangle.iv_rank_low", "IV rank 12 below 30"), None),
        )
    ):
        journal.append(DecisionTaken(START, f"d{number}", decision))
        if verdict:
            journal.append(VerdictGiven(START, f"d{number}", verdict))
    journal.append(Noted(START, "risk VIX", "regime </script><b>changed</b>"))
    for day, equity in enumerate(EQUITIES):
        recorder.sample(sample(day, equity))
    recorder.position(position(0, 100, Strategy.LT112), opening)
    recorder.position(position(1, -400, Strategy.STRANGLE), None)
    recorder.position(position(2, 200, Strategy.LT112, PositionState.OPEN), None)
    recorder.meta("currency", "USD")
    journal.close()
    return path
