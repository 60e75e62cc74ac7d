"""From a decision to the order it needs, with every reason not to: duplicates, netting, naked legs, closings that would open.

Pure functions of the decision and the book; the execution engine asks them before a ticket exists and again before it leaves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trading.book import Book
from trading.events import Purpose
from trading.liquidity import has_price
from trading.structures import (
    Quantities,
    check_declared_risk,
    check_never_more_naked,
    check_reduces,
    combined,
    held_structure,
    holdings_map,
    quantities,
    structure_of,
    uncovered_shorts,
)
from trading.tickets import Ticket
from vocabulary.contracts import Contract, Right, Structure, StructureKind
from vocabulary.decisions import Action, Decision
from vocabulary.errors import BadInput, InvariantBroken
from vocabulary.market import MarketView
from vocabulary.positions import Position, PositionState


@dataclass(frozen=True, slots=True)
class Intent:
    """What a decision asks of the market: legs in traded signs, units, and the purpose."""

    purpose: Purpose
    trade: Structure
    units: int
    position_id: str | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a decision becomes no order. code is stable and countable."""

    code: str
    reason: str


def intent_of(decision: Decision, units: int, book: Book) -> Intent:
    """Translate an acting decision; a CLOSE without legs means everything the position holds. Raises BadInput when it lacks what its action needs."""
    leaving, joining = decision.structure, decision.replacement
    if decision.action is Action.CLOSE and leaving is None:
        leaving, units = _everything(decision, book)
    match decision.action:
        case Action.OPEN if leaving is not None:
            return Intent(Purpose.OPEN, leaving, units, None)
        case Action.CLOSE | Action.REDUCE if leaving is not None:
            purpose = Purpose.CLOSE if decision.action is Action.CLOSE else Purpose.REDUCE
            return Intent(purpose, leaving.reversed(), units, decision.position_id)
        case Action.ROLL | Action.PROTECT if joining is not None:
            return _swap(decision, leaving, joining, units)
        case _:
            raise BadInput(f"decision {decision.rule}: {decision.action.value} without the structure it needs")


def _everything(decision: Decision, book: Book) -> tuple[Structure, int]:
    position = book.positions.get(decision.position_id or "")
    if position is None or not position.holdings:
        raise BadInput(f"decision {decision.rule}: position {decision.position_id} holds nothing that could be closed")
    return held_structure(position)


def _swap(decision: Decision, leaving: Structure | None, joining: Structure, units: int) -> Intent:
    if leaving is None:
        return Intent(Purpose.JOIN, joining, units, decision.position_id)
    net = combined(quantities(leaving.reversed(), units), quantities(joining, units))
    trade, whole = structure_of(StructureKind.CUSTOM, net)
    return Intent(Purpose.ROLL, trade, whole, decision.position_id)


def opening_refusal(intent: Intent, decision: Decision, book: Book) -> Refusal | None:
    """Reasons not to open: the structure is more naked than its kind, the same is already on its way, a leg would net against another position."""
    try:
        check_declared_risk(intent.trade)
    except BadInput as error:
        return Refusal("NAKED", str(error))
    for ticket in book.active_tickets():
        if ticket.purpose is Purpose.OPEN and ticket.strategy is decision.strategy and ticket.trade.key == intent.trade.key:
            return Refusal("DUPLICATE", f"{ticket.id} already opens {intent.trade.key}")
    return _netting(intent.trade, book.open_positions())


def _netting(trade: Structure, positions: Iterable[Position]) -> Refusal | None:
    wanted = quantities(trade, 1)
    for position in positions:
        for contract, quantity in _claimed(position).items():
            if quantity * wanted.get(contract, 0) < 0:
                return Refusal("NETTING", f"{contract.key} is held the other way by {position.id}; the broker would net the two")
    return None


def _claimed(position: Position) -> Quantities:
    if position.state is PositionState.PENDING:
        return quantities(position.structure, position.units)
    return holdings_map(position.holdings)


def change_refusal(intent: Intent, book: Book, ignoring: str = "") -> Refusal | None:
    """Reasons not to change a position: unknown, gone, another order is out, legs that would open, or more naked than before. `ignoring`: own ticket id."""
    position = book.positions.get(intent.position_id or "")
    if position is None or not position.holdings:
        return Refusal("NOTHING_HELD", f"position {intent.position_id} holds nothing")
    others = [ticket.id for ticket in book.active_tickets(position.id) if ticket.id != ignoring]
    if others:
        return Refusal("DUPLICATE", f"{others[0]} is still working on {position.id}")
    held, trade = holdings_map(position.holdings), quantities(intent.trade, intent.units)
    allowed = uncovered_shorts(quantities(position.structure, position.units))
    try:
        if intent.purpose.only_reduces:
            check_reduces(held, trade)
        check_never_more_naked(held, combined(held, trade), allowed)
    except InvariantBroken as error:
        return Refusal("UNSAFE", str(error))
    if intent.purpose.only_reduces:
        return None
    return _netting(intent.trade, [other for other in book.open_positions() if other.id != position.id])


def tradable_part(intent: Intent, position: Position, view: MarketView, stale_after: float) -> Intent | Refusal:
    """What of a closing can trade now, so that one dead leg does not keep the living ones from being left.

    Longs nobody bids for and legs whose quote is older than `stale_after` seconds stay (a combo with such a leg would rest until expiry); a short that stays
    keeps its cover. Legs without any quote yet are kept in: their first quote may be a minute away.
    """
    trade = quantities(intent.trade, intent.units)
    kept = {contract: quantity for contract, quantity in trade.items() if _tradable(contract, quantity, view, stale_after)}
    kept = _with_cover_kept(kept, position)
    if not kept:
        only_longs = all(quantity < 0 for quantity in trade.values())
        text = "nobody bids for what is left; it may expire" if only_longs else "nothing that is held can be traded now"
        return Refusal("NO_BID" if only_longs else "NO_QUOTE", f"{position.id}: {text}")
    part, units = structure_of(intent.trade.kind, kept)
    return Intent(intent.purpose, part, units, intent.position_id)


def _tradable(contract: Contract, quantity: int, view: MarketView, stale_after: float) -> bool:
    quote = view.quote(contract)
    if quote is None:
        return True
    return quote.age <= stale_after and (quantity > 0 or has_price(quote, quantity))


def _with_cover_kept(trade: Quantities, position: Position) -> dict[Contract, int]:
    """The trade without what would uncover a short that stays: the sales of its right, and shares or futures either way."""
    held = holdings_map(position.holdings)
    was, own = uncovered_shorts(held), uncovered_shorts(quantities(position.structure, position.units))
    ceiling = {Right.CALL: max(was.calls, own.calls), Right.PUT: max(was.puts, own.puts)}
    kept = dict(trade)
    for right, allowed in ceiling.items():
        after = uncovered_shorts(combined(held, kept))
        if (after.calls if right is Right.CALL else after.puts) > allowed:
            kept = {contract: quantity for contract, quantity in kept.items() if contract.right is not None and (quantity > 0 or contract.right is not right)}
    return kept


def intent_of_ticket(ticket: Ticket) -> Intent:
    """The intent behind a ticket, for checking it again before it leaves."""
    return Intent(ticket.purpose, ticket.trade, ticket.units, ticket.position_id)
