"""Which of the possible tolls a text means: a linear model over what speaks for and against each.

The weights were learned by `scripts/train_tolls.py` and lie in `data/<language>/toll_model.json`; without a
feature's weight the feature says nothing. Probabilities are those of a softmax over the choices of one text.
"""

import json
from functools import cache
from importlib import resources
from math import exp

from streams.extraction.features import Choice
from streams.extraction.lexicon import LexiconError


class Chooser:
    """The weights for the dead and for the injured."""

    def __init__(self, weights: dict[str, dict[str, float]]) -> None:
        self.weights = weights

    @staticmethod
    @cache
    def load(language: str) -> "Chooser":
        """The model of `language`. Raises LexiconError."""
        path = resources.files("streams.extraction") / "data" / language / "toll_model.json"
        try:
            model = json.loads(path.read_text(encoding="utf-8"))
            weights = {
                measure: {str(name): float(weight) for name, weight in model[measure].items()}
                for measure in ("killed", "injured")
            }
        except (OSError, ValueError, KeyError, AttributeError) as error:
            raise LexiconError(f"{language}/toll_model.json: {error}") from error
        return Chooser(weights)

    def choose(self, measure: str, choices: list[Choice]) -> tuple[Choice, float]:
        """The likeliest choice, and the probability of its value."""
        weights = self.weights[measure]
        for choice in choices:
            choice.score = sum(weights.get(name, 0.0) * value for name, value in choice.features.items())
        best = max(choices, key=lambda choice: choice.score)
        masses = [exp(choice.score - best.score) for choice in choices]
        same = sum(mass for choice, mass in zip(choices, masses, strict=True) if choice.value == best.value)
        return best, same / sum(masses)
