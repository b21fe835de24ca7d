"""Who was hurt: the happenings of a text with their tolls.

Every statement of harm is read (`frames`), the possible tolls are made of them (`choices`), one is chosen
(`chooser`), and what the statements tell of other happenings becomes events of its own.
"""

from dataclasses import replace
from datetime import date
from functools import cache
from typing import cast

from schemas import Count, Measure
from schemas.events import Realis, Scope
from streams.extraction.added import added, shared
from streams.extraction.choice_notes import weighed
from streams.extraction.choices import injured_choices, killed_choices
from streams.extraction.chooser import Chooser
from streams.extraction.completing import complete, firmer, survivors
from streams.extraction.context import Context
from streams.extraction.document import Document
from streams.extraction.drafting import Drafter, proof_of, quoted, realis_of, scope_of
from streams.extraction.drafts import CasualtyDraft, Mark, Note
from streams.extraction.features import Choice
from streams.extraction.frames import FrameReader
from streams.extraction.story import Told, tell
from streams.extraction.tolls import (
    Toll,
    found_dead,
    is_sweep,
    lists_incidents,
    of_one_item,
    simple,
    told_apart,
    zero,
)
from streams.extraction.unhurt import unhurt

_SIMPLE: tuple[Measure, ...] = ("missing", "kidnapped", "detained", "displaced", "casualties")
_FEW_EVENTS = 12
_FEW_PEOPLE, _OLD = 3, 75
_UNLEARNED = 0.85  # how sure a figure is that no model weighed


