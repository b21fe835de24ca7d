"""Copies that were cut, re-headlined or given a local paragraph are still copies; other stories are not."""

import pytest

from schemas.fingerprints import similarity
from streams.extraction.document import read_document
from streams.extraction.fingerprint import make

WIRE = """Rescue teams in the harbour town of Vellmar pulled nine more bodies from the ferry on Tuesday.

The vessel rolled over shortly before dawn while bringing pilgrims home from the island shrine, officers said.

Divers working in relays have searched the two upper decks and will try to reach the engine room at low tide.

Survivors described a sudden lurch, a scramble for life jackets that were locked in a cupboard, then darkness.

The transport minister promised an inquiry into why the ferry sailed with twice the passengers it may carry.

Relatives camped outside the small hospital, where a handwritten list of the living was pinned to a door.

Two crew members were questioned, and the owner of the line could not be reached, prosecutors said.
"""
OTHER = """A fire swept through a textile mill on the edge of the capital on Tuesday, killing nine people.

Workers jumped from windows on the third floor because bales of cloth blocked the stairs, witnesses said.

The labour minister promised an inquiry and said that the owner could not be reached for comment.

Crews needed six hours to put out the flames, and the roof fell in before they had searched the last floor.
"""
PARAGRAPHS = WIRE.strip().split("\n\n")
LOCAL = """Pastor Ines Holm of the seamen's mission said that three families of her own parish are waiting.

She opened the parish hall for the night, and helpers brought soup, blankets and telephones to them."""

COPIES = {
    "reprinted": ("Ferry toll climbs", WIRE),
    "cut": ("Ferry toll climbs", "\n\n".join(PARAGRAPHS[:4])),
    "cut from the middle": ("Divers find more dead", "\n\n".join(PARAGRAPHS[2:6])),
    "with a local part": ("Families wait", LOCAL + "\n\n" + "\n\n".join(PARAGRAPHS[:5])),
    "in capitals": ("FERRY", WIRE.upper()),
    "with other quotes and markup": ("Ferry", WIRE.replace("'", "’").replace("\n\n", "<br/><p>")),
    "with boiler-plate": (
        "Ferry",
        "Sign up for our newsletter to get all the news first.\n\n" + WIRE + "\n\nAll rights reserved by us.",
    ),
}


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_is_recognised(name: str) -> None:
    wire = make(read_document("Nine more dead in ferry disaster", WIRE))
    assert similarity(wire, make(read_document(*COPIES[name]))) >= 0.65


def test_another_story_is_none() -> None:
    wire, other = make(read_document("Nine dead", WIRE)), make(read_document("Nine dead", OTHER))
    assert similarity(wire, other) < 0.15


def test_boilerplate_makes_no_copies() -> None:
    notice = "Please read our privacy policy before you comment on any of the stories that you find here."
    first = make(read_document("One", f"{notice}\n\n{PARAGRAPHS[0]}"))
    second = make(read_document("Two", f"{notice}\n\n{OTHER}"))
    assert similarity(first, second) < 0.15


def test_a_title_alone_has_a_signature() -> None:
    title = "Nine more dead as ferry rolls over off the coast"
    assert similarity(make(read_document(title, None)), make(read_document(None, title))) == 1.0


def test_the_signature_is_the_same_everywhere() -> None:
    document = read_document(None, "The quick brown fox jumps over the lazy dog.")
    assert make(document) == "2=Gy2qumAmUs52SO87lF1L/cBosA/bnAil3o5sbg=="
