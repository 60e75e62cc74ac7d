"""What a finished run amounts to: LEAN's portfolio and trade statistics, its printed summary, trades and the capacity estimate."""
