"""Option strategies by name: each factory gives the legs of one unit, in the order LEAN submits them (shares always before options).

Wrong strike orders and symbols that are no chains are refused as LEAN refuses them. Leg tables: lean-fidelity 11, recorded legs of every helper.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any, NoReturn

from leanlocal.enums import OptionRight
from leanlocal.mappings import as_symbol
from leanlocal.orders.legs import Leg
from leanlocal.surface import LeanClass, LeanObject
from leanlocal.symbol_book import ArgumentException, exact_strike, option_contract
from leanlocal.symbols import Symbol

Expiry = datetime | date
LegTerms = tuple[OptionRight, float, Expiry, int]
CALL, PUT = OptionRight.CALL, OptionRight.PUT


class OptionLegData(Leg):
    """An option leg of a strategy."""

    def __init__(self, right: OptionRight, strike: float, expiration: datetime, quantity: int, symbol: Symbol) -> None:
        super().__init__()
        self.right = right
        self.strike = strike
        self.expiration = expiration
        self.quantity = quantity
        self.symbol = symbol


class UnderlyingLegData(Leg):
    """The underlying's leg of a strategy, in units of the underlying."""

    def __init__(self, quantity: int, symbol: Symbol) -> None:
        super().__init__()
        self.quantity = quantity
        self.symbol = symbol


class OptionStrategy(LeanObject[None]):
    """Named legs of one unit."""

    def __init__(
        self, name: str, canonical_symbol: Symbol, option_legs: Sequence[OptionLegData] = (), underlying_legs: Sequence[UnderlyingLegData] = ()
    ) -> None:
        self.name = name
        self.canonical_option = canonical_symbol
        self.underlying = canonical_symbol.underlying
        self.option_legs = list(option_legs)
        self.underlying_legs = list(underlying_legs)


def _made(name: str, canonical_option: Any, legs: Sequence[LegTerms], shares: int = 0) -> OptionStrategy:
    canonical = _canonical(name.replace(" ", ""), canonical_option)
    options = [_leg(canonical, *leg) for leg in legs]
    underlying = [UnderlyingLegData(shares, canonical.underlying)] if shares else []
    return OptionStrategy(name, canonical, options, underlying)


def _leg(canonical: Symbol, right: OptionRight, strike: float, expiry: Expiry, quantity: int) -> OptionLegData:
    moment = expiry if isinstance(expiry, datetime) else datetime(expiry.year, expiry.month, expiry.day)
    style = canonical.id.option_style
    symbol = option_contract(canonical.underlying, canonical.id.symbol, style, right, exact_strike(strike), moment.date())
    return OptionLegData(right, strike, moment, quantity, symbol)


def _unit(canonical_option: Any) -> int:
    """Units of the underlying that go with one option."""
    symbol = as_symbol(canonical_option)
    return 1 if symbol is not None and symbol.security_type.name == "FUTURE_OPTION" else 100


def _inverse(name: str, strategy: OptionStrategy) -> OptionStrategy:
    strategy.name = name
    for leg in (*strategy.option_legs, *strategy.underlying_legs):
        leg.quantity = -leg.quantity
    return strategy


def _refuse(strategy: str, what: str, *parameters: str) -> NoReturn:
    raise ArgumentException(f"{strategy}: {what} (Parameter '{', '.join(parameters)}')")


def _canonical(strategy: str, canonical_option: Any) -> Symbol:
    canonical = as_symbol(canonical_option)
    if canonical is None or not canonical.has_underlying or not canonical.is_canonical():
        _refuse(strategy, "canonicalOption must contain canonical option symbol", "canonicalOption")
    return canonical


def _check_spread(strategy: str, canonical_option: Any, leg_1: float, leg_2: float, *, descending: bool) -> None:
    _canonical(strategy, canonical_option)
    if leg_1 <= leg_2 if descending else leg_1 >= leg_2:
        _refuse(strategy, f"leg1Strike must be {'greater' if descending else 'less'} than leg2Strike", "leg1Strike", "leg2Strike")


