"""Numbers that stand for a force named before: "France sent 500 and Spain 300", "About 200 had arrived"."""

from dataclasses import replace
from functools import cache

from schemas import Count
from streams.extraction.deployments_mentions import Mention
from streams.extraction.deployments_phrases import Line
from streams.extraction.deployments_verbs import Verbs
from streams.extraction.lexicon import word_list, word_set
from streams.extraction.quantities import Quantity

_ANYBODY = Mention(
    start=0,
    end=1,
    head=0,
    what="other",
    unit="person",
    count=Count(),
    quantity=None,
    strong=False,
    extra=False,
    definite=False,
    owner=(0, 1),
    anaphoric=True,
)
_CHAIN = 4  # auxiliaries of "have been sent"
_NAME = 4  # tokens of a sender's name between "and" and its number


class EllipsisReader:
    """Finds bare numbers of one language that count a force; the words are in `forces.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, "forces", *keys)

        self._verbs = Verbs.load(language).words
        self._acting = self._verbs | word_set(language, "deployments", "grammar", "be")
        self._acting |= word_set(language, "deployments", "grammar", "have")
        self._acting |= word_set(language, "deployments", "realis", "will")
        self._acting |= word_set(language, "deployments", "realis", "would")
        self._extra = words("extra", "words") | words("extra", "singular") | words("anaphora", "each")
        self._already, self._of, self._own = (
            words("anaphora", "already"),
            words("extra", "of"),
            words("anaphora", "own"),
        )
        self._joining, self._determiners = words("extra", "joining"), words("extra", "determiners")
        self._boundaries, self._others = words("boundaries", "words"), words("anaphora", "others")
        self._left = words("anaphora", "left")
        self._particles = word_set(language, "deployments", "grammar", "particles")
        self._nouns = word_set(language, "deployments", "nouns", "send")
        self._made_up = words("anaphora", "made_up")
        self._senders = words("anaphora", "senders")
        self._numbering = words("anaphora", "numbering")
        self._quotes = words("anaphora", "quotes")
        self._sending, self._giving = words("anaphora", "sending"), words("anaphora", "giving")
        self._participles = tuple(words("anaphora", "participles"))
        self._in_all = tuple(tuple(p.split()) for p in word_list(language, "forces", "anaphora", "in_all"))
        self._from, self._possessive = words("extra", "from"), words("boundaries", "possessive")
        self._clause = word_set(language, "deployments", "grammar", "clause")
        self._clause |= word_set(language, "deployments", "realis", "that")
        self._to = word_set(language, "deployments", "stock", "moving_to")

    @staticmethod
    @cache
    def load(language: str) -> "EllipsisReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return EllipsisReader(language)

    def add(self, line: Line, found: list[Mention], known: Mention | None) -> list[Mention]:
        """`found` with the bare numbers of the sentence; `known` is the force that the text counted last."""
        more: list[Mention] = []
        found = [replace(m, gapped=True) if self._is_named(line, m, found) else m for m in found]
        taken = {mention.quantity for mention in found}
        for end, quantity in line.counted.items():
            span = (quantity.start_token, quantity.end_token)
            if span in taken or not quantity.count.value:
                continue
            named = next((m for m in found if m.end == span[0] - 1 and not m.quantity), None)
            ends = self._ends(line, end) or not self._verbs.isdisjoint(line.lowers[end : end + 1])
            if named is not None and line.lowers[span[0] - 1] in self._numbering and ends:
                found = [replace(m, count=quantity.count, quantity=span) if m is named else m for m in found]
                continue
            named = named or self._drawn_from(line, found, span[0])
            own = self._is_own(line, end) or self._is_in_all(line, end)
            if named is not None and not line.lowers[span[0] - 1][0].isalnum() and own:
                found = [replace(m, count=quantity.count, quantity=span) if m is named else m for m in found]
                continue
            before = max(
                (m for m in [*found, *more] if m.end <= span[0]), key=lambda m: m.start, default=None
            )
            if before is not None and self._stands_for(line, end, span[0]):
                more.append(alike(before, quantity, end))
            elif (
                before is not None
                and before.quantity
                and (self._is_gapped(line, end, span[0], before.end) or self._is_more(line, end, span[0]))
            ):
                more.append(replace(alike(before, quantity, end), gapped=True))
            elif before is None and known is not None and self._is_alone(line, end, span[0]):
                more.append(replace(alike(known, quantity, end), strong=False, anaphoric=True))
            elif before is not None and (
                self._goes_on(line, end, span[0]) or self._are_sent(line, end, span[0])
            ):
                more.append(alike(before, quantity, end))
            elif before is None and known is None and self._is_sent(line, end, span[0]):
                more.append(alike(_ANYBODY, quantity, end))
        more = [self._from_determiner(line, mention) for mention in more]
        return sorted([*found, *more], key=lambda mention: mention.start) if more else found

    def _is_own(self, line: Line, end: int) -> bool:
        """Whether "of them" or the like follows."""
        lowers = line.lowers
        return (
            end < len(lowers) and lowers[end] in self._of and bool(self._own & set(lowers[end + 1 : end + 3]))
        )

    def _is_in_all(self, line: Line, end: int) -> bool:
        """Whether "in all" or the like follows."""
        return any(tuple(line.lowers[end : end + len(phrase)]) == phrase for phrase in self._in_all)

    def _drawn_from(self, line: Line, found: list[Mention], start: int) -> Mention | None:
        """The force before "from Bangladesh," and a number of its own."""
        for mention in reversed(found):
            between = line.lowers[mention.end : start - 1]
            if not mention.quantity and mention.end < start and between[:1] and between[0] in self._from:
                return mention if len(between) <= _NAME and all(w[0].isalnum() for w in between) else None
        return None

    def _from_determiner(self, line: Line, mention: Mention) -> Mention:
        """`mention` with the words that open it: "another 60", "a further 250"."""
        start = mention.start
        opening = self._left | self._determiners | self._extra
        while start and line.lowers[start - 1] in opening:
            start -= 1
        return replace(mention, start=start)

    def _ends(self, line: Line, end: int) -> bool:
        lowers = line.lowers
        own = self._is_own(line, end)
        end += end < len(lowers) and lowers[end] in self._others
        ends = (
            end >= len(lowers) or not lowers[end][0].isalnum() or lowers[end] in self._boundaries - self._of
        )
        return ends or own

    def _stands_for(self, line: Line, end: int, start: int) -> bool:
        """Whether the number is the object of a verb, or of those "already there"."""
        lowers = line.lowers
        there = end < len(lowers) and lowers[end] in self._already  # "the 2,000 already there"
        opener = start - 1
        while opener > 0 and lowers[opener] in self._extra:
            opener -= 1
        if there or opener < 0 or not self._ends(line, end):
            return there
        before = lowers[opener - 1] if opener else ""
        put = lowers[opener] in self._particles and before in self._verbs
        pledged = lowers[opener] in self._of and before in self._nouns
        return put or pledged or lowers[opener] in self._verbs or lowers[opener] in self._made_up

    def _goes_on(self, line: Line, end: int, start: int) -> bool:
        """Whether the number opens another clause: "60 engineers left; 240 more followed"."""
        lowers = line.lowers
        opener = start - 1
        while opener > 0 and lowers[opener] in self._left | self._determiners:
            opener -= 1
        return (
            start > 0
            and (lowers[opener] in self._clause or lowers[opener] in self._joining)
            and end + 1 < len(lowers)
            and (
                (lowers[end] in self._others and lowers[end + 1] in self._acting)
                or (lowers[opener] == ";" and lowers[end] in self._acting)
            )
        )

    def _is_sent(self, line: Line, end: int, start: int) -> bool:
        """Whether a number without a noun is sent somewhere: "UK to send 600 to Mali"."""
        tokens, lowers = line.tokens, line.lowers
        if self._are_sent(line, end, start):
            return True
        if start and lowers[start - 1] in self._giving:
            return self._ends(line, end)
        return (
            start > 0
            and lowers[start - 1] in self._sending
            and end + 1 < len(lowers)
            and lowers[end] in self._to
            and (line.capitals or tokens[end + 1].text[0].isupper())
        )

    def _are_sent(self, line: Line, end: int, start: int) -> bool:
        """ "Of these, 12,600 have been sent to", "a total of ten thousand sent to"."""
        lowers, at = line.lowers, end
        while at < len(lowers) and at - end < _CHAIN and lowers[at] in self._acting - self._verbs:
            at += 1
        opens = start == 0 or not lowers[start - 1][0].isalnum() or lowers[start - 1] in self._boundaries
        sent = at + 1 < len(lowers) and lowers[at] in self._sending and lowers[at].endswith(self._participles)
        return opens and sent and lowers[at + 1] in self._to

    def _is_named(self, line: Line, mention: Mention, found: list[Mention]) -> bool:
        """Whether only a name stands between a counted force and the one before: ", Chad 200 men"."""
        if line.capitals or not (mention.quantity or mention.count.rule == "one_unit"):
            return False
        before = max((m.end for m in found if m.end <= mention.start), default=None)
        return before is not None and self._follows_name(line, mention.start, before)

    def _follows_name(self, line: Line, start: int, behind: int) -> bool:
        """Whether a joiner, a name and perhaps a comma or quotes lead from `behind` to `start`."""
        lowers, at = line.lowers, start
        while at > behind and (lowers[at - 1] in self._quotes or lowers[at - 1] in self._determiners):
            at -= 1
        comma = at > behind and lowers[at - 1] == ","
        at -= comma
        last = at
        while at > behind and last - at < _NAME and self._is_name(line, at - 1):
            at -= 1
        if at == last:
            return False
        while at > behind and lowers[at - 1] in self._determiners:
            at -= 1
        opens = ";" if comma else ",;"
        joined = at > behind and (lowers[at - 1] in opens or (lowers[at - 1] in self._joining and not comma))
        return joined and not any(word in self._verbs for word in lowers[behind:at])

    def _is_name(self, line: Line, at: int) -> bool:
        known = line.lowers[at] in self._possessive or line.lowers[at] in self._senders
        return known or line.tokens[at].text[0].isupper()

    def _is_gapped(self, line: Line, end: int, start: int, behind: int) -> bool:
        """Whether a name and the number repeat what was said before: ", and Benin 300"."""
        return not line.capitals and self._follows_name(line, start, behind) and self._ends(line, end)

    def _is_more(self, line: Line, end: int, start: int) -> bool:
        """ "Sent 400 men and 250 more": joined to those before."""
        lowers = line.lowers
        joined = start > 0 and lowers[start - 1] in self._joining and lowers[start - 1] != ","
        more = end < len(lowers) and lowers[end] in self._others
        return joined and more and not self._goes_on(line, end, start)

    def _is_alone(self, line: Line, end: int, start: int) -> bool:
        """Whether the number is subject or object of a clause of its own: "About 200 had taken up posts"."""
        lowers = line.lowers
        at = start
        opening = self._left | self._determiners | self._extra
        while at > 0 and lowers[at - 1] in opening:
            at -= 1
        opens = at == 0 or lowers[at - 1] in self._boundaries or not lowers[at - 1][0].isalnum()
        after = end + 2 if self._is_own(line, end) else end
        after += after < len(lowers) and lowers[after] in self._others
        if opens and after < len(lowers) and lowers[after] in self._acting:
            return True
        return self._stands_for(line, end, start)


def alike(mention: Mention, quantity: Quantity, end: int) -> Mention:
    """A force of the same kind as `mention` with another number, whose words end at `end`."""
    span = (quantity.start_token, quantity.end_token)
    return replace(
        mention,
        start=span[0],
        end=end,
        head=end - 1,
        count=quantity.count,
        quantity=span,
        owner=span,
        definite=False,
        strength=None,
        whole=None,
    )
