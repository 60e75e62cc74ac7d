"""The bounds that let the engine jump are never below the exact margin."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from leanlocal.portfolio.groups import resolve_groups
from leanlocal.portfolio.margin_bounds import maintenance_bound
from tests.leanlocal.portfolio.test_margin import account, option, share

D = Decimal
LEGS = st.lists(
    st.tuples(st.sampled_from("CP"), st.integers(85, 115), st.integers(-3, 3).filter(bool), st.decimals("0.05", 4, places=2)),
    min_size=1,
    max_size=5,
    unique_by=lambda leg: (leg[0], leg[1]),
)


@given(LEGS, st.integers(-3, 3))
def test_bound_covers_the_margin_of_any_book(legs: list[tuple[str, int, int, Decimal]], lots: int) -> None:
    with account() as run:
        stock = share(run, "100")
        book = {stock: D(100 * lots)}
        for right, strike, quantity, extra in legs:
            inside = max(100 - strike if right == "C" else strike - 100, 0)
            book[option(run, right, strike, str(extra + inside))] = D(quantity)
        now = np.array([run.clock.now], dtype=np.int64)
        for group in resolve_groups(book):
            try:
                exact = float(group.need().maintenance)
            except NotImplementedError:
                continue
            assert float(maintenance_bound(group, now)[0]) >= exact * (1 - 1e-9), group.name
