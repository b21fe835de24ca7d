"""How well articles are read that nobody fitted anything to: exact tolls, deployments, incidents.

    python -m benchmarks.unseen [dev] [held]

The articles and their labels lie in `benchmarks/unseen`; its README says how they came about. A toll is
that of the first actual casualty event of scope `incident`, best figure, else low; none counts as 0. A
deployment is right when its count agrees (best with best, or low with low where the label has no best).
Incidents are compared by B-cubed F1 and by the F1 of pairs of articles, and by the final toll of the incident
that holds most of a happening's articles.
"""

import argparse
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

FOLDER = Path(__file__).parent / "unseen"
MEASURES = ("killed", "injured", "missing", "kidnapped")
LIVE = ("actual", "ordered", "planned")

Row = dict[str, Any]


def rows(lines: Iterable[bytes]) -> list[Row]:
    return [orjson.loads(line) for line in lines if line.strip()]


def tocsin(*arguments: str) -> bytes:
    command = [sys.executable, "-m", "streams.cli", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


def figure(count: Row | None) -> int:
    if count is None:
        return 0
    return count["best"] if count["best"] is not None else count["low"] or 0


def casualties(file: Path) -> str:
    """The share of articles whose toll is exact, by measure."""
    tolls: dict[str, Row] = {}
    for event in rows(tocsin("extract", str(file)).splitlines()):
        if (event["type"], event["realis"], event["scope"]) == ("casualties", "actual", "incident"):
            tolls.setdefault(event["article_id"], event["tolls"])
    right: dict[str, list[bool]] = defaultdict(list)
    for article in rows(file.read_bytes().splitlines()):
        for measure in MEASURES:
            if (wanted := article["gold"].get(measure)) is not None:
                right[measure].append(figure(tolls.get(article["id"], {}).get(measure)) == wanted)
    return ", ".join(f"{name} {sum(found) / len(found):.2f} of {len(found)}" for name, found in right.items())


def agrees(wanted: Row, got: Row) -> bool:
    end = next((name for name in ("best", "low", "high") if wanted.get(name) is not None), None)
    return end is None or wanted[end] == got[end]


def deployments(file: Path) -> str:
    """F1 of the live deployments, matched one to one, kinds that agree first."""
    found: dict[str, list[Row]] = defaultdict(list)
    for event in rows(tocsin("extract", str(file)).splitlines()):
        if event["direction"] == "deploy" and event["realis"] in LIVE:
            found[event["article_id"]].append(event["force"])
    wanted_in_all = got_in_all = hits = 0
    for article in rows(file.read_bytes().splitlines()):
        left = found.pop(article["id"], [])
        wanted = [
            one
            for one in article["gold"]["deployments"]
            if one["direction"] == "deploy" and one["realis"] in LIVE
        ]
        wanted_in_all, got_in_all = wanted_in_all + len(wanted), got_in_all + len(left)
        for one in sorted(wanted, key=lambda one: all(end is None for end in one["count"].values())):
            fits = [force for force in left if agrees(one["count"], force["count"])]
            if fits:
                left.remove(max(fits, key=lambda force: force["what"] == one["what"]))
                hits += 1
    return f"F1 {2 * hits / (wanted_in_all + got_in_all):.2f} ({hits} of {wanted_in_all}, {got_in_all} given)"


def pairs(groups: Iterable[Any]) -> int:
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())


def stream(file: Path) -> str:
    """How well the reports of one happening are brought together, and what its toll is in the end."""
    with tempfile.TemporaryDirectory() as folder:
        tocsin("replay", str(file), "--out", folder)
        incidents = rows((Path(folder) / "incidents.jsonl").read_bytes().splitlines())
    places: dict[str, tuple[int, int]] = {}
    for number, incident in enumerate(incidents):
        for report in [] if incident["merged_into"] else incident["reports"]:
            placed = (report["rank"], number)
            places[report["article_id"]] = min(placed, places.get(report["article_id"], placed))
    told = rows(file.read_bytes().splitlines())
    seen = [(row["cluster"], places[row["id"]][1]) for row in told if row["id"] in places]
    both, gold, got = Counter(seen), Counter(one for one, _ in seen), Counter(other for _, other in seen)
    precision = sum(number * number / got[key[1]] for key, number in both.items()) / len(seen)
    recall = sum(number * number / gold[key[0]] for key, number in both.items()) / len(seen)
    paired = 2 * pairs(seen) / (pairs(one for one, _ in seen) + pairs(other for _, other in seen))
    right: dict[str, list[bool]] = defaultdict(list)
    for cluster, toll in {
        row["cluster"]: row["incident_toll"] for row in told if "incident_toll" in row
    }.items():
        most = max((key for key in both if key[0] == cluster), key=lambda key: both[key], default=None)
        tolls = incidents[most[1]]["tolls"] if most is not None else {}
        for measure in ("killed", "injured"):
            if toll[measure] is not None:  # else nobody gives it
                right[measure].append(figure(tolls.get(measure)) == toll[measure])
    final = ", ".join(f"{name} {sum(found) / len(found):.2f}" for name, found in right.items())
    f1 = 2 * precision * recall / (precision + recall)
    return (
        f"B-cubed F1 {f1:.2f}, pairs {paired:.2f}, {len(seen)} of {len(told)} articles; final toll: {final}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("halves", nargs="*", default=["dev", "held"], help="dev, held or both")
    for half in parser.parse_args().halves:
        for name, score in (("casualties", casualties), ("deployments", deployments), ("stream", stream)):
            print(f"{half:<5}{name:<12}{score(FOLDER / f'{name}_{half}.jsonl')}", flush=True)


if __name__ == "__main__":
    main()
