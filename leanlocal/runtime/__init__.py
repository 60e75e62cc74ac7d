"""What an algorithm file imports."""
