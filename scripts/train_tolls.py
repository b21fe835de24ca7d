"""Learns which of the possible tolls a text means, and reports how well that generalises.

    python scripts/train_tolls.py LABELLED.jsonl ... [--out MODEL.json] [--reliability FOLDER]

Reads articles with `gold` (`killed`, `injured`; `attackers: "either"` where dead attackers may be counted or
not), makes the choices that the extraction would weigh for each, and fits one softmax ranking for the dead
and one for the injured: maximum likelihood with an L2 penalty, full batches, seed 7. The figures printed are
those of five-fold cross-validation; the weights written are fitted on everything. No text is kept.
"""

import argparse
import json
import random
from collections import defaultdict
from datetime import date
from pathlib import Path

import numpy as np
import orjson
from descent import Adam

from streams.extraction.choices import injured_choices, killed_choices
from streams.extraction.context import Context
from streams.extraction.document import read_document
from streams.extraction.features import Choice
from streams.extraction.frames import FrameReader
from streams.extraction.story import tell

BINS = [0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98]
FOLDS, SEED, PENALTY, STEPS = 5, 7, 1.0, 400


def fit(tables: list[np.ndarray], rights: list[np.ndarray], counts: list[float]) -> np.ndarray:
    """The weights that make the right choices likeliest; `tables` hold one row of features a choice.

    `counts`: how often each text counts.
    """
    features, right = np.vstack(tables), np.concatenate(rights)
    sizes = [len(table) for table in tables]
    owner, starts = np.repeat(np.arange(len(tables)), sizes), np.cumsum([0, *sizes[:-1]])
    times = np.asarray(counts)[owner]
    weights = np.zeros(features.shape[1])
    adam = Adam(len(weights), 0.08)
    for _ in range(STEPS):
        scores = features @ weights
        mass = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        likely = mass / np.add.reduceat(mass, starts)[owner]
        wanted = mass * right
        wanted /= np.maximum(np.add.reduceat(wanted, starts), 1e-30)[owner]
        slope = (features.T @ ((likely - wanted) * times) + PENALTY * weights) / sum(counts)
        weights -= adam.step(slope)
    return weights


class Ranking:
    """The choices of many texts as numbers."""

    def __init__(self, choices: list[list[Choice]], counts: list[float]) -> None:
        self.choices = choices
        self.counts = counts
        self.names = sorted({name for some in choices for choice in some for name in choice.features})
        column = {name: number for number, name in enumerate(self.names)}
        self.tables = []
        for some in choices:
            table = np.zeros((len(some), len(column)))
            for row, choice in enumerate(some):
                for name, value in choice.features.items():
                    table[row, column[name]] = value
            self.tables.append(table)

    def learn(self, rights: list[np.ndarray], rows: list[int]) -> np.ndarray:
        """The weights fitted on some of the texts, those without a right choice left out."""
        rows = [row for row in rows if rights[row].any()]
        return fit(
            [self.tables[row] for row in rows],
            [rights[row] for row in rows],
            [self.counts[row] for row in rows],
        )

    def choose(self, row: int, weights: np.ndarray) -> tuple[Choice, float]:
        """What `weights` choose for a text, and the probability of its value."""
        scores = self.tables[row] @ weights
        likely = np.exp(scores - scores.max())
        best = self.choices[row][int(scores.argmax())]
        same = sum(
            p for p, choice in zip(likely, self.choices[row], strict=True) if choice.value == best.value
        )
        return best, float(same / likely.sum())


def is_right(choice: Choice, measure: str, gold: dict) -> bool:
    if choice.value == gold[measure]:
        return True
    return (
        measure == "killed"
        and gold.get("attackers") == "either"
        and choice.value - choice.attackers == gold["killed"]
    )


def validate(ranking: Ranking, rights: list[np.ndarray], fold: list[int]) -> list[tuple[Choice, float]]:
    """What is chosen for each text by a model that has not seen it."""
    picked: list[tuple[Choice, float] | None] = [None] * len(fold)
    for number in range(FOLDS):
        weights = ranking.learn(rights, [row for row, other in enumerate(fold) if other != number])
        for row, other in enumerate(fold):
            if other == number:
                picked[row] = ranking.choose(row, weights)
    return [pick for pick in picked if pick is not None]


