"""The course as pages, slides and printed hand-outs, none of which needs a network."""
