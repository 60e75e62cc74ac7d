"""Text becomes typed parameters, or one clear sentence says why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocabulary.errors import BadInput
from vocabulary.parameters import describe, from_text, setting, to_text


class Side(Enum):
    LONG = "long"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Example:
    days: int = setting(120, "calendar days", "S002-36", "target", low=1, high=400)
    share: float = setting(0.5, "fraction", "S002-9", "of the credit", low=0, high=1)
    side: Side = setting(Side.SHORT, "", "A5", "what is bought")
    at: time = setting(time(10, 30), "New York time", "A1", "entry")
    names: tuple[str, ...] = setting(("SPY",), "tickers", "A2", "symbols")
    steps: tuple[float, ...] = setting((1.0, 2.0), "multiples", "test", "levels", low=0, high=9)
    on: bool = setting(True, "", "test", "switch")


def test_unnamed_fields_keep_their_defaults_and_other_prefixes_are_ignored() -> None:
    assert from_text(Example, {"other.days": "3"}, "lt112") == Example()


def test_every_type_is_read() -> None:
    text = {"x.days": "7", "x.share": "0.25", "x.side": "long", "x.at": "09:35", "x.names": "ES, CL", "x.steps": "3,4.5", "x.on": "false"}
    assert from_text(Example, text, "x") == Example(7, 0.25, Side.LONG, time(9, 35), ("ES", "CL"), (3.0, 4.5), False)


@pytest.mark.parametrize(
    ("key", "text", "named"),
    [
        ("x.dayz", "7", "days"),
        ("x.days", "seven", "whole number >= 1 <= 400"),
        ("x.days", "7.5", "whole number"),
        ("x.days", "0", "out of range"),
        ("x.share", "nan", "out of range"),
        ("x.side", "flat", "long | short"),
        ("x.at", "25:00", "HH:MM"),
        ("x.steps", "1,99", "out of range"),
        ("x.on", "yes", "true or false"),
    ],
)
def test_bad_text_is_refused_naming_the_field_and_what_is_allowed(key: str, text: str, named: str) -> None:
    with pytest.raises(BadInput, match=key) as refused:
        from_text(Example, {key: text}, "x")
    assert named in str(refused.value)


@given(st.integers(1, 400), st.sampled_from(list(Side)), st.booleans(), st.lists(st.sampled_from(["ES", "CL", "GC"]), min_size=1))
def test_text_round_trip(days: int, side: Side, on: bool, names: list[str]) -> None:
    wanted = Example(days=days, side=side, on=on, names=tuple(names))
    text = {f"x.{row.key[2:]}": to_text(getattr(wanted, row.key[2:])) for row in describe(Example, "x")}
    assert from_text(Example, text, "x") == wanted


def test_table_rows_carry_unit_source_and_range() -> None:
    row = describe(Example, "x")[0]
    assert (row.key, row.default, row.unit, row.source) == ("x.days", "120", "calendar days", "S002-36")
