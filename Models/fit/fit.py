#!/usr/bin/env python3
"""Learn adjustments to the hand-rated lexicons from labelled messages.

    fit.py --trace ".build/release/kapwa score --trace" --out Models/lexicons/fitted.tsv FILE.tsv [FILE.tsv ...]

Each FILE has a header and the columns `id`, `text`, `label` (negative, neutral or positive, before any `;`);
others are ignored. The trace command reads {"id","text"} lines and answers each with the words as the scorer
reads them and with what the hand ratings add up to. What is learned is the difference to the hand ratings:
without data, and for words that the data does not speak of, the hand ratings stand alone (ridge regression
towards them). Abuse, threat and safety are never touched. Written are single words, pairs and triples of words
with their weights; no message leaves its file.

With --folds N every set is also scored on messages that were held out of the fit, and the figures are printed.
"""
import argparse
import json
import re
import shlex
import subprocess
import sys
from collections import Counter

import numpy as np
from scipy import optimize, sparse

# Thousandths that one step of log-odds is worth: ties the learned weights to the scale of the hand ratings.
SCALE = 300.0
# What mixed evidence starts with, as in the scorer.
CALM = 250.0
CLASSES = ["negative", "neutral", "positive"]
TERM = re.compile(r"^(<[a-z]+>|[a-z0-9][a-z0-9*@'-]{0,23}~?|[^\x00-\x7f]{1,8}|[:;<>^=()/|'\-_.*DPO30]{2,4})$")


def read(path):
    with open(path, encoding="utf8") as file:
        head = file.readline().rstrip("\n").split("\t")
        rows = [dict(zip(head, line.rstrip("\n").split("\t"))) for line in file if line.strip()]
    return [row for row in rows if row.get("label", "").split(";")[0] in CLASSES]


def trace(command, rows):
    lines = "".join(json.dumps({"id": str(i), "text": row["text"]}) + "\n" for i, row in enumerate(rows))
    done = subprocess.run(shlex.split(command), input=lines.encode(), stdout=subprocess.PIPE, check=True)
    traces = [json.loads(line) for line in done.stdout.decode().split("\n") if line]
    if len(traces) != len(rows):
        sys.exit(f"{len(rows)} messages in, {len(traces)} traces out")
    return traces


def terms(found, longest):
    words = found["words"]
    seen = set(found["signals"]) | set(found["roots"])
    for size in range(1, longest + 1):
        for start in range(len(words) - size + 1):
            group = words[start : start + size]
            if all(group) and all(TERM.match(word) for word in group):
                seen.add(" ".join(group))
    return seen


def proper_nouns(rows):
    """Words that stand capitalised inside sentences: names, which must not carry a feeling."""
    seen, capital = Counter(), Counter()
    for row in rows:
        words = re.findall(r"(?<![.!?] )(?<!^)\b[A-Za-z][a-z']+\b", row["text"])
        if sum(word[0].isupper() for word in words) * 2 > len(words):
            continue
        for word in words:
            seen[word.lower()] += 1
            capital[word.lower()] += word[0].isupper()
    return {word for word, count in seen.items() if capital[word] >= 3 and capital[word] >= 0.6 * count}


def least(term, args):
    size = term.count(" ") + 1
    return args.least * (1 if size == 1 else 1.5 if size == 2 else 2.5)


def matrix(bags, index):
    rows, columns = [], []
    for row, bag in enumerate(bags):
        for term in bag:
            column = index.get(term)
            if column is not None:
                rows.append(row)
                columns.append(column)
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(bags), len(index)))


def fit_feelings(features, offset, labels, weights, penalty):
    """Three log-linear sums; `offset` is what the hand ratings say. Returns one column of weights per class."""
    count, width = features.shape
    target = np.zeros((count, 3))
    target[np.arange(count), labels] = 1

    def loss(flat):
        parameters = flat.reshape(width, 3)
        scores = features @ parameters + offset
        scores -= scores.max(axis=1, keepdims=True)
        expected = np.exp(scores)
        total = expected.sum(axis=1, keepdims=True)
        value = (weights * (np.log(total[:, 0]) - (scores * target).sum(axis=1))).sum()
        expected /= total
        slope = features.T @ (weights[:, None] * (expected - target)) + penalty[:, None] * parameters
        return value + 0.5 * (penalty[:, None] * parameters**2).sum(), slope.ravel()

    found = optimize.minimize(loss, np.zeros(width * 3), jac=True, method="L-BFGS-B", options={"maxiter": 150})
    return found.x.reshape(width, 3)


