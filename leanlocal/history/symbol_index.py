"""A pandas index of symbols that also answers to tickers: `frame.loc["SPY"]` finds the row of the symbol SPY.

LEAN lets a frame of history be asked by symbol or by ticker. A symbol and its ticker have different hashes, so pandas alone finds a ticker only by chance.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from leanlocal.mappings import as_symbol
from leanlocal.symbols import Symbol

if TYPE_CHECKING:
    import pandas as pd


def symbol_of(key: Any) -> Any:
    """The symbol a text stands for, anything else as it is."""
    return (as_symbol(key) or key) if isinstance(key, str) else key


@lru_cache(maxsize=1)
def symbol_index_class() -> type[pd.Index[Any]]:
    """The index class; made when pandas is first needed."""
    import pandas as pd

    class SymbolIndex(pd.Index):  # pyright: ignore[reportMissingTypeArgument]
        """Symbols, found by symbol or ticker."""

        @property
        def _constructor(self) -> Any:
            return SymbolIndex

        def get_loc(self, key: Any) -> Any:
            """Place of a symbol or ticker."""
            return super().get_loc(symbol_of(key))

        def get_indexer(self, target: Any, *arguments: Any, **named: Any) -> Any:
            """Places of symbols or tickers."""
            return super().get_indexer(_translated(target), *arguments, **named)

        def __contains__(self, key: Any) -> bool:
            return super().__contains__(symbol_of(key))

    def _translated(target: Any) -> Any:
        return pd.Index([symbol_of(key) for key in target], dtype=object) if any(isinstance(key, str) for key in target) else target

    SymbolIndex.__name__ = "Index"
    return SymbolIndex


def symbol_index(symbols: list[Any]) -> pd.Index[Any]:
    """An index of symbols (and of the empty text where a row has none)."""
    import numpy as np

    column = np.empty(len(symbols), dtype=object)
    column[:] = symbols
    return symbol_index_class()._simple_new(column)  # pyright: ignore[reportAttributeAccessIssue]


def holds_symbols(values: list[Any]) -> bool:
    """Whether a column is one of symbols."""
    return any(isinstance(value, Symbol) for value in values)
