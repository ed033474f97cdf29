"""One text written for another, looked into: what is shown is what the model does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.breath import drain
from engine.data.builtin.dates import true_spans
from engine.errors import InputError
from engine.inspection.translation.alignment_trust import alignment_trust
from engine.inspection.translation.leaving_out import leave_out
from engine.inspection.translation.pieces import pieces_of, source_groups, word_spans, written_groups
from engine.inspection.translation.search_worth import search_worth
from engine.inspection.translation.searching import GREEDY, read_again, search
from engine.inspection.translation.translate import transforming, translate
from engine.records import BeamNode, Decoding, Translation
from engine.runs.run import Run
from tests.engine.translated_runs import small_config, trained_run

TEXT = "the fourteenth of March, nineteen ninety-eight"
BEAMS = Decoding(num_beams=4)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return trained_run(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def found(run: Run) -> Translation:
    return drain(translate(run, TEXT, BEAMS))


def line(nodes: tuple[BeamNode, ...], place: int) -> tuple[int, ...]:
    tokens: list[int] = []
    while place >= 0:
        tokens.append(nodes[place].token)
        place = nodes[place].parent
    return tuple(reversed(tokens))


def test_words_are_those_that_people_see() -> None:
    text = "it's the twenty-first, 1998-03-14. 三月é"
    assert [text[start:end] for start, end in word_spans(text)] == [
        *("it's", "the", "twenty-first", ",", "1998", "-", "03", "-", "14", ".", "三", "月", "é")
    ]


def test_tokens_belong_to_words_on_both_sides(run: Run) -> None:
    task = transforming(run, "best")
    read = task.read_source(TEXT)
    groups = source_groups(read, None)
    assert [word.text for word, _ in groups] == [*("the", "fourteenth", "of", "March", ",", "nineteen", "ninety-eight")]
    assert sorted(place for _, places in groups for place in places) == list(range(1, read.ids.shape[1] - 1))
    for text in ("1998-03-14", "三月十四日 🙂!"):
        ids = task.tokenizer(text, add_special_tokens=False)["input_ids"]
        assert "".join(pieces_of(task.tokenizer, ids)) == text
        assert "".join(one.text for one in written_groups(task.tokenizer, ids)) == text.replace(" ", "")


def test_the_text_is_that_of_generate(run: Run, found: Translation) -> None:
    task = transforming(run, "best")
    read = task.read_source(TEXT)
    ids = task.model.generate(input_ids=read.ids, attention_mask=torch.ones_like(read.ids), num_beams=4)
    assert found.text == task.tokenizer.decode(ids[0], skip_special_tokens=True)
    assert found.greedy.text == drain(translate(run, TEXT)).text
    assert len({found.text, *(one.text for one in found.others)}) == 4


@pytest.mark.parametrize("decoding", [Decoding(), BEAMS], ids=["greedy", "beams"])
def test_what_a_search_saw_is_what_the_model_says_of_its_texts(run: Run, decoding: Decoding) -> None:
    task = transforming(run, "best")
    read = task.read_source(TEXT)
    for told in search(task, read, decoding).found:
        before = torch.tensor([[*task.first_ids(), *told.ids]])
        log_p, maps = read_again(task.model, read, before, 1)
        length = len(told.ids) + told.ended
        assert told.log_p.allclose(log_p[0, :length], atol=1e-4)
        assert told.alignment is not None and told.alignment == pytest.approx(maps[0, :length].numpy(), abs=1e-5)


def test_the_likeliest_words_are_those_of_a_search_of_their_own(run: Run) -> None:
    """Of two beams a long text leaves the likeliest word now and then, and goes on alone."""
    task = transforming(run, "best")
    texts = [TEXT, "3rd of may 2001", "on the last of them they came at noon, april", "december december december"]
    left = 0
    for text in texts:
        read = task.read_source(text)
        beams, alone = search(task, read, Decoding(num_beams=2)), search(task, read, GREEDY).found[0]
        assert beams.greedy is not None and beams.watcher is not None
        assert beams.greedy.ids == alone.ids and beams.greedy.ended == alone.ended
        assert beams.greedy.score == pytest.approx(alone.score, abs=1e-4)
        left += any(alone.ids[: len(step[0])] not in step for step in beams.watcher.rows)
    assert left > 0


def test_the_alignment_has_a_row_a_word(found: Translation) -> None:
    assert found.alignment is not None
    assert found.alignment.shape == (len(found.words), len(found.source_words))
    assert (found.alignment >= 0).all() and (found.alignment.sum(axis=1) <= 1 + 1e-6).all()


def test_probabilities_are_those_of_the_words_before(run: Run, found: Translation) -> None:
    """Their logarithms, the end's included, make up the score."""
    task = transforming(run, "best")
    read = task.read_source(TEXT)
    ids = task.tokenizer(found.text, add_special_tokens=False)["input_ids"]
    before = torch.tensor([[*task.first_ids(), *ids]])
    log_p = task.model(read.ids, torch.ones_like(read.ids), before).logits[0].log_softmax(dim=-1)
    told = [float(log_p[place, one]) for place, one in enumerate([*ids, task.tokenizer.sep_token_id])]
    assert found.score == pytest.approx(float(np.mean(told)), abs=1e-5)
    assert np.prod([word.probability for word in found.words]) == pytest.approx(np.exp(sum(told[:-1])), rel=1e-4)


