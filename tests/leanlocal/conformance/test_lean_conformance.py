"""No public class, member, parameter or enumeration value of leanlocal may be unknown to LEAN's type stubs or differ in kind or arity.

Differences that are meant are named with the reason in accepted.json; each must still occur, so that the list cannot rot.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import pytest

from leanlocal.conformance.compare import divergences
from leanlocal.conformance.coverage import coverage_page
from leanlocal.conformance.stubs import MemberKind, StubClass, members_of, read_stubs
from leanlocal.runtime.exports import exported

ROOT = Path(__file__).resolve().parents[3]
ACCEPTED: dict[str, str] = json.loads(Path(__file__).with_name("accepted.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.slow


@lru_cache(maxsize=1)
def stubs() -> dict[str, StubClass]:
    return read_stubs()


def classes() -> dict[str, type]:
    return {name: item for name, item in exported().items() if isinstance(item, type)}


def test_nothing_exists_that_lean_does_not_have() -> None:
    found = {f"{one.where}: {one.what}" for one in divergences(classes(), stubs()) if one.where not in ACCEPTED}
    assert not found, "\n".join(sorted(found))


def test_accepted_differences_still_occur() -> None:
    found = {one.where for one in divergences(classes(), stubs())}
    assert set(ACCEPTED) <= found, sorted(set(ACCEPTED) - found)


def test_stub_reader_sees_overloads_properties_and_numbers() -> None:
    algorithm = members_of("QCAlgorithm", stubs())
    assert algorithm["set_warm_up"].kind is MemberKind.METHOD
    assert len(algorithm["set_warm_up"].signatures) > 2
    assert algorithm["portfolio"].kind is MemberKind.PROPERTY
    assert stubs()["Resolution"].members["DAILY"].number == 4


def test_coverage_page_is_up_to_date() -> None:
    page = ROOT / "docs" / "lean-coverage.md"
    assert page.read_text(encoding="utf-8") == coverage_page(classes(), stubs()), "run `python docs/build_lean_coverage.py`"
