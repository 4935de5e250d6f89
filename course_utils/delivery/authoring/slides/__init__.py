"""Slides of the lessons, from their sources and the outputs of their notebooks."""
