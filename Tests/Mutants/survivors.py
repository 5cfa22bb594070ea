"""Mutants that nobody has to notice, each with the reason: file, line, what stands there instead."""

SURVIVORS = {}
