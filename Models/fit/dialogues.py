#!/usr/bin/env python3
"""Hold the mood of conversations against what readers saw in them.

    dialogues.py --score ".build/release/kapwa score --jsonl" FILE.jsonl [FILE.jsonl ...]

Each line of a FILE is one conversation: {"id","turns":[{"from","text"}],"trend","hard_contact"}. Printed are the share
of right trends after the last message and the F1 of hard contacts (frustration or distress of the mood at 0.7, or
abuse or threat at 0.5, at any message), with 90 % bootstrap intervals over conversations, and what was read wrong.
"""
import argparse
import json
import random
import shlex
import subprocess
import sys

FIGURES = "trend", "hard contact, F1"


def moods(command, dialogues):
    turns = [
        {"id": str(i), "text": turn["text"], "from": turn["from"], "conversation": dialogue["id"]}
        for i, (dialogue, turn) in enumerate((d, t) for d in dialogues for t in d["turns"])
    ]
    lines = "".join(json.dumps(turn) + "\n" for turn in turns)
    done = subprocess.run(shlex.split(command), input=lines.encode(), stdout=subprocess.PIPE, check=True)
    found = [json.loads(line) for line in done.stdout.decode().split("\n") if line]
    if len(found) != len(turns):
        sys.exit(f"{len(turns)} turns in, {len(found)} lines out")
    last, hard = {}, set()
    for turn, line in zip(turns, found):
        mood = line["mood"]
        last[turn["conversation"]] = mood["trend"]
        if max(mood["frustration"], mood["distress"]) >= 0.7 or max(mood["abuse"], mood["threat"]) >= 0.5:
            hard.add(turn["conversation"])
    return [(d, last[d["id"]], d["id"] in hard) for d in dialogues]


def figures(read):
    right = sum(trend == dialogue["trend"] for dialogue, trend, _ in read) / len(read)
    both = sum(hard and dialogue["hard_contact"] == 1 for dialogue, _, hard in read)
    either = sum(hard + dialogue["hard_contact"] for dialogue, _, hard in read)
    return right, 2 * both / either if either else 1.0


def read(command, path):
    with open(path, encoding="utf8") as file:
        return moods(command, [json.loads(line) for line in file if line.strip()])


def show(command, path):
    found = read(command, path)
    chance = random.Random(1)
    drawn = [figures([chance.choice(found) for _ in found]) for _ in range(2_000)]
    print(f"{path}: {len(found)} conversations")
    for i, name in enumerate(FIGURES):
        values = sorted(row[i] for row in drawn)
        print(f"  {name} {figures(found)[i]:.3f} ({values[100]:.3f}–{values[1899]:.3f})")
    for dialogue, trend, hard in found:
        if trend != dialogue["trend"]:
            print(f"    {dialogue['id']}: {trend}, should be {dialogue['trend']}")
        if hard != (dialogue["hard_contact"] == 1):
            print(f"    {dialogue['id']}: {'hard' if hard else 'not hard'}, should be the other")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--score", required=True)
    parser.add_argument("files", nargs="+")
    asked = parser.parse_args()
    for path in asked.files:
        show(asked.score, path)


if __name__ == "__main__":
    main()
