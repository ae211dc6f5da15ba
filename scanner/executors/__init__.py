"""The table of executors: ways to run the work."""