def test_the_tree_holds_all_that_was_found(run: Run, found: Translation) -> None:
    task = transforming(run, "best")
    leaves = [place for place, node in enumerate(found.tree) if node.leaf == "finished"]
    texts = {task.tokenizer.decode(line(found.tree, place)) for place in leaves}
    assert found.text in texts and texts <= {found.text, *(one.text for one in found.others)}
    assert all(node.parent < place for place, node in enumerate(found.tree))
    winners = [place for place, node in enumerate(found.tree) if node.wins]
    assert winners == list(range(len(winners)))
    assert task.tokenizer.decode(line(found.tree, winners[-1])) == found.text
    steps = [node.depth for node in found.tree]
    assert all(steps.count(depth) <= 4 + 1 for depth in set(steps))


def test_means_of_the_tree_are_log_probabilities(run: Run, found: Translation) -> None:
    task = transforming(run, "best")
    read = task.read_source(TEXT)
    for place in [place for place, node in enumerate(found.tree) if node.leaf != "finished"][:6]:
        ids = line(found.tree, place)
        before = torch.tensor([[*task.first_ids(), *ids[:-1]]])
        log_p = task.model(read.ids, torch.ones_like(read.ids), before).logits[0].log_softmax(dim=-1)
        told = [float(log_p[at, one]) for at, one in enumerate(ids)]
        assert found.tree[place].mean == pytest.approx(float(np.mean(told)), abs=1e-4)


def test_it_goes_on_from_a_chosen_word(run: Run, found: Translation) -> None:
    other = found.words[0].alternatives[0]
    again = drain(translate(run, TEXT, BEAMS, prefix=other.prefix))
    assert again.words[0].text.startswith(other.text) and again.words[0].is_given
    assert not again.words[-1].is_given
    assert again.words[0].probability <= found.words[0].probability + 1e-6
    assert [one.probability for one in found.words[0].alternatives] == sorted(
        (one.probability for one in found.words[0].alternatives), reverse=True
    )


def test_draws_follow_from_the_seed(run: Run) -> None:
    how = Decoding(samples=True, temperature=2.0, num_texts=4)
    one, again, other = (drain(translate(run, TEXT, how, seed=seed)) for seed in (1, 1, 2))
    assert one.others == again.others and one.others != other.others
    assert not one.tree and one.score >= one.others[0].score


def test_a_word_left_out_is_a_text_without_it(run: Run) -> None:
    left_out = drain(leave_out(run, TEXT, words=[1, 3]))
    assert {one.word for one in left_out} == {1, 3}
    for one in left_out:
        shorter = TEXT.replace(" fourteenth" if one.word == 1 else " March", "")
        alone = drain(translate(run, shorter))
        assert (one.text, one.sureness) == (alone.text, pytest.approx(alone.sureness))


def test_agreement_is_counted_on_known_words(run: Run) -> None:
    trust = drain(alignment_trust(run, most=10))
    assert trust.num_rows == 10 and trust.num_words >= 30
    assert 0 <= trust.agreement.low <= trust.agreement.value <= trust.agreement.high <= 1
    assert 0 < trust.by_chance < 0.6 and 0 <= trust.untrained <= 1


def test_what_searching_brings(run: Run) -> None:
    worth = drain(search_worth(run, most=8))
    assert [one.decoding.num_beams for one in worth.costs] == [1, 5, 10]
    assert worth.num_rows <= 8 and worth.num_better + worth.num_worse <= worth.num_rows
    assert all(one.seconds > 0 for one in worth.costs)


def test_a_model_without_attention_has_no_alignment(tmp_path: Path) -> None:
    run = trained_run(tmp_path, small_config(attention="none"))
    assert drain(translate(run, TEXT)).alignment is None
    with pytest.raises(InputError):
        drain(alignment_trust(run))


def test_long_and_empty_texts(run: Run) -> None:
    long = " and ".join([TEXT] * 10)
    found = drain(translate(run, long))
    assert found.num_tokens > found.num_read == run.config.data.max_length
    assert found.cut_at is not None and long[: found.cut_at].endswith(found.source_words[-1].text)
    with pytest.raises(InputError):
        drain(translate(run, "   "))


def test_dates_of_the_sample_are_known() -> None:
    assert true_spans(TEXT) is not None
