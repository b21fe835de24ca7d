"""What a sending leaves there: "from seven to ten ships", "bringing the total to 4,700"."""

from dataclasses import replace
from functools import cache

from schemas import Count
from streams.extraction.deployments_draft import Candidate
from streams.extraction.deployments_phrases import Line
from streams.extraction.lexicon import word_set

_FILE = "deployments"
_BEFORE = 13  # tokens before a number in which "bringing the total to" stands


class TotalReader:
    """Finds the totals of one language; the words are in `deployments.toml`."""

    def __init__(self, language: str) -> None:
        self._totals = word_set(language, _FILE, "totals", "nouns")
        self._bringing = word_set(language, _FILE, "totals", "verbs")
        self._to = word_set(language, _FILE, "grammar", "to")

    @staticmethod
    @cache
    def load(language: str) -> "TotalReader":
        """The reader of `language`. Raises LexiconError where its data is missing or wrong."""
        return TotalReader(language)

    def find(self, line: Line, sent: Candidate) -> Candidate | None:
        """The stock that the sentence states beside the sending `sent`."""
        mention = sent.frame.mention
        if mention.count.rule == "range_from" and sent.frame.direction == "deploy":
            ranged = next(
                (q for end, q in line.counted.items() if mention.quantity == (q.start_token, end)), None
            )
            if (
                ranged is not None
                and ranged.count.high is not None
                and mention.count.low != mention.count.high
            ):
                high = ranged.count.high
                count = Count(low=high, best=high, high=high, text=ranged.count.text, rule="range_from")
                return self._stock(sent, count, (ranged.start_token, ranged.end_token))
        for end, quantity in line.counted.items():
            start = quantity.start_token
            before = line.lowers[max(0, start - _BEFORE) : start]
            if (
                start >= mention.end
                and before
                and before[-1] in self._to
                and any(word in self._totals for word in before)
                and any(word in self._bringing for word in before)
            ):
                return self._stock(sent, quantity.count, (start, end))
        return None

    def _stock(self, sent: Candidate, count: Count, span: tuple[int, int]) -> Candidate:
        mention = replace(sent.frame.mention, count=count, quantity=span)
        if span[0] >= sent.frame.mention.end:
            mention = replace(mention, start=span[0], end=span[1], head=span[1] - 1)
        return replace(sent, frame=replace(sent.frame, mention=mention, direction="stock", shape="stock"))
