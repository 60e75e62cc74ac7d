"""Numbers of result files are read from their decimal text."""

from __future__ import annotations

from decimal import Decimal

from leanlocal.exact import to_float
from leanlocal.results.json_text import compact, plain


def test_number_of_a_result_file_is_the_float_nearest_to_its_text() -> None:
    price = Decimal("9.152845272136645")
    assert compact({"limitPrice": price}) == '{"limitPrice":9.152845272136645}'
    assert plain({"limitPrice": price}) == {"limitPrice": 9.152845272136645}
    assert to_float(price) != 9.152845272136645
