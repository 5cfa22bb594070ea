"""Assignments against an independent solver: equal totals on random matrices, pairings that are what they cost.

Run as a program it compares the time too: python3 Tests/EndToEnd/test_assignment.py prints p50 and p99 of both, of
each matrix the least of five times.
"""

import json
import random
import time

import numpy
from daemon import run
from scipy import optimize

CASES = 1_000


def matrices(seed: int, count: int) -> list[numpy.ndarray]:
    """Rows not more than columns, up to 200 each; some pairs forbidden, yet every row can have a column."""
    chance = random.Random(seed)
    cases = []
    for number in range(count):
        columns = 200 if number % 10 == 0 else chance.randint(1, 200)
        rows = chance.randint(1, columns)
        draw = numpy.random.default_rng(seed * 1_000_003 + number)
        cost = draw.integers(0, 130_000, (rows, columns)).astype(float)
        # Tiers: some pairs are dearer by whole millions, and many cost the same.
        cost += 1_000_000 * draw.integers(0, 3, (rows, columns))
        if number % 3 == 0:
            cost = numpy.floor(cost / 50_000) * 50_000
        cost[draw.random((rows, columns)) < chance.random() * 0.8] = numpy.inf
        kept = draw.permutation(columns)[:rows]
        cost[numpy.arange(rows), kept] = draw.integers(0, 130_000, rows)
        cases.append(cost)
    return cases


def solved(cases: list[numpy.ndarray]) -> list[dict]:
    lines = []
    for cost in cases:
        rows = [[None if value == numpy.inf else int(value) for value in row] for row in cost.tolist()]
        lines.append(json.dumps({"cost": rows}))
    done = run("bench", "route", "--matrices", "-", input="\n".join(lines))
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_totals_are_those_of_another_solver():
    cases = matrices(7, CASES)
    answers = solved(cases)
    assert len(answers) == CASES
    for number, (cost, answer) in enumerate(zip(cases, answers, strict=True)):
        rows, columns = optimize.linear_sum_assignment(cost)
        assert answer["total"] == int(cost[rows, columns].sum()), f"case {number}, {cost.shape}"
        pairing = answer["pairing"]
        assert len(set(pairing)) == len(pairing) == cost.shape[0]
        assert sum(cost[row, column] for row, column in enumerate(pairing)) == answer["total"]


if __name__ == "__main__":
    cases = matrices(7, CASES)
    answers = solved(cases)
    ratios, ours, theirs = [], [], []
    for cost, answer in zip(cases, answers, strict=True):
        least = None
        for _ in range(5):
            begun = time.perf_counter_ns()
            optimize.linear_sum_assignment(cost)
            took = time.perf_counter_ns() - begun
            least = took if least is None else min(least, took)
        theirs.append(least)
        ours.append(answer["nanoseconds"])
        ratios.append(ours[-1] / theirs[-1])
    for name, values in (("kapwa", ours), ("scipy", theirs)):
        values.sort()
        middle, late = values[len(values) // 2] / 1000, values[len(values) * 99 // 100] / 1000
        print(f"{name}: p50 {middle:.0f} µs, p99 {late:.0f} µs")
    ratios.sort()
    print(f"ratio per case: p50 {ratios[len(ratios) // 2]:.2f}, p99 {ratios[len(ratios) * 99 // 100]:.2f}")
