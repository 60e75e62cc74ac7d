"""Typed parameter objects filled from flat text: `lt112.target_dte=120` becomes a field of a frozen dataclass.

LEAN hands an algorithm its parameters as text pairs, the command line and sweeps do the same. Every parameter is declared once with `setting`: default,
unit, range and the source of the default; the documentation tables are printed from the same declaration. Text that names an unknown field, has the
wrong type or lies out of range is refused with the field, what was given and what is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import date, time
from enum import Enum
from typing import Any, ClassVar, Protocol, TypeVar, cast, get_args, get_origin, get_type_hints

from vocabulary.errors import BadInput

Value = TypeVar("Value")
_SETTING = "setting"


class ParameterObject(Protocol):
    """Any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


Parameters = TypeVar("Parameters", bound=ParameterObject)


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of one parameter besides its value: unit, where the default comes from, inclusive range of each number, what it does."""

    unit: str
    source: str
    about: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One line of a documentation table."""

    key: str
    default: str
    unit: str
    allowed: str
    source: str
    about: str


def setting(default: Value, unit: str, source: str, about: str, low: float | None = None, high: float | None = None) -> Value:
    """Declare one field of a parameter object. low, high: inclusive bounds of the number, or of each number of a tuple."""
    return field(default=default, metadata={_SETTING: Setting(unit, source, about, low, high)})


def from_text(cls: type[Parameters], mapping: Mapping[str, str], prefix: str) -> Parameters:
    """Build `cls` from the entries of `mapping` whose key starts with `prefix.`; what is not named keeps its default.

    Raises BadInput for an unknown field under the prefix, text of the wrong type, a number out of range, or a combination the class itself refuses.
    """
    known = {item.name: item for item in fields(cls)}
    hints = get_type_hints(cls)
    given: dict[str, Any] = {}
    for key in sorted(mapping):
        if not key.startswith(f"{prefix}."):
            continue
        name = key.removeprefix(f"{prefix}.")
        if name not in known:
            raise BadInput(f"parameter {key}: unknown; {prefix} has {', '.join(sorted(known))}")
        given[name] = _checked(key, mapping[key], hints[name], _declared(known[name]))
    return cls(**given)


def describe(cls: type[ParameterObject], prefix: str) -> list[ParameterRow]:
    """Documentation rows of a parameter object, in declaration order."""
    hints = get_type_hints(cls)
    rows: list[ParameterRow] = []
    for item in fields(cls):
        declared = _declared(item)
        allowed = _allowed(hints[item.name], declared)
        rows.append(ParameterRow(f"{prefix}.{item.name}", to_text(item.default), declared.unit, allowed, declared.source, declared.about))
    return rows


def to_text(value: Any) -> str:
    """The text `from_text` reads back as `value`."""
    if isinstance(value, tuple):
        return ",".join(to_text(entry) for entry in cast(tuple[Any, ...], value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def _declared(item: Field[Any]) -> Setting:
    declared = item.metadata.get(_SETTING)
    if not isinstance(declared, Setting):
        raise BadInput(f"field {item.name}: declare it with setting(...) so that it has a unit and a source")
    return declared


def _checked(key: str, text: str, kind: Any, declared: Setting) -> Any:
    value = _parsed(key, text.strip(), kind, declared)
    for entry in cast(tuple[Any, ...], value) if isinstance(value, tuple) else (value,):
        if isinstance(entry, (int, float)) and not isinstance(entry, bool):
            _refuse_out_of_range(key, text, entry, kind, declared)
    return value


def _refuse_out_of_range(key: str, text: str, number: float, kind: Any, declared: Setting) -> None:
    below = declared.low is not None and not number >= declared.low
    above = declared.high is not None and not number <= declared.high
    if below or above or number != number:
        raise BadInput(f"parameter {key}={text}: out of range; allowed: {_allowed(kind, declared)}")


def _parsed(key: str, text: str, kind: Any, declared: Setting) -> Any:
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return tuple(_parsed(key, part.strip(), inner, declared) for part in text.split(",") if part.strip())
    try:
        return _scalar(text, kind)
    except (ValueError, KeyError):
        raise BadInput(f"parameter {key}={text}: not understood; allowed: {_allowed(kind, declared)}") from None


def _scalar(text: str, kind: Any) -> Any:
    if kind is bool:
        return {"true": True, "false": False}[text.lower()]
    if kind is time:
        return time.fromisoformat(text)
    if kind is date:
        return date.fromisoformat(text)
    return kind(text)


def _allowed(kind: Any, declared: Setting) -> str:
    if get_origin(kind) is tuple:
        return f"comma-separated list of {_allowed(get_args(kind)[0], declared)}"
    if kind is bool:
        return "true or false"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return " | ".join(str(member.value) for member in kind)
    names: dict[Any, str] = {int: "whole number", float: "number", str: "text", time: "HH:MM", date: "YYYY-MM-DD"}
    bounds = [f"{sign} {bound:g}" for sign, bound in ((">=", declared.low), ("<=", declared.high)) if bound is not None]
    return " ".join([names.get(kind, str(kind)), *bounds])
