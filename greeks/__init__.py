"""Option pricing, implied volatility and Greeks over arrays, and the portfolio figures built on them."""
