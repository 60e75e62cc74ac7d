"""The gate: one code per refusal, limits that are never exceeded, closing that is never refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.breakers import observe_equity
from risk.correlation import group_of
from risk.exposure import exposures
from risk.gate import RiskGate
from risk.parameters import risk_parameters
from risk.reasons import ReasonCode
from risk.state import CrashLevel, DeskState, Latch, LinkedPair
from tests.priced_world import PlainBook, PricedWorld, position_of
from tests.risk.cases import MONTHLY, TRADED, long_put, opening, ready_gate, resized, rich_world, spread, strangle
from vocabulary.contracts import Structure
from vocabulary.decisions import Action, Decision, Strategy
from vocabulary.errors import BadInput
from vocabulary.market import AccountView, MarketView
from vocabulary.positions import PositionState

OTHER = date(2024, 8, 16)


def latch(gate: RiskGate, state: DeskState, world: PricedWorld) -> None:
    gate.state = replace(gate.state, latches=(Latch("TEST", state, world.now, None, 1.0),))


def code(gate: RiskGate, decision: Decision, world: PricedWorld, book: PlainBook | None = None, *pending: Decision) -> str:
    return gate.check(decision, world, book or PlainBook(), pending).code


def holding(world: PricedWorld, *entries: tuple[Strategy, Structure], opened_days_ago: int = 3) -> PlainBook:
    when = world.now - timedelta(days=opened_days_ago)
    return PlainBook([position_of(world, strategy, structure, opened=when, number=number) for number, (strategy, structure) in enumerate(entries)])


def test_an_opening_that_fits_is_allowed_with_its_figures() -> None:
    world = rich_world()
    verdict = ready_gate(world).check(opening(Strategy.LT112, spread()), world, PlainBook(), ())
    assert verdict.allowed and verdict.allowed_units == 1
    assert float(verdict.inputs["margin_per_unit"] or 0) > 0 and verdict.inputs["phase"] == 4


@pytest.mark.parametrize("action", [Action.CLOSE, Action.REDUCE, Action.HOLD, Action.ALERT])
@pytest.mark.parametrize("state", list(DeskState))
def test_closing_is_never_refused_whatever_is_missing(action: Action, state: DeskState) -> None:
    world = PricedWorld(vix=None, prices={})
    gate = RiskGate(risk_parameters({}), TRADED)
    latch(gate, state, world)
    assert gate.check(Decision(action, Strategy.LT112, "r", "r", position_id="p1"), world, PlainBook(), ()).allowed


def test_states_and_missing_knowledge_refuse_with_their_codes() -> None:
    world = rich_world()
    gate, wanted = ready_gate(world), opening(Strategy.LT112, spread())
    for state, expected in ((DeskState.HALTED, "HALTED"), (DeskState.REDUCE_ONLY, "REDUCE_ONLY")):
        latch(gate, state, world)
        assert code(gate, wanted, world) == expected
    gate.state = replace(gate.state, latches=())
    assert code(RiskGate(risk_parameters({}), TRADED), wanted, world) == "PHASE_UNKNOWN"
    assert code(gate, replace(wanted, units=0), world) == "BAD_DECISION"
    world.vix = None
    assert code(gate, wanted, world) == "VIX_MISSING"
    world.vix = 16.0
    world.account = AccountView("EUR", 1e6, 1e6, 0.0, 1e6)
    assert code(gate, wanted, world) == "POUND_RATE_MISSING"
    world.account = AccountView("GBP", float("nan"), 0.0, 0.0, 0.0)
    assert code(gate, wanted, world) == "ACCOUNT_UNKNOWN"


def test_unknown_and_banned_symbols_are_refused_and_cannot_be_configured() -> None:
    world = rich_world()
    gate = ready_gate(world)
    world.prices |= {"ZZZ": 500.0, "NG": 500.0}
    for symbol, expected in (("ZZZ", "SYMBOL_UNKNOWN"), ("NG", "SYMBOL_BANNED")):
        legs = tuple(replace(leg, contract=replace(leg.contract, underlying=symbol)) for leg in spread().legs)
        assert code(gate, opening(Strategy.LT112, replace(spread(), legs=legs)), world) == expected
    with pytest.raises(BadInput, match="correlation group"):
        RiskGate(risk_parameters({}), {Strategy.LT112: ("ZZZ",)})


def test_phases_forbid_strategies_and_products() -> None:
    world = rich_world(35_000.0)
    assert code(ready_gate(world), opening(Strategy.LT112, spread()), world) == "PHASE_STRATEGY"
    assert code(ready_gate(world), opening(Strategy.STRANGLE, strangle("ES")), world) == "PHASE_SYMBOL"
    world = rich_world(45_000.0)
    assert code(ready_gate(world), opening(Strategy.LT112, spread(width=0.002)), world) in ("OK", "GROUP_RESERVED")


def test_group_limit_counts_positions_and_intents_not_legs() -> None:
    world = rich_world()
    gate = ready_gate(world, limit__reserved_slots="0", limit__total="9,9,9,9,9")
    book = holding(world, (Strategy.LT112, spread("SPY")), (Strategy.IPMCC, long_put("QQQ")))
    pending = opening(Strategy.IPMCC, long_put("IWM"))
    third = opening(Strategy.LEAP_LADDER, long_put("SPY", OTHER))
    assert code(gate, third, world, book) == "OK"
    assert code(gate, third, world, book, pending) == "GROUP_LIMIT"


def test_the_last_slot_is_kept_for_a_strategy_of_higher_priority() -> None:
    world = rich_world()
    gate = ready_gate(world)
    book = holding(world, (Strategy.LT112, spread("SPY")), (Strategy.IPMCC, long_put("QQQ")))
    assert code(gate, opening(Strategy.LEAP_LADDER, long_put("SPY", OTHER)), world, book) == "GROUP_RESERVED"
    assert code(gate, opening(Strategy.ZERO_DTE, spread("SPX", OTHER)), world, book) == "OK"


def test_a_second_position_leaves_a_slot_to_every_waiting_strategy() -> None:
    world = rich_world()
    gate, book = ready_gate(world), holding(world, (Strategy.IPMCC, long_put("QQQ")))
    assert code(gate, opening(Strategy.IPMCC, long_put("IWM")), world, book) == "GROUP_RESERVED"
    assert code(gate, opening(Strategy.LT112, spread("SPY")), world, book) == "OK"
    metals = holding(world, (Strategy.STRANGLE, strangle("GLD")))
    assert code(gate, opening(Strategy.STRANGLE, strangle("GC")), world, metals) == "OK"  # no other strategy trades metals


def never(view: MarketView, day: date) -> bool:
    return False


def on_fridays(view: MarketView, day: date) -> bool:
    return day.weekday() == 4


@pytest.mark.parametrize(("days", "expected"), [(0, "OK"), (1, "OK"), (2, "GROUP_RESERVED")])
def test_a_slot_is_kept_only_when_an_entry_day_of_the_waiting_strategy_is_near(days: int, expected: str) -> None:
    world = rich_world()  # a Wednesday
    book = holding(world, (Strategy.LT112, spread("SPY")), (Strategy.IPMCC, long_put("QQQ")))
    gate = RiskGate(risk_parameters({"risk.limit.reserve_days": str(days)}), TRADED, None, {**dict.fromkeys(Strategy, never), Strategy.ZERO_DTE: on_fridays})
    gate.observe(world, PlainBook())
    rung = opening(Strategy.LEAP_LADDER, long_put("SPY", OTHER))
    assert code(gate, rung, world, book) == expected
    assert code(gate, rung, world.at(date(2024, 6, 14)), book) == "GROUP_RESERVED"


def test_with_a_single_slot_nothing_is_reserved_away() -> None:
    world = rich_world()
    world.vix = 29.0
    gate = ready_gate(world)
    assert code(gate, opening(Strategy.IPMCC, long_put("QQQ")), world) == "OK"


def test_two_entries_of_the_same_minute_cannot_both_take_the_last_slot() -> None:
    world = rich_world()
    gate = ready_gate(world, limit__per_group="1,1,1,1,1", limit__reserved_slots="0")
    first, second = opening(Strategy.LT112, spread("SPY")), opening(Strategy.IPMCC, long_put("QQQ"))
    assert code(gate, first, world) == "OK"
    assert code(gate, second, world, None, first) == "GROUP_LIMIT"


def test_never_two_lt112_on_one_expiry() -> None:
    world = rich_world()
    gate, book = ready_gate(world, limit__per_group="9,9,9,9,9"), holding(world, (Strategy.LT112, spread(level=0.93)))
    assert code(gate, opening(Strategy.LT112, spread(level=0.90)), world, book) == "SAME_EXPIRY"
    assert code(gate, opening(Strategy.LT112, spread(level=0.90, expiry=OTHER)), world, book) == "OK"


def test_the_same_structure_twice_is_a_duplicate() -> None:
    world = rich_world()
    gate, wanted = ready_gate(world), opening(Strategy.LT112, spread())
    assert code(gate, wanted, world, None, wanted) == "DUPLICATE"
    assert code(gate, wanted, world, holding(world, (Strategy.LT112, spread()))) == "DUPLICATE"


def test_symbols_linked_by_the_review_count_as_one_group() -> None:
    world = rich_world()
    gate = ready_gate(world, limit__per_group="1,1,1,1,1")
    gate.state = replace(gate.state, links=())
    book, wanted = holding(world, (Strategy.STRANGLE, strangle("GLD"))), opening(Strategy.STRANGLE, strangle("TLT"))
    assert code(gate, wanted, world, book) == "OK"
    gate.state = replace(gate.state, links=(LinkedPair("GLD", "TLT", 0.8),))
    assert code(gate, wanted, world, book) == "GROUP_LIMIT"


def test_emergency_opens_only_what_is_bought() -> None:
    world = rich_world()
    gate = ready_gate(world)
    gate.state = replace(gate.state, crash=CrashLevel.EMERGENCY)
    assert code(gate, opening(Strategy.LT112, spread()), world) == "CRASH_PROTECTION"
    assert code(gate, opening(Strategy.LEAP_LADDER, long_put()), world) in ("OK", "GROUP_RESERVED")


def test_correlation_margin_and_streak_breakers() -> None:
    world = rich_world()
    gate, wanted = ready_gate(world), opening(Strategy.LT112, spread())
    gate.state = replace(gate.state, together=True)
    assert code(gate, wanted, world) == "CORRELATION_BREAKER"
    gate.state = replace(gate.state, together=False)
    assert code(gate, wanted, resized(world, 1e6, 810_000.0)) == "MARGIN_BREAKER"
    world = resized(world, 1e6)
    lost = [
        replace(position_of(world, Strategy.LT112, spread(), number=n), state=PositionState.CLOSED, closed=world.now, net_cash=Decimal(-1)) for n in range(3)
    ]
    assert code(gate, wanted, world, PlainBook([], lost)) == "LOSING_STREAK"
    assert code(gate, wanted, world, PlainBook([], lost[:2])) == "OK"
    world.now += timedelta(hours=25)
    assert code(gate, wanted, world, PlainBook([], lost)) == "OK"


def test_sizes_are_cut_to_the_scarcest_rule_and_refused_below_one_unit() -> None:
    world = rich_world()
    gate, wanted = ready_gate(world), opening(Strategy.LT112, spread(), 20)
    assert gate.check(wanted, world, PlainBook(), ()).allowed_units == 8  # the LT112 cap
    world.vix = 27.0
    assert gate.check(replace(wanted, units=4), world, PlainBook(), ()).allowed_units == 3
    world.vix = 16.0
    small = ready_gate(resized(world, 76_000.0))
    small_verdict = small.check(opening(Strategy.STRANGLE, strangle("GC")), resized(world, 76_000.0), PlainBook(), ())
    assert not small_verdict.allowed and small_verdict.code in ("RISK_PER_TRADE", "POSITION_SIZE")
    gate.state = observe_equity(gate.state, world.now, 1e6)
    crowded = gate.check(opening(Strategy.LT112, spread()), resized(world, 1e6, 519_500.0), PlainBook(), ())
    assert crowded.code == "BP_CEILING"


def test_missing_quotes_refuse_instead_of_guessing() -> None:
    world = rich_world()
    world.hidden = {spread().legs[0].contract}
    assert code(ready_gate(world), opening(Strategy.LT112, spread()), world) == "MARGIN_UNKNOWN"


def test_rolls_pass_unless_halted_or_unaffordable() -> None:
    world = rich_world()
    gate = ready_gate(world)
    old, new = spread(level=0.93), spread(level=0.93, expiry=OTHER)
    roll = Decision(Action.ROLL, Strategy.LT112, "r", "r", old, 1, "p1", new)
    assert code(gate, roll, world) == "OK"
    assert code(gate, replace(roll, structure=None), resized(world, 1e6, 999_900.0)) == "FREE_MARGIN"
    latch(gate, DeskState.REDUCE_ONLY, world)
    assert code(gate, replace(roll, structure=None), resized(world, 1e6)) == "REDUCE_ONLY"
    latch(gate, DeskState.HALTED, world)
    assert code(gate, roll, world) == "HALTED"


def test_every_code_has_a_meaning() -> None:
    assert all(reason.meaning for reason in ReasonCode)


STRUCTURES = {
    Strategy.ZERO_DTE: [spread("SPX", OTHER, level) for level in (0.96, 0.97)],
    Strategy.LT112: [spread("SPY", day, level) for day in (MONTHLY, OTHER) for level in (0.90, 0.92)],
    Strategy.IPMCC: [long_put("QQQ"), long_put("IWM")],
    Strategy.STRANGLE: [strangle(symbol) for symbol in ("GLD", "TLT", "CL", "GC", "ES")],
    Strategy.LEAP_LADDER: [long_put("SPY", OTHER)],
}
PROPOSALS = [opening(strategy, structure) for strategy, found in STRUCTURES.items() for structure in found]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(PROPOSALS), st.integers(1, 6), st.booleans()), min_size=1, max_size=14),
    st.sampled_from([33_000.0, 50_000.0, 70_000.0, 120_000.0, 900_000.0]),
    st.sampled_from([11.0, 16.0, 23.0, 29.0, 33.0]),
)
def test_limits_are_never_exceeded_whatever_is_proposed_in_whatever_order(sequence: list[tuple[Decision, int, bool]], equity: float, vix: float) -> None:
    world = rich_world(equity)
    world.vix = vix
    gate, book, pending, used = ready_gate(world), PlainBook(), list[Decision](), 0.0
    for number, (proposal, units, fills) in enumerate(sequence):
        wanted = replace(proposal, units=units)
        verdict = gate.check(wanted, world, book, pending)
        assert verdict.allowed_units <= units
        if not verdict.allowed:
            continue
        allowed = replace(wanted, units=verdict.allowed_units)
        binds = (float(verdict.inputs["margin_per_unit"] or 0) + max(0.0, float(verdict.inputs["debit_per_unit"] or 0))) * verdict.allowed_units
        used += binds
        if fills and allowed.structure is not None:
            book.opened.append(position_of(world, allowed.strategy, allowed.structure, allowed.units, number=number))
            world = resized(world, equity, world.account.margin_used + binds)
        else:
            pending.append(allowed)
        _hold_all_limits(gate, world, book, pending, used)


def _hold_all_limits(gate: RiskGate, world: PricedWorld, book: PlainBook, pending: list[Decision], used: float) -> None:
    phase, limits, power = gate.state.phase or 0, gate.parameters.limit, gate.parameters.buying_power
    held = exposures(book, pending)
    assert len(held) <= limits.total[phase] and len(held) <= limits.trades_per_day[phase]
    for group in {group_of(entry.underlying) for entry in held}:
        assert sum(group_of(entry.underlying) is group for entry in held) <= limits.per_group[phase]
    for strategy in Strategy:
        assert sum(entry.strategy is strategy for entry in held) <= getattr(limits, strategy.value)[phase]
    assert sum(entry.units for entry in held if entry.strategy is Strategy.LT112) <= limits.lt112_units
    expiries = [entry.structure.nearest_expiry for entry in held if entry.strategy is Strategy.LT112]
    assert len(set(expiries)) == len(expiries)
    assert used <= world.account.equity * max(power.ceiling) * (1 - power.reserve) + 1e-6
    assert used <= world.account.equity * (1 - power.cash_reserve) + 1e-6
