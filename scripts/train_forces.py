"""Learns which counted forces of an article about a deployment are sent, too, and says how well that goes.

    python scripts/train_forces.py LABELLED.jsonl ... [--quiet TEXTS.jsonl ...] [--out MODEL.json]

LABELLED articles have `gold: {"deployments": [...]}`; in the texts after `--quiet` nothing is sent but what
rules read. Fits a logistic regression by maximum likelihood with an L2 penalty (full batches, seed 7). The
figures printed are those of five-fold cross-validation over articles; the weights written are fitted on
everything. No text is kept but words that stand beside forces in several articles.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import orjson
from descent import Adam

from schemas import Count
from streams.extraction.deployments import Finder
from streams.extraction.deployments_likely import Features, LikelyReader, figures
from streams.extraction.document import read_document

FOLDS, SEED, PENALTY, STEPS, QUIET = 5, 7, 1.0, 300, 0.2
SEEN, SEEN_QUIET = 3, 8  # a feature counts from so many forces on
THRESHOLD = 0.4
LIVE = ("actual", "ordered", "planned")

Example = tuple[Features, float, float]
"""Features, whether the force is sent, and how much it counts."""


def agrees(wanted: dict, count: Count) -> bool:
    """Whether a labelled count is this one: best with best, or the end that the label has."""
    end = next((name for name in ("best", "low", "high") if wanted.get(name) is not None), None)
    return end is not None and wanted[end] == getattr(count, end)


def examples(row: dict, reader: LikelyReader) -> list[Example]:
    """The counted forces of a labelled article; a second telling of one that is sent counts neither way."""
    document = read_document(row.get("title"), row.get("body"))
    left = [
        one["count"]
        for one in row["gold"]["deployments"]
        if one["direction"] == "deploy" and one["realis"] in LIVE
    ]
    found, told = [], set()
    for weighed in reader.weigh(document):
        fits = [count for count in left if agrees(count, weighed.mention.count)]
        if fits:
            left.remove(fits[0])
            told.add(figures(weighed.mention))
        elif figures(weighed.mention) in told:
            continue
        found.append((weighed.features, float(bool(fits)), 1.0))
    return found


def quiet(row: dict, reader: LikelyReader, finder: Finder) -> list[Example]:
    """The counted forces of a text in which nothing is sent but what the rules read."""
    document = read_document(row.get("title"), row.get("body"))
    read = {draft.force.count.value for draft in finder.find(document)}
    return [(w.features, 0.0, QUIET) for w in reader.weigh(document) if w.mention.count.value not in read]


class Table:
    """Examples as numbers."""

    def __init__(self, articles: list[list[Example]]) -> None:
        loud = Counter(n for one in articles for f, _, times in one if times == 1 for n in f)
        soft = Counter(n for one in articles for f, _, times in one if times < 1 for n in f)
        self.names = sorted(n for n in loud | soft if loud[n] >= SEEN or soft[n] >= SEEN_QUIET)
        self._column = {name: number for number, name in enumerate(self.names)}

    def rows(self, some: list[Example]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Features, labels and counts of `some`."""
        table = np.zeros((len(some), len(self.names)))
        for row, (features, _, _) in enumerate(some):
            for name, value in features.items():
                if name in self._column:
                    table[row, self._column[name]] = value
        return table, np.array([one[1] for one in some]), np.array([one[2] for one in some])


def fit(table: np.ndarray, right: np.ndarray, times: np.ndarray) -> tuple[np.ndarray, float]:
    """Weights and bias."""
    weights, bias = np.zeros(table.shape[1]), 0.0
    adam = Adam(len(weights), 0.05)
    for _ in range(STEPS):
        off = (1 / (1 + np.exp(-(table @ weights + bias))) - right) * times
        slope = (table.T @ off + PENALTY * weights) / times.sum()
        weights -= adam.step(slope)
        bias -= 0.5 * off.sum() / times.sum()
    return weights, bias


def flat(articles: list[list[Example]]) -> list[Example]:
    return [example for article in articles for example in article]


def validate(articles: list[list[Example]]) -> None:
    """Prints how often an unseen force is judged right, by what is given it."""
    random.seed(SEED)
    fold = [random.randrange(FOLDS) for _ in articles]
    judged: list[tuple[float, float]] = []
    for number in range(FOLDS):
        rest = [one for one, other in zip(articles, fold, strict=True) if other != number]
        table = Table(rest)
        weights, bias = fit(*table.rows(flat(rest)))
        own = [
            e for one, other in zip(articles, fold, strict=True) if other == number for e in one if e[2] == 1
        ]
        features, right, _ = table.rows(own)
        judged += zip(1 / (1 + np.exp(-(features @ weights + bias))), right, strict=True)
    sent = sum(label for _, label in judged)
    for bound in (0.3, THRESHOLD, 0.5, 0.6):
        given = [right for sure, right in judged if sure >= bound]
        right, found = sum(given) / len(given), sum(given) / sent
        print(f"from {bound}: {right:.3f} of {len(given)} are sent, {found:.3f} found")
    for low in np.arange(0, 1, 0.2):
        inside = [right for sure, right in judged if low <= sure < low + 0.2]
        print(f"given {low:.1f} to {low + 0.2:.1f}: {np.mean(inside):.3f} sent of {len(inside)}")


def rows(paths: list[Path]) -> Iterator[dict]:
    for path in paths:
        yield from (orjson.loads(line) for line in path.read_bytes().splitlines())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labelled", nargs="+", type=Path)
    parser.add_argument("--quiet", nargs="*", type=Path, default=[])
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    reader, finder = LikelyReader.load("en"), Finder.load("en")
    articles = [examples(row, reader) for row in rows(options.labelled)]
    articles += [quiet(row, reader, finder) for row in rows(options.quiet)]
    articles = [one for one in articles if one]
    validate(articles)
    if options.out:
        table = Table(articles)
        weights, bias = fit(*table.rows(flat(articles)))
        rounded = {n: round(float(w), 3) for n, w in zip(table.names, weights, strict=True)}
        model = {
            "bias": round(float(bias), 3),
            "threshold": THRESHOLD,
            "weights": {name: weight for name, weight in rounded.items() if weight},
        }
        options.out.write_text(json.dumps(model, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
