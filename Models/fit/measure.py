#!/usr/bin/env python3
"""Measure the scorer on labelled files.

    measure.py --score ".build/release/kapwa score --jsonl" [--rules] FILE [FILE ...]

Each FILE is one of the kinds that Models/README.md tells of, known by its columns. Printed are, for the whole file and
for each language as the scorer tells it: the figures with 90 % bootstrap intervals over messages (fixed seed), and the
counts behind them (tp fp fn tn). With --rules, what each figure becomes with one rule left out after the other.
"""
import argparse
import json
import re
import shlex
import subprocess
import sys

import numpy as np

import dialogues

TAGS = ["frustration", "urgency", "family", "distress", "relief"]
CLASSES = ["negative", "neutral", "positive"]
LEVELS = ["none", "possible", "explicit"]
DRAWS = 2_000


def share(part, whole):
    """Not a number where there is nothing to have a share of."""
    return part / whole if whole else float("nan")


# Figures of a table of counts: rows are what readers saw, columns what the scorer says.
def precision(table):
    return share(table[1, 1], table[:, 1].sum())


def recall(table):
    return share(table[1, 1], table[1].sum())


def f1(table):
    return share(2 * table[1, 1], table[1].sum() + table[:, 1].sum())


def macro_f1(table):
    return np.mean([share(2 * table[c, c], table[c].sum() + table[:, c].sum()) for c in range(3) if table[c].any()])


def right(table):
    return share(table[1, 1], table.sum())


def explicit_recall(table):
    return share(table[2, 2], table[2].sum())


def false_explicit(table):
    return share(table[0, 2], table[0].sum())


def any_recall(table):
    return share(table[1:, 1:].sum(), table[1:].sum())


def raised(table):
    return share(table[:, 1].sum(), table.sum())


def interval(figure, table):
    """Drawing messages again and again, with replacement, is drawing the cells that they fall into."""
    total = int(table.sum())
    draws = np.random.default_rng(1).multinomial(total, table.ravel() / total, DRAWS)
    return np.nanpercentile([figure(draw.reshape(table.shape)) for draw in draws], [5, 95])


def feeling(value):
    return 0 if value <= -0.05 else 2 if value >= 0.05 else 1


def flag(line):
    return max((LEVELS.index(found["level"]) for found in line["safety"]), default=0)


def judge(row, line):
    """(what, its figures, size of its table, what readers saw, what the scorer says) of one message."""
    tags = line["tags"]
    if "level" in row:
        figures = explicit_recall, false_explicit, any_recall
        yield "safety", figures, 3, LEVELS.index(row["level"]), flag(line)
    if "threat" in row:
        for tag in ("abuse", "threat"):
            yield tag, (f1, precision, recall), 2, int(row[tag]), int(tags[tag] >= 0.5)
        if row["abuse"] == "1" and tags["abuse"] >= 0.5:
            named = (line["abuse"]["kind"], line["abuse"]["target"]) == (row["kind"], row["target"])
            yield "kind and target of the hits", (right,), 2, 1, int(named)
    if "frustration" in row:
        for tag in TAGS:
            yield tag, (f1, precision, recall), 2, int(float(row[tag]) >= 1), int(tags[tag] >= 0.5)
        strong = int(float(row["frustration"]) >= 2)
        yield "strong frustration", (f1, precision, recall), 2, strong, int(tags["frustration"] >= 0.7)
        yield "polarity", (macro_f1,), 3, int(float(row["polarity"])) + 1, feeling(line["polarity"])
    label = row.get("label", "").split(";")[0]
    if label in CLASSES:
        yield "polarity", (macro_f1,), 3, CLASSES.index(label), feeling(line["polarity"])
    if "label" in row:
        # Nobody labelled these: what is raised here is mostly a false alarm, or deserved; somebody must look.
        yield "abuse", (raised,), 2, 0, int(tags["abuse"] >= 0.5)
        yield "explicit safety", (raised,), 2, 0, int(flag(line) == 2)


def count(rows, lines):
    """What → its figures and its table of counts."""
    counted = {}
    for row, line in zip(rows, lines):
        for what, figures, size, truth, found in judge(row, line):
            _, table = counted.setdefault(what, (figures, np.zeros((size, size), dtype=int)))
            table[truth, found] += 1
    return counted


def read(path):
    with open(path, encoding="utf8") as file:
        head = file.readline().rstrip("\n").split("\t")
        return [dict(zip(head, line.rstrip("\n").split("\t"))) for line in file if line.strip()]


def score(command, rows):
    lines = "".join(json.dumps({"id": str(i), "text": row["text"]}) + "\n" for i, row in enumerate(rows))
    done = subprocess.run(shlex.split(command), input=lines.encode(), stdout=subprocess.PIPE, check=True)
    found = [json.loads(line) for line in done.stdout.decode().split("\n") if line]
    if len(found) != len(rows):
        sys.exit(f"{len(rows)} messages in, {len(found)} lines out")
    return found


def told(figure, table):
    if np.isnan(figure(table)):
        return f"{figure.__name__} –"
    low, high = interval(figure, table)
    return f"{figure.__name__} {figure(table):.3f} ({low:.3f}–{high:.3f})"


def show(title, counted):
    print(title)
    for what, (figures, table) in counted.items():
        line = f"  {what:28} " + "  ".join(told(figure, table) for figure in figures)
        if table.shape == (2, 2):
            line += "  tp {} fp {} fn {} tn {}".format(table[1, 1], table[0, 1], table[1, 0], table[0, 0])
        print(line, flush=True)


def show_file(command, path):
    rows = read(path)
    lines = score(command, rows)
    show(f"{path}: {len(rows)} messages", count(rows, lines))
    for language in sorted({line["language"] for line in lines}):
        chosen = [i for i, line in enumerate(lines) if line["language"] == language]
        some = count([rows[i] for i in chosen], [lines[i] for i in chosen])
        show(f"  {language}: {len(chosen)} messages", some)


def rules(command):
    """Those that the scorer lets be left out, as its help lists them."""
    told = subprocess.run([*shlex.split(command), "--help"], stdout=subprocess.PIPE, check=True).stdout.decode()
    return re.findall(r"[a-z]+", re.search(r"One of: ([a-z,\s]+)\.", told)[1])


def all_figures(command, path):
    """Name → value, of messages or of conversations."""
    if path.endswith(".jsonl"):
        return dict(zip(dialogues.FIGURES, dialogues.figures(dialogues.read(command, path))))
    rows = read(path)
    counted = count(rows, score(command, rows)).items()
    return {f"{what} {figure.__name__}": figure(table) for what, (figures, table) in counted for figure in figures}


def show_rules(command, path):
    whole = {name: f"{value:.3f}" for name, value in all_figures(command, path).items()}
    for rule in rules(command):
        rest = all_figures(f"{command} --without {rule}", path)
        after = {name: f"{rest[name]:.3f}" if name in rest else "–" for name in whole}
        moved = [f"{name} {whole[name]} → {after[name]}" for name in whole if after[name] != whole[name]]
        print(f"  without {rule:12} " + ("; ".join(moved) or "nothing moves"), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--score", required=True)
    parser.add_argument("--rules", action="store_true")
    parser.add_argument("files", nargs="+")
    asked = parser.parse_args()
    for path in asked.files:
        if path.endswith(".jsonl"):
            dialogues.show(asked.score, path)
        else:
            show_file(asked.score, path)
        if asked.rules:
            show_rules(asked.score, path)


if __name__ == "__main__":
    main()
