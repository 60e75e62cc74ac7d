"""Names of LEAN's classes themselves: both spellings, and refusals that name what is missing."""

from __future__ import annotations

from typing import Any

import pytest

from leanlocal.runtime.exports import exported

NAMES: dict[str, Any] = exported()


@pytest.mark.parametrize(
    ("owner", "pascal", "snake"),
    [
        ("OptionStrategies", "IronCondor", "iron_condor"),
        ("Symbol", "CreateOption", "create_option"),
        ("OptionPriceModels", "BlackScholes", "black_scholes"),
        ("Market", "CME", "CME"),
    ],
)
def test_a_static_member_answers_to_both_spellings(owner: str, pascal: str, snake: str) -> None:
    assert getattr(NAMES[owner], pascal) == getattr(NAMES[owner], snake)


def test_constants_answer_to_both_spellings() -> None:
    assert NAMES["Futures"].Metals.Gold == NAMES["Futures"].Metals.GOLD == "GC"


@pytest.mark.parametrize("name", ["weighted_by", "WeightedBy"])
def test_a_static_member_that_is_not_there_names_itself(name: str) -> None:
    with pytest.raises(NotImplementedError, match=r"IndicatorExtensions\.\w+ is not in leanlocal"):
        getattr(NAMES["IndicatorExtensions"], name)
    assert not hasattr(NAMES["IndicatorExtensions"], name)


def test_a_name_that_lean_lacks_too_is_an_ordinary_error() -> None:
    with pytest.raises(AttributeError, match="nothing_like_it") as raised:
        _ = NAMES["OptionStrategies"].nothing_like_it
    assert not isinstance(raised.value, NotImplementedError)
