"""Reports: performance, the HTML page, the tables at the end of a run."""
