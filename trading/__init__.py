"""Turning decisions into positions: execution, exits, tracking, the journal, and the gateway to LEAN."""
