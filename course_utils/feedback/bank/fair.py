"""Lesson 07: a fair comparison needs equal budgets, honest intervals and a fair start."""

from __future__ import annotations

import numpy as np

from course_utils.feedback.bank.draws import Array
from course_utils.feedback.problem import Problem, slips


def units_for_budget(budget: int, m: int):
    n = 0
    while 4 * ((n + 1) * (m + n + 1) + n + 1) <= budget:
        n += 1
    return n


def wilson_interval(successes: int, runs: int):
    z, share = 1.96, successes / runs
    centre = share + z**2 / (2 * runs)
    half = z * np.sqrt(share * (1 - share) / runs + z**2 / (4 * runs**2))
    shrink = 1 + z**2 / runs
    return (centre - half) / shrink, (centre + half) / shrink


def chrono_bias(u: Array, max_lag: int):
    b_f = np.log(1 + u * (max_lag - 2))
    zero = np.zeros_like(u)
    return np.concatenate([-b_f, b_f, zero, zero])


def draw_budget(rng, k):
    m, n = int(rng.integers(6, 40)), int(rng.integers(8, 60))
    exact, nearly = 4 * (n * (m + n) + n), int(np.ceil(0.52 * 4 * (m + 2 * n + 2)))
    return (exact, exact - 1, exact + int(rng.integers(1, 2 * n)), exact + nearly)[k], m


def draw_runs(rng, k):
    runs = int(rng.integers(5, 31))
    return (runs if k == 0 else int(rng.integers(2, runs - 1))), runs


def draw_chrono(rng, k):
    return rng.uniform(0.02, 0.98, int(rng.integers(3, 6))), int(rng.integers(20, 200))


