"""Erasure that can be proved: a plan, a person's word, the change, and the search that finds nothing."""
