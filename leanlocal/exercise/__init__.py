"""What becomes of options: exercise, assignment before and at expiry, settlement, and positions whose security is delisted."""
