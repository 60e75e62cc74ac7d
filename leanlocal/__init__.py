"""The embedded engine that speaks LEAN's Python API and is held to LEAN's recorded behaviour. Knows nothing of the desk's rooms."""
