"""Who was hurt: the happenings of a text with their tolls.

Every statement of harm is read (`frames`), the possible tolls are made of them (`choices`), one is chosen
(`chooser`), and what the statements tell of other happenings becomes events of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import cast

from schemas import Claim, Count, Measure, Party
from schemas.events import Realis, Scope
from streams.extraction.causes import CauseFinder
from streams.extraction.choices import Choice, injured_choices, killed_choices, usable
from streams.extraction.chooser import Chooser
from streams.extraction.claims import ClaimantFinder
from streams.extraction.context import Context
from streams.extraction.document import Document
from streams.extraction.drafts import CasualtyDraft, Mark, Note
from streams.extraction.frames import FrameReader
from streams.extraction.mentions import Mention
from streams.extraction.story import Told, tell

_SIMPLE: tuple[Measure, ...] = ("missing", "kidnapped", "detained", "displaced", "casualties")
_LONGEST_QUOTE = 160
_FEW_EVENTS = 12


@dataclass(slots=True)
class _Toll:
    measure: Measure
    choice: Choice
    probability: float


class Finder:
    """Finds casualties in documents of one language."""

    def __init__(self, language: str) -> None:
        self._frames = FrameReader.load(language)
        self._context = Context.load(language)
        self._chooser = Chooser.load(language)
        self._causes = CauseFinder.load(language)
        self._claimants = ClaimantFinder.load(language)

    @staticmethod
    @cache
    def load(language: str) -> "Finder":
        """The finder for `language`, with its data. Raises LexiconError."""
        return Finder(language)

    def find(
        self, document: Document, year: int | None = None, notes: list[Note] | None = None
    ) -> list[CasualtyDraft]:
        """The happenings of `document`, main one first; what was weighed is added to `notes`.

        `year` is the year of publication, where known: what happened in an earlier one is recalled.
        """
        if not self._frames.grammar.harm.gate.search(document.clean):
            return []
        told = tell(document, self._frames, self._context, year)
        if not told:
            return []
        drafts: list[CasualtyDraft] = []
        tolls = [toll for toll in self._tolls(told, document, notes) if not self._natural(document, toll)]
        told_apart = _told_apart(tolls)
        main = self._main(document, [toll for toll in tolls if toll is not told_apart], told, year)
        if main is not None:
            drafts.append(main)
        if told_apart is not None:
            tolls = [toll for toll in tolls if toll is not told_apart]
        drafts += self._others(document, told, tolls, main, year)
        return drafts[:_FEW_EVENTS]

    # --- the main happening

    def _tolls(self, told: list[Told], document: Document, notes: list[Note] | None) -> list[_Toll]:
        choices = killed_choices(told)
        killed, sure = self._chooser.choose("killed", choices)
        tolls = [_Toll("killed", killed, sure)]
        self._note(document, "killed", choices, killed, notes)
        choices = injured_choices(told, killed)
        injured, sure = self._chooser.choose("injured", choices)
        tolls.append(_Toll("injured", injured, sure))
        self._note(document, "injured", choices, injured, notes)
        for measure in _SIMPLE:
            simple = _simple(told, measure)
            if simple is not None and not (measure == "casualties" and (killed.value or injured.value)):
                tolls.append(_Toll(measure, simple, 0.7))
        return tolls

    def _main(
        self, document: Document, tolls: list[_Toll], told: list[Told], year: int | None
    ) -> CasualtyDraft | None:
        stated = [toll for toll in tolls if toll.choice.parts]
        harmed = [toll for toll in stated if toll.measure != "detained"]
        if not harmed:
            return None
        counts: dict[Measure, Count] = {}
        attackers: dict[Measure, Count] = {}
        marks: list[Mark] = []
        sure = 1.0
        for toll in stated:
            counts[toll.measure], spans = _quoted(document, toll.choice)
            marks += [Mark(f"tolls.{toll.measure}", start, end) for start, end in spans]
            if toll.choice.attackers:
                size = toll.choice.attackers
                attackers[toll.measure] = Count(low=size, best=size, high=size)
            if toll.measure in ("killed", "injured"):
                sure *= toll.probability
        for toll in tolls:
            if toll.measure in ("killed", "injured") and not toll.choice.parts:
                zero = _zero(told, toll.measure)
                if zero is not None:
                    counts[toll.measure] = zero.mention.count
                    marks.append(Mark(f"tolls.{toll.measure}", *_span(document, zero.mention)))
                sure *= 0.5 + toll.probability / 2
        parts = [part for toll in harmed for part in toll.choice.parts]
        leading = harmed[0].choice.parts[0]
        feared = all(part.mention.feared for part in parts)
        return self._draft(
            document,
            [leading, *parts, *(item for item in told if not item.aside)],
            counts=counts,
            attackers=attackers,
            marks=marks,
            realis=_realis(parts, year),
            scope=_scope(parts),
            claims_of={toll.measure: toll.choice for toll in stated},
            told=told,
            confidence=round(min(sure, 0.45) if feared else sure, 3),
        )

    def _natural(self, document: Document, toll: _Toll) -> bool:
        """Whether it is one person's death of which nothing says that anything happened: an obituary."""
        parts = toll.choice.parts
        if (
            toll.measure != "killed"
            or len(parts) != 1
            or not (parts[0].mention.one and parts[0].mention.trigger.natural)
        ):
            return False
        return self._causes.find(document, [parts[0].mention.sentence], None) is None

    # --- the others

    def _others(
        self,
        document: Document,
        told: list[Told],
        tolls: list[_Toll],
        main: CasualtyDraft | None,
        year: int | None,
    ) -> list[CasualtyDraft]:
        """What the text recalls, sums up or reports besides: one event for each sentence that tells it."""
        used = {id(part) for toll in tolls for part in toll.choice.parts}
        known = {(toll.measure, toll.choice.value) for toll in tolls}
        groups: dict[tuple[int, Realis, Scope], list[Told]] = {}
        for item in told:
            mention = item.mention
            if id(item) in used or not mention.value or mention.part or mention.bare or mention.negated:
                continue
            measure = "injured" if mention.measure == "hit" else mention.measure
            if (measure, mention.value) in known or mention.definite or mention.measure == "detained":
                continue
            realis, scope = _realis([item], year), _scope([item])
            if realis == "actual" and scope == "incident" and "other" not in item.cues:
                continue
            groups.setdefault((mention.sentence, realis, scope), []).append(item)
        drafts = []
        for (_, realis, scope), items in groups.items():
            counts: dict[Measure, Count] = {}
            marks: list[Mark] = []
            for item in items:
                measure = cast(
                    "Measure", "injured" if item.mention.measure == "hit" else item.mention.measure
                )
                if measure in counts:
                    continue
                counts[measure], spans = _quoted(document, Choice(0, "single", item.mention.count, [item]))
                marks += [Mark(f"tolls.{measure}", start, end) for start, end in spans]
            drafts.append(
                self._draft(
                    document,
                    items,
                    counts=counts,
                    attackers={},
                    marks=marks,
                    realis=realis,
                    scope=scope,
                    claims_of={},
                    told=[],
                    confidence=0.6,
                )
            )
        return drafts

    # --- what goes into an event

    def _draft(
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
        sentences = tuple(dict.fromkeys(item.mention.sentence for item in items))
        cause = self._causes.find(
            document, sentences, next((i.mention.cause for i in items if i.mention.cause), None)
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
                start, end = _span(document, item.mention)
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

    def _note(
        self,
        document: Document,
        measure: str,
        choices: list[Choice],
        chosen: Choice,
        notes: list[Note] | None,
    ) -> None:
        """Puts down every choice with what spoke for (+) and against it (-), strongest first."""
        if notes is None:
            return
        weights = self._chooser.weights[measure]
        for choice in sorted(choices, key=lambda one: -one.score):
            spoken = sorted(
                ((weights.get(name, 0.0) * value, name) for name, value in choice.features.items()),
                key=lambda pair: -abs(pair[0]),
            )
            reasons = tuple(
                f"{'+' if weight > 0 else '-'} {name} {abs(weight):.2f}"
                for weight, name in spoken
                if abs(weight) >= 0.05
            )
            start, end = _span(document, choice.parts[0].mention) if choice.parts else (0, 0)
            notes.append(
                Note(
                    start,
                    end,
                    f"{measure} {choice.value} ({choice.kind})",
                    reasons,
                    "chosen" if choice is chosen else f"score {choice.score:.2f}",
                )
            )


def _told_apart(tolls: list[_Toll]) -> _Toll | None:
    """The dead of another happening: those of a late "..., which killed 40" beside injured told in the lead."""
    by = {toll.measure: toll.choice.parts for toll in tolls}
    killed, injured = by.get("killed"), by.get("injured")
    if killed and injured and killed[0].mention.which and killed[0].lead == 2 and injured[0].lead <= 1:
        return next(toll for toll in tolls if toll.measure == "killed")
    return None


def _simple(told: list[Told], measure: Measure) -> Choice | None:
    """The figure of a measure that is no question of life and death: the first in the lead, else the greatest."""
    items = [
        item
        for item in usable(told, measure)
        if item.mention.value and not item.aside and not item.mention.part
    ]
    if not items:
        return None
    best = max(items, key=lambda item: (item.lead <= 1, not item.mention.one, item.mention.value or 0))
    return Choice(best.mention.value or 0, "single", best.mention.count, [best])


def _zero(told: list[Told], measure: Measure) -> Told | None:
    """An explicit "nobody"."""
    for item in told:
        mention = item.mention
        if mention.measure in (measure, "casualties") and mention.count.high == 0 and not item.aside:
            return item
    return None


def _span(document: Document, mention: Mention) -> tuple[int, int]:
    tokens = document.sentences[mention.sentence].tokens
    return tokens[mention.start].start, tokens[mention.end - 1].end


def _quoted(document: Document, choice: Choice) -> tuple[Count, list[tuple[int, int]]]:
    """The choice's count with its words as the article has them, and where they stand."""
    spans = list(dict.fromkeys(_span(document, part.mention) for part in choice.parts))
    low, high = min(start for start, _ in spans), max(end for _, end in spans)
    first = spans[0]
    text = document.quote(low, high) if high - low <= _LONGEST_QUOTE else document.quote(*first)
    return replace(choice.count, text=text), spans


def _realis(parts: Iterable[Told], year: int | None) -> Realis:
    parts = list(parts)
    if all(part.mention.unreal or "unreal" in part.cues for part in parts):
        return "hypothetical"
    if all("historical" in part.cues or (part.old_year and year is not None) for part in parts):
        return "historical"
    return "actual"


def _scope(parts: Iterable[Told]) -> Scope:
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
