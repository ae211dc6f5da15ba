"""Tables in, files and pages out; the columns of schema.py are the only interface."""
