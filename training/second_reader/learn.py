"""Lines and sentences go in, a checkpoint with the adapter of the second reader comes out. Seeded.

    python -m training.second_reader.learn ../shared/data [--seed 1] [--checkpoint second-reader-1.pickle]

Sixteen minutes on one core. Every two hundred steps a checkpoint is written, from which a later run goes on.
"""

import argparse
import random
import time
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from detectors.rampart import load_model
from training.adam import first_moments, stepped
from training.checkpoint import CheckpointError, digest, keep, kept
from training.names.people import read_pool
from training.second_reader.network import Arrays, first_adapter, logits, published
from training.second_reader.units import batches, every_unit

RATE, LEAST, RISE = (
    1e-3,
    0.02,
    50,
)  # the highest rate, the share of it that is left at the end, steps until it is reached
EVERY = 200


def loss(adapter: Arrays, weights: Arrays, batch: tuple[Any, ...]) -> Any:
    """The mean surprise at the tags of one batch."""
    ids, of_tokens, there, tags = batch
    chances = jax.nn.log_softmax(logits(weights, adapter, ids, of_tokens, there))
    known = tags >= 0
    own = jnp.take_along_axis(chances, jnp.maximum(tags, 0)[..., None], axis=-1)[..., 0]
    return -(own * known).sum() / jnp.maximum(known.sum(), 1)


@partial(jax.jit, donate_argnums=(0, 1))
def step(
    adapter: Arrays, moments: Any, weights: Arrays, pace: tuple[Any, Any], batch: tuple[Any, ...]
) -> tuple[Arrays, Any, Any]:
    """One step of Adam; `pace`: the rate and the number of the step."""
    value, slopes = jax.value_and_grad(loss)(adapter, weights, batch)
    adapter, moments = stepped(adapter, moments, slopes, *pace)
    return adapter, moments, value


def main() -> None:
    """Train, and write checkpoints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--checkpoint", type=Path)
    options = parser.parse_args()
    path = options.checkpoint or Path(f"second-reader-{options.seed}.pickle")
    plan = batches(
        every_unit(load_model(), read_pool(options.data), options.data, options.seed), random.Random(options.seed)
    )
    made_of, fixed = digest(array.tobytes() for batch in plan for array in batch), published()
    try:
        adapter, moments, done = kept(path, made_of) or (first_adapter(fixed, options.seed), None, 0)
    except CheckpointError as error:
        parser.error(str(error))
    weights, adapter = (jax.tree.map(jnp.array, one) for one in (fixed, adapter))
    moments = jax.tree.map(jnp.array, moments) or first_moments(adapter)
    began, sum_of_losses = time.time(), 0.0
    for number in range(done, len(plan)):
        fall = LEAST + (1 - LEAST) * 0.5 * (1 + np.cos(np.pi * number / len(plan)))
        rate = RATE * fall * min(1, (number + 1) / RISE)
        adapter, moments, value = step(
            adapter, moments, weights, (np.float32(rate), np.float32(number + 1)), plan[number]
        )
        sum_of_losses += float(value)
        if number % 50 == 49:
            pace = (number + 1 - done) * plan[number][0].size / (time.time() - began)
            print(
                f"step {number + 1} of {len(plan)}: loss {sum_of_losses / 50:.4f}, {pace:,.0f} tokens a second",
                flush=True,
            )
            sum_of_losses = 0.0
        if number % EVERY == EVERY - 1 or number == len(plan) - 1:
            state = [jax.tree.map(np.asarray, one) for one in (adapter, moments)]
            keep(path, (*state, number + 1), made_of)


if __name__ == "__main__":
    main()
