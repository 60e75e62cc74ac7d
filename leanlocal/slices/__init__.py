"""What arrives at a moment, as an algorithm sees it: bars, chains, events, made when somebody looks."""
