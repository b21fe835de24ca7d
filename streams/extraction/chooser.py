"""Which of the possible tolls a text means: a linear model over what speaks for and against each.

The weights were learned by `scripts/train_tolls.py` and lie in `data/<language>/toll_model.json`; without a
feature's weight the feature says nothing. Probabilities are those of a softmax over the choices of one text.
"""

from functools import cache
from math import exp
from typing import Any

from streams.extraction.features import Choice
from streams.extraction.lexicon import load_model


class Chooser:
    """The weights for the dead and for the injured."""

    def __init__(self, weights: dict[str, dict[str, float]]) -> None:
        self.weights = weights

    @staticmethod
    @cache
    def load(language: str) -> "Chooser":
        """The model of `language`. Raises LexiconError."""
        return load_model(language, "toll_model", Chooser._built)

    @staticmethod
    def _built(model: Any) -> "Chooser":
        return Chooser(
            {
                measure: {str(name): float(weight) for name, weight in model[measure].items()}
                for measure in ("killed", "injured")
            }
        )

    def choose(self, measure: str, choices: list[Choice]) -> tuple[Choice, float]:
        """The likeliest choice, and the probability of its value."""
        weights = self.weights[measure]
        for choice in choices:
            choice.score = sum(weights.get(name, 0.0) * value for name, value in choice.features.items())
        best = max(choices, key=lambda choice: choice.score)
        masses = [exp(choice.score - best.score) for choice in choices]
        same = sum(mass for choice, mass in zip(choices, masses, strict=True) if choice.value == best.value)
        return best, same / sum(masses)
