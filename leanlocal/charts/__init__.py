"""Charts of a run: the series LEAN samples itself, and what the algorithm plots."""
