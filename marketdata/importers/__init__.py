"""Bought or recorded option history into LEAN's format: read, checked, counted, written. Nothing is dropped in silence."""
