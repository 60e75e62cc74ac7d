"""The one gate every decision passes before an order exists, and the observations that move its state.

Closing is never refused. An opening passes the states (halted, reduce only), what must be known (VIX, account, phase), the symbol, the crash level, the
counts and then the sizes; the first rule that says no gives the verdict its code, and units are cut to what the scarcest rule leaves. Missing data is a
refusal, never a default. The gate keeps one value, `state`; give it back the last one from the journal after a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import isfinite

from risk.breakers import Step, observe_breakers, observe_equity, reset
from risk.correlation import BANNED, group_of, require_known
from risk.correlation_review import observe_correlation
from risk.crash import observe_crowding, observe_index, observe_vix
from risk.exposure import Exposure, exposures, is_bought, opened_on
from risk.limits import COUNT_CHECKS, OpeningCase
from risk.margin import MarginEstimate, estimate_margin
from risk.parameters import RiskParameters
from risk.phases import dollars_per_pound, observe_phase
from risk.reasons import ReasonCode
from risk.rolls import check_roll
from risk.sizing import Committed, rooms, scarcest
from risk.state import CrashLevel, DeskState, RiskEvent, RiskState
from risk.streaks import paused_by_losses
from risk.vix import VixRegime, regime_of
from vocabulary.decisions import Action, Decision, Inputs, Strategy, Verdict
from vocabulary.errors import BadInput
from vocabulary.market import MarketView
from vocabulary.positions import PositionBook

EntryDays = Callable[[MarketView, date], bool]


class RiskGate:
    """Risk rules with their remembered state.

    traded: symbols each enabled strategy trades; a symbol without a group is refused at once (BadInput). entry_days: whether a day is an entry day of a
    strategy; one that is not named may enter on any day.
    """

    def __init__(
        self,
        parameters: RiskParameters,
        traded: Mapping[Strategy, tuple[str, ...]],
        state: RiskState | None = None,
        entry_days: Mapping[Strategy, EntryDays] | None = None,
    ) -> None:
        require_known({f"{strategy.value}.symbols": symbols for strategy, symbols in traded.items()})
        self.parameters = parameters
        self.traded = traded
        self._entry_days = entry_days or {}
        self.state = state or RiskState()
        self._future_pounds = _future_margins(parameters.buying_power.future_margins)

    def observe(self, view: MarketView, book: PositionBook) -> tuple[RiskEvent, ...]:
        """Look at account, VIX, index, positions and (once a week) correlations; returns what the journal must keep and what must be closed.

        Call it before every round of exits and entries, at least hourly in a session.
        """
        events: list[RiskEvent] = []
        if isfinite(view.account.equity) and view.account.equity > 0:
            self.state = observe_equity(self.state, view.now, view.account.equity)
            self._take(events, observe_breakers(self.state, view, self.parameters.breaker))
            self._take(events, observe_phase(self.state, view, book, self.parameters.phase))
        held = exposures(book, ())
        crash = self.parameters.crash
        self._take(events, observe_vix(self.state, view, crash))
        self._take(events, observe_index(self.state, view, crash))
        self._take(events, observe_crowding(self.state, view, held, crash))
        symbols = sorted({symbol for strategy in self.traded for symbol in self.traded[strategy]})
        self._take(events, observe_correlation(self.state, view, held, symbols, crash))
        return tuple(events)

    def reset(self, now: datetime, who: str, reason: str) -> tuple[RiskEvent, ...]:
        """Audited return to ACTIVE by a person. Raises BadInput without a name and a reason."""
        self.state, events = reset(self.state, now, who, reason)
        return events

    def regime(self, view: MarketView) -> VixRegime | None:
        """The VIX regime now, None without a VIX (S002-33)."""
        return None if view.vix is None else regime_of(view.vix, self.parameters.buying_power, self.parameters.limit)

    def future_margin(self, view: MarketView) -> Callable[[str], float | None]:
        """Margin of one future per ticker in account currency; None for a ticker the table does not name or without a pound rate."""
        rate = dollars_per_pound(view, self.parameters.phase)
        return lambda ticker: None if rate is None or ticker not in self._future_pounds else self._future_pounds[ticker] * rate

    def check(self, decision: Decision, view: MarketView, book: PositionBook, pending: Sequence[Decision]) -> Verdict:
        """May this decision become an order, and for how many units? `pending`: decisions already allowed that the book does not show yet."""
        if decision.action in (Action.CLOSE, Action.REDUCE, Action.HOLD, Action.ALERT):
            return Verdict(True, ReasonCode.OK.value, "closing, holding and alerting are always allowed", decision.units)
        if decision.action in (Action.ROLL, Action.PROTECT):
            return check_roll(decision, view, self.state, self.future_margin(view))
        case = self._case(decision, view, book, pending)
        if isinstance(case, ReasonCode):
            return _denied(case, {"state": self.state.desk_state().value})
        refusal = self._refusal(case, view, book) or next((code for check in COUNT_CHECKS if (code := check(case)) is not None), None)
        return _denied(refusal, _facts(case)) if refusal is not None else self._sized(case, view)

    def _take(self, events: list[RiskEvent], step: Step) -> None:
        self.state, fresh = step
        events.extend(fresh)

    def _case(self, decision: Decision, view: MarketView, book: PositionBook, pending: Sequence[Decision]) -> OpeningCase | ReasonCode:
        """What the checks look at, or the code of what is missing for any opening."""
        structure, regime, phase = decision.structure, self.regime(view), self.state.phase
        if structure is None or decision.units <= 0:
            return ReasonCode.BAD_DECISION
        refusal = self._standstill(view)
        if refusal is not None or regime is None or phase is None:
            return refusal or ReasonCode.VIX_MISSING
        group = group_of(structure.underlying)
        if structure.underlying in BANNED:
            return ReasonCode.SYMBOL_BANNED
        if group is None:
            return ReasonCode.SYMBOL_UNKNOWN
        held, today = exposures(book, pending), view.now.date()
        near = self._near_entry(view)
        return OpeningCase(decision, structure, group, phase, self.state, regime, held, opened_on(book, today), today, self.parameters, self.traded, near)

    def _near_entry(self, view: MarketView) -> frozenset[Strategy]:
        """Strategies with an entry day from today to `reserve_days` on."""
        today = view.now.date()
        days = [today + timedelta(days=ahead) for ahead in range(self.parameters.limit.reserve_days + 1)]
        asked = ((strategy, self._entry_days.get(strategy)) for strategy in self.traded)
        return frozenset(strategy for strategy, enters in asked if enters is None or any(enters(view, day) for day in days))

    def _standstill(self, view: MarketView) -> ReasonCode | None:
        """Why nothing at all may be opened now."""
        desk = self.state.desk_state()
        if desk is not DeskState.ACTIVE:
            return ReasonCode.HALTED if desk is DeskState.HALTED else ReasonCode.REDUCE_ONLY
        account = view.account
        if not all(isfinite(figure) for figure in (account.equity, account.margin_used, account.margin_free)) or account.equity <= 0:
            return ReasonCode.ACCOUNT_UNKNOWN
        if view.vix is None:
            return ReasonCode.VIX_MISSING
        if dollars_per_pound(view, self.parameters.phase) is None:
            return ReasonCode.POUND_RATE_MISSING
        return ReasonCode.PHASE_UNKNOWN if self.state.phase is None else None

    def _refusal(self, case: OpeningCase, view: MarketView, book: PositionBook) -> ReasonCode | None:
        """Refusals that are neither counts nor sizes."""
        key = case.structure.key
        if any(entry.structure.key == key and entry.strategy is case.decision.strategy for entry in case.held):
            return ReasonCode.DUPLICATE
        if case.state.crash is CrashLevel.EMERGENCY and not is_bought(case.structure):
            return ReasonCode.CRASH_PROTECTION
        if case.state.together:
            return ReasonCode.CORRELATION_BREAKER
        if view.account.margin_used > case.regime.margin_breaker * view.account.equity:
            return ReasonCode.MARGIN_BREAKER
        limits = self.parameters.breaker
        streak = paused_by_losses(book.closed_positions(), view.now, limits.losses_in_a_row[case.phase], limits.pause_hours)
        return ReasonCode.LOSING_STREAK if streak else None

    def _sized(self, case: OpeningCase, view: MarketView) -> Verdict:
        one = estimate_margin(case.structure, 1, view, self.future_margin(view))
        intents = self._powers([entry for entry in case.held if not entry.arrived], view)
        own_kind = [entry for entry in case.held if entry.strategy is Strategy.ZERO_DTE and case.decision.strategy is Strategy.ZERO_DTE]
        zero_dte = self._powers(own_kind, view)
        if one is None or intents is None or zero_dte is None:
            return _denied(ReasonCode.MARGIN_UNKNOWN, _facts(case))
        committed = Committed(view.account.margin_used, intents, zero_dte)
        tightest = scarcest(rooms(case, one, view.account, committed))
        facts = {**_facts(case), **_margin_facts(one), "used": round(tightest.used, 2), "limit": round(tightest.limit, 2), "units": tightest.units}
        if tightest.units < 1:
            return _denied(tightest.code, facts)
        return Verdict(True, ReasonCode.OK.value, f"{tightest.units} of {case.decision.units} units ({tightest.code.value} binds)", tightest.units, facts)

    def _powers(self, entries: Sequence[Exposure], view: MarketView) -> float | None:
        """Buying power of several exposures together, None when one of them cannot be estimated."""
        estimates = [estimate_margin(entry.structure, entry.units, view, self.future_margin(view)) for entry in entries]
        known = [estimate.buying_power for estimate in estimates if estimate is not None]
        return sum(known) if len(known) == len(estimates) else None


def _denied(code: ReasonCode, inputs: Inputs) -> Verdict:
    return Verdict(False, code.value, code.meaning, 0, inputs)


def _facts(case: OpeningCase) -> dict[str, float | int | str | bool | None]:
    return {
        "symbol": case.symbol,
        "group": case.group.value,
        "phase": case.phase,
        "vix": case.regime.vix,
        "held": len(case.held),
        "crash": case.state.crash.value,
    }


def _margin_facts(one: MarginEstimate) -> dict[str, float | int | str | bool | None]:
    return {"margin_per_unit": round(one.margin, 2), "debit_per_unit": round(one.debit, 2), "worst_loss_per_unit": one.worst_loss}


def _future_margins(rows: Sequence[str]) -> dict[str, float]:
    margins: dict[str, float] = {}
    for row in rows:
        ticker, _, pounds = row.partition(":")
        try:
            margins[ticker.strip()] = float(pounds)
        except ValueError:
            raise BadInput(f"parameter risk.buying_power.future_margins: entry {row!r} is not TICKER:pounds, for instance ES:13000") from None
    return margins
