"""Which way of computing a report stands in. Apart from the computation, so that ordering one loads none of it."""

METHOD = "reliability/1"
"""Rises when a number of the report changes its meaning; a stored report of another method is computed again."""
