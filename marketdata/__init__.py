"""Market data: LEAN's folder format (read and write), the synthetic market, importers, checks."""
