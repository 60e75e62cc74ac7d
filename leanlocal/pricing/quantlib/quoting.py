"""What of a run enters one of QuantLib's engines: prices and dates of a contract, the file's rate, no dividends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from leanlocal.enums import OptionRight, OptionStyle
from leanlocal.market_hours import ExchangeHours
from leanlocal.pricing.facts import OptionFacts
from leanlocal.pricing.quantlib.evaluation import Figures, Quoted, evaluated
from leanlocal.pricing.quantlib.marching import Marcher
from leanlocal.pricing.quantlib.surface import QLOptionPriceModel, allows, engine_of, rate_of
from leanlocal.pricing.quantlib.terms import Terms, reference_date, years_between
from leanlocal.surface import COVERAGE_PAGE
from leanlocal.symbol_book import ArgumentException

if TYPE_CHECKING:
    from leanlocal.engine.context import RunContext
    from leanlocal.securities.core import SecurityCore

SETTLEMENT = timedelta(days=1)
STYLE_NAMES = {OptionStyle.AMERICAN: "American", OptionStyle.EUROPEAN: "European"}


def settled(day: date, hours: ExchangeHours) -> date:
    """The day after, or the next one the exchange trades on."""
    return hours.open_on_or(day + SETTLEMENT, 1)


class QuantLibModels:
    """Evaluates contracts of a run by QuantLib's engines."""

    def __init__(self, run: RunContext, facts: OptionFacts) -> None:
        self._run = run
        self._facts = facts
        self._marcher = Marcher()

    def evaluate(self, model: QLOptionPriceModel, security: SecurityCore) -> Figures:
        """Figures of a contract now; all zero after expiry or without prices. Raises ArgumentException for a style the model does not price."""
        style = OptionStyle(security.style)
        if not allows(model, style):
            raise ArgumentException(f"{STYLE_NAMES[style]} style options are not supported by option price model 'QLOptionPriceModel'")
        quoted = self._quoted(model, security)
        return evaluated(engine_of(model), quoted, self._marcher, model.enable_greek_approximation) if quoted is not None else Figures()

    def _quoted(self, model: QLOptionPriceModel, security: SecurityCore) -> Quoted | None:
        under, today = security.underlying, security.hours.zone.local_date(self._run.clock.now)
        if under is None or today > security.expiry or under.price <= 0 or security.price <= 0:
            return None
        if under.models.volatility is not None:
            raise NotImplementedError(f"a QuantLib price model beside a volatility model of the underlying is not in leanlocal; see {COVERAGE_PAGE}")
        own = rate_of(model)
        rate = own if own is not None else float(self._facts.rate(self._run.zone.local_date(self._run.clock.now)))
        terms, maturity = self._terms(security, today, float(under.price), rate)
        return Quoted(terms, float(security.price), years_between(today, maturity), None)

    def _terms(self, security: SecurityCore, today: date, spot: float, rate: float) -> tuple[Terms, date]:
        start, maturity = reference_date(today), settled(security.expiry, security.hours)
        call, american = security.right == OptionRight.CALL, security.style == OptionStyle.AMERICAN
        first_exercise = years_between(start, settled(today, security.hours))
        return Terms(spot, float(security.strike), call, american, years_between(start, maturity), first_exercise, rate, 0.0, 0.0), maturity