def fit_complaint(features, offset, truth, weights, penalty):
    """One logistic sum for frustration, again as the difference to the hand ratings."""

    def loss(parameters):
        score = features @ parameters + offset
        signed = np.where(truth > 0, score, -score)
        value = (weights * np.logaddexp(0, -signed)).sum() + 0.5 * (penalty * parameters**2).sum()
        expected = 1 / (1 + np.exp(-np.clip(score, -30, 30)))
        return value, features.T @ (weights * (expected - truth)) + penalty * parameters

    start = np.zeros(features.shape[1])
    return optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 150}).x


def offsets(traces):
    sums = np.array([[t["sums"][k] for k in ("negative", "mixed", "positive")] for t in traces], dtype=float)
    sums[:, 1] += CALM
    complaint = np.array([t["sums"]["frustration"] for t in traces], dtype=float)
    # Hand ratings decide less than they would alone: beyond the middle their pull is the same.
    return np.clip(sums, -2500, 2500) / SCALE, (np.clip(complaint, 0, 1500) - 500) / SCALE


def macro(found, truth):
    scores = []
    for label in sorted(set(truth)):
        hits = sum(f == label and t == label for f, t in zip(found, truth))
        wrong = sum(f == label and t != label for f, t in zip(found, truth))
        missed = sum(f != label and t == label for f, t in zip(found, truth))
        scores.append(2 * hits / max(1, 2 * hits + wrong + missed))
    return sum(scores) / len(scores)


def interval(found, truth, draws=300):
    """The 90 % bootstrap interval of macro-F1 over messages."""
    pick = np.random.default_rng(1)
    tables = []
    for _ in range(draws):
        rows = pick.integers(0, len(truth), len(truth))
        table = np.bincount(truth[rows] * 3 + found[rows], minlength=9).reshape(3, 3)
        tables.append((2 * table.diagonal() / np.maximum(1, table.sum(0) + table.sum(1))).mean())
    return np.percentile(tables, [5, 95])


def balance(labels, sources, power, trust):
    """Every set counts alike but for the trust in it, and within a set rare labels count more."""
    sizes = Counter(sources)
    pairs = Counter(zip(sources, labels))
    every = {name: trust.get(name, 1.0) * (2500 / size) ** 0.5 for name, size in sizes.items()}
    raw = np.array([(sizes[s] / (3 * pairs[s, l])) ** power * every[s] for s, l in zip(sources, labels)])
    return raw / raw.mean()


class Problem:
    def __init__(self, bags, feelings, complaint, labels, sources, args):
        self.args = args
        self.bags, self.feelings, self.complaint = bags, feelings, complaint
        self.labels, self.sources = np.array(labels), np.array(sources)
        self.signals = args.signals

    def train(self, rows):
        args = self.args
        counts = Counter(term for row in rows for term in self.bags[row])
        native = Counter(term for row in rows if self.sources[row] in args.native for term in self.bags[row])
        known = sorted(term for term, count in counts.items() if count >= least(term, args))
        if args.words is not None:
            known = [term for term in known if term in args.words]
        index = {term: column for column, term in enumerate(known)}
        features = matrix([self.bags[row] for row in rows], index)
        sizes = np.array([0 if term in self.signals else term.count(" ") + 1 for term in known])
        penalty = args.ridge * np.array([0.05, 1.0, 1.3, 1.8])[sizes]
        # English is rated by hand and by VADER's readers: what is learned of it must be shown more often.
        foreign = np.array([native[term] * 2 < counts[term] for term in known])
        sceptical = np.where(foreign & (sizes > 0), args.foreign * penalty, penalty)
        labels = self.labels[rows]
        sources = list(self.sources[rows])
        weights = balance(list(labels), sources, args.balance, args.trust)
        feelings = fit_feelings(features, self.feelings[rows], labels, weights, sceptical)
        # Frustration is what the sets of customers tell: no other counts more for it.
        weights = balance(list(labels), sources, 0.6, {"service": args.trust.get("service", 1.0)})
        complaint = fit_complaint(features, self.complaint[rows], self.frustrated(rows), weights, penalty)
        return known, index, feelings, complaint

    def frustrated(self, rows):
        """A complaint counts as frustration; so does the neutral of review sets, which is praise with a complaint."""
        mixed = np.array([source in self.args.mixed for source in self.sources[rows]])
        return ((self.labels[rows] == 0) | ((self.labels[rows] == 1) & mixed)).astype(float)

    def predict(self, rows, model):
        _, index, feelings, complaint = model
        features = matrix([self.bags[row] for row in rows], index)
        return (features @ feelings + self.feelings[rows]).argmax(axis=1), features @ complaint + self.complaint[rows]


