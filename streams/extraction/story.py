"""All statements of harm of one text, with what stands around each: the ground on which tolls are chosen."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from streams.extraction.context import Context, Span
from streams.extraction.document import Document, Sentence
from streams.extraction.frames import FrameReader
from streams.extraction.mentions import Mention
from streams.extraction.recall import Recall, Said

_ELSEWHERE = frozenset({"historical", "other", "earlier", "blamed"})


_HEAD = 2  # sentences after the title that say what an article is


@dataclass(slots=True)
class Told:
    """A mention where it stands: `order` among all, `lead` 0 in the title, 1 in the first paragraph or so,
    2 elsewhere; `cues` that hold for it. `years` are those of its clause, and `old_year` and `recalled` say
    that it is of another time; `followed` that the article is about what came of it; `unconfirmed` that
    it is attackers' deaths that nobody bears out."""

    mention: Mention
    order: int
    lead: int
    share: float
    cues: frozenset[str] = frozenset()
    old_year: bool = False
    recalled: bool = False
    followed: bool = False
    unconfirmed: bool = False
    opens: bool = True
    years: tuple[int, ...] = ()

    @property
    def aside(self) -> bool:
        """Whether it is about something else than the happening of the article."""
        return self.recalled or self.old_year or not _ELSEWHERE.isdisjoint(self.cues)


@dataclass(slots=True)
class Person:
    """One person that mentions speak of; `mentions` in order."""

    mentions: list[Told] = field(default_factory=list)
    ages: set[int] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    nouns: set[str] = field(default_factory=set)


def tell(
    document: Document, frames: FrameReader, context: Context, published: date | None, *, gate: bool = True
) -> list[Told]:
    """Every statement of harm in `document`, in order. `published`: its day, where known; without `gate` also
    sentences without any word of harm are read."""
    found: list[tuple[Mention, Sentence]] = []
    body = [sentence for sentence in document.sentences if not sentence.in_title]
    first = body[0].index if body else 0
    words = frames.grammar.harm.gate
    named: list[int] = []
    for sentence in document.sentences:
        if not gate or words.search(document.lower, sentence.start, sentence.end):
            found.extend(
                (mention, sentence)
                for mention in frames.read(sentence)
                if not _is_nobody(mention, sentence, document, context)
            )
        named.extend(value for value, _ in context.years(sentence))
    told, said = [], []
    size = max(1, len(document.sentences))
    read: dict[int, tuple[str, dict[str, tuple[Span, ...]], tuple[Span, ...]]] = {}
    for order, (mention, sentence) in enumerate(found):
        if sentence.index not in read:
            lower = document.lower[sentence.start : sentence.end]
            read[sentence.index] = lower, context.cues(lower), context.years(sentence)
        lower, cues, years = read[sentence.index]
        offset = sentence.tokens[mention.trigger_start].start - sentence.start
        holding = frozenset(
            cue for cue, spans in cues.items() if any(start <= offset < stop for start, stop in spans)
        )
        lead = 0 if sentence.in_title else 1 if sentence.index - first < 3 else 2
        opens = sentence.in_title or sentence.index == first
        one = Told(mention, order, lead, sentence.index / size, holding)
        one.opens = opens
        one.unconfirmed = mention.attacker and _is_unconfirmed(document, sentence, context)
        one.years = tuple(value for value, start in years if start <= offset)
        told.append(one)
        earlier, figure = cues.get("earlier", ()), (mention.measure, mention.value)
        said.append(Said(sentence, lower, offset, opens, _is_news(mention), earlier, figure))
    _go_on(told, said)
    recall = Recall.load(document.language)
    main = _year(told, named, published, fresh=_is_fresh(told, said, recall))
    for item in told:
        item.old_year = bool(item.years) and main is not None and all(value < main for value in item.years)
    _whole(document, told, context)
    for item in told:
        if item.mention.had and item.lead == 2 and item.mention.measure != "missing":
            item.recalled = True
    for number in recall.others(said, published, followed=any(item.followed for item in told)):
        told[number].recalled = True
    return told


def _is_nobody(mention: Mention, sentence: Sentence, document: Document, context: Context) -> bool:
    """Whether people were trapped or sought who the text says are all out, no figure was given, or something
    was found "in the bodies of" the living."""
    if mention.bare:
        end = sentence.tokens[mention.trigger_end - 1].end
        return context.holds("living", document.lower[sentence.start : end])
    if mention.count.high == 0:
        start = sentence.tokens[mention.trigger_start].start
        return context.holds("untold", document.lower[start : sentence.end])
    if mention.measure != "missing" or not mention.trigger.about:
        return False
    out = context.holds("rescued", document.lower[sentence.start : sentence.end]) and not mention.perfect
    return out or context.holds("saved", document.lower)


