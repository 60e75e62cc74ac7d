"""Replays recorded LEAN runs through leanlocal and says, per case, where the first difference is."""
