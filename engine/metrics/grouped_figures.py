"""Groups of rows against all other rows, where a figure is a function of sums over rows.

A group's interval comes from draws of all rows of which each group counts its own (bootstrap); the p-value of the
difference to the rest from groups of the same size drawn without replacement (permutation test, two-sided; Phipson &
Smyth 2010 for the 1 that is added). N rows, C columns, S draws.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.metrics.resampling import STREAM, draws, num_paired_draws
from engine.metrics.summed_figures import Floats

ValueOf = Callable[[Floats], Floats]
"""What a figure makes of sums [..., C]: [...]."""

_DRAWS_A_GROUP, _LEAST_DRAWS, _MOST_DRAWS = 40, 999, 4999
"""The least p-value, multiplied by the number of groups, must be able to pass 5 %."""

_DRAWS_AT_ONCE = 20


def drawn_by_group(
    table: Floats, groups: Sequence[NDArray[np.int64]], value_of: ValueOf, seed: int
) -> Generator[float, None, tuple[Floats, Floats]]:
    """([S, groups] of each group, [S, groups] of all other rows) of `table` [N, C]; a draw is the same for all of them.
    Yields the share that is done."""
    num_rows, done = len(table), 0
    count = num_paired_draws(num_rows)
    inside, outside = [], []
    for weights in draws(num_rows, count, [seed, STREAM]):
        weighed = weights.astype(np.float64)
        whole = weighed @ table
        sums = np.stack([weighed[:, places] @ table[places] for places in groups], axis=1)
        inside.append(value_of(sums))
        outside.append(value_of(whole[:, None] - sums))
        done += len(weights)
        yield done / count
    return np.concatenate(inside), np.concatenate(outside)


def regrouped_p_values(
    table: Floats, sizes: Sequence[int], seen: Floats, value_of: ValueOf, seed: int
) -> Generator[float, None, Floats]:
    """[groups]: how often groups of these sizes, drawn at random, differ from the rest as much as `seen` [groups]
    do. Yields the share that is done."""
    num_draws = min(_MOST_DRAWS, max(_LEAST_DRAWS, _DRAWS_A_GROUP * len(sizes) - 1))
    edges, columns = np.unique(sizes, return_inverse=True)
    starts = np.concatenate([[0], edges])
    whole = table.sum(axis=0)
    chance = np.random.default_rng([seed, STREAM, 1])
    extreme = np.zeros(len(sizes))
    for first in range(0, num_draws, _DRAWS_AT_ONCE):
        number = min(_DRAWS_AT_ONCE, num_draws - first)
        heads = np.stack(
            [np.add.reduceat(table[chance.permutation(len(table))], starts, axis=0)[:-1] for _ in range(number)]
        )
        sums = heads.cumsum(axis=1)[:, columns]
        apart = value_of(sums) - value_of(whole - sums)
        extreme += (np.abs(apart) >= np.abs(seen) - 1e-12).sum(axis=0)
        yield first / num_draws
    found: Floats = (extreme + 1) / (num_draws + 1)
    return found
