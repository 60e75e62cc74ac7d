"""The realism report: all figures beside their references, as values, as text and as one HTML page with plots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from marketdata.checks.realism.figures import Figure, Plot, Section
from marketdata.checks.realism.returns import return_section, vix_closes
from marketdata.checks.realism.samples import Samples
from marketdata.checks.realism.spreads import spread_section
from marketdata.checks.realism.surfaces import surface_section
from marketdata.synthetic.market import SyntheticMarket
from vocabulary.errors import StorageFailed

STYLE = (
    "body{font:14px/1.5 system-ui,sans-serif;max-width:1100px;margin:2em auto;padding:0 1em;color:#1c2733}table{border-collapse:collapse;width:100%}"
    "td,th{padding:4px 8px;border-bottom:1px solid #dde3ea;text-align:left;vertical-align:top}td.n{text-align:right;font-variant-numeric:tabular-nums}"
    ".far{background:#fff3e0}.none{color:#78909c}h2{margin-top:2em}"
)
INTRODUCTION = (
    "Every figure of the synthetic market stands beside the same figure of real data or of a published source. A shaded row deviates beyond its tolerance; "
    "its note says why. The market is for learning the system and for stress: no edge may be read from it."
)


@dataclass(frozen=True, slots=True)
class RealismParameters:
    """samples: folder of real data in LEAN's format, None to compare with published figures only."""

    samples: Path | None = None


@dataclass(frozen=True, slots=True)
class RealismReport:
    """All sections of one market."""

    seed: int
    sections: tuple[Section, ...]

    @property
    def figures(self) -> list[Figure]:
        """All figures in order."""
        return [figure for section in self.sections for figure in section.figures]

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        compared = [figure for figure in self.figures if figure.alike is not None]
        return {
            "seed": self.seed,
            "compared": len(compared),
            "within_tolerance": sum(bool(figure.alike) for figure in compared),
            "figures": [figure.as_dict() for figure in self.figures],
        }


def realism_report(market: SyntheticMarket, parameters: RealismParameters) -> RealismReport:
    """Measures the market and the samples. Raises MissingData when the samples' folder does not exist, CorruptData when a file of it cannot be read."""
    samples = Samples(parameters.samples) if parameters.samples is not None else None
    vix = vix_closes(market)
    sections = (return_section(market, samples), surface_section(market, samples, vix), spread_section(market, samples, vix))
    return RealismReport(market.parameters.seed, sections)


def write_realism(report: RealismReport, path: Path) -> Path:
    """The report as one HTML page that needs no network. Raises StorageFailed when it cannot be written."""
    try:
        path.write_text(page(report), encoding="utf-8")
    except OSError as reason:
        raise StorageFailed(f"{path} could not be written: {reason.strerror or reason}; choose another file") from reason
    return path


def page(report: RealismReport) -> str:
    """The whole page."""
    plots = [plot for section in report.sections for plot in section.plots]
    found = report.as_dict()
    count = f"<p><b>{found['within_tolerance']} of {found['compared']}</b> figures that have a reference are within tolerance; grey rows have none.</p>"
    parts = [f"<h1>Synthetic market, seed {report.seed}: realism</h1><p>{INTRODUCTION}</p>{count}", tables(report.figures), "<h2>Plots</h2>"]
    parts += [drawn(plot, first=i == 0) for i, plot in enumerate(plots)]
    return f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Realism</title><style>{STYLE}</style></head><body>{"".join(parts)}</body></html>'


def tables(figures: Sequence[Figure]) -> str:
    """One table per group."""
    text = ""
    for group in dict.fromkeys(figure.group for figure in figures):
        rows = "".join(table_row(figure) for figure in figures if figure.group == group)
        heads = "".join(f"<th>{name}</th>" for name in ("figure", "synthetic", "reference", "deviation", "unit", "source", "note"))
        text += f"<h2>{escape(group.capitalize())}</h2><table><tr>{heads}</tr>{rows}</table>"
    return text


def table_row(figure: Figure) -> str:
    """One figure."""
    known = not np.isnan(figure.reference)
    numbers = [f"{figure.ours:.3f}", f"{figure.reference:.3f}" if known else "–", f"{figure.deviation:+.3f}" if known else "–"]
    cells = "".join(f'<td class="n">{number}</td>' for number in numbers)
    tone = ' class="far"' if figure.alike is False else ' class="none"' if figure.alike is None else ""
    return f"<tr{tone}><td>{escape(figure.name)}</td>{cells}<td>{escape(figure.unit)}</td><td>{escape(figure.source)}</td><td>{escape(figure.note)}</td></tr>"


def drawn(plot: Plot, first: bool) -> str:
    """One plot; the first brings the drawing library with it."""
    import plotly.graph_objects as go

    figure: Any = go.Figure()
    for curve in plot.curves:
        figure.add_trace(go.Scatter(x=curve.x.tolist(), y=curve.y.tolist(), name=curve.name, mode="lines+markers" if len(curve.x) < 20 else "lines"))
    figure.update_layout(title=plot.title, xaxis_title=plot.x_title, yaxis_title=plot.y_title, template="plotly_white", height=420)
    if plot.log_y:
        figure.update_yaxes(type="log")
    return str(figure.to_html(full_html=False, include_plotlyjs=first, div_id=f"plot-{crc32(plot.title.encode())}"))
