"""What would be silently different from LEAN is refused with the API's name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cli.markets import synthetic_source
from leanlocal.run import run_algorithm

DAY = date(2024, 7, 1)
HEAD = """from AlgorithmImports import *


class Refused(QCAlgorithm):
    def initialize(self):
        self.set_start_date(2024, 7, 1)
        self.set_end_date(2024, 7, 1)
"""


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('self.add_equity("SPY", Resolution.MINUTE); self.set_warm_up(5, Resolution.SECOND)', "warm-up with Resolution.SECOND"),
    ],
)
def test_an_option_of_the_api_that_is_not_there_names_itself(tmp_path: Path, line: str, says: str) -> None:
    main = tmp_path / "main.py"
    main.write_text(HEAD + f"        {line}\n")
    result = run_algorithm(main, synthetic_source(1, DAY, DAY)(), {}, storage=tmp_path / "storage")
    assert result.status == "RuntimeError"
    assert says in result.error
    assert "NotImplementedError" in result.error
