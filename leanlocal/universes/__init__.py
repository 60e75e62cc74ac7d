"""Chains: yesterday's chain files, the filters that select from them, and the contracts an algorithm reads."""
