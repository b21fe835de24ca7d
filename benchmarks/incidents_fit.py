"""Learns the weights of the matching rules from labelled streams, with cross-validation.

    python benchmarks/incidents_fit.py READINGS.jsonl GOLD.jsonl [READINGS GOLD ...]        reports only
    python benchmarks/incidents_fit.py READINGS.jsonl GOLD.jsonl [...] --write              and writes them

READINGS hold what `tocsin replay` writes as `readings.jsonl`; each row of GOLD has an `id` and a `cluster`.
The articles are taken in order; each main event is compared with the incidents that the index proposes, made
of the articles that truly belong together, and a logistic regression learns which of them is its own. It is
pulled towards the weights in `incidents_priors.toml`, so that what these streams don't show stays as it was
judged, and a weight keeps its sign: a shared street never speaks against.
"""

import argparse
import json
import tomllib
from collections import defaultdict
from pathlib import Path

import numpy as np
from msgspec import convert
from msgspec.structs import replace
from numpy.typing import NDArray

import streams.incidents
from schemas import Reading, decode
from schemas.events import EventType
from streams.incidents.members import joins, read
from streams.incidents.settings import Scoring, TrackingSettings, matching
from streams.incidents.state import ArticleRecord, Draft, IncidentRecord, article_key, incident_key, kept
from streams.incidents.step import Desk
from streams.ledger import Ledger

PRIORS = Path(__file__).with_name("incidents_priors.toml")
DATA = Path(streams.incidents.__file__).parent / "data" / "matching.toml"
AGAINST = (
    "differ",
    "clash",
    "far",
    "far_wide",
    "apart",
    "abroad",
    "before",
    "gap",
    "gap_same",
    "gap_undated",
)
PULL = 0.2
"""How strongly a weight is held to its old value, in examples."""

FOLDS = 5
KIND: EventType = "casualties"
"""Deployments have no labelled stream: their weights are set by hand."""

NO_MORE_THAN = (
    ("place.namesake", "place.same"),
    ("place.near", "place.same"),
    ("place.within", "place.near"),
    ("place.country", "place.within"),
    ("date.next", "date.same"),
    ("date.overlap", "date.same"),
    ("killed.one", "killed.two"),
    ("killed.two", "killed.many"),
    ("injured.one", "injured.two"),
    ("injured.two", "injured.many"),
)
"""The first of each pair never says more than the second."""

JUDGED = ("names.none", "names.apart")
"""Put back to what was judged: a stream with few happenings in one city doesn't show what these say."""

Row = tuple[dict[str, float], bool, str]
"""What was found in one comparison, whether they belong together, and the cluster of the event."""


def comparisons(readings: list[Reading], clusters: dict[str, str]) -> list[Row]:
    """Every comparison that tracking the stream without a mistake would make."""
    ledger = Ledger()
    desk = Desk(ledger, TrackingSettings(), matching())
    rows: list[Row] = []
    missed = possible = 0
    for reading in readings:
        event = next((event for event in reading.events if event.type == KIND and joins(event)), None)
        cluster = clusters.get(reading.article_id)
        if event is None or cluster is None:
            continue
        record = ArticleRecord(
            article_id=reading.article_id,
            content_hash=reading.content_hash,
            published_at=reading.published_at,
            title=reading.title,
            source=reading.source,
            url=reading.url,
            fingerprint=reading.fingerprint,
        )
        event = kept(event)
        known = read(record, event)
        scale = desk.matcher.scale(known.traits)
        candidates = desk.index.candidates(known.keys)
        if desk.record(cluster) is not None:
            missed += cluster not in candidates
            possible += 1
        for incident_id in candidates:
            profile = desk.index.profile(incident_id)
            if profile is not None and profile.kind == event.type:
                rows.append((dict(scale.findings(profile)), incident_id == cluster, cluster))
        ledger.put(incident_key(cluster), IncidentRecord(incident_id=cluster, type=event.type))
        draft = Draft(event=event, incident_id=cluster)
        ledger.put(article_key(reading.article_id), replace(record, drafts=(draft,)))
        ledger.commit()
    print(f"{missed} of {possible} times the right incident was not proposed")
    return rows


