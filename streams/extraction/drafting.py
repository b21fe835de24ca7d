"""What goes into an event of casualties: quotes, realis, scope, cause, parties and claims."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache

from schemas import Claim, Count, Measure, Party
from schemas.events import Realis, Scope
from streams.extraction.causes import CauseFinder
from streams.extraction.choices import usable
from streams.extraction.claims import ClaimantFinder
from streams.extraction.document import Document
from streams.extraction.drafts import CasualtyDraft, Mark
from streams.extraction.features import Choice
from streams.extraction.mentions import Mention
from streams.extraction.story import Told

_LONGEST_QUOTE = 160
_LONGEST_PROOF = 120
_PARTIES = 6
_TAKEN = ("kidnapped", "detained")


class Drafter:
    """Makes drafts in one language."""

    def __init__(self, language: str) -> None:
        self.causes = CauseFinder.load(language)
        self._claimants = ClaimantFinder.load(language)

    @staticmethod
    @cache
    def load(language: str) -> "Drafter":
        """The drafter for `language`. Raises LexiconError."""
        return Drafter(language)

    def draft(
        self,
        document: Document,
        items: list[Told],
        *,
        counts: dict[Measure, Count],
        attackers: dict[Measure, Count],
        marks: list[Mark],
        realis: Realis,
        scope: Scope,
        claims_of: dict[Measure, Choice],
        told: list[Told],
        confidence: float,
    ) -> CasualtyDraft:
        """The happening that `items` tell of, the leading one first; `told` may hold rival figures."""
        sentences = tuple(dict.fromkeys(item.mention.sentence for item in items))
        cause = self.causes.find(
            document,
            sentences,
            next((i.mention.cause for i in items if i.mention.cause), None),
            taken=all(item.mention.measure in _TAKEN for item in items),
        )
        if cause is not None:
            marks = [*marks, Mark("cause", cause.start, cause.end)]
        actors, targets, party_marks = _parties(document, items)
        claims, claim_marks = self._claims(document, claims_of, told)
        return CasualtyDraft(
            tolls=counts,
            attackers=attackers,
            realis=realis,
            scope=scope,
            cause=cause.cause if cause is not None else None,
            actors=actors,
            targets=targets,
            claims=claims,
            marks=(*marks, *party_marks, *claim_marks),
            sentences=sentences,
            confidence=confidence,
        )

    def rank(self, document: Document, item: Told) -> int | None:
        """How good the source of a figure is; None where the text names none."""
        start, end = span_of(document, item.mention)
        who = self._claimants.find(document, document.sentences[item.mention.sentence], start, end)
        return self._claimants.rank(document.clean[who[0] : who[1]]) if who is not None else None

    def _claims(
        self, document: Document, claims_of: dict[Measure, Choice], told: list[Told]
    ) -> tuple[tuple[Claim, ...], list[Mark]]:
        """The chosen figures and their rivals, each with who gives it."""
        claims: list[Claim] = []
        marks: list[Mark] = []
        for measure, choice in claims_of.items():
            rivals = [
                item
                for item in usable(told, measure)
                if not item.mention.one
                and not item.mention.part
                and not item.mention.more
                and not item.aside
                and not item.mention.bare
                and "cumulative" not in item.cues
            ]
            seen: set[tuple[int, str | None]] = set()
            for item in [choice.parts[0], *rivals]:
                leading = item is choice.parts[0]
                value = choice.value if leading else item.mention.value or 0
                start, end = span_of(document, item.mention)
                sentence = document.sentences[item.mention.sentence]
                who = self._claimants.find(document, sentence, start, end)
                name = document.quote(*who) if who else None
                if (value, name) in seen or (not leading and (name is None or value == choice.value)):
                    continue
                seen.add((value, name))
                count = choice.count if leading else item.mention.count
                if who:
                    marks.append(Mark(f"claims.{len(claims)}", *who))
                claims.append(
                    Claim(
                        measure=measure,
                        count=replace(count, text=document.quote(start, end)),
                        claimant=name,
                        leading=leading,
                    )
                )
        return tuple(claims), marks


def span_of(document: Document, mention: Mention) -> tuple[int, int]:
    """Where the words of a figure stand, in offsets of the clean text."""
    tokens = document.sentences[mention.sentence].tokens
    return tokens[mention.start].start, tokens[mention.end - 1].end


def quoted(document: Document, choice: Choice) -> tuple[Count, list[tuple[int, int]]]:
    """The choice's count with its words as the article has them, and where the words that prove it stand."""
    spans = [span_of(document, part.mention) for part in choice.parts]
    low, high = min(start for start, _ in spans), max(end for _, end in spans)
    first = spans[0]
    text = document.quote(low, high) if high - low <= _LONGEST_QUOTE else document.quote(*first)
    proofs = dict.fromkeys(proof_of(document, part.mention) for part in choice.parts)
    return replace(choice.count, text=text), list(proofs)


