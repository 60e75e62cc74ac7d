"""LEAN's technical indicators: exact decimals inside, floats outside, values before readiness as LEAN shows them."""
