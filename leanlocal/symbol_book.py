"""Making symbols and remembering which ones a run knows.

LEAN keeps a process-wide cache of symbols: `str(symbol)`, comparison with a text and looking up a ticker all depend on what has been added so far. Here the
cache belongs to one run and is found through a context variable, so that two runs in one process do not see each other.
Sources: lean-fidelity §1.4, §1.6; SURPRISES "Python surface".
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from leanlocal.enums import OptionRight, OptionStyle, SecurityType
from leanlocal.exact import from_float
from leanlocal.symbols import MONTH_CODES, OLE_EPOCH, SecurityIdentifier, Symbol
from marketdata.port import MapRow

FOREVER = date(2049, 12, 31)
EUROPEAN_TYPES = frozenset({SecurityType.INDEX_OPTION})
OPTION_TYPE_OF = {
    SecurityType.EQUITY: SecurityType.OPTION,
    SecurityType.INDEX: SecurityType.INDEX_OPTION,
    SecurityType.FUTURE: SecurityType.FUTURE_OPTION,
}
INDEX_OF_OPTION = {"SPXW": "SPX", "VIXW": "VIX", "NDXP": "NDX", "NQX": "NDX", "RUTW": "RUT"}
FUTURE_OPTION_TICKERS = {
    "GC": "OG",
    "SI": "SO",
    "HG": "HXE",
    "CL": "LO",
    "NG": "ON",
    "ZC": "OZC",
    "ZS": "OZS",
    "ZW": "OZW",
    "ZN": "OZN",
    "ZB": "OZB",
    "ZF": "OZF",
    "ZT": "OZT",
}
FUTURE_OF_OPTION = {option: future for future, option in FUTURE_OPTION_TICKERS.items()}

MapLookup = Callable[[str, str, SecurityType], Sequence[MapRow]]


def no_map(ticker: str, market: str, security_type: SecurityType) -> Sequence[MapRow]:
    """No ticker has ever changed."""
    return ()


class SymbolBook:
    """The symbols one run knows. map_lookup: rows of the map file of (ticker, market, type), empty when absent; today: date a ticker is looked up at."""

    def __init__(self, map_lookup: MapLookup = no_map, today: date = FOREVER) -> None:
        self.map_lookup = map_lookup
        self.today = today
        self.option_facts: Any = None
        """Settlement times, rates and dividends of the run (`leanlocal.pricing.facts`), None outside of one."""
        self._by_text: dict[str, Symbol] = {}
        self._known: dict[str, str] = {}

    def learn(self, symbol: Symbol, text: str | None = None) -> None:
        """Remember the symbol under its text (or a ticker it was asked for)."""
        self._by_text.setdefault((text or symbol.value).upper(), symbol)
        self._known[str(symbol.id)] = text or symbol.value

    def create(self, ticker: str, security_type: SecurityType, market: str) -> Symbol:
        """The symbol of a ticker by this book's map files."""
        with using(self):
            return create(ticker, security_type, market)

    def find(self, text: str) -> Symbol | None:
        """The known symbol with that ticker or identity text."""
        found = self._by_text.get(text.upper())
        return found if found is not None or text not in self._known else self._by_text.get(self._known[text].upper())

    def text_of(self, symbol: Symbol) -> str:
        """The text when the symbol is known, else its identity."""
        return self._known.get(str(symbol.id), str(symbol.id))

    def first_listing(self, ticker: str, market: str, security_type: SecurityType) -> tuple[str, date]:
        """First ticker and first trading day of the instrument that has this ticker today."""
        rows = self.map_lookup(ticker, market, security_type)
        return (rows[0].ticker.upper(), rows[0].day) if rows else (ticker, OLE_EPOCH)


_BOOK: ContextVar[SymbolBook] = ContextVar("symbol_book", default=SymbolBook())  # noqa: B039  (outside a run: no map files, nothing known)


def book() -> SymbolBook:
    """The book of the run in progress."""
    return _BOOK.get()


