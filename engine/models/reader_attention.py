"""TwoWayAttention: the words of a passage and of a question look at each other (Seo 2017, section 2.4).

Shapes: B rows, P words of the passage, Q of the question, D features, E numbers a word vector.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

_SAME = 4.0
"""The weight that the likeness of words begins with: an equal word gets e^4 = 55 times the attention of any other."""


@dataclass(frozen=True)
class Meeting:
    """`joint` [B, P, size] is what each word of the passage knows of the question. `to_question` [B, P, Q]: how much it
    looks at each of its words (each row sums to 1); `to_passage` [B, P]: how much the question looks at each word of
    the passage. Weights that a switched-off direction does not use are computed all the same."""

    joint: Tensor
    to_question: Tensor
    to_passage: Tensor


class TwoWayAttention(nn.Module):
    """score(h, u) = w_h h + w_u u + (h * w_m) u + w_s cos(x_h, x_u), without ever making a [B, P, Q, D] of it.

    The last term is not the paper's: x are the vectors of the words themselves. States of random word vectors hardly
    tell that two words are the same one; so equal words find each other from the first step on, and related ones as
    their vectors come to be alike. How near the nearest word of the question is, each word of the passage is told as
    well (as the aligned question of Chen 2017 tells it).

    Without `context_to_query` each word of the passage gets the mean of the question's words instead of those that it
    looks at; without `query_to_context` the terms of the attended passage are left out: as in the paper's ablation.
    """

    def __init__(self, size: int, context_to_query: bool, query_to_context: bool) -> None:
        super().__init__()
        self.context_to_query, self.query_to_context = context_to_query, query_to_context
        self.size = (4 if query_to_context else 3) * size + int(context_to_query)
        self.of_passage, self.of_question = nn.Linear(size, 1, bias=False), nn.Linear(size, 1, bias=False)
        self.of_both = nn.Parameter(torch.full((size,), size**-0.5))
        self.of_same = nn.Parameter(torch.tensor(_SAME))

    def forward(
        self,
        passage: Tensor,
        question: Tensor,
        words: tuple[Tensor, Tensor],
        is_passage: Tensor,
        is_question: Tensor,
    ) -> Meeting:
        """States [B, P, D] and [B, Q, D], the vectors [B, P, E] and [B, Q, E] of their words, and which are real."""
        scores = self.of_passage(passage) + self.of_question(question).transpose(1, 2)
        scores = scores + (passage * self.of_both) @ question.transpose(1, 2)
        of_passage, of_question = (nn.functional.normalize(one, dim=-1) for one in words)
        near = (of_passage @ of_question.transpose(1, 2)).masked_fill(~is_question[:, None, :], -1.0)
        scores = scores + self.of_same * near
        lowest = torch.finfo(scores.dtype).min
        to_question = scores.masked_fill(~is_question[:, None, :], lowest).softmax(dim=-1)
        nearest = scores.masked_fill(~is_question[:, None, :], lowest).amax(dim=-1)
        to_passage = nearest.masked_fill(~is_passage, lowest).softmax(dim=-1)
        if self.context_to_query:
            asked = to_question @ question
        else:
            share = is_question.to(question.dtype)[:, None, :]
            mean = (share @ question) / share.sum(dim=-1, keepdim=True).clamp(min=1.0)
            asked = mean.expand(-1, passage.shape[1], -1)
        parts = [passage, asked, passage * asked]
        if self.query_to_context:
            attended = to_passage[:, None, :] @ passage
            parts.append(passage * attended)
        if self.context_to_query:
            parts.append(near.amax(dim=-1, keepdim=True))
        return Meeting(torch.cat(parts, dim=-1), to_question, to_passage)
