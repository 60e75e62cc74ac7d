"""Consolidators: longer bars made of shorter ones, as LEAN cuts, names and times them; and the hub that feeds them during a run."""
