"""What a pricing or implied-volatility answer is worth, as one small integer per option.

Batch kernels never raise and never hide a failure behind a plausible number: where the status is not OK the value is NaN. The codes live apart from the
kernels so that chains, stores and the dashboard can speak them without importing numerical code.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Statuses = NDArray[np.int8]


class Status(IntEnum):
    """Why a value is there, or is not.

    OK: the value is good. BELOW_INTRINSIC: the price is under the discounted intrinsic value (American: under immediate exercise).
    ABOVE_MAXIMUM: at or over the bound no volatility reaches (call: discounted spot; put: discounted strike). EXPIRED: no time left. NO_INFORMATION: the
    price is the intrinsic value to the last bits, so every small volatility explains it. BAD_INPUT: NaN, infinite, or a negative price, spot or strike.
    """

    OK = 0
    BELOW_INTRINSIC = 1
    ABOVE_MAXIMUM = 2
    EXPIRED = 3
    NO_INFORMATION = 4
    BAD_INPUT = 5
