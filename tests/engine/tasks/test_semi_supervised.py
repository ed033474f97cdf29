"""Few labels: k + 1 classes with a plain classifier, two players in turns, sums that add up, and it learns."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from transformers import BertConfig, BertForSequenceClassification, PreTrainedModel

from engine.config.run import RunConfig
from engine.data.tokens.batches import Batch
from engine.models.build import build
from engine.models.summary_generator import answer_layer
from engine.tasks.semi_supervised.task import SemiSupervisedTask, taken_for_invented, taken_for_real
from engine.training.device import place
from engine.training.optimizers import make_optimizer
from engine.training.step import Turn, take_turn
from tests.engine.text_batch import text_batch

LABELS = ("a", "b", "c")
CONFIG = RunConfig().with_values(
    {
        "task.name": "semi-supervised",
        "task.noise_size": 16,
        "task.generator_size": 16,
        "model.embedding_size": 8,
        "model.hidden_size": 8,
        "model.dropout": 0.0,
        "model.embedding_dropout": 0.0,
        "training.device": "cpu",
    }
)


def classifier() -> PreTrainedModel:
    return build(
        CONFIG.model,
        vocabulary_size=50,
        num_labels=3,
        max_length=40,
        pad_token_id=0,
        labels=LABELS,
        loss=CONFIG.task.loss,
    )


def make_task(model: PreTrainedModel | None = None, *, has_unlabelled: bool = True) -> SemiSupervisedTask:
    torch.manual_seed(0)
    made = SemiSupervisedTask(
        CONFIG,
        model or classifier(),
        None,  # type: ignore[arg-type]
        LABELS,
        None,
        torch.device("cpu"),
        has_unlabelled=has_unlabelled,
    )
    for one in made.models().values():
        one.train()
    return made


def texts(count: int, seed: int, length: int = 6) -> Batch:
    """A text of label k holds the word 10 + k, among others that say nothing."""
    generator = torch.Generator().manual_seed(seed)
    ids = torch.randint(20, 50, (count, length), generator=generator)
    labels = torch.randint(0, 3, (count,), generator=generator)
    ids[torch.arange(count), torch.randint(0, length, (count,), generator=generator)] = 10 + labels
    return text_batch(ids, labels=labels)


def both(labelled: Batch, unlabelled: Batch) -> Batch:
    return replace(labelled, unlabelled=replace(unlabelled, targets={}))


def part(batch: Batch, rows: slice) -> Batch:
    beside = None if batch.unlabelled is None else part(batch.unlabelled, rows)
    labels = batch.targets.get("labels")
    return text_batch(
        batch.input_ids[rows], batch.attention_mask[rows], None if labels is None else labels[rows], beside
    )


class Stepping:
    """The loop in small: players in turn, each with its optimizer."""

    def __init__(self, task: SemiSupervisedTask) -> None:
        self.task, self.step = task, 0
        self.placement = place(CONFIG.training)
        self.optimizers = {
            name: make_optimizer(task.optimizer_and_schedule(name)[0], task.player(name)) for name in task.players
        }

    def take(self, batches: list[Batch], *, rate: float | None = None) -> dict[str, Turn]:
        self.step += 1
        return {
            name: take_turn(
                self.task,
                name,
                batches,
                self.optimizers[name],
                self.task.optimizer_and_schedule(name)[0].learning_rate if rate is None else rate,
                CONFIG.training.clipping,
                self.placement,
                self.placement.make_scaler(),
            )
            for name in self.task.turns(self.step)
        }


def test_the_last_class_of_k_plus_one_has_the_logit_zero() -> None:
    logits = torch.randn(20, 3) * 3
    whole = torch.cat([logits, torch.zeros(20, 1)], dim=1).log_softmax(dim=1)
    assert torch.allclose(-taken_for_real(logits), whole[:, 3], atol=1e-5)
    assert torch.allclose(-taken_for_invented(logits), whole[:, :3].logsumexp(dim=1), atol=1e-5)


def test_players_take_turns_and_read_what_they_need() -> None:
    task = make_task()
    assert task.players == ("model", "generator") == task.turns(1)
    assert task.reads("model") == ("train", "unlabelled")
    alone = make_task(has_unlabelled=False)
    assert alone.reads("model") == ("train",) == alone.reads("generator")
    assert not task.notes and len(alone.notes) == 1
    assert task.optimizer_and_schedule("generator")[0].learning_rate == CONFIG.task.generator_rate
    assert task.optimizer_and_schedule("generator")[1:] == task.optimizer_and_schedule("model")[1:]


@pytest.mark.parametrize("has_unlabelled", [True, False])
def test_the_weight_is_known_before(has_unlabelled: bool) -> None:
    task = make_task(has_unlabelled=has_unlabelled)
    batch = both(texts(8, 1), texts(5, 2)) if has_unlabelled else texts(8, 1)
    task.turns(1)
    for player, expected in (("model", 13.0 if has_unlabelled else 8.0), ("generator", 8.0)):
        assert task.weight(player, batch) == float(task.loss(player, batch)[1]) == expected


def test_the_models_loss_is_that_of_its_three_parts() -> None:
    task, batch = make_task(), both(texts(8, 1), texts(8, 2))
    task.turns(1)
    torch.manual_seed(5)
    task.generator.eval()
    total, weight = task.loss("model", batch)
    torch.manual_seed(5)
    invented = answer_layer(task.model)(task.generator.invent(16))
    logits, other = task.logits(batch), task.logits(batch.unlabelled)
    supervised = torch.nn.functional.cross_entropy(logits, batch.labels)
    real = taken_for_invented(torch.cat([logits, other])).mean()
    assert float((total / weight - supervised - real - taken_for_real(invented).mean()).detach()) == pytest.approx(
        0.0, abs=1e-5
    )


def test_micro_batches_add_up_to_the_whole() -> None:
    whole = both(texts(16, 1), texts(16, 2))
    found = []
    for batches in ([whole], [part(whole, slice(0, 4)), part(whole, slice(4, 16))]):
        task = make_task()
        task.generator.eval()
        stepping = Stepping(task)
        torch.manual_seed(5)
        turn = stepping.take(batches, rate=1e-9)["model"]
        found.append((float(turn.loss), [weight.grad.clone() for weight in task.model.parameters()]))
    assert found[0][0] == pytest.approx(found[1][0], abs=1e-5)
    assert all(torch.allclose(one, other, atol=1e-5) for one, other in zip(found[0][1], found[1][1], strict=True))


def test_the_generator_comes_near_the_real_summaries() -> None:
    task = make_task()
    stepping, batch = Stepping(task), both(texts(16, 1), texts(16, 2))
    losses = [float(stepping.take([batch])["generator"].loss) for _ in range(60)]
    assert np.mean(losses[-5:]) < np.mean(losses[:5]) - 0.05


def test_each_player_changes_its_own_weights_alone() -> None:
    task = make_task()
    stepping, batch = Stepping(task), both(texts(8, 1), texts(8, 2))
    before = [weight.detach().clone() for weight in task.model.parameters()]
    torch.manual_seed(0)
    total, _ = task.loss("generator", batch)
    total.backward()
    stepping.optimizers["generator"].step()
    assert all(torch.equal(one, other) for one, other in zip(before, task.model.parameters(), strict=True))
    made = [weight.detach().clone() for weight in task.generator.parameters()]
    stepping.optimizers["model"].zero_grad()
    task.loss("model", batch)[0].backward()
    assert all(torch.equal(one, other) for one, other in zip(made, task.generator.parameters(), strict=True))
    assert all(weight.grad is not None for weight in task.model.head.parameters())


@pytest.mark.parametrize("has_unlabelled", [True, False])
def test_learns_from_few_labels(has_unlabelled: bool) -> None:
    task = make_task(has_unlabelled=has_unlabelled)
    stepping, few, more = Stepping(task), texts(96, 1), texts(240, 2)
    for step in range(60):
        batch, rows = part(few, slice(step % 4 * 24, step % 4 * 24 + 24)), slice(step % 10 * 24, step % 10 * 24 + 24)
        stepping.take([both(batch, part(more, rows)) if has_unlabelled else batch], rate=0.01)
    task.model.eval()
    unseen = texts(200, 3)
    with torch.inference_mode():
        right = (task.logits(unseen).argmax(dim=1) == unseen.labels).float().mean()
    assert right > 0.65


def test_what_is_saved_is_a_plain_classifier_and_a_generator(tmp_path: Path) -> None:
    task = make_task()
    for name, model in task.models().items():
        model.save_pretrained(tmp_path / name)
    assert load_file(tmp_path / "model.safetensors")["head.output.weight"].shape[0] == 3
    other = make_task()
    with torch.no_grad():
        for model in other.models().values():
            for weight in model.parameters():
                weight.add_(1.0)
    other.load_weights(tmp_path)
    for name, model in task.models().items():
        found = other.models()[name].state_dict()
        assert all(torch.equal(weight, found[key]) for key, weight in model.state_dict().items())


def test_a_pretrained_encoders_last_layer_is_found() -> None:
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    model = BertForSequenceClassification(BertConfig(vocab_size=50, num_labels=3, **sizes))
    assert answer_layer(model) is model.classifier
    task = make_task(model)
    turns = Stepping(task).take([both(texts(4, 1), texts(4, 2))])
    assert all(torch.isfinite(turn.loss) for turn in turns.values())


def test_a_decoder_is_summed_up_at_its_last_token() -> None:
    from transformers import GPT2Config, GPT2ForSequenceClassification

    model = GPT2ForSequenceClassification(
        GPT2Config(vocab_size=50, n_embd=8, n_layer=1, n_head=2, num_labels=3, pad_token_id=0)
    )
    task, batch = make_task(model), texts(4, 1)
    short = replace(batch, inputs={name: tensor.clone() for name, tensor in batch.inputs.items()})
    short.input_ids[1, 3:], short.attention_mask[1, 3:] = 0, 0
    model.eval()
    task.turns(1)
    logits = task._logits_of_real(short)
    mean = answer_layer(model)(task._real_sum / 4)
    assert torch.allclose(mean, logits.mean(dim=0), atol=1e-5)
