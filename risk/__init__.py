"""The risk gate and its parts: phases, VIX regimes, correlation groups, limits, sizing, breakers, crash protection."""
