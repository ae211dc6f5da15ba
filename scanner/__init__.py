"""Places in, rows out: walk, open, extract, detect, mask, key, write."""