def report(measure: str, articles: list[dict], picks: list[tuple[Choice, float]], errors: int) -> None:
    by_set: dict[str, list[bool]] = defaultdict(list)
    bins: dict[int, list[bool]] = defaultdict(list)
    for article, (choice, probability) in zip(articles, picks, strict=True):
        right = is_right(choice, measure, article["gold"])
        for name in (
            article["set"],
            f"{article['set']}:{article['id'].split('-')[0][:10]}" if "-" in article["id"] else None,
        ):
            if name:
                by_set[name].append(right)
        if article["gold"][measure] > 1:
            by_set[article["set"] + " 2+"].append(right)
        bins[min(9, int(probability * 10))].append(right)
        if not right and errors > 0:
            errors -= 1
            print(
                f"  {article['id']}: gold {article['gold'][measure]},"
                f" chosen {choice.value} ({choice.kind}, {probability:.2f})"
            )
    for name, hits in sorted(by_set.items()):
        print(f"{measure:8} {name:40} {np.mean(hits):.4f} of {len(hits)}")
    for number, hits in sorted(bins.items()):
        span = f"{number / 10:.1f} to {(number + 1) / 10:.1f}"
        print(f"{measure:8} given {span}: right {np.mean(hits):.3f} of {len(hits)}")


def reliability(figures: list[tuple[float, bool]], folder: Path | None) -> None:
    """Prints, and writes and draws in `folder`, how often events of each confidence are right."""
    rows = []
    for low in BINS:
        high = BINS[BINS.index(low) + 1] if low != BINS[-1] else 1.0001
        inside = [(sure, right) for sure, right in figures if low <= sure < high]
        if inside:
            given, right = np.mean([sure for sure, _ in inside]), np.mean([right for _, right in inside])
            rows.append((low, min(high, 1.0), len(inside), given, right))
            print(f"events given {low:.2f} to {min(high, 1.0):.2f}: {right:.3f} right of {len(inside)}")
    if folder is None:
        return
    lines = ["from\tto\tevents\tmean confidence\tshare right"]
    lines += [
        f"{low:.2f}\t{high:.2f}\t{size}\t{given:.3f}\t{right:.3f}" for low, high, size, given, right in rows
    ]
    (folder / "toll_reliability.tsv").write_text("\n".join(lines) + "\n")
    import matplotlib as mpl  # noqa: PLC0415 - only drawn on demand

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    figure, axes = plt.subplots(figsize=(4.5, 4.5))
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1)
    axes.plot([row[3] for row in rows], [row[4] for row in rows], marker="o")
    axes.set(xlabel="confidence given", ylabel="share right", title="Tolls, five-fold cross-validation")
    figure.savefig(folder / "toll_reliability.png", dpi=110, bbox_inches="tight")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("labelled", nargs="+", help="FILE, or FILE=N where each text counts N times")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--reliability", type=Path, help="folder for the reliability table and plot")
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args()
    frames, context = FrameReader.load("en"), Context.load("en")
    articles, stories = [], []
    for named in options.labelled:
        name, _, times = named.partition("=")
        path, counts = Path(name), float(times or 1)
        for line in path.read_bytes().splitlines():
            article = orjson.loads(line)
            if (article.get("gold") or {}).get("killed") is None:
                continue
            document = read_document(article.pop("title", None), article.pop("body", None))
            published = (
                date.fromisoformat(article["published_at"][:10]) if article.get("published_at") else None
            )
            stories.append(tell(document, frames, context, published))
            articles.append(article | {"set": path.stem, "counts": counts})
    random.seed(SEED)
    fold = [random.randrange(FOLDS) for _ in articles]

    ranking = Ranking([killed_choices(story) for story in stories], [a["counts"] for a in articles])
    rights = [
        np.array([is_right(choice, "killed", article["gold"]) for choice in some], float)
        for some, article in zip(ranking.choices, articles, strict=True)
    ]
    killed = validate(ranking, rights, fold)
    report("killed", articles, killed, options.errors)
    model = {
        "killed": dict(zip(ranking.names, ranking.learn(rights, list(range(len(articles)))), strict=True))
    }

    known = [row for row, article in enumerate(articles) if article["gold"].get("injured") is not None]
    ranking = Ranking(
        [injured_choices(stories[row], killed[row][0]) for row in known],
        [articles[row]["counts"] for row in known],
    )
    some_articles = [articles[row] for row in known]
    rights = [
        np.array([is_right(choice, "injured", article["gold"]) for choice in some], float)
        for some, article in zip(ranking.choices, some_articles, strict=True)
    ]
    injured = validate(ranking, rights, [fold[row] for row in known])
    report("injured", some_articles, injured, options.errors)
    model["injured"] = dict(zip(ranking.names, ranking.learn(rights, list(range(len(known)))), strict=True))
    known_picks = dict(zip(known, injured, strict=True))
    figures = []
    for row, article in enumerate(articles):
        picks = [("killed", killed[row]), *([("injured", known_picks[row])] if row in known_picks else [])]
        stated = [(measure, pick) for measure, pick in picks if pick[0].parts]
        if stated:
            sure = float(np.prod([pick[1] for _, pick in stated]))
            right = all(is_right(pick[0], measure, article["gold"]) for measure, pick in stated)
            figures.append((sure, right))
    reliability(figures, options.reliability)
    if options.out:
        rounded = {
            name: {key: round(float(w), 4) for key, w in weights.items()} for name, weights in model.items()
        }
        options.out.write_text(json.dumps(rounded, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
