"""From sources to what a learner opens: notebooks, checks, the conda environment."""
