"""What keeping parsed series saves: microseconds a series from the archive, from the archive while it is being kept, and from the cache.

    python benchmarks/column_cache.py DATA_FOLDER [--series 2000] [--json]

Takes series of every archive below `minute`, `hour` and `daily` of a LEAN data folder, spread evenly, and reads each three ways in one process; the pages of
the files are in memory in all three. Times are of the processor. A fourth figure is what the cache takes on disk beside the archives' bytes of those series.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from marketdata.leanfolder.archives import Archives  # noqa: E402
from marketdata.leanfolder.column_cache import ColumnCache, occupied  # noqa: E402
from marketdata.leanfolder.rows import columns_from  # noqa: E402
from marketdata.port import Columns, Tick  # noqa: E402

DIVISOR = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One series of a folder; packed: its bytes in the archive."""

    archive: str
    name: str
    tick: Tick
    midnight: int | None
    packed: int


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds of the processor per series, and bytes."""

    series: int
    parsed: float
    parsed_and_kept: float
    from_cache: float
    times_faster: float
    archive_bytes: int
    cache_bytes: int


def entries_below(folder: Path, limit: int) -> list[Entry]:
    """Series of the folder's archives, at most about `limit`, spread evenly."""
    found: list[Entry] = []
    for path in sorted(folder.resolve().glob("*/*/*/**/*.zip")):
        words = path.stem.split("_")
        tick = next((tick for tick in Tick if tick.value in words), Tick.TRADE)
        minute = "minute" in path.parts
        with zipfile.ZipFile(path) as archive:
            found += [Entry(str(path), info.filename, tick, 0 if minute else None, info.compress_size) for info in archive.infolist()]
    step = max(1, len(found) // limit)
    return found[::step]


def processor_micros(read: Callable[[Entry], object], entries: Sequence[Entry]) -> float:
    """Mean time of reading one."""
    started = time.process_time()
    for entry in entries:
        read(entry)
    return (time.process_time() - started) / len(entries) * 1e6


def measure(folder: Path, limit: int) -> Cost:
    """Read the same series three ways."""
    entries = entries_below(folder, limit)
    archives = Archives(folder)

    def parsed(entry: Entry) -> Columns:
        text = archives.entry(entry.archive, entry.name)
        assert text is not None
        return columns_from(text, entry.tick, DIVISOR, entry.midnight, entry.name)

    def from_cache(entry: Entry) -> Columns | None:
        kept = cache.archive(entry.archive)
        assert kept is not None
        return kept.columns(entry.name)

    def parsed_and_kept(entry: Entry) -> None:
        kept = cache.archive(entry.archive)
        assert kept is not None
        cache.add(kept, entry.name, parsed(entry))

    for entry in entries:
        Path(entry.archive).read_bytes()
    plain = processor_micros(parsed, entries)
    with tempfile.TemporaryDirectory() as place:
        cache = ColumnCache(Path(place))
        began = time.process_time()
        processor_micros(parsed_and_kept, entries)
        cache.close()
        keeping = (time.process_time() - began) / len(entries) * 1e6
        warm = processor_micros(from_cache, entries)
        size = occupied(Path(place))[1]
    return Cost(len(entries), plain, keeping, warm, plain / warm, sum(entry.packed for entry in entries), size)


def table(cost: Cost) -> str:
    """The figures for reading."""
    return (
        f"{cost.series} series, microseconds each: parsed {cost.parsed:.0f}, parsed and kept {cost.parsed_and_kept:.0f}, from the cache {cost.from_cache:.0f} "
        f"({cost.times_faster:.1f} times faster); {cost.archive_bytes:,} bytes in archives, {cost.cache_bytes:,} in the cache"
    )


def main(arguments: Sequence[str]) -> None:
    """Measure one folder and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="LEAN data folder")
    parser.add_argument("--series", type=int, default=2000, help="about how many series")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args(arguments)
    cost = measure(asked.folder, asked.series)
    print(json.dumps(asdict(cost), indent=2) if asked.json else table(cost))


if __name__ == "__main__":
    main(sys.argv[1:])
