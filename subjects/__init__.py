"""Rows and a request in, people and receipts out; on this floor only the command line."""