def _is_unconfirmed(document: Document, sentence: Sentence, context: Context) -> bool:
    """Whether a sentence, or the next one, says that nobody bears out what it tells."""
    following = document.sentences[sentence.index + 1 : sentence.index + 2]
    return any(
        context.holds("unconfirmed", document.lower[one.start : one.end]) for one in (sentence, *following)
    )


def _go_on(told: list[Told], said: list[Said]) -> None:
    """Marks what goes on to count: a title with a war's figure, "it has killed 900" behind "since May"."""
    counted = {(item.mention.measure, item.mention.value) for item in told if "cumulative" in item.cues}
    single = {(item.mention.measure, item.mention.value) for item in told if _ordinary(item)}
    for number, item in enumerate(told):
        if "cumulative" in item.cues:
            continue
        figure = (item.mention.measure, item.mention.value)
        again = item.lead == 0 and figure in counted and figure not in single
        if again or (number and item.mention.perfect and _follows(number, told, said)):
            item.cues |= {"cumulative"}


def _follows(number: int, told: list[Told], said: list[Said]) -> bool:
    """Whether the statement before, in the sentence before, counts the same over a stretch of time."""
    before, item = told[number - 1], told[number]
    next_to = said[number].sentence.index - said[number - 1].sentence.index == 1
    return next_to and "cumulative" in before.cues and before.mention.measure == item.mention.measure


def _ordinary(item: Told) -> bool:
    return item.lead > 0 and "cumulative" not in item.cues


def _is_news(mention: Mention) -> bool:
    """Whether a statement by itself can be what an article is about."""
    return bool(mention.value) and mention.measure != "detained" and not mention.trigger.transport


def _is_fresh(told: list[Told], said: list[Said], recall: Recall) -> bool:
    """Whether the first statement of the text is dated by a day of the week, and by no year."""
    head = next((number for number, item in enumerate(told) if item.lead), None)
    return head is not None and not told[head].years and recall.is_fresh(said[head].lower)


def _whole(document: Document, told: list[Told], context: Context) -> None:
    """What the whole article is makes of its statements: a review's are unreal, a commemoration's past."""
    if not told:
        return
    title = document.title
    head = document.lower[: document.sentences[min(_HEAD, len(document.sentences) - 1)].end]
    if context.made_up(head, document.lower):
        for item in told:
            item.mention.unreal = True
    words = document.lower[title.start : title.end] if title is not None else ""
    if context.holds("bulletin", words):
        for item in told:
            item.cues |= {"cumulative"}
    if told[0].lead > 0 and context.holds("remembers", words):
        for item in told:
            item.cues |= {"historical"}
    elif context.holds("consequence", head) or context.holds("late", words):
        for item in told:
            item.followed = True
            if item.lead <= 1:
                item.cues -= {"blamed"}  # "a man accused of the murder of Ann Hill was sent for trial"


def _year(told: list[Told], named: list[int], published: date | None, *, fresh: bool) -> int | None:
    """The year of the happening: that of publication, unless the news itself names another; else the one that
    the text names first, or by far most often."""
    if published is not None:
        head = next((item for item in told if item.mention.value and item.lead and item.opens), None)
        return max(head.years) if head is not None and head.years else published.year
    if not named:
        return None
    if fresh:
        return max(named) + 1  # news of the day: what has a year is recalled
    (often, times), first = Counter(named).most_common(1)[0], named[0]
    return often if named.count(first) == 1 and times > 2 else first


def main_story(told: list[Told]) -> list[Told]:
    """The mentions that can be about the happening of the article: others only where there are none, and
    where they open it."""
    main = [item for item in told if not item.aside and "cumulative" not in item.cues]
    if any(_counts(item) for item in main):
        return main
    return told if any(_counts(item) and item.opens for item in told) else main


def _counts(item: Told) -> bool:
    return bool(item.mention.value) and not item.mention.unreal


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


def all_apart(told: list[Told]) -> bool:
    """Whether single persons, each told of once, can't be the same: by name, by age, or by "also"."""
    return len(told) > 1 and all(
        _are_apart(one.mention, other.mention) for number, one in enumerate(told) for other in told[:number]
    )


def _are_apart(mention: Mention, other: Mention) -> bool:
    if mention.age is not None and other.age is not None:
        return mention.age != other.age
    if mention.name and other.name:
        return not set(mention.name.lower().split()) & set(other.name.lower().split())
    return mention.also or (mention.more and not mention.definite)


def _fits(person: Person, mention: Mention, name: set[str]) -> bool:
    if mention.age is not None and person.ages and mention.age not in person.ages:
        return False
    if name and person.names and not name & person.names:
        return False
    if mention.noun and person.nouns and mention.noun not in person.nouns and not name:
        return mention.definite or (mention.age is not None and mention.age in person.ages)
    return True
