"""Requests of data subjects: what was asked, by when it must be answered, what was done, and the proof of it."""
