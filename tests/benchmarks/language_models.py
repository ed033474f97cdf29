"""How fast language models write and count.

    python -m tests.benchmarks.language_models [--tokens 512] [--shared] [--nltk 100]

Tokens a second of each model with its cache and without, greedy, by transformers' `generate`, in one run; with
`--shared` also how long n-gram models of orders 3 and 5 take to count the Penn Treebank and to tell its test texts, and
their perplexity. With `--nltk` as much of the test texts, drawn evenly, is told by `nltk.lm` too (order 5, interpolated
Kneser-Ney, every score of which counts through its tables anew), in processor seconds beside ours.
"""

from __future__ import annotations

import argparse
import math
import time

import numpy as np
import torch

from engine.config.data import WordTokenizer
from engine.config.language_models import FromNothing, NGram, RecurrentLanguageModel, TransformerLanguageModel
from engine.data.tokens.tokenizer import train_tokenizer
from engine.models.language_models import build_language_model
from engine.models.language_models.kneser_ney import kneser_ney
from engine.models.language_models.ngram import NGramLM, NGramLMConfig, stream_of
from tests.benchmarks.answers_in_words import SHARED

_NUM_WORDS = 8000
_SPECS: dict[str, FromNothing] = {
    "LSTM": RecurrentLanguageModel(),
    "Transformer": TransformerLanguageModel(),
    "wide Transformer": TransformerLanguageModel(hidden_size=384, num_layers=6, num_heads=6, feed_forward_size=1536),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tokens", type=int, default=512)
    parser.add_argument("--shared", action="store_true")
    parser.add_argument("--nltk", type=int, default=0)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    for name, spec in _SPECS.items() if asked.tokens else ():
        fast, slow = (_pace(spec, asked.tokens, uses_cache=used) for used in (True, False))
        print(f"{name}: {fast:.1f} tokens/s with cache, {slow:.1f} without, {fast / slow:.1f} x", flush=True)
    for order in (3, 5) if asked.shared else ():
        print(_counted(order), flush=True)
    if asked.nltk:
        print(_of_nltk(5, asked.nltk), flush=True)


def _pace(spec: FromNothing, num: int, *, uses_cache: bool) -> float:
    words = [f"w{number}" for number in range(_NUM_WORDS)]
    lines = [" ".join(words[first : first + 50]) for first in range(0, _NUM_WORDS, 50)]
    tokenizer = train_tokenizer(WordTokenizer(min_frequency=1), lines, 2 * num)
    torch.manual_seed(0)
    model = build_language_model(spec, tokenizer, 2 * num).eval()
    ids = torch.tensor([list(range(10, 18))])
    began = time.perf_counter()
    model.generate(ids, max_new_tokens=num, min_new_tokens=num, do_sample=False, use_cache=uses_cache)
    return num / (time.perf_counter() - began)


def _counted(order: int) -> str:
    words: dict[str, int] = {}
    texts = {
        split: [
            [words.setdefault(word, len(words) + 1) for word in line.split()]
            for line in (SHARED / "ptb" / f"ptb.{split}.txt").read_text(encoding="utf-8").splitlines()
        ]
        for split in ("train", "test")
    }
    model = NGramLM(
        NGramLMConfig(
            vocab_size=len(words) + 1,
            eos_token_id=0,
            bos_token_id=0,
            pad_token_id=None,
            spec=NGram(order=order).model_dump(mode="json"),
        )
    )
    began = time.process_time()
    model.fit(kneser_ney(np.array(stream_of(texts["train"], 0)), 0, order, len(words) + 1))
    fitted = time.process_time()
    ids = torch.tensor([stream_of(texts["test"], 0)])
    told = model.probabilities(ids, model.reach_of(ids))[0, 1:].double()
    scored = time.process_time()
    return (
        f"n-gram of order {order}: counted in {fitted - began:.2f} s, {len(told):,} tokens told in "
        f"{scored - fitted:.2f} s, perplexity {math.exp(-float(told.log().mean())):.1f}"
    )


def _of_nltk(order: int, num: int) -> str:
    """Every sentence has its own beginning there; words that training never had are told as one unknown word."""
    from nltk.lm import KneserNeyInterpolated
    from nltk.lm.preprocessing import pad_both_ends, padded_everygram_pipeline

    train, test = (
        [line.split() for line in (SHARED / "ptb" / f"ptb.{split}.txt").read_text(encoding="utf-8").splitlines()]
        for split in ("train", "test")
    )
    model = KneserNeyInterpolated(order)
    began = time.process_time()
    model.fit(*padded_everygram_pipeline(order, train))
    fitted = time.process_time()
    grams = []
    for line in test:
        padded = list(pad_both_ends(line, n=order))
        ends = range(order - 1, len(line) + order)
        grams += [(padded[end], padded[end - order + 1 : end]) for end in ends]
    some = grams[:: max(1, len(grams) // num)][:num]
    scored = time.process_time()
    told = [model.score(word, before) for word, before in some]
    each = (time.process_time() - scored) / len(some)
    return (
        f"nltk.lm of order {order}: counted in {fitted - began:.1f} s, {1000 * each:.1f} ms a score "
        f"({len(some)} of {len(grams):,} tokens; all would take {each * len(grams):,.0f} s), "
        f"{sum(one == 0 for one in told)} of them told with no chance at all"
    )


if __name__ == "__main__":
    main()
