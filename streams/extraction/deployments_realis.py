"""Whether a force was sent, is to be sent, might be, will not be, or was long ago."""

from collections.abc import Sequence
from functools import cache

from schemas.events import Realis
from streams.extraction.deployments_shapes import Frame
from streams.extraction.deployments_verbs import Chain
from streams.extraction.lexicon import word_list, word_set

_FILE = "deployments"
_ATTRIBUTED = 6  # tokens at the end of a sentence that say who said it
_REACH = 11  # tokens before the trigger in which a governing word is looked for
Verdict = tuple[Realis, str]


class RealisReader:
    """Decides the realis in one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        def words(*keys: str) -> frozenset[str]:
            return word_set(language, _FILE, *keys)

        self._governors: dict[str, Realis] = {}
        kinds: tuple[Realis, ...] = ("denied", "hypothetical", "ordered", "planned")
        for kind in kinds:
            for word in word_list(language, _FILE, "realis", kind):
                self._governors.setdefault(word, kind)
        self._actual = words("realis", "actual")
        self._not, self._beginning = words("grammar", "not"), words("realis", "beginning")
        self._before_to = words("realis", "planned_before_to")
        self._conditional, self._may = words("realis", "conditional"), words("realis", "may")
        self._bound_for, self._openers = words("grammar", "bound_for"), words("grammar", "openers")
        self._would, self._will = words("realis", "would"), words("realis", "will")
        self._disputed, self._that = words("realis", "disputed"), words("realis", "that")
        self._disputed_reports, self._accused = (
            words("realis", "disputed_reports"),
            words("realis", "accused"),
        )
        self._decided, self._deciding = words("realis", "decided"), words("realis", "deciding")
        self._expecting, self._promising = words("realis", "expecting"), words("realis", "promising")
        self._assent, self._approving = words("realis", "assent"), words("realis", "approving")
        self._plans, self._calling = words("realis", "plans"), words("realis", "calling")
        self._to, self._clause = words("grammar", "to"), words("grammar", "clause")
        self._speech = words("grammar", "speech")
        self._cuts = words("history", "cuts")
        self._when = words("history", "when")
        self._since, self._times = words("history", "since"), words("not_a_place", "times")
        self._after, self._long = words("history", "after"), words("history", "long")
        self._for = words("grammar", "bound_for")
        self._where, self._whom = words("history", "where"), words("history", "whom")
        self._denials = word_list(language, _FILE, "denial", "phrases")
        self._past = word_list(language, _FILE, "history", "phrases")
        self._year_words = words("history", "year_words")

    @staticmethod
    @cache
    def load(language: str) -> "RealisReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return RealisReader(language)

    def decide(self, lowers: list[str], frame: Frame, years: frozenset[str]) -> Verdict:
        """The realis of `frame` and the word that decides; `years` are those that count as now."""
        reported = self._reported(lowers, frame)
        if any(word in self._disputed for word in reported):
            return "denied", "denied"
        if self._that.intersection(reported) and self._disputed_reports.intersection(reported):
            return "denied", "rejected"
        verdict = self._modal(lowers, frame.chain, frame.trigger)
        if verdict is None:
            nominal = frame.shape in ("noun", "presence") or (
                frame.form == "gerund" and frame.chain.be is None
            )
            if nominal or frame.chain.infinitive:
                verdict = self._governed(lowers, frame, nominal=nominal)
            else:
                verdict = self._finite(lowers, frame)
        if verdict[0] in ("actual", "ordered"):
            past = self._history(lowers, frame, years)
            if past:
                return "historical", past
        return verdict

    def _modal(self, lowers: list[str], chain: Chain, trigger: int) -> Verdict | None:
        before = lowers[self._clause_start(lowers, chain.start) : chain.start]
        if chain.negated:
            return "denied", "not"
        if self._contains(before[-6:], self._denials):
            return "denied", "no"
        if any(word in self._conditional for word in before[-8:]):
            return "hypothetical", "if"
        if chain.modal in self._may:
            return "hypothetical", chain.modal or ""
        if chain.modal in self._would:
            reported = any(
                word in self._speech or self._governors.get(word) == "planned"
                for word in lowers[: chain.start]
            )
            behind = "," in lowers[chain.start :] and not self._speech.isdisjoint(lowers[-_ATTRIBUTED:])
            return ("planned" if reported or behind else "hypothetical"), "would"
        if chain.modal in self._will:
            decided = any(
                word in self._decided for word in lowers[max(0, chain.start - _REACH) : chain.start]
            )
            return ("ordered" if decided else "planned"), "will"
        return None

    def _governed(self, lowers: list[str], frame: Frame, *, nominal: bool) -> Verdict:
        """By the nearest word to the left that decides: "refused to send", "approved the deployment of"."""
        end = frame.chain.start
        led = (frame.shape == "subject" and frame.form == "gerund") or frame.shape == "passive"
        if led and frame.mention.end == end:
            end = frame.mention.start  # "saw about 30 tanks moving", "asked for 400 police to be sent"
        start = max(self._clause_start(lowers, end), end - _REACH)
        if frame.chain.infinitive and end and lowers[end - 1] in self._before_to:
            return "planned", lowers[end - 1]
        yet = False
        for at in range(end - 1, start - 1, -1):
            word = lowers[at]
            if word in self._actual:
                auxiliary = lowers[at - 1] if at else ""
                if auxiliary in self._to and word in self._beginning:
                    yet = True  # "plans to start drawing down"
                    continue
                if auxiliary in self._will:
                    return "planned", auxiliary
                return ("hypothetical", auxiliary) if auxiliary in self._may else ("actual", word)
            kind = self._kind(lowers, at, start)
            if nominal and frame.lemma in self._promising and kind != "denied":
                continue  # "a request with a pledge of"
            if word in self._not and at < end - 1:
                continue  # it belongs to another verb: "could not confirm the departure"
            bound = word in self._bound_for
            called = bound and lowers[at - 1] in self._calling
            if kind and (called or kind == "ordered" or not bound or nominal):
                negated = any(
                    w in self._governors and self._governors[w] == "denied"
                    for w in lowers[max(start, at - 3) : at]
                )
                return ("denied" if negated else kind), word
        if yet:
            return "planned", "to"
        if nominal:
            if frame.form == "gerund" and frame.shape == "object":
                return self._sending(lowers, frame, start, end)
            return ("planned", frame.lemma) if frame.lemma in self._promising else ("actual", "noun")
        if frame.chain.be:
            return "planned", "be to"
        return "planned", "to"

    def _sending(self, lowers: list[str], frame: Frame, start: int, end: int) -> Verdict:
        """What "sending troops" tells, where nothing from `start` to `end` governs it."""
        modals = self._would | self._may
        modal = next((word for word in lowers[frame.mention.end :] if word in modals), None)
        if modal and not end:
            return "hypothetical", modal  # "Sending troops would be a mistake"
        if self._accused.intersection(lowers[start:end]):
            return "actual", "accused"
        opener = lowers[end - 1] if end else ""
        return ("hypothetical", opener) if opener in self._openers else ("actual", "-ing")

    def _kind(self, lowers: list[str], at: int, start: int) -> Realis | None:
        """What the word at `at` makes of what it governs: "approved plans to" and "nod for" decide."""
        kind = self._governors.get(lowers[at])
        agreed = kind == "hypothetical" and at > 0 and lowers[at - 1] in self._assent
        plans = lowers[at] in self._plans and self._approving.intersection(lowers[max(start, at - 3) : at])
        return "ordered" if agreed or plans else kind

    def _reduced(self, lowers: list[str], frame: Frame) -> Verdict | None:
        """ "Wants 500 troops sent": the word before the force decides."""
        at = frame.mention.start - 1
        kind = self._governors.get(lowers[at]) if at >= 0 and frame.shape == "reduced" else None
        return (kind, lowers[at]) if kind else None

    def _finite(self, lowers: list[str], frame: Frame) -> Verdict:
        reduced = self._reduced(lowers, frame)
        if reduced:
            return reduced
        if frame.chain.be == "be":
            return "hypothetical", "be"
        if frame.lemma in self._deciding:
            return "ordered", frame.lemma
        if frame.lemma in self._expecting or frame.lemma in self._promising:
            return "planned", frame.lemma
        if frame.form == "gerund" and frame.chain.be:
            return "actual", "is -ing"
        if frame.form == "base" and frame.shape == "object":
            start = self._clause_start(lowers, frame.trigger)
            before = lowers[max(start, frame.trigger - 8) : frame.trigger]
            for word in reversed(before):
                kind = self._governors.get(word)
                if kind and kind != "ordered":
                    return kind, word
        return "actual", frame.lemma

    def _reported(self, lowers: list[str], frame: Frame) -> list[str]:
        """The words before a clause that a verb of saying or denying opens."""
        end = frame.chain.start
        start = max(0, end - _REACH)
        for at in range(end - 1, start - 1, -1):
            if lowers[at] in self._speech or lowers[at] in (".", ";", ","):
                return lowers[at + 1 : end]
        return lowers[start:end]

    def _history(self, lowers: list[str], frame: Frame, years: frozenset[str]) -> str | None:
        if frame.relative and frame.shape in ("passive", "object") and frame.mention.definite:
            return "relative clause"
        start = self._clause_start(lowers, frame.chain.start)
        if start and lowers[start - 1] in self._when and frame.form != "gerund":
            return lowers[start - 1]
        for at in range(start, frame.trigger):  # "the first since soldiers arrived", but not "since Friday"
            if (
                lowers[at] in self._since
                and lowers[at + 1] not in self._times
                and at < frame.chain.start
                and "," not in lowers[at : frame.chain.start]
            ):
                return lowers[at]
            if lowers[at] in self._after and at and lowers[at - 1] in self._long:
                return lowers[at]  # "two years after the president sent"
            if lowers[at] in self._long and self._long_time(lowers, at):
                return lowers[at]  # "has for 30 years sent"
        opener = next(
            (
                w
                for w in reversed(lowers[max(0, frame.chain.start - 7) : frame.chain.start])
                if w in self._where
            ),
            "",
        )
        if opener and frame.shape == "object" and (frame.chain.have or opener in self._whom):
            return opener
        if _is_year(lowers[0]) and _is_past(lowers[0], years) and lowers[1:2] and lowers[1] in ":,-–—.":
            return lowers[0]  # "1943: the division drops"
        for segment in self._segments(lowers, frame.trigger):
            found = self._contains(segment, self._past)
            if found:
                return found
            for at, word in enumerate(segment[1:], 1):
                if _is_year(word) and segment[at - 1] in self._year_words and _is_past(word, years):
                    return word
        return None

    def _long_time(self, lowers: list[str], at: int) -> bool:
        return any(word in self._for for word in lowers[max(0, at - 3) : at])

    def _segments(self, lowers: list[str], trigger: int) -> list[list[str]]:
        """The stretch around the trigger that its time words stand in, and the opening of the sentence."""
        start = trigger
        while start > 0 and lowers[start - 1] not in self._cuts:
            start -= 1
        end = trigger
        while end < len(lowers) and lowers[end] not in self._cuts:
            end += 1
        segments = [lowers[start:end]]
        if start > 0 and "," in lowers:
            first = lowers.index(",")
            if first <= 7 and first < start:
                segments.append(lowers[:first])
        return segments

    def _clause_start(self, lowers: Sequence[str], end: int) -> int:
        at = end
        while at > 0:
            word = lowers[at - 1]
            if word in self._clause and not (word in ("and", "or", "-") and end - at < 3):
                break
            if word in self._when:
                break
            at -= 1
        return at

    def _contains(self, words: Sequence[str], phrases: tuple[str, ...]) -> str | None:
        line = f" {' '.join(words)} "
        return next((phrase for phrase in phrases if f" {phrase} " in line), None)


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit() and word[:2] in ("17", "18", "19", "20")


def _is_past(year: str, years: frozenset[str]) -> bool:
    """Whether `year` lies before those that count as now; where none does, every year named is recalled."""
    return not years or year < min(years)