def table(rows: list[Row], names: list[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The rows as a matrix with a column of ones in front, and their labels."""
    column = {name: position + 1 for position, name in enumerate(names)}
    values = np.zeros((len(rows), len(names) + 1))
    values[:, 0] = 1.0
    for position, (found, _, _) in enumerate(rows):
        for name, value in found.items():
            if name in column:
                values[position, column[name]] = value
    return values, np.array([label for _, label, _ in rows], dtype=float)


def fit(
    values: NDArray[np.float64],
    labels: NDArray[np.float64],
    prior: NDArray[np.float64],
    signs: NDArray[np.float64],
    order: list[tuple[int, int]],
) -> NDArray[np.float64]:
    """The weights that explain the labels best, held to `prior`, to their `signs` and to `order`."""
    weights = prior.copy()
    step = 4.0 / (np.linalg.norm(values, 2) ** 2 + PULL * len(labels) ** 0.5)
    previous, momentum = weights.copy(), 1.0
    for _ in range(3000):
        after = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = weights + (momentum - 1) / after * (weights - previous)
        error = 1 / (1 + np.exp(-np.clip(values @ ahead, -30, 30))) - labels
        slope = values.T @ error + PULL * len(labels) ** 0.5 * (ahead - prior)
        previous, momentum = weights, after
        weights = ahead - step * slope
        weights = np.where(signs * weights < 0, 0.0, weights)
        for less, more in order:
            if weights[less] > weights[more]:
                weights[less] = weights[more] = (weights[less] + weights[more]) / 2
    return weights


def signs_of(names: list[str]) -> NDArray[np.float64]:
    """1 where a weight may not be negative, -1 where not positive, 0 where both are right."""
    found = [0.0]
    for name in names:
        last = name.rsplit(".", 1)[-1].removesuffix("_known").removesuffix("_after").removesuffix("_alike")
        found.append(
            -1.0
            if last in AGAINST
            else 1.0
            if last in ("same", "lone", "rare", "there", "named", "many", "names", "words", "text")
            else 0.0
        )
    return np.array(found)


def quality(scores: NDArray[np.float64], labels: NDArray[np.float64]) -> str:
    """Precision and recall of "belongs together" at even odds."""
    said = scores > 0
    hit = float((said & (labels > 0)).sum())
    return f"precision {hit / max(1, said.sum()):.3f}  recall {hit / max(1, labels.sum()):.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows: list[Row] = []
    for stream, gold in zip(options.files[::2], options.files[1::2], strict=True):
        readings = [decode(Reading, line) for line in stream.read_bytes().splitlines()]
        lines = [json.loads(line) for line in gold.read_text().splitlines()]
        rows += comparisons(readings, {line["id"]: line["cluster"] for line in lines})
    scoring = matching().scoring[KIND]
    names = list(scoring.weights)
    judged = convert(tomllib.loads(PRIORS.read_text()), Scoring)
    prior = np.array([judged.bias, *(judged.weights[name] for name in names)])
    values, labels = table(rows, names)
    signs = signs_of(names)
    order = [(names.index(less) + 1, names.index(more) + 1) for less, more in NO_MORE_THAN if less in names]
    print(f"{len(rows)} comparisons, {int(labels.sum())} belong together")
    print("as it is   ", quality(values @ prior, labels))
    places: dict[str, int] = defaultdict(lambda: len(places))
    fold = np.array([places[cluster] % FOLDS for _, _, cluster in rows])
    scores = np.zeros(len(rows))
    for number in range(FOLDS):
        chosen = fold != number
        scores[~chosen] = values[~chosen] @ fit(values[chosen], labels[chosen], prior, signs, order)
    print("held out   ", quality(scores, labels))
    weights = fit(values, labels, prior, signs, order)
    for name in JUDGED:
        weights[names.index(name) + 1] = judged.weights[name]
    print("fitted     ", quality(values @ weights, labels))
    counts = (values != 0).sum(axis=0)
    for name, old, new, count in zip(["bias", *names], prior, weights, counts, strict=True):
        print(f"{name:24} {old:7.2f} {new:7.2f}  {count}")
    if options.write:
        write(dict(zip(["bias", *names], weights.tolist(), strict=True)))


def write(weights: dict[str, float]) -> None:
    """Put the weights into the data file; everything else in it stays."""
    found: list[str] = []
    inside = False
    for line in DATA.read_text().splitlines():
        inside = f"[scoring.{KIND}" in line if line.startswith("[") else inside
        key = line.partition(" = ")[0]
        name = key.strip('"')
        found.append(f"{key} = {weights[name]:.2f}" if inside and name in weights else line)
    DATA.write_text("\n".join(found) + "\n")


if __name__ == "__main__":
    main()
