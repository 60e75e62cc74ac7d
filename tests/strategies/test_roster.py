"""The roster: priority order, enabling by name, every wrong key refused."""

from __future__ import annotations

import pytest

from risk.limits import PRIORITY
from risk.parameters import PhaseParameters
from strategies.lt112 import Lt112
from strategies.roster import PARAMETERS, all_strategies, build_strategies
from vocabulary.decisions import Strategy
from vocabulary.errors import BadInput
from vocabulary.exits import ExitPlan


def test_all_five_in_the_methods_priority() -> None:
    assert tuple(strategy.name for strategy in build_strategies({}, PhaseParameters())) == PRIORITY == tuple(PARAMETERS)


def test_only_the_enabled_ones_open_and_all_have_an_exit_plan() -> None:
    found = build_strategies({"strategies.enabled": "lt112, zero_dte"}, PhaseParameters())
    assert [strategy.name for strategy in found] == [Strategy.ZERO_DTE, Strategy.LT112]
    for strategy in all_strategies({}, PhaseParameters()):
        plan = strategy.exit_plan()
        assert isinstance(plan, ExitPlan) and len({rule.rule_id for rule in plan.rules}) == len(plan.rules)


def test_parameters_reach_their_strategy() -> None:
    found = next(entry for entry in all_strategies({"lt112.symbols": "GOOG", "lt112.target_dte": "60"}, PhaseParameters()) if isinstance(entry, Lt112))
    assert found.symbols == ("GOOG",) and found.parameters.target_dte == 60


@pytest.mark.parametrize(
    ("key", "text", "named"),
    [
        ("strategies.enabled", "lt113", "lt112"),
        ("strategies.enabled", "", "names none"),
        ("ipmcc.leap_detla", "0.8", "leap_delta"),
        ("zero_dte.profit", "nothing", "number"),
        ("strangle.weekday", "7", "<= 4"),
        ("leap_ladder.side", "sideways", "short_put"),
    ],
)
def test_a_wrong_key_is_refused_even_for_a_disabled_strategy(key: str, text: str, named: str) -> None:
    with pytest.raises(BadInput, match=key) as refused:
        build_strategies({"strategies.enabled": "lt112", key: text}, PhaseParameters())
    assert named in str(refused.value)
