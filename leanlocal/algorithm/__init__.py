"""`QCAlgorithm`: LEAN's API for algorithms, one file per concern."""
