"""`Futures`: tickers of the products the project knows, by LEAN's names."""

from __future__ import annotations

from typing import ClassVar

from leanlocal.surface import LeanClass


class Futures(metaclass=LeanClass):
    """Tickers by group."""

    class Indices(metaclass=LeanClass):
        """Equity index futures."""

        SP_500_E_MINI: ClassVar[str] = "ES"
        NASDAQ_100_E_MINI: ClassVar[str] = "NQ"
        DOW_30_E_MINI: ClassVar[str] = "YM"
        RUSSELL_2000_E_MINI: ClassVar[str] = "RTY"
        VIX: ClassVar[str] = "VX"

    class Energies(metaclass=LeanClass):
        """Energy futures."""

        CRUDE_OIL_WTI: ClassVar[str] = "CL"
        NATURAL_GAS: ClassVar[str] = "NG"
        HEATING_OIL: ClassVar[str] = "HO"
        GASOLINE: ClassVar[str] = "RB"

    class Metals(metaclass=LeanClass):
        """Metal futures."""

        GOLD: ClassVar[str] = "GC"
        SILVER: ClassVar[str] = "SI"
        COPPER: ClassVar[str] = "HG"

    class Grains(metaclass=LeanClass):
        """Grain futures."""

        CORN: ClassVar[str] = "ZC"
        SOYBEANS: ClassVar[str] = "ZS"
        SRW_WHEAT: ClassVar[str] = "ZW"
