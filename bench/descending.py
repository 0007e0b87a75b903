"""Descent to the weights of a choice (a softmax over candidates) and of a chance (a logistic function)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
STEPS, RATE = 400, 0.05  # of a choice
CHANCE_STEPS, CHANCE_RATE = 1500, 0.02


@dataclass(frozen=True, slots=True)
class Choice:
    """A question: what is measured of each candidate [n, measures], how much each is wanted [n], and its weight."""

    measured: Matrix
    wanted: Matrix
    weight: float = 1.0


class Steps:
    """Adam's steps: each weight moves by its own mean gradient over its own spread."""

    def __init__(self, number: int, rate: float, slow: float) -> None:
        """Begin at nought."""
        self.at = np.zeros(number)
        self._mean, self._spread, self._n, self._rate, self._slow = np.zeros(number), np.zeros(number), 0, rate, slow

    def go(self, gradient: Matrix) -> None:
        """Go one step down."""
        self._n += 1
        self._mean = 0.9 * self._mean + 0.1 * gradient
        self._spread = self._slow * self._spread + (1 - self._slow) * gradient**2
        mean, spread = self._mean / (1 - 0.9**self._n), self._spread / (1 - self._slow**self._n)
        self.at = self.at - self._rate * mean / (np.sqrt(spread) + 1e-8)


def descend(choices: Sequence[Choice], square: float) -> Matrix:
    """Return the weights by which what is wanted is chosen most surely, ``square`` keeping them small."""
    scale = np.vstack([choice.measured for choice in choices]).std(axis=0) + 1e-9
    measured = [choice.measured / scale for choice in choices]
    steps = Steps(len(scale), RATE, 0.99)
    for _ in range(STEPS):
        gradient = square * steps.at
        for choice, rows in zip(choices, measured, strict=True):
            gradient = gradient + choice.weight * rows.T @ (_softmax(rows @ steps.at) - choice.wanted) / len(choices)
        steps.go(gradient)
    return steps.at / scale


def chances(measured: Matrix, right: Matrix, weights: Matrix, square: float) -> tuple[Matrix, float]:
    """Return weights and bias by which rows that are right get a high chance, the others a low one."""
    mean, scale = measured.mean(axis=0), measured.std(axis=0) + 1e-9
    rows = np.column_stack([(measured - mean) / scale, np.ones(len(measured))])
    steps = Steps(rows.shape[1], CHANCE_RATE, 0.999)
    for _ in range(CHANCE_STEPS):
        wrong = (1 / (1 + np.exp(-rows @ steps.at)) - right) * weights / weights.sum()
        steps.go(rows.T @ wrong + square * np.append(steps.at[:-1], 0.0))
    found = steps.at[:-1] / scale
    return found, float(steps.at[-1] - found @ mean)


def _softmax(fits: Matrix) -> Matrix:
    found = np.exp(fits - fits.max())
    return np.asarray(found / found.sum())