class Finder:
    """Finds casualties in documents of one language."""

    def __init__(self, language: str) -> None:
        self._frames = FrameReader.load(language)
        self._context = Context.load(language)
        self._chooser = Chooser.load(language)
        self._drafter = Drafter.load(language)

    @staticmethod
    @cache
    def load(language: str) -> "Finder":
        """The finder for `language`, with its data. Raises LexiconError."""
        return Finder(language)

    def find(
        self,
        document: Document,
        published: date | None = None,
        notes: list[Note] | None = None,
        *,
        gate: bool = True,
    ) -> list[CasualtyDraft]:
        """The happenings of `document`, main one first; what was weighed is added to `notes`.

        `published` is its day, where known: what happened in an earlier year is recalled. Without
        `gate` every sentence is read, whether it holds a word of harm or not.
        """
        if gate and not self._frames.grammar.harm.gate.search(document.lower):
            return []
        told = tell(document, self._frames, self._context, published, gate=gate)
        if not told:
            return []
        drafts: list[CasualtyDraft] = []
        tolls = [toll for toll in self._tolls(told, document, notes) if not self._natural(document, toll)]
        if lists_incidents(document, told):
            tolls = of_one_item(document, tolls)
        apart = told_apart(tolls)
        tolls = [toll for toll in tolls if toll is not apart]
        main = self._main(document, tolls, told, published)
        if main is None or main.scope == "cumulative":
            spared = unhurt(document, told, published, self._drafter, beside=main is not None)
            drafts += [spared] if spared is not None else []
        if main is not None:
            drafts.append(main)
        drafts += self._others(document, told, tolls, main, published)
        return drafts[:_FEW_EVENTS]

    # --- the main happening

    def _tolls(self, told: list[Told], document: Document, notes: list[Note] | None) -> list[Toll]:
        choices = killed_choices(told)
        killed, sure = self._chooser.choose("killed", choices)
        killed = firmer(killed, choices, lambda item: self._drafter.rank(document, item))
        killed = added(document, complete(killed, choices, self._frames.anyone, self._frames.hurt), told)
        tolls = [Toll("killed", killed, sure)]
        if notes is not None:
            notes += weighed(document, "killed", choices, killed, self._chooser.weights["killed"])
        choices = injured_choices(told, killed)
        injured, sure = self._chooser.choose("injured", choices)
        injured = shared(document, survivors(injured, killed, choices))
        tolls.append(Toll("injured", injured, sure))
        if notes is not None:
            notes += weighed(document, "injured", choices, injured, self._chooser.weights["injured"])
        for measure in _SIMPLE:
            figure = simple(told, measure)
            if figure is not None and measure == "missing" and found_dead(figure, killed):
                continue
            if figure is not None and not (measure == "casualties" and (killed.value or injured.value)):
                tolls.append(Toll(measure, figure, _UNLEARNED))
        return tolls

    def _main(
        self, document: Document, tolls: list[Toll], told: list[Told], published: date | None
    ) -> CasualtyDraft | None:
        stated = [toll for toll in tolls if toll.choice.parts]
        harmed = [toll for toll in stated if toll.measure != "detained" or is_sweep(toll.choice, told)]
        if not harmed:
            return None
        counts: dict[Measure, Count] = {}
        attackers: dict[Measure, Count] = {}
        marks: list[Mark] = []
        sure = 1.0
        for toll in stated:
            counts[toll.measure], spans = quoted(document, toll.choice)
            marks += [Mark(f"tolls.{toll.measure}", start, end) for start, end in spans]
            if toll.choice.attackers:
                size = toll.choice.attackers
                attackers[toll.measure] = Count(low=size, best=size, high=size)
            sure *= toll.probability
        for toll in tolls:
            if toll.measure in ("killed", "injured") and not toll.choice.parts:
                nobody = zero(told, toll.measure)
                if nobody is not None:
                    counts[toll.measure] = nobody.mention.count
                    marks.append(Mark(f"tolls.{toll.measure}", *proof_of(document, nobody.mention)))
        parts = [part for toll in harmed for part in toll.choice.parts]
        leading = harmed[0].choice.parts[0]
        feared = all(part.mention.feared for part in parts)
        draft = self._drafter.draft(
            document,
            [leading, *parts, *(item for item in told if not item.aside)],
            counts=counts,
            attackers=attackers,
            marks=marks,
            realis=realis_of(parts, published, main=True),
            scope=scope_of(parts),
            claims_of={toll.measure: toll.choice for toll in stated},
            told=told,
            confidence=round(min(sure, 0.45) if feared else sure, 3),
        )
        others = {
            item.mention.sentence
            for item in told
            if (item.aside or "cumulative" in item.cues) and not item.followed
        }
        return replace(draft, asides=frozenset(others.difference(draft.sentences)))

    def _natural(self, document: Document, toll: Toll) -> bool:
        """Whether nothing happened: a few people's deaths in bed or of an illness, an injury in sport."""
        parts = toll.choice.parts
        if not parts or toll.choice.value > _FEW_PEOPLE:
            return False
        sentences = [part.mention.sentence for part in parts]
        if toll.measure == "injured":
            if self._context.about_sport(document.lower):  # "the striker, shot down by a muscle strain"
                return True
            if self._drafter.causes.find(document, sentences, None) is not None:
                return False
            figurative = all(part.mention.trigger.transport for part in parts)  # "survived a boardroom coup"
            return figurative or self._context.holds("sport", document.lower)
        if toll.measure != "killed":
            return False
        old = all((part.mention.age or 0) >= _OLD for part in parts)
        if not old and not all(part.mention.trigger.natural for part in parts):
            return False
        told = " ".join(document.sentences[index].text for index in dict.fromkeys(sentences)).lower()
        if self._context.holds("violent", told):
            return False
        cause = self._drafter.causes.find(document, sentences, None)
        if all(part.mention.one for part in parts):
            return cause is None or cause.cause == "disease"
        return cause is not None and cause.cause == "disease"

    # --- the others

    def _others(
        self,
        document: Document,
        told: list[Told],
        tolls: list[Toll],
        main: CasualtyDraft | None,
        published: date | None,
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
            if main is not None and "earlier" in item.cues and self._is_of_these_days(document, item):
                continue
            realis, scope = realis_of([item], published), scope_of([item])
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
                counts[measure], spans = quoted(document, Choice(0, "single", item.mention.count, [item]))
                marks += [Mark(f"tolls.{measure}", start, end) for start, end in spans]
            drafts.append(
                self._drafter.draft(
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

    def _is_of_these_days(self, document: Document, item: Told) -> bool:
        """Whether a figure is told by the way of what happened hours or days before: its own articles tell
        it better, and beside the news it is easily taken for it."""
        sentence = document.sentences[item.mention.sentence]
        return self._context.holds("days", document.lower[sentence.start : sentence.end])
