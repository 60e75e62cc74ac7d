"""JSON as LEAN writes it: decimals keep their scale and always show a point, times are ISO with Z, nothing is sorted.

A tree is made of dicts, lists, texts, truth values, ints and Decimals. `compact` gives the text the order-list hash is made of; `plain` the same tree with
floats, as any JSON reader sees the text (the nearest float, which the conversion inside LEAN does not always give).
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from leanlocal.clock import Micros, datetime_of
from leanlocal.exact import json_text

Tree = Any


def compact(tree: Tree) -> str:
    """One-line JSON text."""
    if isinstance(tree, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{compact(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ",".join(compact(value) for value in tree) + "]"
    if isinstance(tree, Decimal):
        return json_text(tree)
    return json.dumps(tree, ensure_ascii=False)


def plain(tree: Tree) -> Tree:
    """The tree with every Decimal as a float."""
    if isinstance(tree, dict):
        return {key: plain(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [plain(value) for value in tree]
    return float(tree) if isinstance(tree, Decimal) else tree


def iso_time(moment: Micros) -> str:
    """UTC moment as ISO text; a fraction only when there is one, without trailing zeros."""
    stamp = datetime_of(moment)
    fraction = f".{stamp.microsecond:06d}".rstrip("0") if stamp.microsecond else ""
    return f"{stamp:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def span_text(micros: float) -> str:
    """Duration as d.hh:mm:ss with up to seven decimals, days only when there are any."""
    ticks = round(micros * 10)
    seconds, fraction = divmod(ticks, 10_000_000)
    days, rest = divmod(seconds, 86_400)
    clock = f"{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}"
    return (f"{days}." if days else "") + clock + (f".{fraction:07d}" if fraction else "")
