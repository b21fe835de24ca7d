"""All statements of harm of one text, with what stands around each: the ground on which tolls are chosen."""

from collections import Counter
from dataclasses import dataclass, field

from schemas import Count
from streams.extraction.context import Context
from streams.extraction.document import Document, Sentence
from streams.extraction.frames import FrameReader
from streams.extraction.mentions import Mention


@dataclass(slots=True)
class Told:
    """A mention where it stands: `order` among all, `lead` 0 in the title, 1 in the first paragraph or so,
    2 elsewhere; `cues` that hold for it."""

    mention: Mention
    order: int
    lead: int
    share: float
    cues: frozenset[str] = frozenset()
    old_year: bool = False

    @property
    def aside(self) -> bool:
        """Whether it is about something else than the happening of the article."""
        return "historical" in self.cues or "other" in self.cues or self.old_year


@dataclass(slots=True)
class Person:
    """One person that mentions speak of; `mentions` in order."""

    mentions: list[Told] = field(default_factory=list)
    ages: set[int] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    nouns: set[str] = field(default_factory=set)


def tell(
    document: Document, frames: FrameReader, context: Context, year: int | None, *, gate: bool = True
) -> list[Told]:
    """Every statement of harm in `document`, in order. `year` is that of publication, where known;
    without `gate` also sentences without any word of harm are read."""
    found: list[tuple[Mention, Sentence]] = []
    years: Counter[int] = Counter()
    lead_years: list[int] = []
    body = [sentence for sentence in document.sentences if not sentence.in_title]
    first = body[0].index if body else 0
    words = frames.grammar.harm.gate
    for sentence in document.sentences:
        if not gate or words.search(document.lower, sentence.start, sentence.end):
            found.extend((mention, sentence) for mention in frames.read(sentence))
        for value, _ in context.years(sentence):
            years[value] += 1
            lead_years.append(value)
    main = lead_years[0] if lead_years else year
    if lead_years and years[lead_years[0]] == 1 and years.most_common(1)[0][1] > 2:
        main = years.most_common(1)[0][0]
    told = []
    size = max(1, len(document.sentences))
    cues: dict[int, dict[str, tuple[int, ...]]] = {}
    for order, (mention, sentence) in enumerate(found):
        if sentence.index not in cues:
            cues[sentence.index] = context.cues(sentence)
        here = cues[sentence.index]
        offset = sentence.tokens[mention.trigger_start].start - sentence.start
        holding = frozenset(cue for cue, starts in here.items() if any(start <= offset for start in starts))
        old = [value for value, start in context.years(sentence) if start <= offset]
        lead = 0 if sentence.in_title else 1 if sentence.index - first < 3 else 2
        told.append(
            Told(
                mention,
                order,
                lead,
                sentence.index / size,
                holding,
                old_year=bool(old) and main is not None and all(value < main for value in old),
            )
        )
    return told


def main_story(told: list[Told]) -> list[Told]:
    """The mentions that can be about the happening of the article: others only where there are none."""
    main = [item for item in told if not item.aside and "cumulative" not in item.cues]
    return main if any(item.mention.value and not item.mention.unreal for item in main) else told


def persons(told: list[Told]) -> list[Person]:
    """The single persons that the mentions speak of, each once however often the text returns to them."""
    found: list[Person] = []
    for item in told:
        mention = item.mention
        if not mention.one:
            continue
        name = set((mention.name or "").lower().replace(".", "").split())
        vague = mention.definite and mention.age is None and not name
        fitting = [person for person in found if _fits(person, mention, name)]
        if fitting and not (mention.more and not mention.definite):
            person = fitting[0]
        elif vague and found:
            continue
        else:
            person = Person()
            found.append(person)
        person.mentions.append(item)
        person.names |= name
        if mention.age is not None:
            person.ages.add(mention.age)
        if mention.noun:
            person.nouns.add(mention.noun)
    return found


def _fits(person: Person, mention: Mention, name: set[str]) -> bool:
    if mention.age is not None and person.ages and mention.age not in person.ages:
        return False
    if name and person.names and not name & person.names:
        return False
    if mention.noun and person.nouns and mention.noun not in person.nouns and not name:
        return mention.definite or (mention.age is not None and mention.age in person.ages)
    return True


def value_of(count: Count | None) -> int:
    """The figure of a count, 0 where it has none."""
    return (count.value or 0) if count is not None else 0
