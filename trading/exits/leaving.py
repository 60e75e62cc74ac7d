"""The two decisions an exit rule can take, built the same way everywhere: everything goes, or some legs go."""

from __future__ import annotations

from trading.structures import held_structure, structure_of
from vocabulary.contracts import Contract
from vocabulary.decisions import Action, Decision, Inputs
from vocabulary.positions import Position


def close_all(position: Position, rule_id: str, reason: str, inputs: Inputs) -> Decision:
    """Close everything the position holds. Raises BadInput when it holds nothing."""
    structure, units = held_structure(position)
    return Decision(Action.CLOSE, position.strategy, rule_id, reason, structure, units, position.id, inputs=dict(inputs))


def reduce_to(position: Position, leaving: dict[Contract, int], rule_id: str, reason: str, inputs: Inputs) -> Decision:
    """Trade away the quantities in `leaving` (the position's own signs) and keep the rest."""
    structure, units = structure_of(position.structure.kind, leaving)
    return Decision(Action.REDUCE, position.strategy, rule_id, reason, structure, units, position.id, inputs=dict(inputs))
