"""History requests: which rows they mean, and their answers as data frames or as typed objects."""