@contextmanager
def using(new: SymbolBook) -> Generator[SymbolBook]:
    """Make `new` the book of the run in progress."""
    token = _BOOK.set(new)
    try:
        yield new
    finally:
        _BOOK.reset(token)


def text_of(symbol: Symbol) -> str:
    """What `str(symbol)` gives in the run in progress."""
    return _BOOK.get().text_of(symbol)


def equals_other(symbol: Symbol, other: object) -> bool:
    """Comparison with something that is not a symbol: texts of known symbols are equal, securities count by their symbol."""
    if isinstance(other, str):
        if " " in other or "|" in other:
            raise ArgumentException("Symbol must not contain the characters '|' or ' '. (Parameter 'symbol')")
        known = _BOOK.get().find(other)
        return known is not None and known == symbol
    own = getattr(other, "symbol", None)
    return isinstance(own, Symbol) and own == symbol


class ArgumentException(ValueError):
    """An argument LEAN's API refuses."""


class InvalidCastException(TypeError):
    """An object is not of the kind an operation needs, as LEAN's runtime says it."""


def create(ticker: str, security_type: SecurityType, market: str, alias: str | None = None) -> Symbol:
    """See `Symbol.create`."""
    ticker = ticker.upper()
    if security_type in OPTION_TYPE_OF.values():
        return canonical_option(create(_underlying_ticker(ticker, security_type), _underlying_type(security_type), market), ticker.lstrip("?"), alias)
    if security_type is SecurityType.FUTURE:
        return canonical_future(ticker.lstrip("/"), market, alias)
    if security_type is SecurityType.EQUITY:
        first, day = _BOOK.get().first_listing(ticker, market, security_type)
        return Symbol(SecurityIdentifier(first, security_type, market, day), alias or ticker)
    return Symbol(SecurityIdentifier(ticker, security_type, market), alias or ticker)


def _underlying_type(option: SecurityType) -> SecurityType:
    return next(under for under, own in OPTION_TYPE_OF.items() if own is option)


def _underlying_ticker(ticker: str, option: SecurityType) -> str:
    return INDEX_OF_OPTION.get(ticker, ticker) if option is SecurityType.INDEX_OPTION else ticker.lstrip("?")


def create_future(ticker: str, market: str, expiry: date, alias: str | None = None) -> Symbol:
    """Contract of a future: value is ticker, day, month code and year (ES20H20)."""
    day = _plain(expiry)
    text = f"{ticker.upper()}{day:%d}{MONTH_CODES[day.month - 1]}{day:%y}"
    return Symbol(SecurityIdentifier(ticker.upper(), SecurityType.FUTURE, market, day), alias or text)


def canonical_future(ticker: str, market: str, alias: str | None = None) -> Symbol:
    """Chain symbol of a future, `/ES`."""
    return Symbol(SecurityIdentifier(ticker.upper(), SecurityType.FUTURE, market), alias or f"/{ticker.upper()}")


def option_ticker(underlying: Symbol, target: str | None) -> str:
    """First ticker in an option's identity: the target's own (SPXW), a future option's product code (OG), else the underlying's."""
    if target:
        return target.upper()
    first = underlying.id.symbol
    return FUTURE_OPTION_TICKERS.get(first, first) if underlying.security_type is SecurityType.FUTURE else first


def canonical_option(underlying: Symbol, target: str | None = None, alias: str | None = None) -> Symbol:
    """Chain symbol of an underlying's options, `?SPY`."""
    kind = OPTION_TYPE_OF[underlying.security_type]
    ticker = option_ticker(underlying, target)
    style = OptionStyle.EUROPEAN if kind in EUROPEAN_TYPES else OptionStyle.AMERICAN
    sid = SecurityIdentifier(ticker, kind, underlying.id.market, style=style, underlying=underlying.id)
    return Symbol(sid, alias or f"?{_shown_ticker(underlying, ticker)}", underlying)


