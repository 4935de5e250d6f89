"""Slides of the lessons: read from the lessons' sources, shown with the outputs of their notebooks."""
