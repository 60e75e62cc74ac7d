"""Every recorded LEAN run is replayed and must be identical: order events, log, equity, statistics, and charts where kept.

Cases that are not yet identical are named with the reason in known_differences.json; such a case must differ (strict), so that a fixed one is taken off.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from leanlocal.parity.cases import Case, find_cases, load_case
from leanlocal.parity.replay import default_data_roots, run_case

pytestmark = pytest.mark.parity

ROOT = Path(__file__).resolve().parents[2]
KNOWN_DIFFERENCES: dict[str, str] = json.loads(Path(__file__).with_name("known_differences.json").read_text(encoding="utf-8"))


def reference_folder() -> Path | None:
    """The reference material, None when it is not there."""
    for candidate in (os.environ.get("THETADESK_SHARED"), str(ROOT.parent / "shared")):
        if candidate and (Path(candidate) / "parity").is_dir():
            return Path(candidate)
    return None


def recorded_cases() -> list[Case]:
    """Every case below the reference folder."""
    folder = reference_folder()
    return find_cases([folder / "parity" / "sample", folder / "parity" / "market" / "cases"]) if folder else []


def parameters() -> list[object]:
    """One test per case, expected to fail where a difference is known."""
    return [
        pytest.param(
            case.folder, id=case.name, marks=[pytest.mark.xfail(reason=KNOWN_DIFFERENCES[case.name], strict=True)] if case.name in KNOWN_DIFFERENCES else []
        )
        for case in recorded_cases()
    ] or [pytest.param(None, marks=pytest.mark.skip(reason="recordings not found: set THETADESK_SHARED or place `shared` beside the checkout"))]


@pytest.mark.parametrize("folder", parameters())
def test_replay_is_identical_to_lean(folder: Path) -> None:
    shared = reference_folder()
    assert shared is not None
    result = run_case(load_case(folder), default_data_roots(shared))
    shown = [f"{difference.aspect} ({difference.matched} of {difference.expected} equal): {difference.text}" for difference in result.differences]
    assert result.identical, "\n".join([*shown, result.error])


def test_every_known_difference_names_a_recorded_case() -> None:
    names = {case.name for case in recorded_cases()}
    if not names:
        pytest.skip("recordings not found: set THETADESK_SHARED or place `shared` beside the checkout")
    assert set(KNOWN_DIFFERENCES) <= names
    assert all(len(reason) > 20 for reason in KNOWN_DIFFERENCES.values())
