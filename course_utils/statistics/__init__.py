"""What a few runs can tell: the one method of lesson 07, of the rules and of docs/claims.md.

    wilson(5, 5)                                  a share, with its interval
    bootstrap_median(steps)                       a time, with its interval over seeds
    share_solved(steps, budget=1500)              share solved against steps
    log_rank(steps, others, budget=1500)          do two such curves differ?
    paired_permutation(one - other)               do two cells differ, seed by seed?
    holm([0.01, 0.04, 0.03])                      the same, where several are compared

A run that never got there stands as infinity. Nothing here knows of networks.
"""

from course_utils.statistics.comparing import holm, paired_permutation, permutation
from course_utils.statistics.intervals import Interval, bootstrap_median, exact, wilson
from course_utils.statistics.survival import Curve, log_rank, share_solved

__all__ = [
    "Curve",
    "Interval",
    "bootstrap_median",
    "exact",
    "holm",
    "log_rank",
    "paired_permutation",
    "permutation",
    "share_solved",
    "wilson",
]
