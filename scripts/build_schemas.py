"""Writes `schemas/json` and `schemas/asyncapi.json` anew, from the messages and `schemas/topics.toml`.

`python -m scripts.build_schemas` writes them, and refuses what would break those who hold to them; `--check`
only says whether they are as they would be written; `--breaking` writes a breaking change all the same.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from scripts import asyncapi, json_schemas
from scripts.compatibility import breaking

FOLDER = Path(__file__).parents[1] / "schemas"


def files() -> dict[Path, dict[str, Any]]:
    """What every file would hold."""
    schemas = json_schemas.build()
    found = {FOLDER / "json" / f"{name}.schema.json": schema for name, schema in schemas.items()}
    return {**found, FOLDER / "asyncapi.json": asyncapi.build(schemas, FOLDER / "examples")}


def text(document: dict[str, Any]) -> str:
    """A document as it is written."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def stale() -> list[Path]:
    """The files that are not as they would be written."""
    return [
        file
        for file, document in files().items()
        if not file.exists() or file.read_text("utf-8") != text(document)
    ]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true")
    options.add_argument("--breaking", action="store_true")
    chosen = options.parse_args()
    old_ones = stale()
    if chosen.check:
        for file in old_ones:
            print(f"{file} is stale; python -m scripts.build_schemas", file=sys.stderr)
        return 1 if old_ones else 0
    documents = files()
    for file in old_ones:
        if file.exists() and "properties" in documents[file] and not chosen.breaking:
            problems = breaking(json.loads(file.read_bytes()), documents[file])
            if problems:
                print(
                    f"{file.name} would break those who hold to it:", *problems, sep="\n  ", file=sys.stderr
                )
                return 1
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text(documents[file]), "utf-8")
        print(f"wrote {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
