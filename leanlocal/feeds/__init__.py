"""Market data as columns: rows of a day with UTC times, and feeds that answer what was last known at a moment."""
