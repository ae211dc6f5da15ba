"""Erasure in files that are ZIP packages: archives, letters and workbooks."""
