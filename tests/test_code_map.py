"""The code map names places that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PLACES = re.findall(r"`([\w/<>.]+(?:\.py|/))`", (ROOT / "docs" / "code-map.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("place", sorted({place for place in PLACES if "/" in place or place == "main.py"}))
def test_a_place_of_the_code_map_exists(place: str) -> None:
    assert list(ROOT.glob(place.replace("<name>", "*")))


def test_the_code_map_names_every_room() -> None:
    rooms = {"conductor", "trading", "strategies", "risk", "greeks", "marketdata", "leanlocal"}
    assert rooms <= {place.split("/")[0] for place in PLACES}
