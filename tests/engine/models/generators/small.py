"""Small generators and critics of every kind, over twelve words."""

from __future__ import annotations

import torch

from engine.config.classifiers import AdditiveAttention, Convolutional, FromScratch, Recurrent, Transformer
from engine.config.gan import AttentionLSTM, Generator, RelationalMemory, WritingTransformer
from engine.config.losses import BinaryCrossEntropy
from engine.models import TextClassifier, TextGenerator
from engine.models.build import build
from engine.models.critic import CRITIC_LABELS
from engine.models.generators import build_generator

PAD, UNK, BOS, EOS, MASK = range(5)
BANNED = (PAD, UNK, BOS, MASK)
NUM_WORDS, MAX_LENGTH = 17, 12

GENERATORS: dict[str, Generator] = {
    "attention-lstm": AttentionLSTM(embedding_size=8, hidden_size=10),
    "transformer": WritingTransformer(hidden_size=8, num_heads=2, feed_forward_size=12),
    "relational-memory": RelationalMemory(embedding_size=8, num_slots=2, num_heads=2, head_size=6),
}
EVERY_GENERATOR: dict[str, Generator] = {
    **GENERATORS,
    **{
        f"lstm-{kind}": AttentionLSTM(embedding_size=8, hidden_size=10, attention=kind)
        for kind in ("dot", "general", "concat")
    },
    **{
        f"transformer-{positions}": WritingTransformer(
            hidden_size=8, num_heads=2, feed_forward_size=12, positions=positions
        )
        for positions in ("sinusoidal", "rotary")
    },
    "one-slot": RelationalMemory(embedding_size=8, num_slots=1, num_heads=3, head_size=4),
}
CRITICS: dict[str, FromScratch] = {
    "recurrent": Recurrent(embedding_size=6, hidden_size=5, pooling=AdditiveAttention()),
    "transformer": Transformer(hidden_size=8, num_heads=2, feed_forward_size=12, causal=True, pooling="last"),
    "convolutional": Convolutional(embedding_size=6, widths=(2, 3), num_filters=4),
}


def generator_of(spec: Generator, num_words: int = NUM_WORDS, max_length: int = MAX_LENGTH) -> TextGenerator:
    """Seeded, in evaluation mode, with weights large enough for words to differ."""
    torch.manual_seed(0)
    model = build_generator(
        spec,
        vocabulary_size=num_words,
        max_length=max_length,
        pad_token_id=PAD,
        bos_token_id=BOS,
        eos_token_id=EOS,
        banned_token_ids=BANNED,
    )
    with torch.no_grad():
        model.embedding.weight[5:].normal_(0, 0.6)
        model.bias.normal_(0, 1)
        model.bias[EOS] = 2
    return model.eval()


def critic_of(spec: FromScratch, num_words: int = NUM_WORDS, max_length: int = MAX_LENGTH) -> TextClassifier:
    """Seeded, in evaluation mode."""
    torch.manual_seed(1)
    model = build(
        spec,
        vocabulary_size=num_words,
        num_labels=2,
        max_length=max_length,
        pad_token_id=PAD,
        labels=CRITIC_LABELS,
        loss=BinaryCrossEntropy(),
        special_token_ids=(BOS, EOS),
    )
    return model.eval()


def texts(*lengths: int, seed: int = 3) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask of texts with so many tokens, bos and eos included."""
    chance = torch.Generator().manual_seed(seed)
    ids = torch.randint(5, NUM_WORDS, (len(lengths), max(lengths)), generator=chance)
    places = torch.arange(max(lengths))
    ends = torch.tensor(lengths)[:, None]
    ids = torch.where(places == ends - 1, EOS, ids).masked_fill(places >= ends, PAD)
    ids[:, 0] = BOS
    return ids, (places < ends).long()
