"""Where the reference material is, for tests that compare with recordings and real sample data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def shared_folder() -> Path | None:
    """The reference folder: THETADESK_SHARED, else `shared` beside the checkout; None when neither exists."""
    for candidate in (os.environ.get("THETADESK_SHARED"), str(ROOT.parent / "shared")):
        if candidate and Path(candidate).is_dir():
            return Path(candidate)
    return None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference folder; the test is skipped when it is absent."""
    folder = shared_folder()
    if folder is None:
        pytest.skip("reference material not found: set THETADESK_SHARED or place `shared` beside the checkout")
    return folder
