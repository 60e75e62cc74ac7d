"""Whatever strategies propose and however the account and VIX move, what is open stays inside the limits the gate enforces at opening."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conductor.compose import build_desk, read_blueprint
from risk.correlation import group_of
from risk.margin import structure_margin
from strategies.protocol import Appointment, Purpose
from tests.trading.plain_market import NEW_YORK, PUT_SPREAD, STRANGLE, TODAY, PlainMarket, option, paper
from trading.structures import structure_of
from vocabulary.contracts import Contract, Leg, Structure, StructureKind
from vocabulary.decisions import Action, Decision, Strategy
from vocabulary.exits import ExitPlan
from vocabulary.market import AccountView, MarketView
from vocabulary.positions import PositionBook

SYMBOLS = ("SPY", "QQQ", "GLD", "SLV", "TLT", "XLE", "IWM", "USO")
SHAPES = {StructureKind.PUT_SPREAD: PUT_SPREAD, StructureKind.STRANGLE: STRANGLE}


def on(symbol: str, kind: StructureKind, shift: int) -> Structure:
    """The test shape on another underlying, strikes moved so that each is a position of its own."""
    legs = SHAPES[kind].legs
    moved = [replace(leg.contract, underlying=symbol, strike=(leg.contract.strike or 0) + shift) for leg in legs]
    return Structure(kind, tuple(Leg(contract, leg.ratio) for contract, leg in zip(moved, legs, strict=True)))


class Greedy:
    """Proposes whatever it is told, at every half hour."""

    symbols = SYMBOLS

    def __init__(self, name: Strategy, wishes: Sequence[tuple[str, StructureKind, int, int]]) -> None:
        self.name, self._wishes, self._next = name, list(wishes), 0

    def due(self, now: datetime, view: MarketView) -> Sequence[Appointment]:
        return tuple(Appointment(now.replace(hour=hour, minute=1), Purpose.PROPOSE) for hour in range(10, 16))

    def enters_on(self, view: MarketView, day: date) -> bool:
        return True

    def prepare(self, view: MarketView, book: PositionBook) -> Sequence[Contract]:
        return ()

    def propose(self, view: MarketView, book: PositionBook) -> Sequence[Decision]:
        batch, self._next = self._wishes[self._next : self._next + 3], self._next + 3
        return [Decision(Action.OPEN, self.name, "greedy", "test", on(symbol, kind, shift), units) for symbol, kind, shift, units in batch]

    def exit_plan(self) -> ExitPlan:
        return ExitPlan(())


wishes = st.lists(st.tuples(st.sampled_from(SYMBOLS), st.sampled_from(sorted(SHAPES, key=str)), st.integers(0, 20), st.integers(1, 5)), min_size=6, max_size=18)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(wishes, wishes, st.sampled_from([30_000.0, 60_000.0, 200_000.0, 2_000_000.0]), st.floats(11.0, 34.0))
def test_counts_and_buying_power_stay_inside_their_limits(
    first: list[tuple[str, StructureKind, int, int]], second: list[tuple[str, StructureKind, int, int]], equity: float, vix: float
) -> None:
    market = PlainMarket(datetime(2024, 7, 10, 9, 0, tzinfo=NEW_YORK))
    market.vix = vix
    for symbol in SYMBOLS:
        market.prices[symbol] = 550.0
        for kind in SHAPES:
            for shift in range(21):
                for leg in on(symbol, kind, shift).legs:
                    market.set_quote(leg.contract, 2.0 + (leg.ratio < 0), 2.05 + (leg.ratio < 0))
    gateway = paper(market)
    blueprint = read_blueprint({"liquidity.equity_option.min_open_interest": "0"})
    greedy = {Strategy.STRANGLE: Greedy(Strategy.STRANGLE, first), Strategy.LT112: Greedy(Strategy.LT112, second)}
    desk = build_desk(
        replace(blueprint, strategies=greedy, plans={**blueprint.plans, **{name: one.exit_plan() for name, one in greedy.items()}}),
        market,
        gateway,
        None,
        TODAY,
        lambda _: None,
    )
    limits, power = desk.parts.gate.parameters.limit, desk.parts.gate.parameters.buying_power

    def margin() -> float:
        book: dict[str, dict[Contract, int]] = {}
        for contract, quantity in gateway.book.items():
            book.setdefault(contract.underlying, {})[contract] = quantity
        held = [structure_of(StructureKind.CUSTOM, part) for part in book.values()]
        return sum(structure_margin(one.legs, 550.0, lambda contract: market.quotes[contract].mid, 0.0) * units for one, units in held)

    def look() -> None:
        used = margin()
        market.account = AccountView("USD", equity, equity, used, equity - used)

    look()
    for at in desk.start_day():
        market.now = at
        look()
        desk.wake()
        phase = desk.parts.gate.state.phase
        if phase is None:
            continue
        positions = desk.ledger.book.open_positions()
        by_group = Counter(group_of(position.underlying) for position in positions)
        assert all(count <= limits.per_group[phase] for count in by_group.values())
        assert len(positions) <= limits.total[phase]
        assert len([position for position in desk.ledger.book.positions.values() if position.opened]) <= limits.trades_per_day[phase]
        assert Counter(position.strategy for position in positions)[Strategy.STRANGLE] <= limits.strangle[phase]
        assert margin() <= max(power.phase_ceiling[phase], 0.0) * equity + 1e-6


def test_the_shapes_are_distinct_contracts() -> None:
    keys = {leg.contract.key for symbol in SYMBOLS for leg in on(symbol, StructureKind.STRANGLE, 3).legs}
    assert len(keys) == 2 * len(SYMBOLS)
    assert option("P", 543.0).key in keys
