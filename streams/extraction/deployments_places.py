"""Where a force goes and whence it comes: the noun phrases around a frame."""

from dataclasses import replace
from functools import cache

from streams.extraction.deployments_actors import ActorReader, Span
from streams.extraction.deployments_kinds import KindReader
from streams.extraction.deployments_shapes import Frame
from streams.extraction.deployments_verbs import Verbs
from streams.extraction.document import Token
from streams.extraction.lexicon import word_set

_FILE = "deployments"
_INLAND = 4  # tokens from "from" to the "in" that names the origin
_NEAR = 6
_AHEAD = 9  # tokens from "near Cairo" to the "to" that says where
_OFF = 5  # tokens from "set off" to "for"
_WAY = 7  # tokens from "over" to the "into" that says where
_REACH = 28  # tokens behind the verb in which a place is looked for


class PlaceReader:
    """Finds places and actors of one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._verbs, self._finite = Verbs.load(language).words, Verbs.load(language).finite
        self._actors, self._speech = ActorReader.load(language), words("grammar", "speech")
        self._destination, self._origin = words("grammar", "destination"), words("grammar", "origin")
        self._joints = word_set(language, "forms", "genitive") | {"-", "'"}
        self._forces = frozenset(KindReader.load(language).heads)
        self._forces -= word_set(language, "forces", "extra", "missions")
        self._breaks = words("grammar", "breaks")
        self._past = tuple(words("grammar", "past"))
        self._gerunds = tuple(words("grammar", "gerunds"))
        self._naming = (self._destination | words("grammar", "with")) - words("grammar", "to")
        self._out, self._moving = words("grammar", "out"), words("stock", "moving_to")
        self._bound_for, self._into = words("grammar", "bound_for"), words("grammar", "into")
        self._particles, self._prepositions = words("grammar", "particles"), words("grammar", "prepositions")
        self._to, self._infinitives = words("grammar", "to"), words("grammar", "infinitives")
        self._orders = words("orders", "verbs")
        self._infinitives |= self._orders
        self._no_place, self._times = words("not_a_place", "words"), words("not_a_place", "times")
        self._stops = self._times | words("not_a_place", "ends")
        self._boundaries = word_set(language, "forces", "boundaries", "words")
        self._determiners = word_set(language, "forces", "extra", "determiners")
        self._vague = words("grammar", "vague_places")
        self._of = word_set(language, "forces", "extra", "of")

    @staticmethod
    @cache
    def load(language: str) -> "PlaceReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return PlaceReader(language)

    def placed(self, tokens: tuple[Token, ...], lowers: list[str], frame: Frame, *, capitals: bool) -> Frame:
        """`frame` with its destination, origin, purpose and actor."""
        start = frame.mention.end if frame.shape == "presence" else max(frame.trigger + 1, frame.mention.end)
        place, origin = frame.place, None
        purpose = idle = False
        at = start
        goals = frame.lemma.split()[1:]  # "leave for": only what follows "for"
        inland = -_NEAR  # where "from" opened words that name an origin only later
        if (
            frame.shape == "subject"
            and not (goals or frame.guessed)
            and at < len(lowers)
            and lowers[at] not in self._prepositions
        ):
            place = self.phrase(tokens, lowers, at, capitals=capitals)
        while at < min(len(lowers), start + _REACH) and place is None:
            word = lowers[at]
            if word in (";", ":") or word in self._speech:
                break
            acts = word in self._finite and lowers[at - 1] not in self._to and at > start
            if word in self._breaks or acts:
                break
            close = at - start < _NEAR and "," not in lowers[start:at]
            if word in self._destination and self._is_idle(lowers, at + 1):
                if at - start <= 1:
                    idle = True
                    break
                at += 3
                continue
            if word in self._to and self._is_infinitive(lowers, at + 1):
                purpose = purpose or close or (frame.lemma == "order" and lowers[at + 1] in self._orders)
            elif word in self._origin or (word in self._of and at > 0 and lowers[at - 1] in self._out):
                origin = origin or self.phrase(tokens, lowers, at + 1, capitals=capitals)
                inland = at if origin is None else inland
            elif word in goals or (word in self._bound_for and self._is_bound(lowers, frame, at, start)):
                place = self.phrase(tokens, lowers, at + 1, capitals=capitals)
            elif word in self._destination and self._is_on_the_way(lowers, frame, at, origin):
                pass
            elif origin and at == origin[1] and tokens[at - 1].text.islower() and word not in self._moving:
                origin = origin[0], (self.phrase(tokens, lowers, at + 1, capitals=capitals) or origin)[1]
            elif word in self._destination and at - inland < _INLAND and origin is None:
                origin = self.phrase(tokens, lowers, at + 1, capitals=capitals)  # "from forces in Kent"
            elif word in self._destination and not goals:
                place = self.phrase(tokens, lowers, at + 1, capitals=capitals)
                joins = place is None and close and self._is_force(lowers, at + 1)
                purpose = purpose or joins or (place is None and word in self._to and close)
            at += 1
        if frame.direction == "withdraw" and origin:
            place = origin
        place = self._named(tokens, lowers, place, capitals=capitals)
        actor = self._actors.actor(tokens, lowers, frame, self.phrase, capitals=capitals)
        idle = idle or frame.idle
        return replace(frame, place=place, origin=origin, purpose=purpose, idle=idle, actor=actor)

    def _is_force(self, lowers: list[str], at: int) -> bool:
        """ "Into the new force": where they go is a force, and no place."""
        ahead = lowers[at : at + _NEAR]
        return bool(ahead) and ahead[0] in self._determiners and not self._forces.isdisjoint(ahead)

    def _is_bound(self, lowers: list[str], frame: Frame, at: int, start: int) -> bool:
        """Whether "for" says where: "left for", "set out for", "authorised 300 soldiers for"."""
        if at == frame.trigger + 1:
            return True
        if (
            frame.shape == "subject"
            and at <= frame.trigger + _OFF
            and lowers[frame.trigger + 1] in self._particles
        ):
            return True
        return frame.shape == "object" and at == start

    def _leads_on(self, lowers: list[str], at: int) -> bool:
        """Whether what a preposition opens is only on the way: "over the border into"."""
        ahead = lowers[at + 1 : at + _WAY]
        way = next((i for i, word in enumerate(ahead) if word in self._into), None)
        return lowers[at] not in self._into and way is not None and all(w[0].isalnum() for w in ahead[:way])

    def _is_on_the_way(self, lowers: list[str], frame: Frame, at: int, origin: Span | None) -> bool:
        """ "Over the causeway into", "from a base near Cairo to the Sinai"."""
        if at == frame.trigger + 1 and self._leads_on(lowers, at):
            return True
        return origin is not None and lowers[at] not in self._moving and self._comes_to(lowers, at)

    def _comes_to(self, lowers: list[str], at: int) -> bool:
        """Whether "to" says, further on in the clause, where those go who come from somewhere."""
        ahead = lowers[at + 1 : at + _AHEAD]
        stop = next(
            (i for i, word in enumerate(ahead) if not word[0].isalnum() or word in self._breaks), len(ahead)
        )
        return any(
            word in self._moving and not self._is_infinitive(lowers, at + 2 + i)
            for i, word in enumerate(ahead[:stop])
        )

    def _is_idle(self, lowers: list[str], at: int) -> bool:
        """ "On standby", "in addition to": no place, and what follows is none either."""
        while at < len(lowers) and lowers[at] in self._determiners:
            at += 1
        return at < len(lowers) and lowers[at] in self._no_place

    def _named(
        self, tokens: tuple[Token, ...], lowers: list[str], span: Span | None, *, capitals: bool
    ) -> Span | None:
        """`span` with the name behind it, where it has none of its own: "its border with Serbia"."""
        if span is None or capitals or any(tokens[at].text[0].isupper() for at in range(*span)):
            return span
        if lowers[span[1] : span[1] + 1] and lowers[span[1]] in self._naming:
            name = self.phrase(tokens, lowers, span[1] + 1, capitals=False)
            if name and any(tokens[at].text[0].isupper() for at in range(*name)):
                return span[0], name[1]
        return span

    def _is_infinitive(self, lowers: list[str], at: int) -> bool:
        return at < len(lowers) and (lowers[at] in self._infinitives or lowers[at] in self._verbs)

    def phrase(
        self, tokens: tuple[Token, ...], lowers: list[str], start: int, *, capitals: bool
    ) -> Span | None:
        """The noun phrase that begins at `start`, if it may be a place."""
        at = start
        while at < len(lowers) and (lowers[at] in self._determiners or lowers[at] in self._vague):
            at += 1
        first = at
        while at < len(lowers) and at - first < 9:
            word = lowers[at]
            if word in self._of and at > first:
                at += 2 if lowers[at + 1 : at + 2] and lowers[at + 1] in self._determiners else 1
                continue
            if not (word[0].isalnum() or word in self._joints) or word in self._boundaries:
                break
            told = word.endswith(self._past) and at - first > 1 and tokens[at].text.islower()
            ends = word in self._determiners or word in self._stops or told
            if (ends or (word in self._finite and not word.endswith(self._gerunds))) and at > first:
                break
            at += 1
        words = lowers[first:at]
        if not words or words[0] in self._no_place or words[0].isdigit():
            return None
        if any(word in self._times for word in words) or (words[0] in self._stops and first == start):
            return None
        named = capitals or any(tokens[i].text[0].isupper() for i in range(first, min(at, len(tokens))))
        if (
            words[-1] in self._of
            or (words[-1] in self._no_place and tokens[at - 1].text.islower())
            or words[-1] in self._forces
            or words[0].endswith(self._gerunds)
            or (first == start and not named)
            or (capitals and first == start and words[0] in self._infinitives)
        ):
            return None
        return start, at
