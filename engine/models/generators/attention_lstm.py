"""The LSTM that looks back, at each word, at all its states so far.

Shapes: B rows, L tokens (Q of them as queries, K as keys), D = hidden_size, E = embedding_size, A features of a score.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from engine.config.gan import AttentionLSTM
from engine.models.attention import looked_at, masked_softmax
from engine.models.generators.generator import GeneratorConfig, Step, TextGenerator
from engine.models.kv_cache import KVCache
from engine.models.recurrent import lacks_bf16, number_format

_MAX_SCORED = 2**24
"""Numbers under the tanh of a score that are computed at once; longer texts take their queries in groups."""


class AttentionLSTMConfig(GeneratorConfig):
    """Config of `AttentionLSTMGenerator`."""

    model_type = "attune-attention-lstm"

    @property
    def choice(self) -> AttentionLSTM:
        return AttentionLSTM.model_validate(self.spec or {})


class PastScore(nn.Module):
    """How much a state is worth to another one: v tanh(W h + U q) (additive, Bahdanau 2015, A.1.2), q h (dot), q W h
    (general) or v tanh(W [q; h]) (concat; Luong 2015, eq. 8). Additive and concat differ in a bias."""

    def __init__(self, kind: str, size: int) -> None:
        super().__init__()
        is_layer = kind in ("additive", "concat")
        self.query = nn.Identity() if kind == "dot" else nn.Linear(size, size, bias=False)
        self.key = nn.Linear(size, size, bias=kind == "additive") if is_layer else nn.Identity()
        self.score = nn.Linear(size, 1, bias=False) if is_layer else None

    def forward(self, queries: Tensor, keys: Tensor) -> Tensor:
        """Scores [B, Q, K] of queries [B, Q, A] and keys [B, K, A], projected by `query` and `key` before."""
        if self.score is None:
            return queries @ keys.transpose(1, 2)
        num_at_once = max(1, _MAX_SCORED // (keys.numel() or 1))
        if num_at_once >= queries.shape[1]:
            return self._scored(queries, keys)
        groups = queries.split(num_at_once, dim=1)
        return torch.cat([checkpoint(self._scored, one, keys, use_reentrant=False) for one in groups], dim=1)

    def _scored(self, queries: Tensor, keys: Tensor) -> Tensor:
        assert self.score is not None
        scores: Tensor = self.score(torch.tanh(queries.unsqueeze(2) + keys.unsqueeze(1)))
        return scores.squeeze(-1)


class AttentionLSTMGenerator(TextGenerator):
    """One LSTM layer; each next word is told from its state and from the mean of all states so far, weighted by
    attention (`engine.config.gan.AttentionLSTM`).

    What it looked at does not enter the LSTM again, so that whole texts are read in one go.
    """

    config_class = AttentionLSTMConfig
    config: AttentionLSTMConfig

    def __init__(self, config: AttentionLSTMConfig) -> None:
        spec = config.choice
        super().__init__(config, spec.embedding_size)
        self.lstm = nn.LSTM(spec.embedding_size, spec.hidden_size, batch_first=True)
        self.past_score = PastScore(spec.attention, spec.hidden_size)
        self.mix = nn.Linear(2 * spec.hidden_size, spec.embedding_size)
        self.dropout = nn.Dropout(spec.dropout)
        self.post_init()

    @property
    def attention_names(self) -> tuple[str, ...]:
        return (f"{self.config.choice.attention} attention",)

    def read(self, vectors: Tensor, mask: Tensor, with_weights: bool) -> tuple[Tensor, tuple[Tensor, ...]]:
        with number_format(vectors.device):
            vectors = vectors.float() if lacks_bf16(vectors.device) else vectors
            states, _ = self.lstm(self.dropout(vectors))
        length = states.shape[1]
        is_past = torch.ones(length, length, dtype=torch.bool, device=states.device).tril()
        allowed = (is_past & mask[:, None, :]).unsqueeze(1)
        scores = self.past_score(self.past_score.query(states), self.past_score.key(states))
        weights, gate = looked_at(masked_softmax(scores.unsqueeze(1), allowed), allowed)
        context = weights.squeeze(1) @ states
        features = self._mixed(states, context if gate is None else context * gate)
        return features, (weights,) if with_weights else ()

    def begin(self, num: int, max_length: int) -> Step:
        score = self.past_score
        (of_word, of_state, bias_of_word, bias_of_state), *_ = self.lstm.all_weights
        state = cell = self.bias.new_zeros(num, self.lstm.hidden_size)
        past_states, past_keys = KVCache(max_length), KVCache(max_length)

        def step(vectors: Tensor) -> Tensor:
            nonlocal state, cell
            state, cell = torch.lstm_cell(
                self.dropout(vectors), (state, cell), of_word, of_state, bias_of_word, bias_of_state
            )
            newest = state.unsqueeze(1)
            keys = past_keys.append(score.key(newest))
            weights_now = score(score.query(newest), keys).softmax(dim=-1)
            return self._mixed(state, (weights_now @ past_states.append(newest)).squeeze(1))

        return step

    def _mixed(self, states: Tensor, context: Tensor) -> Tensor:
        """tanh(W [c; h]) (Luong 2015, eq. 5)."""
        mixed: Tensor = self.dropout(torch.tanh(self.mix(torch.cat([context, states], dim=-1))))
        return mixed
