"""How much worse than the quote a simulated market fill is."""
