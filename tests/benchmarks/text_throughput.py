"""Training of models that write, in rows a second, against the loop that people write in plain PyTorch.

    python -m tests.benchmarks.text_throughput --pairs 5 --steps 60

Both learn the same texts with the same sizes, the same batch, float32, on as many threads; the two take turns, so that
what else the machine does meets both, and processor seconds are counted. A row is a piece of 35 tokens, or a pair of
texts; the first update, with which everything is loaded, is left out. `--set` changes our side alone
(`training.precision=bf16`). The peer of the language model is the usual
example (embedding, LSTM, tied output layer, 35 tokens of truncated back-propagation); that of translation pads batches
of rows drawn at random and steps through the target with additive attention.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from engine import verbs
from engine.events import StepsTaken
from tests.benchmarks.answers_in_words import SHARED

_WIDTH, _BATCH, _BPTT, _PAIRS = 256, 20, 35, 64


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--only", choices=("language-model", "translation"), default=None)
    parser.add_argument("--set", nargs="+", default=[])
    asked = parser.parse_args()
    changes: dict[str, object] = dict(pair.split("=", 1) for pair in asked.set)
    measured = {"language-model": (_language_model, _plain_language_model), "translation": (_seq2seq, _plain_seq2seq)}
    for name, (ours, plain) in measured.items():
        if asked.only not in (None, name):
            continue
        pairs = [(ours(asked.steps, changes), plain(asked.steps)) for _ in range(asked.pairs)]
        ratios = sorted(one / other for one, other in pairs)
        mine, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
        print(
            f"{name}: {mine:.0f} rows a processor second, plain loop {theirs:.0f}; "
            f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}), "
            f"{torch.get_num_threads()} threads",
            flush=True,
        )


def _trained(recipe: str, changes: dict[str, object], rows: int, steps: int) -> float:
    """Rows a processor second of one of our runs whose updates have so many, journal included, from what it tells first
    to its last update."""
    taken: list[tuple[int, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        run = verbs.create(
            verbs.load_config(recipe, {"training.max_steps": steps, "training.evaluate_every": steps, **changes}),
            Path(folder),
        )
        training = verbs.train(run)
        for event in training:
            if isinstance(event, StepsTaken):
                taken.append((int(event.steps[-1]), time.process_time()))
                if taken[-1][0] == steps:
                    break
        training.close()
    (first, began), (last, ended) = taken[0], taken[-1]
    return rows * (last - first) / (ended - began)


# --- a language model -----------------------------------------------------------------------------------------------


def _language_model(steps: int, further: dict[str, object]) -> float:
    changes: dict[str, object] = {
        "data.train": str(SHARED / "ptb/ptb.train.txt"),
        "data.validation": str(SHARED / "ptb/ptb.valid.txt"),
        "data.max_rows": 5000,
        "data.tokenizer.name": "spaces",
        "data.tokenizer.vocabulary_size": 10_000,
        "data.max_length": _BPTT,
        "model.hidden_size": _WIDTH,
        "model.embedding_size": _WIDTH,
        "model.num_layers": 2,
        "training.micro_batch_size": _BATCH,
    }
    return _trained("lstm-lm", changes | further, _BATCH, steps)


class _PlainLanguageModel(nn.Module):
    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, _WIDTH)
        self.lstm = nn.LSTM(_WIDTH, _WIDTH, 2, dropout=0.2)
        self.decoder = nn.Linear(_WIDTH, vocabulary)
        self.decoder.weight = self.embedding.weight
        self.drop = nn.Dropout(0.2)

    def forward(self, ids: Tensor, state: tuple[Tensor, Tensor] | None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        found, state = self.lstm(self.drop(self.embedding(ids)), state)
        return self.decoder(self.drop(found)), state


def _plain_language_model(steps: int) -> float:
    lines = (SHARED / "ptb/ptb.train.txt").read_text().splitlines()[:5000]
    words = [word for line in lines for word in [*line.split(), "</s>"]]
    places = {word: place for place, word in enumerate(dict.fromkeys(words))}
    stream = torch.tensor([places[word] for word in words])
    columns = stream[: len(stream) // _BATCH * _BATCH].view(_BATCH, -1).t().contiguous()
    model = _PlainLanguageModel(10_000)
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3)
    state: tuple[Tensor, Tensor] | None = None
    began = time.process_time()
    for step in range(steps):
        began = time.process_time() if step == 1 else began
        start = step * _BPTT % (len(columns) - _BPTT - 1)
        ids, wanted = columns[start : start + _BPTT], columns[start + 1 : start + 1 + _BPTT]
        state = None if state is None else (state[0].detach(), state[1].detach())
        optimizer.zero_grad()
        logits, state = model(ids, state)
        functional.cross_entropy(logits.view(-1, logits.shape[-1]), wanted.reshape(-1)).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    return _BATCH * (steps - 1) / (time.process_time() - began)


# --- translation ----------------------------------------------------------------------------------------------------


def _seq2seq(steps: int, further: dict[str, object]) -> float:
    source, target = SHARED / "multi30k/train.de", SHARED / "multi30k/train.en"
    changes: dict[str, object] = {
        "data.train": f"{source},{target}",
        "data.max_rows": 5000,
        "model.cell": "lstm",
        "model.hidden_size": _WIDTH,
        "model.embedding_size": _WIDTH,
        "training.micro_batch_size": _PAIRS,
    }
    return _trained("translate-attention", changes | further, _PAIRS, steps)


class _PlainSeq2Seq(nn.Module):
    def __init__(self, vocabulary: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, _WIDTH, padding_idx=0)
        self.encoder = nn.LSTM(_WIDTH, _WIDTH, batch_first=True, bidirectional=True)
        self.cell = nn.LSTMCell(3 * _WIDTH, _WIDTH)
        self.query, self.key = nn.Linear(_WIDTH, _WIDTH), nn.Linear(2 * _WIDTH, _WIDTH)
        self.energy = nn.Linear(_WIDTH, 1)
        self.output = nn.Linear(4 * _WIDTH, vocabulary)

    def forward(self, source: Tensor, lengths: Tensor, target: Tensor) -> Tensor:
        packed = pack_padded_sequence(self.embedding(source), lengths, batch_first=True, enforce_sorted=False)
        memory = pad_packed_sequence(self.encoder(packed)[0], batch_first=True)[0]
        mask = torch.arange(memory.shape[1])[None] >= lengths[:, None]
        keys, embedded = self.key(memory), self.embedding(target)
        hidden = cell = torch.zeros(len(source), _WIDTH)
        logits = []
        for place in range(target.shape[1]):
            scores = self.energy(torch.tanh(self.query(hidden)[:, None] + keys)).squeeze(-1)
            weights = scores.masked_fill(mask, -torch.inf).softmax(dim=-1)
            context = (weights[:, None] @ memory).squeeze(1)
            hidden, cell = self.cell(torch.cat([embedded[:, place], context], dim=-1), (hidden, cell))
            logits.append(self.output(torch.cat([hidden, context, embedded[:, place]], dim=-1)))
        return torch.stack(logits, dim=1)


def _batches(steps: int) -> Iterator[tuple[list[list[int]], list[list[int]]]]:
    sides = [(SHARED / f"multi30k/train.{one}").read_text().splitlines()[:5000] for one in ("de", "en")]
    places: dict[str, int] = {"<pad>": 0, "<s>": 1, "</s>": 2}
    rows = [[[places.setdefault(word, len(places)) for word in line.split()] for line in side] for side in sides]
    generator = torch.Generator().manual_seed(0)
    for _ in range(steps):
        drawn = torch.randint(len(rows[0]), (_PAIRS,), generator=generator).tolist()
        yield [rows[0][one] for one in drawn], [[1, *rows[1][one], 2] for one in drawn]


def _plain_seq2seq(steps: int) -> float:
    batches = list(_batches(steps))
    model = _PlainSeq2Seq(8000)
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3)
    began = time.process_time()
    for step, (sources, targets) in enumerate(batches):
        began = time.process_time() if step == 1 else began
        source = pad_sequence([torch.tensor([one % 8000 for one in row]) for row in sources], batch_first=True)
        target = pad_sequence([torch.tensor([one % 8000 for one in row]) for row in targets], batch_first=True)
        optimizer.zero_grad()
        logits = model(source, torch.tensor([len(row) for row in sources]), target[:, :-1])
        wanted = target[:, 1:]
        functional.cross_entropy(logits.flatten(0, 1), wanted.flatten(), ignore_index=0).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    return _PAIRS * (steps - 1) / (time.process_time() - began)


if __name__ == "__main__":
    main()
