"""`Futures`: tickers of the products the project knows, by LEAN's names."""

from __future__ import annotations

from typing import ClassVar


class Futures:
    """Tickers by group."""

    class Indices:
        """Equity index futures."""

        SP_500_E_MINI: ClassVar[str] = "ES"
        NASDAQ_100_E_MINI: ClassVar[str] = "NQ"
        DOW_30_E_MINI: ClassVar[str] = "YM"
        RUSSELL_2000_E_MINI: ClassVar[str] = "RTY"
        VIX: ClassVar[str] = "VX"

    class Energies:
        """Energy futures."""

        CRUDE_OIL_WTI: ClassVar[str] = "CL"
        NATURAL_GAS: ClassVar[str] = "NG"
        HEATING_OIL: ClassVar[str] = "HO"
        GASOLINE: ClassVar[str] = "RB"

    class Metals:
        """Metal futures."""

        GOLD: ClassVar[str] = "GC"
        SILVER: ClassVar[str] = "SI"
        COPPER: ClassVar[str] = "HG"

    class Grains:
        """Grain futures."""

        CORN: ClassVar[str] = "ZC"
        SOYBEANS: ClassVar[str] = "ZS"
        SRW_WHEAT: ClassVar[str] = "ZW"
