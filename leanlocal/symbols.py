"""Symbols and security identifiers: LEAN's names of instruments.

A SecurityIdentifier is the durable identity (first ticker, type, market, date, and for options strike, right and style), written as LEAN writes it: ticker and
a base-36 number. A Symbol adds the text a person reads (the ticker of the day, the OSI text of an option). Both are immutable and compare by identity text,
which is written when somebody first needs it: of a chain's thousands of contracts few are ever looked at.
Sources: lean-fidelity §1.6; layouts verified against recorded order events.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from leanlocal.enums import OptionRight, OptionStyle, SecurityType
from leanlocal.surface import LeanClass

OLE_EPOCH = date(1899, 12, 30)
OPTION_TYPES = frozenset({SecurityType.OPTION, SecurityType.INDEX_OPTION, SecurityType.FUTURE_OPTION})
CHAIN_TYPES = OPTION_TYPES | {SecurityType.FUTURE}
MONTH_CODES = "FGHJKMNQUVXZ"
MARKET_CODES: dict[str, int] = {
    "usa": 1,
    "fxcm": 2,
    "oanda": 3,
    "dukascopy": 4,
    "bitfinex": 5,
    "cmeglobex": 6,
    "nymex": 7,
    "cbot": 8,
    "ice": 9,
    "cboe": 10,
    "india": 11,
    "gdax": 12,
    "coinbase": 12,
    "kraken": 13,
    "bittrex": 14,
    "bithumb": 15,
    "binance": 16,
    "poloniex": 17,
    "coinone": 18,
    "hitbtc": 19,
    "okcoin": 20,
    "bitstamp": 21,
    "comex": 22,
    "cme": 23,
    "sgx": 24,
    "hkfe": 25,
    "nyseliffe": 26,
    "cfe": 33,
    "ftx": 34,
    "eurex": 39,
}
MARKET_NAMES = {code: name for name, code in reversed(MARKET_CODES.items())}
_BASE36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_STRIKE_PLACES = 6


class Market(metaclass=LeanClass):
    """Names of markets as LEAN writes them."""

    USA: ClassVar[str] = "usa"
    OANDA: ClassVar[str] = "oanda"
    FXCM: ClassVar[str] = "fxcm"
    NYMEX: ClassVar[str] = "nymex"
    CBOT: ClassVar[str] = "cbot"
    ICE: ClassVar[str] = "ice"
    CBOE: ClassVar[str] = "cboe"
    CFE: ClassVar[str] = "cfe"
    COMEX: ClassVar[str] = "comex"
    CME: ClassVar[str] = "cme"
    EUREX: ClassVar[str] = "eurex"
    COINBASE: ClassVar[str] = "coinbase"
    BINANCE: ClassVar[str] = "binance"
    KRAKEN: ClassVar[str] = "kraken"


def base36(number: int) -> str:
    """Digits 0-9A-Z, most significant first."""
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _BASE36[rest] + digits
    return digits or "0"


def from_base36(text: str) -> int:
    """Inverse of `base36`."""
    return int(text, 36)


def scaled_strike(strike: Decimal) -> tuple[int, int]:
    """(digits, scale) with strike = digits * 10**(scale - 6) and no trailing zero in digits."""
    units = int(strike.scaleb(_STRIKE_PLACES))
    scale = 0
    while units and units % 10 == 0:
        units //= 10
        scale += 1
    return units, scale


class SecurityIdentifier(metaclass=LeanClass):
    """Identity of an instrument; equal identities have equal text."""

    __slots__ = ("_day", "_market", "_right", "_strike", "_style", "_symbol", "_text", "_type", "_underlying")

    def __init__(
        self,
        symbol: str,
        security_type: SecurityType,
        market: str,
        day: date = OLE_EPOCH,
        *,
        strike: Decimal = Decimal(0),
        right: OptionRight = OptionRight.CALL,
        style: OptionStyle = OptionStyle.AMERICAN,
        underlying: SecurityIdentifier | None = None,
    ) -> None:
        self._symbol = symbol
        self._type = security_type
        self._market = market
        self._day = day
        self._strike = strike
        self._right = right
        self._style = style
        self._underlying = underlying
        self._text = ""

    def _written(self) -> str:
        digits, scale = scaled_strike(self._strike)
        number = int(self._type) + MARKET_CODES.get(self._market, 0) * 100 + scale * 10**5 + digits * 10**7
        number += int(self._style) * 10**13 + (self._day - OLE_EPOCH).days * 10**14 + int(self._right) * 10**19
        text = f"{self._symbol} {base36(number)}"
        return f"{text}|{self._underlying}" if self._underlying is not None else text

    @classmethod
    def parse(cls, text: str) -> SecurityIdentifier:
        """The identifier written as text; ValueError when it is none."""
        own, _, rest = text.partition("|")
        ticker, _, digits = own.rpartition(" ")
        if not ticker or not digits:
            raise ValueError(f"The string must be splittable on space into two parts: {text}")
        number = from_base36(digits)
        underlying = cls.parse(rest) if rest else None
        strike = Decimal(number // 10**7 % 10**6).scaleb(number // 10**5 % 100 - _STRIKE_PLACES)
        return cls(
            ticker,
            SecurityType(number % 100),
            MARKET_NAMES.get(number // 100 % 1000, ""),
            OLE_EPOCH + timedelta(days=number // 10**14 % 10**5),
            strike=Decimal(int(strike)) if strike == int(strike) else strike.normalize(),
            right=OptionRight(number // 10**19),
            style=OptionStyle(number // 10**13 % 10),
            underlying=underlying,
        )

    @property
    def symbol(self) -> str:
        """First ticker of the instrument."""
        return self._symbol

    @property
    def security_type(self) -> SecurityType:
        """Kind of instrument."""
        return self._type

    @property
    def market(self) -> str:
        """Market name."""
        return self._market

    @property
    def date(self) -> datetime:
        """Expiry of a derivative, first trading day of an equity, at midnight."""
        return datetime(self._day.year, self._day.month, self._day.day)

    @property
    def strike_price(self) -> float:
        """Strike as in the identifier, not scaled."""
        return float(self._strike)

    @property
    def option_right(self) -> OptionRight:
        """Call or put."""
        return self._right

    @property
    def option_style(self) -> OptionStyle:
        """American or European."""
        return self._style

    @property
    def has_underlying(self) -> bool:
        """True for derivatives of another instrument."""
        return self._underlying is not None

    @property
    def underlying(self) -> SecurityIdentifier:
        """Identity of the underlying; ValueError when there is none."""
        if self._underlying is None:
            raise ValueError(f"{self} has no underlying")
        return self._underlying

    def __str__(self) -> str:
        if not self._text:
            self._text = self._written()
        return self._text

    def __repr__(self) -> str:
        return str(self)

    def __hash__(self) -> int:
        return hash(str(self))

    def __eq__(self, other: object) -> bool:
        return other is self or (isinstance(other, SecurityIdentifier) and str(other) == str(self))

    def __lt__(self, other: SecurityIdentifier) -> bool:
        return str(self) < str(other)


def day_of(sid: SecurityIdentifier) -> date:
    """Expiry (or first trading day) as a plain date."""
    return sid._day  # pyright: ignore[reportPrivateUsage]


def expiry_of(symbol: Symbol) -> date:
    """Expiry of a derivative as a plain date."""
    return day_of(symbol.id)


def strike_of(symbol: Symbol) -> Decimal:
    """Strike of an option as an exact decimal."""
    return symbol.id._strike  # pyright: ignore[reportPrivateUsage]


class Symbol(metaclass=LeanClass):
    """An instrument's identity with the text it goes by."""

    def __init__(self, sid: SecurityIdentifier, value: str, underlying: Symbol | None = None) -> None:
        self._sid = sid
        self._value = value
        self._underlying = underlying
        self._hash: int | None = None

    @staticmethod
    def _is_canonical_of(sid: SecurityIdentifier) -> bool:
        return sid.security_type in CHAIN_TYPES and day_of(sid) == OLE_EPOCH

    @property
    def value(self) -> str:
        """Ticker, OSI text or `?SPY` of a canonical."""
        return self._value

    @property
    def id(self) -> SecurityIdentifier:
        """The durable identity."""
        return self._sid

    @property
    def security_type(self) -> SecurityType:
        """Kind of instrument."""
        return self._sid.security_type

    @property
    def has_underlying(self) -> bool:
        """True for options."""
        return self._underlying is not None

    @property
    def underlying(self) -> Symbol:
        """Symbol of the underlying; None for instruments without one."""
        return self._underlying  # pyright: ignore[reportReturnType]

    def is_canonical(self) -> bool:
        """True for the chain symbol of options or futures."""
        return self._is_canonical_of(self._sid)

    @cached_property
    def canonical(self) -> Symbol:
        """The chain symbol this contract belongs to, or the symbol itself."""
        if self.is_canonical() or self.security_type not in CHAIN_TYPES:
            return self
        sid = self._sid
        if self._underlying is None:
            return symbol_book.canonical_future(sid.symbol, sid.market)
        return symbol_book.canonical_option(self._underlying, sid.symbol)

    @staticmethod
    def create(ticker: str, security_type: SecurityType, market: str, alias: str | None = None) -> Symbol:
        """Symbol of an equity, index or canonical option or future, by its ticker of today."""
        return symbol_book.create(ticker, security_type, market, alias)

    @staticmethod
    def create_option(underlying_symbol: Symbol | str, *arguments: Any, **named: Any) -> Symbol:
        """Symbol of an option: (underlying[, target_option], market, style, right, strike, expiry[, alias])."""
        return symbol_book.create_option(underlying_symbol, *arguments, **named)

    @staticmethod
    def create_canonical_option(underlying_symbol: Symbol, target_option: str | None = None, market: str | None = None, alias: str | None = None) -> Symbol:
        """Chain symbol of an underlying's options."""
        return symbol_book.canonical_option(underlying_symbol, target_option, alias)

    @staticmethod
    def create_future(ticker: str, market: str, expiry: date, alias: str | None = None) -> Symbol:
        """Symbol of a future contract."""
        return symbol_book.create_future(ticker, market, expiry, alias)

    def __hash__(self) -> int:
        known = self._hash
        if known is None:
            known = self._hash = hash(str(self._sid))
        return known

    def __eq__(self, other: object) -> bool:
        if other is self:
            return True
        if isinstance(other, Symbol):
            return other._sid == self._sid
        return symbol_book.equals_other(self, other)

    def __lt__(self, other: Any) -> bool:
        return self._value < str(getattr(other, "value", other))

    def __le__(self, other: Any) -> bool:
        return self._value <= str(getattr(other, "value", other))

    def __gt__(self, other: Any) -> bool:
        return self._value > str(getattr(other, "value", other))

    def __ge__(self, other: Any) -> bool:
        return self._value >= str(getattr(other, "value", other))

    def __str__(self) -> str:
        return symbol_book.text_of(self)

    def __repr__(self) -> str:
        return str(self)

    def __copy__(self) -> Symbol:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Symbol:
        return self


from leanlocal import symbol_book  # noqa: E402  (the book makes symbols, symbols ask the book for their text)
