"""The table of sources: kinds of places that can be scanned."""
