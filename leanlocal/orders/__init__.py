"""Orders from the request to the last event: values, tickets, properties, and the handler that submits, scans, updates and cancels them."""
