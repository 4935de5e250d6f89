"""The problems, a module for each group of lessons; each module ends with its PROBLEMS."""
