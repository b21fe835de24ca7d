"""The verbs that send, move, call back or strengthen a force, and the auxiliaries around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast, get_args

from streams.extraction.deployments_kinds import KindReader
from streams.extraction.lexicon import LexiconError, load_table, word_set

_FILE = "deployments"
FrameKind = Literal["send", "move", "reinforce", "joined", "withdraw", "leave"]
Form = Literal["base", "third", "past", "participle", "gerund"]
_FORMS: tuple[Form, ...] = get_args(Form)


@dataclass(frozen=True, slots=True)
class Verb:
    """What a verb does to a force. `to`: phrases of which one must follow; `particles`: likewise, maybe
    later; `alone`: the force that withdraws may be the subject; `counted`: only a number of them is meant;
    `future`: only where it is still to come ("300 soldiers will guard").
    """

    lemma: str
    frame: FrameKind
    strong: bool
    particles: frozenset[str]
    to: tuple[tuple[str, ...], ...]
    takes_object: bool
    alone: bool
    counted: bool
    future: bool


@dataclass(frozen=True, slots=True)
class Chain:
    """The auxiliaries before a verb: tokens from `start` on.

    `be`, `have` and `modal` are the words where present, `infinitive` says that "to" stands before the verb.
    """

    start: int
    be: str | None
    have: bool
    modal: str | None
    infinitive: bool
    negated: bool


class Verbs:
    """The verbs of one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        self.forms: dict[str, list[tuple[Verb, Form]]] = {}
        for number, entry in enumerate(load_table(language, _FILE).get("verb", ()), 1):
            self._add(entry, f"{language}/{_FILE}.toml, verb {number}")

        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._be, self._have = words("grammar", "be"), words("grammar", "have")
        self._modals = words("realis", "may") | words("realis", "would") | words("realis", "will")
        self._adverbs, self._to = words("grammar", "adverbs"), words("grammar", "to")
        self._quotes = word_set(language, "forces", "anaphora", "quotes")
        self._not, self._by = words("grammar", "not"), words("grammar", "by")
        self._not_suffix = tuple(words("grammar", "not_suffix"))
        self.words = frozenset(self.forms) - KindReader.load(language).heads.keys()  # "guard" is both
        sure = ((form, readings) for form, readings in self.forms.items() if "-" not in form)
        self.sure = frozenset(
            form
            for form, readings in sure
            if any(v.strong and v.frame == "send" and not v.particles for v, _ in readings)
        )
        self.lemmas_with_object = frozenset(
            verb.lemma
            for readings in self.forms.values()
            for verb, _ in readings
            if verb.takes_object and not verb.counted
        )
        bare = {
            form
            for form, readings in self.forms.items()
            if any(name in ("base", "third") for _, name in readings)
        }
        self.finite = self.words - bare

    @staticmethod
    @cache
    def load(language: str) -> "Verbs":
        """The verbs of `language`. Raises LexiconError where its data is missing or wrong."""
        return Verbs(language)

    def _add(self, entry: dict[str, Any], where: str) -> None:
        frame = entry.get("frame")
        if frame not in get_args(FrameKind):
            raise LexiconError(f"{where}, frame: one of {', '.join(get_args(FrameKind))} was expected")
        rows = entry.get("forms")
        if not isinstance(rows, list) or not rows:
            raise LexiconError(f"{where}, forms: a list of rows was expected")
        for row in rows:
            forms = row.split() if isinstance(row, str) else []
            if len(forms) != len(_FORMS):
                raise LexiconError(f"{where}, forms: {row!r} does not hold {len(_FORMS)} forms")
            verb = Verb(
                lemma=next(form for form in forms if form != "-"),
                frame=cast("FrameKind", frame),
                strong=entry.get("strong", False) is True,
                particles=frozenset(entry.get("particles", ())),
                to=tuple(tuple(phrase.split()) for phrase in entry.get("to", ())),
                takes_object=entry.get("object", False) is True,
                alone=entry.get("alone", False) is True,
                counted=entry.get("counted", False) is True,
                future=entry.get("future", False) is True,
            )
            for form, name in zip(forms, _FORMS, strict=True):
                if form != "-":
                    self.forms.setdefault(form, []).append((verb, name))

    def chain(self, lowers: Sequence[str], index: int) -> Chain:
        """The auxiliaries before the verb at `index`."""
        be, modal = None, None
        have = infinitive = negated = False
        start, at = index, index - 1
        while at >= 0 and index - at <= 7:
            word = lowers[at]
            if word in self._not or word.endswith(self._not_suffix):
                negated = True
            elif word in self._be and not have and modal is None:
                be = be or word
            elif word in self._have and modal is None:
                have = True
            elif word in self._modals:
                modal = word
            elif word in self._to and at == start - 1 and modal is None and not have:
                infinitive = True
                start = at
                break
            elif word in self._by and lowers[at + 1] in self._adverbs:
                pass  # "had by then flown"
            elif word in self._quotes:
                pass  # "would \"call up\" troops"
            elif word not in self._adverbs:
                break
            if word not in self._adverbs | self._quotes or negated:
                start = at
            at -= 1
        return Chain(start, be, have, modal, infinitive, negated)
