"""Asks the rules of each open position's plan, in the plan's order, and says which decision each position needs now.

The first rule that decides wins; an ALERT is passed on and the next rule is asked. A position that cannot be valued raises one alert a day: rules on money
stay silent then by themselves, rules on the calendar and on the underlying still speak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import isnan

from vocabulary.decisions import Action, Decision, Strategy
from vocabulary.exits import ExitPlan
from vocabulary.market import MarketView, Quote
from vocabulary.positions import Marks, Position, PositionState

MarkOf = Callable[[Position], Marks]
INCOMPLETE = "desk.incomplete_marks"


@dataclass(frozen=True, slots=True)
class Review:
    """What a round found: decisions in position order, and open profit at natural prices of the positions that could be valued."""

    decisions: tuple[Decision, ...]
    profits: Mapping[str, float]


class ExitManager:
    """The plans per strategy, and which positions were reported unpriced today."""

    def __init__(self, plans: Mapping[Strategy, ExitPlan]) -> None:
        self._plans = plans
        self._reported: dict[str, date] = {}

    def review(self, positions: Iterable[Position], mark_of: MarkOf, view: MarketView) -> Review:
        """Look at every OPEN position whose market is open now. Pending and closing ones have an order out and are left alone."""
        decisions, profits = list[Decision](), dict[str, float]()
        for position in positions:
            if position.state is not PositionState.OPEN or not position.holdings or not _trading(position, view):
                continue
            marks = mark_of(position)
            if marks.complete:
                profits[position.id] = marks.profit_natural
            decisions += self._unpriced(position, marks, view)
            decisions += self._ask(position, marks, view)
        return Review(tuple(decisions), profits)

    def _ask(self, position: Position, marks: Marks, view: MarketView) -> list[Decision]:
        said: list[Decision] = []
        for rule in self._plans[position.strategy].rules:
            decision = rule.evaluate(position, marks, view)
            if decision is not None:
                said.append(decision)
                if decision.action is not Action.ALERT:
                    break
        return said

    def _unpriced(self, position: Position, marks: Marks, view: MarketView) -> list[Decision]:
        today = view.now.date()
        if marks.complete or self._reported.get(position.id) == today:
            return []
        self._reported[position.id] = today
        missing = ", ".join(f"{held.contract.key} {gap}" for held in position.holdings if (gap := _gap(held.quantity, view.quote(held.contract))))
        return [Decision(Action.ALERT, position.strategy, INCOMPLETE, f"cannot be valued: {missing}", position_id=position.id)]


def _gap(quantity: int, quote: Quote | None) -> str:
    """What is wrong with the quote of a holding, "" when nothing is; the age of a short's quote is always told."""
    if quote is None:
        return "without quote"
    if isnan(quote.ask):
        return "without ask"
    return f"quoted {quote.age / 60:.0f} minutes ago" if quantity < 0 else ""


def _trading(position: Position, view: MarketView) -> bool:
    session = view.session(position.underlying, view.now.date())
    return session is not None and session.open < view.now < session.close
