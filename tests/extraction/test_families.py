"""Every family of cases has at least 15 sentences to accept and 15 to reject in the tables under `cases`."""

from pathlib import Path

import pytest

CASES = Path(__file__).parent / "cases"
ENOUGH = 15

Where = tuple[str, tuple[str, ...]]
"""A table, and the families that its first column must name; none where the whole table is one family."""

FAMILIES: dict[str, tuple[Where, Where]] = {
    "quantities": (("quantities_accept", ()), ("quantities_reject", ())),
    "who was hurt, as a sentence": (("casualties_accept", ("harm",)), ("casualties_reject", ("harm",))),
    "who was hurt, in a headline": (
        ("casualties_accept", ("headline",)),
        ("casualties_reject", ("headline",)),
    ),
    "who was injured": (("casualties_accept", ("injured",)), ("casualties_reject", ("injured",))),
    "sums and shares": (("casualties_accept", ("sum",)), ("casualties_not", ("sum",))),
    "realis": (("casualties_accept", ("realis",)), ("casualties_reject", ("realis",))),
    "scope": (("casualties_accept", ("scope",)), ("casualties_reject", ("scope",))),
    "claims": (("casualties_accept", ("claim",)), ("casualties_reject", ("claim",))),
    "deployments": (("deployments_accept", ()), ("deployments_reject", ())),
    "places": (("places_accept", ()), ("places_reject", ())),
    "dates": (("dates_accept", ()), ("dates_reject", ())),
    "causes": (("casualties_accept", ("cause",)), ("casualties_not", ("cause",))),
    "actors and targets": (("casualties_accept", ("party",)), ("casualties_not", ("party",))),
    "several happenings": (("casualties_accept", ("several",)), ("casualties_not", ("several",))),
    "language": (("casualties_accept", ("language",)), ("casualties_reject", ("language",))),
    "terms": (("terms_accept", ()), ("terms_reject", ())),
}


def size(where: Where) -> int:
    name, families = where
    lines = (CASES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    cases = {line for line in lines if line.strip() and not line.startswith("#")}
    return sum(not families or line.split("\t")[0] in families for line in cases)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_cases_enough(family: str) -> None:
    accept, reject = FAMILIES[family]
    assert size(accept) >= ENOUGH
    assert size(reject) >= ENOUGH


def test_every_case_belongs_to_a_family() -> None:
    known = {
        (name, family) for tables in FAMILIES.values() for name, families in tables for family in families
    }
    for name in ("casualties_accept", "casualties_reject", "casualties_not"):
        for line in (CASES / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                assert (name, line.split("\t")[0]) in known, line
