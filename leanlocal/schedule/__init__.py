"""Scheduled events: on which dates, at which times, in which order."""
