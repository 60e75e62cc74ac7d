"""The realism report measures what it says, stands beside real samples, and says so when there are none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from html import escape
from pathlib import Path

import numpy as np
import pytest

from marketdata.checks.realism import RealismParameters, realism_report, write_realism
from marketdata.checks.realism.figures import Figure
from marketdata.checks.realism.report import RealismReport, page
from marketdata.checks.realism.returns import half_hours, kurtosis, leverage, overnight_share, skewness, square_memory, vix_closes
from marketdata.checks.realism.samples import QUOTED_GROUPS, QuotePoints, Samples, parity_price
from marketdata.checks.realism.spreads import matched
from marketdata.checks.realism.surfaces import SPX, chain_grid, strike_volatility, three_month_index, three_month_ratios
from marketdata.port import Instrument, Kind, QuoteColumns, UniverseRows
from marketdata.synthetic import MarketParameters, SyntheticMarket
from marketdata.synthetic.calendar import sessions
from marketdata.synthetic.skeleton import strip_state
from marketdata.synthetic.vix import vix_at
from vocabulary.errors import MissingData, StorageFailed

RNG = np.random.default_rng(5)


def figure(ours: float, reference: float) -> Figure:
    return Figure("returns", "volatility", ours, reference, "%", "a source", 2.0, "a note")


def test_a_deviation_is_ours_less_the_reference_and_judged_by_the_tolerance() -> None:
    assert figure(18.0, 19.5).deviation == -1.5
    assert figure(18.0, 19.5).alike is True
    assert figure(18.0, 22.0).alike is False
    assert figure(18.0, float("nan")).alike is None


def test_moments_of_known_distributions() -> None:
    normal = RNG.standard_normal(200_000)
    assert skewness(normal) == pytest.approx(0.0, abs=0.05)
    assert kurtosis(normal) == pytest.approx(0.0, abs=0.1)
    assert kurtosis(RNG.laplace(size=400_000)) == pytest.approx(3.0, abs=0.3)


def test_clustering_and_leverage_are_seen_when_they_are_there() -> None:
    shocks = RNG.standard_normal(40_000)
    calm = 0.01 * shocks
    sigma = np.empty_like(shocks)
    sigma[0] = 0.01
    for i in range(1, len(shocks)):
        sigma[i] = sigma[i - 1] * np.exp(-0.05 * (np.log(sigma[i - 1] / 0.01)) - 0.12 * shocks[i - 1])
    wild = sigma * shocks
    assert abs(square_memory(calm, 1)) < 0.03
    assert square_memory(wild, 1) > 0.1
    assert leverage(wild, 5) < -0.1
    assert abs(leverage(calm, 5)) < 0.03


def test_half_hours_share_out_the_days_variance() -> None:
    quiet_then_wild = np.concatenate([np.full(360, 0.0001), np.full(30, 0.001)])
    shares = half_hours([quiet_then_wild])
    assert shares.sum() == pytest.approx(1.0)
    assert shares[12] == pytest.approx(30 * 1e-6 / (30 * 1e-6 + 360 * 1e-8))


@pytest.mark.shared
def test_the_real_chain_has_the_known_shape(shared: Path) -> None:
    rows = Samples(shared / "lean-data").chain(SPX, date(2015, 12, 22))
    assert rows is not None
    grid = chain_grid(rows)
    assert (np.diff(grid[0]) < 0).all()
    assert 0.10 < grid[0, 4] < 0.20


@pytest.mark.shared
def test_quotes_of_every_sample_day_are_read(shared: Path) -> None:
    samples = Samples(shared / "lean-data")
    for group in QUOTED_GROUPS:
        for day in group.days:
            points = samples.quotes(day, group.every)
            assert len(points.days) > 0, (group.label, day.day)
            assert (points.relative > 0).all()
            assert (np.abs(points.moneyness) < 3).all()


def test_a_sampled_quote_is_set_against_our_quotes_of_like_strike_and_time() -> None:
    spread = np.array([0.01, 0.02, 0.5])
    ours = QuotePoints(np.array([0.010, 0.011, 0.010]), np.array([10.0, 10.0, 90.0]), spread, np.ones(3))
    real = QuotePoints(np.array([0.0105, -0.0105, 0.010]), np.array([10.5, 10.5, 85.0]), np.ones(3), np.ones(3))
    near = matched(ours, real)
    assert near[0] == pytest.approx(0.015)
    assert np.isnan(near[1])  # a put is not held against calls
    assert near[2] == 0.5


def test_without_a_traded_price_put_and_call_give_it() -> None:
    start = np.array([0, 60_000_000], dtype=np.int64)

    def quoted(mid: list[float]) -> QuoteColumns:
        sides = np.tile(np.array(mid, dtype=np.float64)[:, None] * 10_000, 4)
        return QuoteColumns(start, sides - 500, sides + 500, np.ones(2), np.ones(2), 10_000)

    names = [Instrument(Kind.INDEX_OPTION, "usa", "spxw", date(2021, 1, 6), Decimal(strike), right) for strike in (3700, 3800) for right in ("call", "put")]
    rows = dict(zip(names, map(quoted, ([20.0, 30.0], [10.0, 10.0], [1.0, 1.0], [99.0, 99.0])), strict=True))
    found = parity_price(rows)
    assert found is not None
    assert found.price == pytest.approx([3710.0, 3720.0])
    assert parity_price({names[0]: rows[names[0]]}) is None


def test_volatility_at_a_share_of_the_price_lies_between_strikes_and_expiries() -> None:
    day, expiries = date(2024, 1, 2), (date(2024, 1, 22), date(2024, 2, 11))
    rows = 6
    nothing = np.zeros(rows)
    iv = np.array([0.20, 0.16, 0.14, 0.22, 0.18, 0.16])
    chain = UniverseRows(
        day,
        (100.0, 100.0, 100.0, 100.0, 0.0),
        [expiry for expiry in expiries for _ in range(3)],
        [Decimal(strike) for _ in expiries for strike in (88, 92, 100)],
        ["P"] * rows,
        nothing,
        nothing,
        nothing,
        nothing,
        nothing,
        nothing,
        iv,
        nothing,
        nothing,
        nothing,
        nothing,
        nothing,
    )
    assert strike_volatility(chain, 0.9) == pytest.approx(0.19)
    assert strike_volatility(chain, 1.0) == pytest.approx(0.15)


@pytest.mark.parametrize("seed", [1, 2])
def test_nights_hold_a_third_of_the_variance_and_the_curve_rarely_inverts(seed: int) -> None:
    market = SyntheticMarket(MarketParameters(seed=seed))
    assert 0.28 < overnight_share(market) < 0.42
    ratios = three_month_ratios(market, vix_closes(market))
    assert 0.85 < np.median(ratios) < 0.91
    assert 0.03 < np.mean(ratios > 1.0) < 0.12


@pytest.mark.parametrize(("day", "inverted"), [(date(2020, 3, 16), True), (date(2024, 8, 5), True), (date(2020, 2, 19), False)], ids=str)
def test_the_curve_inverts_on_crash_days_and_not_before(day: date, inverted: bool) -> None:
    frame = SyntheticMarket().paths.frames["market"]
    state = strip_state(sessions().on_or_before(day) + 1, frame.log_price, frame.log_vol, frame.slow)
    log_vol = frame.log_vol[state.index + 1 : state.index + 2]
    assert (float(vix_at(state, log_vol)[0]) > three_month_index(state, log_vol)) is inverted


def test_samples_that_are_not_there_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(MissingData, match="does not exist"):
        Samples(tmp_path / "nowhere")


def test_a_page_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageFailed, match="could not be written"):
        write_realism(RealismReport(1, ()), tmp_path / "no" / "folder.html")


@pytest.mark.slow
@pytest.mark.shared
def test_most_figures_are_within_their_tolerance_and_the_others_are_explained(shared: Path, tmp_path: Path) -> None:
    report = realism_report(SyntheticMarket(), RealismParameters(shared / "lean-data"))
    compared = [one for one in report.figures if one.alike is not None and one.group != "spread"]
    assert len(compared) >= 20
    assert sum(bool(one.alike) for one in compared) >= 0.8 * len(compared)
    assert all(one.note for one in report.figures if one.alike is False)
    groups = {one.group for one in report.figures}
    assert groups == {"returns", "volatility", "premium", "day", "skew", "term structure", "spread"}
    text = write_realism(report, tmp_path / "realism.html").read_text(encoding="utf-8")
    assert "http" not in text.split("<script", 1)[0]
    assert all(escape(one.name) in text for one in compared)


@pytest.mark.slow
def test_without_samples_published_figures_remain() -> None:
    report = realism_report(SyntheticMarket(), RealismParameters())
    known = {one.group for one in report.figures if one.alike is not None}
    assert {"volatility", "premium"} <= known
    assert any("absent" in one.source for one in report.figures)
    assert "sample absent" in page(report)
