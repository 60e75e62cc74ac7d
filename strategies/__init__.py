"""What to open and how each structure is meant to live: one module per strategy, each with its typed parameters."""
