"""Frozen values to JSON text and back, driven by their type hints, so that a journal row needs no hand-written format.

Fields at their default are left out (a contract of eleven fields becomes six); enums are their values, decimals and times are text, NaN is "nan".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import numpy as np

from vocabulary.errors import CorruptData

NEW_YORK = ZoneInfo("America/New_York")
Value = TypeVar("Value")


def to_json(value: object) -> str:
    """Canonical JSON of a value: the same value always gives the same text. Raises TypeError for what has no JSON form."""
    return json.dumps(_encoded(value), separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def from_json(kind: type[Value], text: str) -> Value:
    """The value `to_json` wrote. Raises CorruptData when the text does not describe a `kind`."""
    try:
        return cast(Value, _decoded(kind, json.loads(text)))
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise CorruptData(f"journal text is not a {kind.__name__}: {error}: {text[:80]}") from error


def _encoded(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return _encoded_composite(value)


def _encoded_composite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _encoded(item) for key, item in cast(Mapping[str, Any], value).items()}
    if isinstance(value, (tuple, list)):
        return [_encoded(item) for item in cast(list[Any], value)]
    if is_dataclass(value):
        stated = ((item.name, getattr(value, item.name), item) for item in fields(value))
        return {name: _encoded(entry) for name, entry, item in stated if item.default is MISSING or entry != item.default}
    raise TypeError(f"{type(value).__name__} has no JSON form")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _decoded(kind: Any, data: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _decoded_union(kind, data)
    if origin is tuple:
        return tuple(_decoded(get_args(kind)[0], item) for item in data)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _decoded(get_args(kind)[1], item) for key, item in data.items()}
    if is_dataclass(kind):
        hints = _hints(cast(type, kind))
        return cast(Any, kind)(**{name: _decoded(hints[name], item) for name, item in data.items()})
    return _decoded_scalar(kind, data)


def _decoded_union(kind: Any, data: Any) -> Any:
    """`X | None` decodes as X; a union of scalars (the inputs of a decision) is what JSON made of it."""
    members = [member for member in get_args(kind) if member is not NoneType]
    if data is None or len(members) > 1:
        return data
    return _decoded(members[0], data)


def _decoded_scalar(kind: Any, data: Any) -> Any:
    if kind is datetime:
        return datetime.fromisoformat(data).astimezone(NEW_YORK)
    if kind is date:
        return date.fromisoformat(data)
    if kind in (str, bool, int):
        return data
    return kind(data)