def _check_butterfly(right: str, canonical_option: Any, higher: float, middle: float, lower: float) -> None:
    _canonical(f"{right}Butterfly", canonical_option)
    if not lower < middle < higher or higher - middle != middle - lower:
        what = "upper and lower strikes must both be equidistant from the middle strike"
        _refuse(f"Butterfly{right}", what, "higherStrike", "middleStrike", "lowerStrike")


def _check_ascending(strategy: str, canonical_option: Any, **strikes: float) -> None:
    """Strikes by LEAN's parameter names, lowest first."""
    _canonical(strategy, canonical_option)
    if any(low >= high for low, high in pairwise(strikes.values())):
        _refuse(strategy, "strike prices must be in ascending order", *strikes)


def _check_dates(strategy: str, canonical_option: Any, near: Expiry, far: Expiry) -> None:
    _canonical(strategy, canonical_option)
    if near >= far:
        _refuse(strategy, "near expiration must be less than far expiration", "nearExpiration", "farExpiration")


class OptionStrategies(metaclass=LeanClass):
    """Factories of strategies."""

    @staticmethod
    def naked_call(canonical_option: Any, strike: float, expiration: Expiry) -> OptionStrategy:
        """Short call."""
        return _made("Naked Call", canonical_option, [(CALL, strike, expiration, -1)])

    @staticmethod
    def naked_put(canonical_option: Any, strike: float, expiration: Expiry) -> OptionStrategy:
        """Short put."""
        return _made("Naked Put", canonical_option, [(PUT, strike, expiration, -1)])

    @staticmethod
    def covered_call(canonical_option: Any, strike: float, expiration: Expiry) -> OptionStrategy:
        """Shares and a short call."""
        return _made("Covered Call", canonical_option, [(CALL, strike, expiration, -1)], _unit(canonical_option))

    @staticmethod
    def covered_put(canonical_option: Any, strike: float, expiration: Expiry) -> OptionStrategy:
        """Short shares and a short put."""
        return _made("Covered Put", canonical_option, [(PUT, strike, expiration, -1)], -_unit(canonical_option))

    @staticmethod
    def protective_call(canonical_option: Any, strike: float, expiration: Expiry) -> OptionStrategy:
        """Short shares and a long call."""
        return _inverse("Protective Call", OptionStrategies.covered_call(canonical_option, strike, expiration))

    @staticmethod
    def protective_put(canonical_option: Any, strike: float, expiration: Expiry) -> OptionStrategy:
        """Shares and a long put."""
        return _inverse("Protective Put", OptionStrategies.covered_put(canonical_option, strike, expiration))

    @staticmethod
    def protective_collar(canonical_option: Any, call_strike: float, put_strike: float, expiration: Expiry) -> OptionStrategy:
        """Shares, a short call and a long put below."""
        if put_strike > call_strike:
            raise ArgumentException("call_strike must not be below put_strike (Parameter 'callStrike, putStrike')")
        legs: list[LegTerms] = [(CALL, call_strike, expiration, -1), (PUT, put_strike, expiration, 1)]
        return _made("Protective Collar", canonical_option, legs, _unit(canonical_option))

    @staticmethod
    def conversion(canonical_option: Any, strike: float, expiration: Expiry) -> OptionStrategy:
        """Shares, a short call and a long put at one strike."""
        strategy = OptionStrategies.protective_collar(canonical_option, strike, strike, expiration)
        strategy.name = "Conversion"
        return strategy

    @staticmethod
    def reverse_conversion(canonical_option: Any, strike: float, expiration: Expiry) -> OptionStrategy:
        """Short shares, a long call and a short put at one strike."""
        return _inverse("Reverse Conversion", OptionStrategies.conversion(canonical_option, strike, expiration))

    @staticmethod
    def bear_call_spread(canonical_option: Any, leg_1_strike: float, leg_2_strike: float, expiration: Expiry) -> OptionStrategy:
        """Short the lower call, long the higher."""
        _check_spread("BearCallSpread", canonical_option, leg_1_strike, leg_2_strike, descending=False)
        return _made("Bear Call Spread", canonical_option, [(CALL, leg_1_strike, expiration, -1), (CALL, leg_2_strike, expiration, 1)])

    @staticmethod
    def bull_call_spread(canonical_option: Any, leg_1_strike: float, leg_2_strike: float, expiration: Expiry) -> OptionStrategy:
        """Long the lower call, short the higher."""
        _check_spread("BullCallSpread", canonical_option, leg_1_strike, leg_2_strike, descending=False)
        return _made("Bull Call Spread", canonical_option, [(CALL, leg_1_strike, expiration, 1), (CALL, leg_2_strike, expiration, -1)])

    @staticmethod
    def bear_put_spread(canonical_option: Any, leg_1_strike: float, leg_2_strike: float, expiration: Expiry) -> OptionStrategy:
        """Long the higher put, short the lower."""
        _check_spread("BearPutSpread", canonical_option, leg_1_strike, leg_2_strike, descending=True)
        return _made("Bear Put Spread", canonical_option, [(PUT, leg_1_strike, expiration, 1), (PUT, leg_2_strike, expiration, -1)])

    @staticmethod
    def bull_put_spread(canonical_option: Any, leg_1_strike: float, leg_2_strike: float, expiration: Expiry) -> OptionStrategy:
        """Short the higher put, long the lower."""
        _check_spread("BullPutSpread", canonical_option, leg_1_strike, leg_2_strike, descending=True)
        return _made("Bull Put Spread", canonical_option, [(PUT, leg_1_strike, expiration, -1), (PUT, leg_2_strike, expiration, 1)])

    @staticmethod
    def straddle(canonical_option: Any, strike: float, expiration: Expiry) -> OptionStrategy:
        """Long call and put at one strike."""
        return _made("Straddle", canonical_option, [(CALL, strike, expiration, 1), (PUT, strike, expiration, 1)])

    @staticmethod
    def short_straddle(canonical_option: Any, strike: float, expiration: Expiry) -> OptionStrategy:
        """Short call and put at one strike."""
        return _inverse("Short Straddle", OptionStrategies.straddle(canonical_option, strike, expiration))

    @staticmethod
    def strangle(canonical_option: Any, call_leg_strike: float, put_leg_strike: float, expiration: Expiry) -> OptionStrategy:
        """Long call above a long put."""
        _canonical("Strangle", canonical_option)
        if call_leg_strike <= put_leg_strike:
            _refuse("Strangle", "callLegStrike must be greater than putLegStrike", "callLegStrike", "putLegStrike")
        return _made("Strangle", canonical_option, [(CALL, call_leg_strike, expiration, 1), (PUT, put_leg_strike, expiration, 1)])

    @staticmethod
    def short_strangle(canonical_option: Any, call_leg_strike: float, put_leg_strike: float, expiration: Expiry) -> OptionStrategy:
        """Short call above a short put."""
        return _inverse("Short Strangle", OptionStrategies.strangle(canonical_option, call_leg_strike, put_leg_strike, expiration))

    @staticmethod
    def butterfly_call(canonical_option: Any, higher_strike: float, middle_strike: float, lower_strike: float, expiration: Expiry) -> OptionStrategy:
        """Long the wings, short two of the middle call; equal wings."""
        _check_butterfly("Call", canonical_option, higher_strike, middle_strike, lower_strike)
        legs: list[LegTerms] = [(CALL, higher_strike, expiration, 1), (CALL, middle_strike, expiration, -2), (CALL, lower_strike, expiration, 1)]
        return _made("Butterfly Call", canonical_option, legs)

    @staticmethod
    def call_butterfly(canonical_option: Any, higher_strike: float, middle_strike: float, lower_strike: float, expiration: Expiry) -> OptionStrategy:
        """Same as `butterfly_call`."""
        return OptionStrategies.butterfly_call(canonical_option, higher_strike, middle_strike, lower_strike, expiration)

    @staticmethod
    def short_butterfly_call(canonical_option: Any, higher_strike: float, middle_strike: float, lower_strike: float, expiration: Expiry) -> OptionStrategy:
        """Short the wings, long two of the middle call."""
        return _inverse("Short Butterfly Call", OptionStrategies.butterfly_call(canonical_option, higher_strike, middle_strike, lower_strike, expiration))

    @staticmethod
    def butterfly_put(canonical_option: Any, higher_strike: float, middle_strike: float, lower_strike: float, expiration: Expiry) -> OptionStrategy:
        """Long the wings, short two of the middle put; equal wings."""
        _check_butterfly("Put", canonical_option, higher_strike, middle_strike, lower_strike)
        legs: list[LegTerms] = [(PUT, higher_strike, expiration, 1), (PUT, middle_strike, expiration, -2), (PUT, lower_strike, expiration, 1)]
        return _made("Butterfly Put", canonical_option, legs)

    @staticmethod
    def put_butterfly(canonical_option: Any, higher_strike: float, middle_strike: float, lower_strike: float, expiration: Expiry) -> OptionStrategy:
        """Same as `butterfly_put`."""
        return OptionStrategies.butterfly_put(canonical_option, higher_strike, middle_strike, lower_strike, expiration)

    @staticmethod
    def short_butterfly_put(canonical_option: Any, higher_strike: float, middle_strike: float, lower_strike: float, expiration: Expiry) -> OptionStrategy:
        """Short the wings, long two of the middle put."""
        return _inverse("Short Butterfly Put", OptionStrategies.butterfly_put(canonical_option, higher_strike, middle_strike, lower_strike, expiration))

    @staticmethod
    def call_calendar_spread(canonical_option: Any, strike: float, near_expiration: Expiry, far_expiration: Expiry) -> OptionStrategy:
        """Short the near call, long the far one."""
        _check_dates("CallCalendarSpread", canonical_option, near_expiration, far_expiration)
        return _made("Call Calendar Spread", canonical_option, [(CALL, strike, near_expiration, -1), (CALL, strike, far_expiration, 1)])

    @staticmethod
    def short_call_calendar_spread(canonical_option: Any, strike: float, near_expiration: Expiry, far_expiration: Expiry) -> OptionStrategy:
        """Long the near call, short the far one."""
        return _inverse("Short Call Calendar Spread", OptionStrategies.call_calendar_spread(canonical_option, strike, near_expiration, far_expiration))

    @staticmethod
    def put_calendar_spread(canonical_option: Any, strike: float, near_expiration: Expiry, far_expiration: Expiry) -> OptionStrategy:
        """Short the near put, long the far one."""
        _check_dates("PutCalendarSpread", canonical_option, near_expiration, far_expiration)
        return _made("Put Calendar Spread", canonical_option, [(PUT, strike, near_expiration, -1), (PUT, strike, far_expiration, 1)])

    @staticmethod
    def short_put_calendar_spread(canonical_option: Any, strike: float, near_expiration: Expiry, far_expiration: Expiry) -> OptionStrategy:
        """Long the near put, short the far one."""
        return _inverse("Short Put Calendar Spread", OptionStrategies.put_calendar_spread(canonical_option, strike, near_expiration, far_expiration))

    @staticmethod
    def iron_condor(
        canonical_option: Any, long_put_strike: float, short_put_strike: float, short_call_strike: float, long_call_strike: float, expiration: Expiry
    ) -> OptionStrategy:
        """Short put and call inside long ones."""
        names = {"longPutStrike": long_put_strike, "shortPutStrike": short_put_strike}
        _check_ascending("IronCondor", canonical_option, **names, shortCallStrike=short_call_strike, longCallStrike=long_call_strike)
        puts: list[LegTerms] = [(PUT, long_put_strike, expiration, 1), (PUT, short_put_strike, expiration, -1)]
        calls: list[LegTerms] = [(CALL, short_call_strike, expiration, -1), (CALL, long_call_strike, expiration, 1)]
        return _made("Iron Condor", canonical_option, [*puts, *calls])

    @staticmethod
    def iron_butterfly(canonical_option: Any, otm_put_strike: float, atm_strike: float, otm_call_strike: float, expiration: Expiry) -> OptionStrategy:
        """Short straddle inside long wings of equal width."""
        _check_ascending("IronButterfly", canonical_option, otmPutStrike=otm_put_strike, atmStrike=atm_strike, otmCallStrike=otm_call_strike)
        if atm_strike - otm_put_strike != otm_call_strike - atm_strike:
            _refuse("IronButterfly", "intervals between exercise prices must be equal", "otmPutStrike", "atmStrike", "otmCallStrike")
        puts: list[LegTerms] = [(PUT, otm_put_strike, expiration, 1), (PUT, atm_strike, expiration, -1)]
        calls: list[LegTerms] = [(CALL, atm_strike, expiration, -1), (CALL, otm_call_strike, expiration, 1)]
        return _made("Iron Butterfly", canonical_option, [*puts, *calls])

    @staticmethod
    def short_iron_condor(
        canonical_option: Any, short_put_strike: float, long_put_strike: float, long_call_strike: float, short_call_strike: float, expiration: Expiry
    ) -> OptionStrategy:
        """Long put and call inside short ones."""
        return _inverse(
            "Short Iron Condor",
            OptionStrategies.iron_condor(canonical_option, short_put_strike, long_put_strike, long_call_strike, short_call_strike, expiration),
        )

    @staticmethod
    def short_iron_butterfly(canonical_option: Any, otm_put_strike: float, atm_strike: float, otm_call_strike: float, expiration: Expiry) -> OptionStrategy:
        """Long straddle inside short wings."""
        return _inverse("Short Iron Butterfly", OptionStrategies.iron_butterfly(canonical_option, otm_put_strike, atm_strike, otm_call_strike, expiration))

    @staticmethod
    def box_spread(canonical_option: Any, higher_strike: float, lower_strike: float, expiration: Expiry) -> OptionStrategy:
        """Long the higher put and lower call, short the others."""
        _check_ascending("BoxSpread", canonical_option, lowerStrike=lower_strike, higherStrike=higher_strike)
        puts: list[LegTerms] = [(PUT, higher_strike, expiration, 1), (PUT, lower_strike, expiration, -1)]
        calls: list[LegTerms] = [(CALL, lower_strike, expiration, 1), (CALL, higher_strike, expiration, -1)]
        return _made("Box Spread", canonical_option, [*puts, *calls])

    @staticmethod
    def short_box_spread(canonical_option: Any, higher_strike: float, lower_strike: float, expiration: Expiry) -> OptionStrategy:
        """Short the higher put and lower call, long the others."""
        return _inverse("Short Box Spread", OptionStrategies.box_spread(canonical_option, higher_strike, lower_strike, expiration))

    @staticmethod
    def jelly_roll(canonical_option: Any, strike: float, near_expiration: Expiry, far_expiration: Expiry) -> OptionStrategy:
        """Short near and long far call, long near and short far put."""
        _check_dates("JellyRoll", canonical_option, near_expiration, far_expiration)
        calls: list[LegTerms] = [(CALL, strike, near_expiration, -1), (CALL, strike, far_expiration, 1)]
        puts: list[LegTerms] = [(PUT, strike, near_expiration, 1), (PUT, strike, far_expiration, -1)]
        return _made("Jelly Roll", canonical_option, [*calls, *puts])

    @staticmethod
    def short_jelly_roll(canonical_option: Any, strike: float, near_expiration: Expiry, far_expiration: Expiry) -> OptionStrategy:
        """The opposite of a jelly roll."""
        return _inverse("Short Jelly Roll", OptionStrategies.jelly_roll(canonical_option, strike, near_expiration, far_expiration))

    @staticmethod
    def bear_call_ladder(canonical_option: Any, lower_strike: float, middle_strike: float, higher_strike: float, expiration: Expiry) -> OptionStrategy:
        """Short the lowest call, long the two above."""
        _check_ascending("BearCallLadder", canonical_option, lowerStrike=lower_strike, middleStrike=middle_strike, higherStrike=higher_strike)
        legs: list[LegTerms] = [(CALL, lower_strike, expiration, -1), (CALL, middle_strike, expiration, 1), (CALL, higher_strike, expiration, 1)]
        return _made("Bear Call Ladder", canonical_option, legs)

    @staticmethod
    def bear_put_ladder(canonical_option: Any, higher_strike: float, middle_strike: float, lower_strike: float, expiration: Expiry) -> OptionStrategy:
        """Long the highest put, short the two below."""
        _check_ascending("BearPutLadder", canonical_option, lowerStrike=lower_strike, middleStrike=middle_strike, higherStrike=higher_strike)
        legs: list[LegTerms] = [(PUT, higher_strike, expiration, 1), (PUT, middle_strike, expiration, -1), (PUT, lower_strike, expiration, -1)]
        return _made("Bear Put Ladder", canonical_option, legs)

    @staticmethod
    def bull_call_ladder(canonical_option: Any, lower_strike: float, middle_strike: float, higher_strike: float, expiration: Expiry) -> OptionStrategy:
        """Long the lowest call, short the two above."""
        return _inverse("Bull Call Ladder", OptionStrategies.bear_call_ladder(canonical_option, lower_strike, middle_strike, higher_strike, expiration))

    @staticmethod
    def bull_put_ladder(canonical_option: Any, higher_strike: float, middle_strike: float, lower_strike: float, expiration: Expiry) -> OptionStrategy:
        """Short the highest put, long the two below."""
        return _inverse("Bull Put Ladder", OptionStrategies.bear_put_ladder(canonical_option, higher_strike, middle_strike, lower_strike, expiration))

    @staticmethod
    def call_backspread(canonical_option: Any, lower_strike: float, higher_strike: float, expiration: Expiry) -> OptionStrategy:
        """Short one lower call, long two higher."""
        _check_ascending("CallBackspread", canonical_option, lowerStrike=lower_strike, higherStrike=higher_strike)
        return _made("Call Backspread", canonical_option, [(CALL, lower_strike, expiration, -1), (CALL, higher_strike, expiration, 2)])

    @staticmethod
    def put_backspread(canonical_option: Any, higher_strike: float, lower_strike: float, expiration: Expiry) -> OptionStrategy:
        """Short one higher put, long two lower."""
        _check_ascending("PutBackspread", canonical_option, lowerStrike=lower_strike, higherStrike=higher_strike)
        return _made("Put Backspread", canonical_option, [(PUT, higher_strike, expiration, -1), (PUT, lower_strike, expiration, 2)])

    @staticmethod
    def short_call_backspread(canonical_option: Any, lower_strike: float, higher_strike: float, expiration: Expiry) -> OptionStrategy:
        """Long one lower call, short two higher."""
        return _inverse("Short Call Backspread", OptionStrategies.call_backspread(canonical_option, lower_strike, higher_strike, expiration))

    @staticmethod
    def short_put_backspread(canonical_option: Any, higher_strike: float, lower_strike: float, expiration: Expiry) -> OptionStrategy:
        """Long one higher put, short two lower."""
        return _inverse("Short Put Backspread", OptionStrategies.put_backspread(canonical_option, higher_strike, lower_strike, expiration))
