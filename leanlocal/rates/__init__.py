"""Interest rates and dividend yields as LEAN's models give them, and their surface for algorithms."""
