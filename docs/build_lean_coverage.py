"""Write docs/lean-coverage.md from LEAN's type stubs and leanlocal's public classes.

Run `python docs/build_lean_coverage.py` from the repository root after a public name changed; a test fails while page and classes differ.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from leanlocal.conformance.coverage import coverage_page  # noqa: E402
from leanlocal.conformance.stubs import read_stubs  # noqa: E402
from leanlocal.runtime.exports import exported  # noqa: E402


def main() -> None:
    """Write the page."""
    classes = {name: item for name, item in exported().items() if isinstance(item, type)}
    (ROOT / "docs" / "lean-coverage.md").write_text(coverage_page(classes, read_stubs()), encoding="utf-8")


if __name__ == "__main__":
    main()
