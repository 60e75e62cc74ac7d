"""Write the parameter and reason-code tables of docs/strategies.md and docs/risk.md from the objects that declare them.

Run `python docs/build_parameter_tables.py` from the repository root after a parameter changed; a test fails while the tables and the objects differ.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from risk.correlation import FINE_GROUPS, MEMBERS  # noqa: E402
from risk.parameters import SECTIONS  # noqa: E402
from risk.reasons import ReasonCode  # noqa: E402
from strategies.roster import PARAMETERS, RosterParameters  # noqa: E402
from vocabulary.parameters import ParameterObject, describe  # noqa: E402

FILES = ("strategies.md", "risk.md")


def tables() -> dict[str, str]:
    """Every generated table by the name of its marker."""
    objects: dict[str, type[ParameterObject]] = {"strategies": RosterParameters, **{strategy.value: kind for strategy, kind in PARAMETERS.items()}}
    objects |= {f"risk.{section}": kind for section, kind in SECTIONS.items()}
    found = {name: parameter_table(kind, name) for name, kind in objects.items()}
    found["reasons"] = _table(("code", "meaning"), [(code.value, code.meaning) for code in ReasonCode])
    found["groups"] = _table(("group", "members"), [(group.value, " ".join(members)) for group, members in MEMBERS.items()])
    found["fine groups"] = _table(("group", "cap", "members"), [(group.name, str(group.cap), " ".join(group.members)) for group in FINE_GROUPS])
    return found


def parameter_table(kind: type[ParameterObject], prefix: str) -> str:
    """One Markdown table of a parameter object."""
    rows = [(f"`{row.key}`", row.default or "–", row.unit or "–", row.allowed, row.about, row.source) for row in describe(kind, prefix)]
    return _table(("key", "default", "unit", "allowed", "what it does", "source of the default"), rows)


def filled(text: str) -> str:
    """A document with every marked table replaced by the present one."""
    known = tables()
    return re.sub(r"(<!-- table: (.+?) -->\n).*?(<!-- end -->)", lambda found: f"{found[1]}{known[found[2]]}\n{found[3]}", text, flags=re.DOTALL)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def main() -> None:
    """Rewrite both documents."""
    for name in FILES:
        path = ROOT / "docs" / name
        path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
