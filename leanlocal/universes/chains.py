"""Chains of LEAN's API: the contracts of one canonical symbol at one time, and dictionaries of chains."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

from leanlocal.mappings import SymbolMapping
from leanlocal.slices.bars import BaseData, QuoteBar, TradeBar
from leanlocal.symbols import Symbol
from leanlocal.universes.contracts import BaseContract, FuturesContract, OptionContract
from leanlocal.universes.frames import contracts_frame, list_frame

ContractT = TypeVar("ContractT", bound=BaseContract)


class ContractsMapping(SymbolMapping[ContractT]):
    """Symbol -> contract."""


class OptionContracts(ContractsMapping[OptionContract]):
    """Contracts of an option chain."""


class FuturesContracts(ContractsMapping[FuturesContract]):
    """Contracts of a future chain."""


class TradeBars(SymbolMapping[TradeBar]):
    """Symbol -> trade bar."""


class QuoteBars(SymbolMapping[QuoteBar]):
    """Symbol -> quote bar."""


Entries = Callable[[], Mapping[Symbol, Any]]


class _Chain(BaseData, Generic[ContractT]):
    """Contracts of a canonical symbol; made when first looked at."""

    _mapping: type[Any] = ContractsMapping
    _frame: Callable[[], Any] | None = None

    def __init__(self, canonical: Symbol, time: datetime, contracts: Entries, flatten: bool = True) -> None:
        self._symbol = canonical
        self._time = time
        self._end_time = time
        self._core = contracts
        self._flatten = flatten

    @cached_property
    def _contracts(self) -> Mapping[Symbol, ContractT]:
        return self._core()

    @property
    def contracts(self) -> Any:
        """The contracts by symbol."""
        return self._mapping(lambda: self._contracts)

    @property
    def filtered_contracts(self) -> set[Symbol]:
        """Symbols of the contracts."""
        return set(self._contracts)

    @property
    def count(self) -> int:
        """Number of contracts."""
        return len(self._contracts)

    def contains_key(self, key: Any) -> bool:
        """Whether the contract is in the chain."""
        return key in self.contracts

    def __contains__(self, key: object) -> bool:
        return key in self.contracts

    def __getitem__(self, key: Any) -> ContractT:
        return self.contracts[key]

    def __iter__(self) -> Iterator[ContractT]:
        return iter(list(self._contracts.values()))

    def __len__(self) -> int:
        return len(self._contracts)

    @property
    def data_frame(self) -> Any:
        """As a pandas frame: a row per contract, or without flatten one row with the list."""
        if not self._flatten:
            return list_frame(self._symbol, list(self._contracts.values()))
        return self._frame() if self._frame is not None else contracts_frame(list(self._contracts.values()), list(self._contracts))


class OptionChain(_Chain[OptionContract]):
    """Options of one underlying."""

    _mapping = OptionContracts
    _underlying: Callable[[], BaseData | None] | None = None

    @property
    def underlying(self) -> BaseData | None:
        """Last data of the underlying."""
        return self._underlying() if self._underlying is not None else None

    @classmethod
    def of(
        cls,
        canonical: Symbol,
        time: datetime,
        contracts: Entries,
        underlying: Callable[[], BaseData | None],
        *,
        flatten: bool = True,
        frame: Callable[[], Any] | None = None,
    ) -> OptionChain:
        """A chain that knows where its underlying's data is, and a quicker way to its frame when there is one."""
        chain = cls(canonical, time, contracts, flatten)
        chain._underlying, chain._frame = underlying, frame
        return chain


class FuturesChain(_Chain[FuturesContract]):
    """Contracts of one future."""

    _mapping = FuturesContracts


class OptionChains(SymbolMapping[OptionChain]):
    """Canonical symbol -> option chain; also found by a contract or the underlying of the chain."""

    @property
    def data_frame(self) -> Any:
        """The chains' frames, one after the other."""
        import pandas as pd  # loaded only by those who ask for frames

        frames = [chain.data_frame for chain in self.values]
        return pd.concat(frames) if frames else pd.DataFrame()


class FuturesChains(SymbolMapping[FuturesChain]):
    """Canonical symbol -> future chain."""