def cross_validate(problem, folds, names):
    order = np.random.default_rng(7).permutation(len(problem.labels))
    found = np.zeros(len(order), dtype=int)
    complaint = np.zeros(len(order))
    for fold in range(folds):
        held = order[fold::folds]
        kept = np.setdiff1d(order, held)
        found[held], complaint[held] = problem.predict(held, problem.train(kept))
    for name in names:
        rows = np.flatnonzero(problem.sources == name)
        truth = problem.labels[rows]
        frustrated = problem.frustrated(rows)
        raised = complaint[rows] > 0
        f1 = 2 * (raised * frustrated).sum() / max(1, raised.sum() + frustrated.sum())
        accuracy = (found[rows] == truth).mean()
        low, high = interval(found[rows], truth)
        print(f"{name:28} macro-F1 {macro(list(found[rows]), list(truth)):.3f} ({low:.3f}-{high:.3f})  accuracy {accuracy:.3f}"
              f"  complaint F1 {f1:.3f}  ({folds} folds, {len(rows)} messages)", flush=True)


def language(term, found):
    """Tagalog words do not stand in the English sets; English ones stand in both, and some belong to neither."""
    native, foreign = found
    return "any" if term.startswith("<") else "tl" if not foreign else "en" if foreign * 8 > native else "any"


def write(path, model, bags, sources, args):
    known, _, feelings, complaint = model
    weights = np.rint(np.column_stack([complaint, feelings[:, 2], feelings[:, 0], feelings[:, 1]]) * SCALE).astype(int)
    places = Counter()
    for bag, source in zip(bags, sources):
        for term in bag:
            places[term, source in args.native] += 1
    kept = 0
    with open(path, "w", encoding="utf8") as file:
        file.write("term\tlang\tfrustration\tpositive\tnegative\tmixed\torigin\n")
        for term, row in zip(known, weights):
            row = np.clip(row, [-1000, -3000, -3000, -3000], [1000, 3000, 3000, 3000])
            if np.abs(row).max() < args.floor and term not in args.signals:
                continue
            tongue = language(term, (places[term, True], places[term, False]))
            file.write("\t".join([term, tongue, *map(str, row), "fitted"]) + "\n")
            kept += 1
    print(f"{kept} terms written to {path}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--trace", required=True, help="command that prints what the scorer reads")
    parser.add_argument("--out", help="lexicon file to write")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--exclude", nargs="*", default=[], help="files whose ids are left out of the fit")
    parser.add_argument("--mixed", nargs="*", default=["firecs", "lazada_stars"], help="sets whose neutral is mixed")
    parser.add_argument("--native", nargs="*", default=["firecs", "lazada_stars"], help="sets that are mostly Tagalog")
    parser.add_argument("--foreign", type=float, default=3.0, help="ridge of terms of the other sets, in ridges")
    parser.add_argument("--trust", nargs="*", default=["vader_tweets=3", "service=4"], metavar="SET=TIMES",
                        help="sets that count more: rated by twenty readers, and written as customers write")
    parser.add_argument("--words-of", metavar="FILE", help="learn weights for the terms of this lexicon file alone")
    parser.add_argument("--ridge", type=float, default=2.0)
    parser.add_argument("--least", type=float, default=3)
    parser.add_argument("--longest", type=int, default=2)
    parser.add_argument("--balance", type=float, default=0.4)
    parser.add_argument("--floor", type=int, default=25, help="smaller weights are not written, in thousandths")
    args = parser.parse_args()
    args.trust = {name: float(times) for name, times in (item.split("=") for item in args.trust)}
    args.words = None
    if args.words_of:
        with open(args.words_of, encoding="utf8") as file:
            args.words = {line.split("\t", 1)[0] for line in file}
    left_out = set()
    for path in args.exclude:
        with open(path, encoding="utf8") as file:
            left_out |= {line.split("\t", 1)[0] for line in file}
    rows, names = [], []
    for path in args.files:
        name = path.rsplit("/", 1)[-1].split(".")[0]
        names.append(name)
        rows += [dict(row, source=name) for row in read(path) if row["id"] not in left_out]
    traces = trace(args.trace, rows)
    names_of_people = proper_nouns(rows)
    for found in traces:
        found["words"] = ["" if word in names_of_people else word for word in found["words"]]
    args.signals = {signal for found in traces for signal in found["signals"]}
    bags = [terms(found, args.longest) for found in traces]
    feelings, complaint = offsets(traces)
    labels = [CLASSES.index(row["label"].split(";")[0]) for row in rows]
    sources = [row["source"] for row in rows]
    problem = Problem(bags, feelings, complaint, labels, sources, args)
    if args.folds:
        cross_validate(problem, args.folds, names)
    if args.out:
        write(args.out, problem.train(np.arange(len(labels))), bags, sources, args)


if __name__ == "__main__":
    main()
