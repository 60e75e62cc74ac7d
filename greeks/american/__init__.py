"""American options by Andersen, Lake and Offengenden's boundary equations, vectorised over options.

`price`, `greeks` and `implied_volatility` take arrays that broadcast; FAST and ACCURATE say how finely. Cash dividends: `greeks.american.dividends`.
"""

from greeks.american.implied import american_implied_volatility as implied_volatility
from greeks.american.pricing import AmericanGreeks, AmericanValue, future_greeks, greeks, price
from greeks.american.schemes import ACCURATE, FAST, Scheme

__all__ = ["ACCURATE", "FAST", "AmericanGreeks", "AmericanValue", "Scheme", "future_greeks", "greeks", "implied_volatility", "price"]
