"""Gradient descent for the training scripts, the same steps on every machine."""

import numpy as np


class Adam:
    """The method of Kingma and Ba (2015), with their usual decay of the two moments."""

    def __init__(self, size: int, rate: float) -> None:
        self._rate = rate
        self._mean, self._square = np.zeros(size), np.zeros(size)
        self._steps = 0

    def step(self, slope: np.ndarray) -> np.ndarray:
        """What to take off the weights, where the loss rises by `slope`."""
        self._steps += 1
        self._mean = 0.9 * self._mean + 0.1 * slope
        self._square = 0.999 * self._square + 0.001 * slope**2
        mean, square = self._mean / (1 - 0.9**self._steps), self._square / (1 - 0.999**self._steps)
        return self._rate * mean / (np.sqrt(square) + 1e-8)