def _shown_ticker(underlying: Symbol, ticker: str) -> str:
    return underlying.value if ticker == underlying.id.symbol else ticker


def create_option(underlying_symbol: Symbol | str, *arguments: Any, **named: Any) -> Symbol:
    """See `Symbol.create_option`: the four overloads differ in an optional target ticker after the underlying."""
    target, rest = _split_target(arguments, named)
    market, style, right, strike, expiry = rest[:5]
    if isinstance(underlying_symbol, str):
        underlying_symbol = create(underlying_symbol, SecurityType.EQUITY, market)
    if underlying_symbol.security_type not in OPTION_TYPE_OF:
        raise ArgumentException(f"{underlying_symbol} cannot be the underlying of an option")
    return option_contract(underlying_symbol, target, OptionStyle(style), OptionRight(right), exact_strike(strike), _plain(expiry))


def _split_target(arguments: Sequence[Any], named: dict[str, Any]) -> tuple[str | None, list[Any]]:
    names = ("market", "style", "right", "strike", "expiry")
    target = named.get("target_option")
    rest = list(arguments)
    if len(rest) >= 2 and isinstance(rest[1], str):
        target = rest.pop(0)
    rest.extend(named[name] for name in names[len(rest) :])
    return target, rest


def option_contract(underlying: Symbol, target: str | None, style: OptionStyle, right: OptionRight, strike: Decimal, expiry: date) -> Symbol:
    """Symbol of one option; its text is the OSI form with the ticker padded to six places."""
    ticker = option_ticker(underlying, target)
    sid = SecurityIdentifier(
        ticker, OPTION_TYPE_OF[underlying.security_type], underlying.id.market, expiry, strike=strike, right=right, style=style, underlying=underlying.id
    )
    return Symbol(sid, osi_text(_shown_ticker(underlying, ticker), expiry, right, strike), underlying)


def renamed(symbol: Symbol, ticker: str) -> Symbol:
    """The same share, or option on it, with the text that the share's ticker gives."""
    if not symbol.has_underlying:
        return Symbol(symbol.id, ticker)
    underlying = Symbol(symbol.underlying.id, ticker)
    sid = symbol.id
    if sid.date.date() == OLE_EPOCH:
        return Symbol(sid, f"?{_shown_ticker(underlying, sid.symbol)}", underlying)
    return Symbol(sid, osi_text(_shown_ticker(underlying, sid.symbol), sid.date.date(), sid.option_right, exact_strike(sid.strike_price)), underlying)


def osi_text(name: str, expiry: date, right: OptionRight, strike: Decimal) -> str:
    """`SPY   240816P00565000`; a name longer than five letters gets one more blank."""
    padded = name.ljust(6) if len(name) <= 5 else name + "  "
    return f"{padded}{_day_text(expiry)}{'C' if right == OptionRight.CALL else 'P'}{int(strike * 1000):08d}"


@lru_cache(maxsize=4096)
def _day_text(day: date) -> str:
    return f"{day:%y%m%d}"


def exact_strike(strike: float | Decimal) -> Decimal:
    """A strike given as a float as the decimal meant."""
    return strike if isinstance(strike, Decimal) else from_float(strike)


def _plain(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def from_identifier(sid: SecurityIdentifier) -> Symbol:
    """The symbol of an identifier, with the ticker the instrument has at the book's date."""
    kind = sid.security_type
    if sid.has_underlying:
        underlying = from_identifier(sid.underlying)
        day = sid.date.date()
        if day == OLE_EPOCH:
            return canonical_option(underlying, sid.symbol)
        return option_contract(underlying, sid.symbol, sid.option_style, sid.option_right, exact_strike(sid.strike_price), day)
    if kind is SecurityType.FUTURE:
        day = sid.date.date()
        return canonical_future(sid.symbol, sid.market) if day == OLE_EPOCH else create_future(sid.symbol, sid.market, day)
    return Symbol(sid, sid.symbol)
