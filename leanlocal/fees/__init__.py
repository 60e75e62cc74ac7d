"""What brokers charge for a fill, per brokerage model, as pure tariffs and as the fee models an algorithm sees."""
