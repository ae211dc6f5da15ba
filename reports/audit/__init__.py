"""Minimisation audits: tables go in, what is kept too long, twice or in a wrong place comes out."""
