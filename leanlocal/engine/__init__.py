"""The engine: which moments exist, what happens at each, in LEAN's order."""
