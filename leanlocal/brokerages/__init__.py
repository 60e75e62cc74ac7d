"""Brokerage models: which orders a broker takes, what it charges, and which margin, fill and settlement rules a security gets."""
