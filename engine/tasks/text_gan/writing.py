"""What a generator writes, and what the critic says of it."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from engine.data.tokens.detokenize import detokenized, tokens_of
from engine.records import Sample
from engine.tasks.text_gan.pair import Pair

_CHUNK = 125


class Writing:
    """A pair in evaluation mode, asked for texts and judgements. Every question breathes: it yields between chunks."""

    def __init__(self, pair: Pair, tokenizer: PreTrainedTokenizerFast, length: int, device: torch.device) -> None:
        self.pair = pair
        self._tokenizer, self._length, self._device = tokenizer, length, device

    def invent(self, num: int, seed: int, temperature: float = 1.0) -> Generator[None, None, list[list[int]]]:
        """`num` texts as token ids without padding; the same seed, weights and temperature give the same texts."""
        randomness = torch.Generator(device=self._device)
        randomness.manual_seed(seed)
        found: list[list[int]] = []
        while len(found) < num:
            ids = self.pair.generator.sample(
                min(_CHUNK, num - len(found)),
                max_length=self._length,
                temperature=temperature,
                generator=randomness,
            )
            found.extend(self._trimmed(ids))
            yield
        return found

    def loss_per_token(self, texts: Sequence[Sequence[int]]) -> Generator[None, None, float]:
        """Mean negative log-likelihood of a token under the generator, in nats; the end counts as a token."""
        total, count = 0.0, 0
        for ids, mask in self._batches(texts):
            with torch.inference_mode():
                total -= float(self.pair.generator.log_likelihood(ids, mask).sum())
            count += int(self.pair.generator.predicted(ids, mask).sum())
            yield
        return total / max(1, count)

    def judge(self, texts: Sequence[Sequence[int]]) -> Generator[None, None, list[Sample]]:
        """Each text as people read it, with the critic's probability that it is real and where the critic looked."""
        judged: list[Sample] = []
        for ids, mask in self._batches(texts):
            with torch.inference_mode():
                output = self.pair.critic(input_ids=ids, attention_mask=mask, output_attentions=True)
                probabilities = output.logits[:, 1].float().sigmoid().tolist()
                looks = _received(output.attentions or ())
            for row, probability in enumerate(probabilities):
                look = None if looks is None else looks[row]
                judged.append(replace(self._sample(ids[row], look), probability=probability))
            yield
        return judged

    def scores(self, texts: Sequence[Sequence[int]]) -> Generator[None, None, list[float]]:
        """The critic's probability of each text's being real."""
        found: list[float] = []
        for ids, mask in self._batches(texts):
            with torch.inference_mode():
                logits = self.pair.critic(input_ids=ids, attention_mask=mask).logits
            found.extend(logits[:, 1].float().sigmoid().tolist())
            yield
        return found

    def tokens(self, text: Sequence[int]) -> tuple[str, ...]:
        """The tokens that stand for a part of the text."""
        return tokens_of(self._tokenizer, text)

    def text(self, text: Sequence[int]) -> str:
        """As people read it."""
        return detokenized(self._tokenizer, self.tokens(text))

    def centre(self, real: Sequence[Sequence[int]], invented: Sequence[Sequence[int]]) -> Generator[None, None, None]:
        """Shift the critic's scores so that their zero lies half-way between real and invented texts: for a critic that
        learns from differences alone, whose loss the shift does not change."""
        middle = 0.0
        for texts in (real, invented):
            shares = yield from self.scores(texts)
            middle += float(torch.tensor(shares).clamp(1e-6, 1 - 1e-6).logit().mean()) / 2
        with torch.no_grad():
            self.pair.critic.head.output.bias.sub_(middle)

    def _sample(self, ids: Tensor, look: Tensor | None) -> Sample:
        tokens = tokens_of(self._tokenizer, ids.tolist())
        if look is None:
            return Sample(detokenized(self._tokenizer, tokens), tokens=tokens)
        unwritten = (self._tokenizer.pad_token_id, self._tokenizer.cls_token_id, self._tokenizer.sep_token_id)
        weights = [float(weight) for one, weight in zip(ids.tolist(), look, strict=True) if one not in unwritten]
        total = sum(weights) or 1.0
        shares = tuple(round(weight / total, 5) for weight in weights)
        return Sample(detokenized(self._tokenizer, tokens), tokens=tokens, weights=shares)

    def _batches(self, texts: Sequence[Sequence[int]]) -> Generator[tuple[Tensor, Tensor], None, None]:
        """In order; ids and mask [B, L], padded on the right."""
        for start in range(0, len(texts), _CHUNK):
            chunk = texts[start : start + _CHUNK]
            longest = max(len(text) for text in chunk)
            ids = torch.full((len(chunk), longest), int(self._tokenizer.pad_token_id), dtype=torch.long)
            mask = torch.zeros_like(ids)
            for row, text in enumerate(chunk):
                ids[row, : len(text)] = torch.tensor(text, dtype=torch.long)
                mask[row, : len(text)] = 1
            yield ids.to(self._device), mask.to(self._device)

    def _trimmed(self, ids: Tensor) -> list[list[int]]:
        pad = self._tokenizer.pad_token_id
        return [[one for one in row if one != pad] for row in ids.tolist()]


def _received(attentions: tuple[Tensor, ...]) -> Tensor | None:
    """[B, K]: how much each token is looked at: by the pooling where there is one, else the mean of all maps."""
    if not attentions:
        return None
    pooling = [one for one in attentions if one.shape[2] == 1]
    return torch.stack([one.float().mean(dim=(1, 2)) for one in pooling or attentions]).mean(dim=0).cpu()
