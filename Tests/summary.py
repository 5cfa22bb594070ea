#!/usr/bin/env python3
"""Adds up what the test runners counted, and ends with one line; exit 1 when anything failed or nothing ran."""
import os
import re
import sys


def swift(log: str) -> "tuple[int, int]":
    found = re.findall(r"Test run with (\d+) tests? .*?(passed|failed)(?: after [\d.]+ seconds)?(?: with (\d+) issues?)?", log)
    tests = sum(int(count) for count, _, _ in found)
    failed = len(set(re.findall(r'^✘ Test (?:"[^"]*"|\S+) failed', log, re.MULTILINE)))
    return tests - failed, failed


def pytest(log: str) -> "tuple[int, int]":
    last = log.strip().splitlines()[-1] if log.strip() else ""
    count = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", last)}
    return count.get("passed", 0), count.get("failed", 0) + count.get("error", 0)


def seeds(log: str) -> "tuple[int, int]":
    """Of every kind of world that was played: each ends with a line of its own, or it did not end."""
    found = re.findall(r"^(\d+) passed, (\d+) failed$", log, re.MULTILINE)
    if len(found) < 3:
        return sum(int(count) for count, _ in found), 1 + sum(int(count) for _, count in found)
    return sum(int(count) for count, _ in found), sum(int(count) for _, count in found)


def main() -> int:
    # Whoever did not come as far as a log has run nothing.
    texts = [open(path, encoding="utf8").read() if os.path.exists(path) else "" for path in sys.argv[1:6]]
    counts = [swift(texts[0]), seeds(texts[1])] + [pytest(text) for text in texts[2:]]
    for name, (passed, failed) in zip(("swift", "worlds and floors from seeds", "fuzz", "python client", "end to end"), counts):
        print(f"{name}: {passed} passed, {failed} failed")
    passed, failed = (sum(column) for column in zip(*counts))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or min(count[0] for count in counts) == 0 else 0


sys.exit(main())
