"""Structures as things that can be checked: what a position still is, what of it is uncovered, and what its kind may leave uncovered.

Cover is counted per right: a long option covers a short one of the same right that expires no later, a lot of shares (or a future) covers a call when
long and a put when short. "Naked" means more uncovered shorts than the structure had of its own when it was opened; nothing the desk sends may raise
that number, not even between two orders.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import gcd

from vocabulary.contracts import Contract, Leg, Right, Structure, StructureKind
from vocabulary.errors import BadInput, InvariantBroken
from vocabulary.positions import Holding, Position

Quantities = Mapping[Contract, int]
"""Signed quantities per contract: option contracts, futures, or single shares."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """Short options without cover, in contracts."""

    calls: int
    puts: int

    def within(self, allowed: Uncovered) -> bool:
        """True when neither side exceeds what is allowed."""
        return self.calls <= allowed.calls and self.puts <= allowed.puts

    def times(self, units: int) -> Uncovered:
        """The same for several units."""
        return Uncovered(self.calls * units, self.puts * units)


DECLARED_RISK: Mapping[StructureKind, Uncovered] = {
    StructureKind.IRON_CONDOR: Uncovered(0, 0),
    StructureKind.PUT_SPREAD: Uncovered(0, 0),
    StructureKind.CALL_SPREAD: Uncovered(0, 0),
    StructureKind.LT112: Uncovered(0, 2),
    StructureKind.STRANGLE: Uncovered(1, 1),
    StructureKind.POOR_MANS_COVERED_CALL: Uncovered(0, 0),
    StructureKind.SHORT_CALL: Uncovered(0, 0),
    StructureKind.SHORT_PUT: Uncovered(0, 1),
    StructureKind.LONG_CALL: Uncovered(0, 0),
    StructureKind.LONG_PUT: Uncovered(0, 0),
    StructureKind.SHARES: Uncovered(0, 0),
    StructureKind.FUTURE: Uncovered(0, 0),
    StructureKind.CUSTOM: Uncovered(0, 0),
}
"""Uncovered shorts per unit a kind may be opened with (method A7: naked calls are never traded alone; the strangle and the 1-1-2 declare theirs)."""


def quantities(structure: Structure, units: int) -> dict[Contract, int]:
    """Signed quantity per contract of `units` structures."""
    return {leg.contract: leg.ratio * units for leg in structure.legs}


def holdings_map(holdings: Iterable[Holding]) -> dict[Contract, int]:
    """Signed quantity per contract of what is held."""
    return {held.contract: held.quantity for held in holdings}


def combined(first: Quantities, second: Quantities) -> dict[Contract, int]:
    """Sum of two books, contracts at zero left out."""
    total = dict(first)
    for contract, quantity in second.items():
        total[contract] = total.get(contract, 0) + quantity
    return {contract: quantity for contract, quantity in total.items() if quantity}


def structure_of(kind: StructureKind, book: Quantities) -> tuple[Structure, int]:
    """The book as a structure with coprime ratios and its units, in the book's own order and signs. Raises BadInput for an empty book."""
    held = {contract: quantity for contract, quantity in book.items() if quantity}
    if not held:
        raise BadInput(f"structure {kind.value}: nothing is held")
    units = gcd(*(abs(quantity) for quantity in held.values()))
    return Structure(kind, tuple(Leg(contract, quantity // units) for contract, quantity in held.items())), units


def held_structure(position: Position) -> tuple[Structure, int]:
    """What a position still holds, as structure and units. Raises BadInput when it holds nothing."""
    return structure_of(position.structure.kind, holdings_map(position.holdings))


def uncovered_shorts(book: Quantities) -> Uncovered:
    """Uncovered short calls and puts of a book; all contracts are taken to share one underlying."""
    return Uncovered(_uncovered(book, Right.CALL), _uncovered(book, Right.PUT))


def _uncovered(book: Quantities, right: Right) -> int:
    """Shorts of one right in excess of longs that outlive them; latest shorts take cover first, which covers as many as possible."""
    by_expiry = [(contract.expiry, quantity) for contract, quantity in book.items() if contract.right is right and contract.expiry is not None]
    spare, naked = _delivery_cover(book, right), 0
    longs = sorted(((expiry, quantity) for expiry, quantity in by_expiry if quantity > 0), reverse=True)
    for expiry, quantity in sorted(((expiry, -quantity) for expiry, quantity in by_expiry if quantity < 0), reverse=True):
        while longs and longs[0][0] >= expiry:
            spare += longs.pop(0)[1]
        used = min(spare, quantity)
        spare -= used
        naked += quantity - used
    return naked


def _delivery_cover(book: Quantities, right: Right) -> int:
    """How many shorts of a right the held shares or futures can deliver (calls) or take (puts)."""
    sign = 1 if right is Right.CALL else -1
    deliverable = sum(quantity * contract.multiplier for contract, quantity in book.items() if contract.right is None)
    per_option = next((contract.multiplier for contract in book if contract.right is right), 1.0)
    return max(0, int(sign * deliverable // per_option)) if deliverable * sign > 0 else 0


def check_declared_risk(structure: Structure) -> None:
    """Raise BadInput when a structure to be opened leaves more uncovered than its kind declares, or mixes underlyings."""
    if len({leg.contract.underlying for leg in structure.legs}) != 1:
        raise BadInput(f"structure {structure.key}: legs of different underlyings")
    naked, allowed = uncovered_shorts(quantities(structure, 1)), DECLARED_RISK[structure.kind]
    if not naked.within(allowed):
        raise BadInput(
            f"structure {structure.key}: {naked.calls} calls and {naked.puts} puts uncovered, {structure.kind.value} allows {allowed.calls} and {allowed.puts}"
        )


def check_never_more_naked(before: Quantities, after: Quantities, allowed: Uncovered) -> None:
    """Raise InvariantBroken when a trade would leave more uncovered shorts than both the position's own and what is uncovered already."""
    was, becomes = uncovered_shorts(before), uncovered_shorts(after)
    ceiling = Uncovered(max(was.calls, allowed.calls), max(was.puts, allowed.puts))
    if not becomes.within(ceiling):
        raise InvariantBroken(f"trade would leave {becomes.calls} calls and {becomes.puts} puts uncovered, allowed are {ceiling.calls} and {ceiling.puts}")


def check_reduces(held: Quantities, trade: Quantities) -> None:
    """Raise InvariantBroken unless every leg of a closing trade moves its contract towards zero and not beyond."""
    for contract, quantity in trade.items():
        have = held.get(contract, 0)
        if have == 0 or have * quantity > 0 or abs(quantity) > abs(have):
            raise InvariantBroken(f"closing trade of {quantity:+d} {contract.key} does not reduce a holding of {have:+d}")


def delivered(position: Position) -> dict[Contract, int]:
    """Shares or futures in the position that its structure was not opened with: what assignments and exercises brought."""
    own = {leg.contract for leg in position.structure.legs}
    return {held.contract: held.quantity for held in position.holdings if held.contract.right is None and held.contract not in own}


def last_expiry(position: Position) -> date | None:
    """Latest expiry among what is held, None when nothing expires."""
    return max((held.contract.expiry for held in position.holdings if held.contract.expiry is not None), default=None)
