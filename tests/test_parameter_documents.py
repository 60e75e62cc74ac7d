"""The tables of the documents are those of the objects, and every refusal a strategy can give is documented."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BUILDER = runpy.run_path(str(ROOT / "docs" / "build_parameter_tables.py"))


@pytest.mark.parametrize("name", BUILDER["FILES"])
def test_tables_are_up_to_date(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert BUILDER["filled"](text) == text, f"run python docs/build_parameter_tables.py ({name} is behind its objects)"


def test_every_table_is_printed_somewhere() -> None:
    text = "".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in BUILDER["FILES"])
    assert set(re.findall(r"<!-- table: (.+?) -->", text)) == set(BUILDER["tables"]())


def test_every_refusal_code_of_the_strategies_is_documented() -> None:
    text = (ROOT / "docs" / "strategies.md").read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "strategies").rglob("*.py")))
    codes = set(re.findall(r'Refusal\(\s*"(\w+)"', sources)) | set(re.findall(r'return "(leap_\w+|no_quote)"', sources))
    assert len(codes) > 20
    assert {code for code in codes if f"`{code}`" not in text} == set()
