"""The results of a run in the form LEAN gives them: orders and events as JSON, the order-list hash, result files."""