def proof_of(document: Document, mention: Mention) -> tuple[int, int]:
    """Where the words that prove a figure stand: from how many to what befell them, as in "12 were killed".

    A number alone proves nothing. Where the two are far apart it is the people: "12 passengers".
    """
    tokens = document.sentences[mention.sentence].tokens
    first, last = mention.start, mention.end
    for start, end in (mention.people or (first, last), (mention.trigger_start, mention.trigger_end)):
        low, high = min(first, start), max(last, end)
        if tokens[high - 1].end - tokens[low].start <= _LONGEST_PROOF:
            first, last = low, high
    return tokens[first].start, tokens[last - 1].end


def realis_of(parts: Iterable[Told], published: date | None, *, main: bool = False) -> Realis:
    """Whether what `parts` tell happened, is only thought of, is denied or is recalled.

    `published`: the day of the article, where known. Of the `main` happening also an arrest is news.
    """
    parts = list(parts)
    if all(part.mention.unreal or "unreal" in part.cues for part in parts):
        return "hypothetical"
    if all("denied" in part.cues for part in parts):
        return "denied"
    if all("cumulative" in part.cues for part in parts):
        return "actual"
    if main:
        past = all("historical" in p.cues or (p.old_year and published is not None) for p in parts)
        return "historical" if past and not all(part.followed for part in parts) else "actual"
    return "historical" if all(part.aside and "other" not in part.cues for part in parts) else "actual"


def scope_of(parts: Iterable[Told]) -> Scope:
    """Whether `parts` count one happening, or a war, a year, a series."""
    return "cumulative" if all("cumulative" in part.cues for part in parts) else "incident"


def _parties(
    document: Document, items: list[Told]
) -> tuple[tuple[Party, ...], tuple[Party, ...], list[Mark]]:
    """Who did it, and who was hurt, as the mentions name them."""
    actors: dict[str, tuple[Party, int, int]] = {}
    targets: dict[str, tuple[Party, int, int]] = {}
    for item in items[:12]:
        mention = item.mention
        tokens = document.sentences[mention.sentence].tokens
        if mention.agent is not None:
            start, end = tokens[mention.agent[0]].start, tokens[mention.agent[1] - 1].end
            name = document.quote(start, end)
            actors.setdefault(
                name.lower(), (Party(name=name, role=mention.agent_role or "agent"), start, end)
            )
        if mention.people is not None and not mention.trigger.suicide and not mention.attacker:
            start, end = tokens[mention.people[0]].start, tokens[mention.people[1] - 1].end
            name = document.quote(start, end)
            role = mention.noun or "victim"
            targets.setdefault(name.lower(), (Party(name=name, role=role), start, end))
    some_actors, some_targets = list(actors.values())[:4], list(targets.values())[:6]
    marks = [Mark(f"actors.{number}", start, end) for number, (_, start, end) in enumerate(some_actors)]
    marks += [Mark(f"targets.{number}", start, end) for number, (_, start, end) in enumerate(some_targets)]
    return tuple(party for party, _, _ in some_actors), tuple(party for party, _, _ in some_targets), marks
