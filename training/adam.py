"""Weights, their slopes and what Adam remembers go in, the weights after one step come out (Kingma and Ba, 2014)."""

from typing import Any

import jax
import jax.numpy as jnp

Moments = tuple[Any, Any]


def first_moments(weights: Any) -> Moments:
    """What Adam remembers before the first step."""
    return jax.tree.map(jnp.zeros_like, weights), jax.tree.map(jnp.zeros_like, weights)


def stepped(weights: Any, moments: Moments, slopes: Any, rate: Any, turn: Any) -> tuple[Any, Moments]:
    """The weights after step number `turn`, which counts from 1, and the moments."""
    first = jax.tree.map(lambda m, s: 0.9 * m + 0.1 * s, moments[0], slopes)
    second = jax.tree.map(lambda v, s: 0.99 * v + 0.01 * s * s, moments[1], slopes)
    rise, grow = 1 - 0.9**turn, 1 - 0.99**turn
    weights = jax.tree.map(lambda w, m, v: w - rate * (m / rise) / (jnp.sqrt(v / grow) + 1e-7), weights, first, second)
    return weights, (first, second)
