"""BLEU and chrF are sacrebleu's, ROUGE is rouge-score's, to the last digits; and Chinese is measured too."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import sacrebleu
from rouge_score import rouge_scorer

from engine.metrics.rouge import rouge_statistics, words_of
from engine.metrics.summed_figures import VALUE_OF
from engine.metrics.translation import bleu_statistics, chrf_statistics, signature, tokenization_of

RIGHT = [
    "A man in an orange hat staring at something.",
    "Five people wearing winter jackets stand in the snow, with snowmobiles in the background.",
    "It's 1998-03-14, isn't it?",
    "People are fixing the roof of a house.",
]
SAID = ["A man in a hat stares at something.", "Five people stand in the snow.", "It's 1998-03-15!", ""]
CHINESE = (["我喜欢苹果。", "他来 了"], ["我也喜欢苹果！", "她来了"])


def spoiled(texts: list[str]) -> list[str]:
    chance = random.Random(0)
    return [" ".join(word for word in text.split() if chance.random() < 0.8) for text in texts]


def check_corpus(said: list[str], wanted: list[str], tokenize: str) -> None:
    bleu = VALUE_OF["bleu"](bleu_statistics(said, wanted, tokenize).sum(axis=0))
    chrf = VALUE_OF["chrf"](chrf_statistics(said, wanted).sum(axis=0))
    assert bleu == pytest.approx(sacrebleu.BLEU(tokenize=tokenize).corpus_score(said, [wanted]).score, abs=1e-6)
    assert chrf == pytest.approx(sacrebleu.CHRF().corpus_score(said, [wanted]).score, abs=1e-6)


def test_bleu_and_chrf_are_those_of_sacrebleu() -> None:
    check_corpus(SAID, RIGHT, "13a")
    check_corpus(SAID[:1], RIGHT[:1], "13a")
    check_corpus(["nothing shared"], ["quite another thing"], "13a")
    check_corpus(*CHINESE, "zh")


@pytest.mark.real_data
def test_bleu_and_chrf_of_a_corpus(shared_data: Path) -> None:
    wanted = (shared_data / "multi30k" / "val.en").read_text(encoding="utf-8").splitlines()[:500]
    check_corpus(spoiled(wanted), wanted, "13a")


def test_rouge_is_that_of_rouge_score() -> None:
    reference = rouge_scorer.RougeScorer(["rouge1", "rouge2", "rougeL"])
    found = rouge_statistics(SAID, RIGHT)
    for ours, theirs in (("rouge_1", "rouge1"), ("rouge_2", "rouge2"), ("rouge_l", "rougeL")):
        wanted = [reference.score(right, said)[theirs].fmeasure for right, said in zip(RIGHT, SAID, strict=True)]
        assert found[ours][:, 0] == pytest.approx(wanted, abs=1e-12)


def test_chinese_has_a_rouge() -> None:
    """rouge-score's own tokenizer finds no word in it."""
    assert words_of("我也喜欢Apple。") == ["我", "也", "喜", "欢", "apple"]
    found = rouge_statistics(["我喜欢苹果"], ["我也喜欢苹果"])
    assert found["rouge_1"][0, 0] == pytest.approx(10 / 11)


def test_the_tokenizer_suits_the_script() -> None:
    assert tokenization_of(RIGHT) == "13a"
    assert tokenization_of(CHINESE[1]) == "zh"
    assert tokenization_of(["これはペンです。"]) == "char"
    assert signature("zh").startswith("nrefs:1|case:mixed|eff:no|tok:zh|smooth:exp|version:")