PROBLEMS = [
    Problem(
        name="units_for_budget",
        lesson="07",
        title="Units for a budget of weights",
        task="The largest number of units with which an LSTM with m inputs has at most budget "
        "weights.",
        reference=units_for_budget,
        draw=draw_budget,
        draws=4,
        outputs="units",
        points=2,
        minutes=8,
        hints=(
            "You know how many weights n units need. Which n is the last that fits?",
            "Try n = 1, 2, 3, ... until it no longer fits; or solve the quadratic equation and "
            "round down.",
            "Count up while 4 * ((n + 1) * (m + n + 1) + n + 1) <= budget.",
        ),
        misconceptions=slips(
            units_for_budget,
            (
                "one unit too many",
                "That is one unit more than the budget allows.",
                ("return n", "return n + 1"),
            ),
            ("one unit too few", "One unit more would still fit.", ("return n", "return n - 1")),
            (
                "exact fit left out",
                "A network that needs the whole budget is within it: at most, <=, not less than, "
                "<.",
                ("<=", "<"),
            ),
            (
                "rounded to the nearest",
                "You round to the nearest; a budget must not be exceeded, so round down.",
                (
                    "return n",
                    "return n + (budget - 4 * (n * (m + n) + n) > 4 * ((n + 1) * (m + n + 1) + n "
                    "+ 1) - budget)",
                ),
            ),
            (
                "counted as a plain network",
                "You count as for a plain recurrent network; an LSTM needs four times as many "
                "weights.",
                ("4 *", "1 *"),
            ),
            (
                "counted as a GRU",
                "You count three blocks, as for a GRU; an LSTM has four.",
                ("4 *", "3 *"),
            ),
            ("bias missing", "You count the weights without the biases.", (") + n + 1)", "))")),
            (
                "recurrent weights missing",
                "You count the weights of the inputs only.",
                ("(m + n + 1)", "m"),
            ),
        ),
    ),
    Problem(
        name="wilson_interval",
        lesson="07",
        title="An honest interval for a few runs",
        task="The ends low and high of Wilson's 95 % interval for the share of successes in a "
        "number of runs, with z = 1.96.",
        reference=wilson_interval,
        draw=draw_runs,
        outputs="low high",
        points=2,
        minutes=10,
        hints=(
            "The formula has a centre, which lies between the share and 1/2, and a half width: "
            "write each on a line of its own.",
            "With p = successes / runs and N = runs, the centre is (p + z² / 2N) / (1 + z² / N).",
            "The half width is z * sqrt(p (1 - p) / N + z² / (4 N²)) / (1 + z² / N).",
        ),
        misconceptions=slips(
            wilson_interval,
            (
                "standard error",
                "That is share ± 1.96 standard errors, which says of 5 successes in 5 runs that "
                "nothing else is possible; Wilson's is asked for.",
                ("share + z**2 / (2 * runs)", "share"),
                (" + z**2 / (4 * runs**2)", ""),
                ("1 + z**2 / runs", "1"),
            ),
            (
                "not divided by 1 + z² / N",
                "Centre and half width are both divided by 1 + z² / N.",
                ("1 + z**2 / runs", "1"),
            ),
            (
                "only the centre divided",
                "The half width, too, is divided by 1 + z² / N.",
                ("half = z *", "half = (1 + z**2 / runs) * z *"),
            ),
            (
                "z² missing under the root",
                "z² / (4 N²) is missing under the root.",
                (" + z**2 / (4 * runs**2)", ""),
            ),
            (
                "centre at the share",
                "Your interval is centred at the share; its centre is pulled to 1/2 by z² / 2N.",
                ("share + z**2 / (2 * runs)", "share"),
            ),
            (
                "z not squared",
                "z is not squared in the centre and in the divisor.",
                ("z**2 / (2 * runs)", "z / (2 * runs)"),
                ("1 + z**2 / runs", "1 + z / runs"),
            ),
            (
                "N not squared",
                "Under the root it is z² / (4 N²); your N is not squared.",
                ("(4 * runs**2)", "(4 * runs)"),
            ),
            (
                "90 %",
                "With z = 1.645 that is the 90 % interval; for 95 % z is 1.96.",
                ("1.96", "1.645"),
            ),
            (
                "one standard error",
                "With z = 1 that is about a 68 % interval; for 95 % z is 1.96.",
                ("1.96", "1"),
            ),
            (
                "per cent",
                "That is in per cent; the ends are shares between 0 and 1.",
                (
                    "return (centre - half) / shrink, (centre + half) / shrink",
                    "return 100 * (centre - half) / shrink, 100 * (centre + half) / shrink",
                ),
            ),
            (
                "ends swapped",
                "Your ends are swapped: low comes first.",
                (
                    "(centre - half) / shrink, (centre + half)",
                    "(centre + half) / shrink, (centre - half)",
                ),
            ),
        ),
    ),
    Problem(
        name="chrono_bias",
        lesson="07",
        title="Chrono initialisation",
        task="The bias (4n,) of an LSTM for memories of up to max_lag steps, blocks i, f, g, o. "
        "u (n,) holds random numbers between 0 and 1: use 1 + u * (max_lag - 2) as a draw from "
        "U(1, max_lag - 1).",
        reference=chrono_bias,
        draw=draw_chrono,
        outputs="b[4n]",
        points=2,
        minutes=8,
        hints=(
            "A bias of ln(k) keeps a memory for about k steps. The lags are drawn, then the "
            "logarithm is taken.",
            "The forget gate gets ln(d). The input gate gets the opposite; g and o get zeros.",
            "np.concatenate([-b_f, b_f, zeros, zeros]) with b_f = np.log(1 + u * (max_lag - 2)).",
        ),
        misconceptions=slips(
            chrono_bias,
            (
                "sign of the input bias",
                "The input gate gets the opposite bias, -ln(d): who keeps for long writes rarely.",
                ("[-b_f, b_f,", "[b_f, b_f,"),
            ),
            (
                "signs turned",
                "The two signs are turned, or i and f swapped: with this bias the forget gate is "
                "shut.",
                ("[-b_f, b_f,", "[b_f, -b_f,"),
            ),
            (
                "input bias zero",
                "The bias of the input gate is missing: it is -ln(d).",
                ("[-b_f,", "[zero,"),
            ),
            (
                "biases uniform",
                "You draw the biases evenly between 0 and ln(max_lag - 1); it is the lags that "
                "are drawn evenly, then comes the logarithm.",
                ("np.log(1 + u * (max_lag - 2))", "u * np.log(max_lag - 1)"),
            ),
            (
                "logarithm missing",
                "The logarithm is missing: the forget gate gets ln(d).",
                ("np.log(1 + u * (max_lag - 2))", "1 + u * (max_lag - 2)"),
            ),
            (
                "draw from 0",
                "Your draw begins at 0; it begins at 1, where the bias is 0.",
                ("1 + u * (max_lag - 2)", "u * (max_lag - 1)"),
            ),
            (
                "draw to max_lag",
                "Your draw ends at max_lag; it ends at max_lag - 1.",
                ("max_lag - 2", "max_lag - 1"),
            ),
            (
                "output gate opened",
                "You open the output gate too; its bias stays 0.",
                ("zero, zero]", "zero, b_f]"),
            ),
            (
                "opposite bias in the output gate",
                "The opposite bias stands in the block of the output gate; it belongs to the "
                "input gate.",
                ("[-b_f, b_f, zero, zero]", "[zero, b_f, zero, -b_f]"),
            ),
            (
                "logarithm to base 10",
                "That is a logarithm to base 10; the sigmoid is made of e: np.log.",
                ("np.log(1", "np.log10(1"),
            ),
        ),
    ),
]
