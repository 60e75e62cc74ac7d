"""Assignment and exercise models as an algorithm sees them.

A user's assignment model is any object with `get_assignment(parameters)`; a user's exercise model with `option_exercise(option, order)`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from leanlocal.clock import Micros
from leanlocal.exact import ZERO, from_python
from leanlocal.exercise.rules import SIMULATED_TAG, Fees, assigned_quantity, exercise_events
from leanlocal.overrides import user_method
from leanlocal.surface import LeanObject, core_of
from leanlocal.views import view_of

if TYPE_CHECKING:
    from leanlocal.orders.events import OrderEventCore
    from leanlocal.orders.order import OrderCore
    from leanlocal.securities.core import SecurityCore


class AssignmentRule(Protocol):
    """How many contracts of a short position are assigned now."""

    def assigned(self, security: SecurityCore, now: Micros, fees: Callable[[], Fees]) -> Decimal:
        """Contracts, 0 for none."""
        ...


class SimulatedAssignment:
    """The default counterparty."""

    def assigned(self, security: SecurityCore, now: Micros, fees: Callable[[], Fees]) -> Decimal:
        """All or none."""
        return assigned_quantity(security, now, fees)


class NoAssignment:
    """Nobody exercises early."""

    def assigned(self, security: SecurityCore, now: Micros, fees: Callable[[], Fees]) -> Decimal:
        """None."""
        return ZERO


class OptionAssignmentResult(LeanObject[None]):
    """Answer of an assignment model."""

    NULL: ClassVar[OptionAssignmentResult]

    def __init__(self, quantity: float, tag: str = "") -> None:
        self._quantity = quantity
        self._tag = tag

    @property
    def quantity(self) -> float:
        """Contracts assigned."""
        return self._quantity

    @property
    def tag(self) -> str:
        """Text of the order."""
        return self._tag


OptionAssignmentResult.NULL = OptionAssignmentResult(0)


class OptionAssignmentParameters(LeanObject[None]):
    """What an assignment model is asked with."""

    def __init__(self, option: Any) -> None:
        self._option = option

    @property
    def option(self) -> Any:
        """The short option."""
        return self._option


class DefaultOptionAssignmentModel(LeanObject[AssignmentRule]):
    """Assigns deep in the money, close to expiry."""

    _core: AssignmentRule = SimulatedAssignment()

    def __init__(self, required_in_the_money_percent: float = 0.05, prior_expiration: Any = None) -> None:
        if required_in_the_money_percent != 0.05 or prior_expiration is not None:
            raise NotImplementedError("DefaultOptionAssignmentModel with other limits is not in leanlocal; see docs/lean-coverage.md")


class NullOptionAssignmentModel(LeanObject[AssignmentRule]):
    """Never assigns early."""

    _core: AssignmentRule = NoAssignment()


class DefaultExerciseModel(LeanObject[None]):
    """Closes the option and delivers the underlying."""

    def option_exercise(self, option: Any, order: Any) -> list[Any]:
        """Events of an exercise order."""
        from leanlocal.orders.surface import event_surface

        core: OrderCore = core_of(order)
        return [event_surface(event) for event in exercise_events(core, core.security.clock.now)]


def assignment_of(security: SecurityCore, now: Micros, fees: Callable[[], Fees]) -> tuple[Decimal, str]:
    """Contracts of a short option assigned now and the order's text, the user's own model first."""
    model = security.models.assignment
    own = user_method(model, "get_assignment")
    if own is None:
        return core_of(model).assigned(security, now, fees), SIMULATED_TAG
    result = own(OptionAssignmentParameters(view_of(security)))
    return from_python(result.quantity), result.tag


def exercise_of(order: OrderCore, now: Micros) -> list[OrderEventCore]:
    """Events of an exercise order by the option's exercise model."""
    from leanlocal.orders.surface import order_surface

    own = user_method(order.security.models.exercise, "option_exercise")
    if own is None:
        return exercise_events(order, now)
    return [core_of(event) for event in own(view_of(order.security), order_surface(order))]
