"""The words every room shares: contracts, structures, chains, market views, decisions, verdicts, fills and errors.

Plain frozen values without behaviour beyond arithmetic on themselves. Every other room may import this one; this one imports none of ours.
"""
