"""Where the reference material is, for tests that compare with recordings and real sample data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Imports and compiled kernels make a first example slow; what these tests state has nothing to do with time. The seed is fixed so that CI repeats itself.
settings.register_profile("thetadesk", deadline=None, derandomize=True)
settings.load_profile("thetadesk")

os.environ.setdefault("THETADESK_CACHE", "off")  # tests leave nothing in the user's cache; those of the cache name a folder of their own

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
