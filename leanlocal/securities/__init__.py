"""Securities: what the engine knows of an instrument, and what an algorithm sees of it."""
