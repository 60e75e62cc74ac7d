"""LEAN's option price models: theoretical price, implied volatility and Greeks as its chains show them. Formulas and step counts are LEAN's, not the best."""
