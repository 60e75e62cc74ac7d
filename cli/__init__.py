"""The `thetadesk` command: one module per verb, thin over the rooms that do the work."""
