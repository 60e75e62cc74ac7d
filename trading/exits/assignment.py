"""Rules against being assigned: a short that is in the money near expiry, and a short call that is cheaper to exercise than to keep before a dividend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trading.exits.leaving import close_all, reduce_to
from vocabulary.contracts import Contract, Right, Style
from vocabulary.decisions import Decision, Inputs
from vocabulary.market import Dividend, MarketView
from vocabulary.positions import Holding, Marks, Position


def in_the_money(contract: Contract, spot: float) -> float:
    """How far in the money, as a fraction of the spot; negative out of the money, NaN without strike."""
    if contract.strike is None:
        return float("nan")
    depth = (spot - contract.strike) if contract.right is Right.CALL else (contract.strike - spot)
    return depth / spot


@dataclass(frozen=True, slots=True)
class AssignmentRisk:
    """Leave shorts that are in the money within `days` of expiry (method E: puts beyond 2 %, calls beyond 1 %).

    European shorts cannot be exercised early, yet LEAN assigns deep ones on the expiry day itself, so for them only `european_days` count.
    only_short_legs: trade away the threatened short alone (a covered call), else everything.
    """

    days: int = 7
    put_itm: float = 0.02
    call_itm: float = 0.01
    european_days: int = 0
    only_short_legs: bool = False

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return "E assignment risk"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """CLOSE (or REDUCE to the rest) when a short is threatened."""
        spot = view.price(position.underlying)
        if spot is None:
            return None
        threatened = [held for held in position.short_holdings() if self._threatened(held.contract, spot, view.now.date())]
        if not threatened:
            return None
        worst = max(threatened, key=lambda held: in_the_money(held.contract, spot))
        depth = in_the_money(worst.contract, spot)
        reason = f"short {worst.contract.key} is {depth:.1%} in the money {worst.contract.days_to_expiry(view.now.date())} days before expiry"
        inputs = {"spot": spot, "depth": depth, "days": worst.contract.days_to_expiry(view.now.date()), "put_limit": self.put_itm, "call_limit": self.call_itm}
        return _leave(position, threatened, self.only_short_legs, self.rule_id, reason, inputs)

    def _threatened(self, contract: Contract, spot: float, today: date) -> bool:
        if contract.right is None or contract.expiry is None:
            return False
        window = self.european_days if contract.style is Style.EUROPEAN else self.days
        limit = self.call_itm if contract.right is Right.CALL else self.put_itm
        return contract.days_to_expiry(today) <= window and in_the_money(contract, spot) > limit


@dataclass(frozen=True, slots=True)
class ExDividend:
    """Leave short American calls up to `days` before an ex-dividend day when their extrinsic value is below the dividend (method E, with the test H 25 misses).

    Then exercising pays: the holder gives up less time value than the dividend brings.
    """

    days: int = 3
    only_short_legs: bool = False

    @property
    def rule_id(self) -> str:
        """Stable id."""
        return "E ex-dividend"

    def evaluate(self, position: Position, marks: Marks, view: MarketView) -> Decision | None:
        """CLOSE (or REDUCE to the rest) when exercising early pays for the holder."""
        dividend, spot = view.next_dividend(position.underlying), view.price(position.underlying)
        if dividend is None or spot is None or not 0 < (dividend.ex_day - view.now.date()).days <= self.days:
            return None
        threatened = [held for held in position.short_holdings() if self._pays(held.contract, spot, dividend, view)]
        if not threatened:
            return None
        first = threatened[0].contract
        reason = f"short {first.key} has less time value than the dividend {dividend.amount:.4f} of {dividend.ex_day}"
        inputs: Inputs = {"spot": spot, "dividend": dividend.amount, "ex_day": dividend.ex_day.isoformat(), "projected": dividend.projected}
        return _leave(position, threatened, self.only_short_legs, self.rule_id, reason, inputs)

    def _pays(self, contract: Contract, spot: float, dividend: Dividend, view: MarketView) -> bool:
        if contract.right is not Right.CALL or contract.strike is None or contract.style is not Style.AMERICAN:
            return False
        if contract.expiry is None or contract.expiry < dividend.ex_day or spot <= contract.strike:
            return False
        quote = view.quote(contract)
        return quote is not None and quote.mid - (spot - contract.strike) < dividend.amount


def _leave(position: Position, threatened: list[Holding], only_short_legs: bool, rule_id: str, reason: str, inputs: Inputs) -> Decision:
    if only_short_legs:
        return reduce_to(position, {held.contract: held.quantity for held in threatened}, rule_id, reason, inputs)
    return close_all(position, rule_id, reason, inputs)
