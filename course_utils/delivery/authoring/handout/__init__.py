"""Lessons and problem sets on paper: tagged PDF of the notebooks as they are."""
