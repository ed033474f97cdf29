"""Every adversary on every kind of model: splitting changes nothing, padding stays, dropout is shared, all learn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.config.adversary import FGM, VAT, AttentionAdversary, FreeLB, NoAdversary
from engine.config.losses import BinaryCrossEntropy, CrossEntropy, Focal, MeanSquaredError
from engine.config.optimizer import Adam, NoClipping
from engine.config.training import TrainingConfig
from engine.errors import InputError
from engine.models.quiet_libraries import quiet
from engine.tasks.classification.task import ClassificationTask
from engine.training.adversary import Plain, attention, make_adversary
from engine.training.adversary.attention import moved_weights
from engine.training.adversary.moves import against, directed, moved, real_tokens
from engine.training.adversary.plain import AgainstModel
from engine.training.adversary.virtual import divergence
from engine.training.device import place
from engine.training.optimizers import make_optimizer
from engine.training.step import take_turn
from tests.engine.models.tiny import tiny
from tests.engine.training.small_tasks import ADVERSARIES, KINDS, make_batch, make_task, part_of, turn

pytestmark = pytest.mark.slow

BATCH = make_batch([9, 5, 3, 7])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("encoders")


@contextmanager
def seen_vectors(task: ClassificationTask) -> Iterator[list[torch.Tensor]]:
    """What goes into the model behind its embedding, pass by pass."""
    seen: list[torch.Tensor] = []
    forward = task.logits

    def watched(batch: object) -> torch.Tensor:
        handle = task.model.get_input_embeddings().register_forward_hook(
            lambda _module, _inputs, vectors: seen.append(vectors.detach().clone())
        )
        try:
            return forward(batch)  # type: ignore[arg-type]
        finally:
            handle.remove()

    task.logits = watched  # type: ignore[method-assign]
    yield seen
    task.logits = forward  # type: ignore[method-assign]


def equal(one: list[torch.Tensor], other: list[torch.Tensor], tolerance: float = 0.0) -> bool:
    return len(one) == len(other) and all(
        torch.allclose(a, b, rtol=0.0, atol=tolerance) for a, b in zip(one, other, strict=True)
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("spec", ADVERSARIES, ids=lambda spec: spec.name)
def test_every_pair_gives_a_gradient_and_repeats_it(kind: str, spec, folder: Path) -> None:
    task = make_task(kind, folder, dropout=0.2)
    plain, without = turn(task, [BATCH])
    torch.manual_seed(4)
    first, gradients = turn(task, [BATCH, make_batch([4, 2], 2)], make_adversary(spec, task))
    torch.manual_seed(4)
    second, again = turn(task, [BATCH, make_batch([4, 2], 2)], make_adversary(spec, task))
    assert plain.adversary_loss is None and first.adversary_loss is not None and second.adversary_loss is not None
    assert first.loss.isfinite() and first.adversary_loss > 0
    assert torch.equal(first.adversary_loss, second.adversary_loss) and equal(gradients, again)
    assert all(gradient.isfinite().all() for gradient in gradients)
    assert len(gradients) == len(without) and not equal(gradients, without, 1e-6)
    assert not task.model.get_input_embeddings()._forward_hooks


@pytest.mark.parametrize("kind", ["recurrent", "transformer", "lora"])
@pytest.mark.parametrize(
    "spec", [FGM(weight=0.5), FreeLB(initial_norm=0.0), AttentionAdversary()], ids=lambda s: s.name
)
def test_splitting_a_batch_changes_nothing(kind: str, spec, folder: Path) -> None:
    task = make_task(kind, folder)
    whole, gradients = turn(task, [BATCH], make_adversary(spec, task))
    split, pieces = turn(task, [part_of(BATCH, 0, 1), part_of(BATCH, 1, 4)], make_adversary(spec, task))
    assert float(split.loss) == pytest.approx(float(whole.loss), abs=1e-6)
    assert float(split.adversary_loss) == pytest.approx(float(whole.adversary_loss), abs=1e-6)
    assert equal(gradients, pieces, 1e-6)


def test_the_change_of_vat_is_a_mean_over_all_rows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With one and the same direction everywhere; micro-batches with and without unlabelled rows."""
    monkeypatch.setattr(torch, "randn_like", torch.ones_like)
    task = make_task("recurrent", folder)
    rest = make_batch([6, 2, 8], 5)
    whole, gradients = turn(task, [replace(BATCH, unlabelled=rest)], make_adversary(VAT(), task))
    pieces = [replace(part_of(BATCH, 0, 1), unlabelled=rest), part_of(BATCH, 1, 4)]
    split, parts = turn(task, pieces, make_adversary(VAT(), task))
    assert float(split.adversary_loss) == pytest.approx(float(whole.adversary_loss), abs=1e-6)
    assert equal(gradients, parts, 1e-6)
    without, _ = turn(task, [BATCH], make_adversary(VAT(), task))
    only, _ = turn(task, [rest], make_adversary(VAT(), task))
    mean = (4 * float(without.adversary_loss) + 3 * float(only.adversary_loss)) / 7
    assert float(whole.adversary_loss) == pytest.approx(mean, abs=1e-6)


def test_plain_training_is_the_same_to_the_last_bit(folder: Path) -> None:
    task = make_task("transformer", folder, dropout=0.3)
    batches = [BATCH, make_batch([4, 2], 2)]
    torch.manual_seed(4)
    taken, gradients = turn(task, batches, make_adversary(NoAdversary(), task))
    task.model.zero_grad()
    torch.manual_seed(4)
    total = torch.zeros(())
    for batch in batches:
        share = task.loss("model", batch)[0] / 6.0
        share.backward()
        total += share.detach()
    assert torch.equal(taken.loss, total) and taken.adversary_loss is None
    assert equal(gradients, [weight.grad for weight in task.model.parameters() if weight.grad is not None])


@pytest.mark.parametrize("kind", ["recurrent", "pretrained", "head"])
@pytest.mark.parametrize("spec", [FGM(norm=2.0), FreeLB(steps=2, step_size=2.0, initial_norm=0.0, max_norm=2.0),
                                  VAT(norm=2.0)], ids=lambda spec: spec.name)  # fmt: skip
def test_real_words_move_by_the_norm_and_padding_not_at_all(kind: str, spec, folder: Path) -> None:
    task = make_task(kind, folder)
    with seen_vectors(task) as seen:
        turn(task, [BATCH], make_adversary(spec, task))
    moves = seen[-1] - seen[0]
    is_real = BATCH.attention_mask.bool()
    assert (moves[~is_real] == 0).all() and (moves[is_real].abs().sum(dim=-1) > 0).all()
    assert moves.flatten(1).norm(dim=1).tolist() == pytest.approx([2.0] * 4, abs=1e-4)


def test_free_lb_starts_as_the_paper_says_and_stays_within_its_ball(folder: Path) -> None:
    task = make_task("recurrent", folder)
    spec = FreeLB(steps=4, step_size=0.5, initial_norm=0.3, max_norm=0.6)
    with seen_vectors(task) as seen, torch.no_grad():
        task.logits(BATCH)
    with seen_vectors(task) as passes:
        taken, _ = turn(task, [BATCH], make_adversary(spec, task))
    moves = [vectors - seen[0] for vectors in passes]
    assert len(moves) == 4
    for row, length in enumerate(BATCH.attention_mask.sum(dim=1).tolist()):
        assert float(moves[0][row].abs().max()) <= 0.3 / (length * 8) ** 0.5 + 1e-6
        assert (moves[0][row, :length].abs() > 0).all() and (moves[0][row, length:] == 0).all()
    for move in moves:
        assert move.flatten(1).norm(dim=1).max() <= 0.6 + 1e-4
    assert taken.adversary_loss > taken.loss


def test_one_step_of_free_lb_is_plain_training_from_a_random_start(folder: Path) -> None:
    task = make_task("recurrent", folder)
    plain, gradients = turn(task, [BATCH])
    taken, single = turn(task, [BATCH], make_adversary(FreeLB(steps=1, initial_norm=0.0), task))
    assert torch.equal(plain.loss, taken.loss) and taken.adversary_loss is None
    assert equal(gradients, single, 1e-7)


def test_its_direction_hurts_more_than_random_ones(folder: Path) -> None:
    task = make_task("transformer", folder)
    with torch.no_grad():
        for weight in task.model.parameters():
            weight.mul_(2.0)
    taken, _ = turn(task, [BATCH], make_adversary(FGM(norm=0.5), task))
    rise = float(taken.adversary_loss) - float(taken.loss)
    is_real = real_tokens(BATCH, torch.device("cpu"))
    rises = []
    for _ in range(20):
        move = against(torch.randn(4, 9, 8), is_real, 0.5)
        with torch.no_grad(), moved(task.model, move):
            rises.append(float(task.loss("model", BATCH)[0]) / 4 - float(taken.loss))
    assert rise > max(rises) and rise > 0


def test_fgm_rises_as_its_gradient_promises(folder: Path) -> None:
    """For a small move the loss rises by norm * ||g||, to first order."""
    task = make_task("recurrent", folder)
    one = part_of(BATCH, 0, 1)
    rises = []
    for norm in (1e-2, 2e-2):
        taken, _ = turn(task, [one], make_adversary(FGM(norm=norm), task))
        rises.append(float(taken.adversary_loss) - float(taken.loss))
    assert rises[1] == pytest.approx(2 * rises[0], rel=0.05) and rises[0] > 0


def test_vat_finds_a_worse_direction_than_chance(folder: Path) -> None:
    task = make_task("transformer", folder)
    found = []
    for spec in (VAT(norm=0.3), VAT(norm=0.3, power_iterations=5)):
        torch.manual_seed(3)
        found.append(float(turn(task, [BATCH], make_adversary(spec, task))[0].adversary_loss))
    is_real = real_tokens(BATCH, torch.device("cpu"))
    chance = []
    with torch.no_grad():
        clean = task.logits(BATCH)
        for _ in range(10):
            with moved(task.model, against(torch.randn(4, 9, 8), is_real, 0.3)):
                chance.append(float(divergence(clean, task.logits(BATCH), CrossEntropy())) / 4)
    assert max(chance) < found[0] < found[1]


def test_vat_learns_nothing_from_its_trial_steps(folder: Path) -> None:
    """The gradient is that of the loss and of the divergence alone, however many steps look for the direction."""
    task = make_task("recurrent", folder)
    torch.manual_seed(3)
    with seen_vectors(task) as seen:
        _, gradients = turn(task, [BATCH], make_adversary(VAT(power_iterations=3), task))
    assert len(seen) == 5, "one clean pass, three trials, one that is learned from"
    task.model.zero_grad()
    logits = task.logits(BATCH)
    with moved(task.model, seen[-1] - seen[0]):
        change = divergence(logits.detach(), task.logits(BATCH), CrossEntropy())
    ((task.loss_of_logits(logits, BATCH)[0] + change) / 4).backward()
    expected = [weight.grad for weight in task.model.parameters() if weight.grad is not None]
    assert equal(gradients, expected, 1e-6)


@pytest.mark.parametrize("loss", [CrossEntropy(), Focal(), BinaryCrossEntropy()], ids=lambda loss: loss.name)
@pytest.mark.parametrize("labels", [("a", "b"), ("a", "b", "c")])
def test_vat_knows_every_loss_that_chooses(loss, labels: tuple[str, ...], folder: Path) -> None:
    task = make_task("recurrent", folder, loss, labels=labels)
    batch = make_batch([5, 3])
    batch.labels.clamp_(max=len(labels) - 1)
    taken, _ = turn(task, [batch], make_adversary(VAT(), task))
    assert taken.adversary_loss > 0


def test_vat_refuses_a_number(folder: Path) -> None:
    task = make_task("recurrent", folder, MeanSquaredError(), labels=())
    with pytest.raises(InputError, match="number"):
        make_adversary(VAT(), task)


@pytest.mark.parametrize("spec", ADVERSARIES, ids=lambda spec: spec.name)
def test_dropout_is_shared_and_chance_goes_on_as_in_plain_training(spec, folder: Path) -> None:
    task = make_task("recurrent", folder, dropout=0.5)
    small = {"norm": 1e-6} if spec.name != "freelb" else {"initial_norm": 0.0, "step_size": 1e-6}
    torch.manual_seed(8)
    plain, _ = turn(task, [BATCH])
    after = torch.get_rng_state()
    torch.manual_seed(8)
    taken, _ = turn(task, [BATCH], make_adversary(spec.model_copy(update=small), task))
    assert float(taken.loss) == pytest.approx(float(plain.loss), abs=1e-6)
    expected = 0.0 if spec.name == "vat" else float(plain.loss)
    assert float(taken.adversary_loss) == pytest.approx(expected, abs=1e-5)
    if spec.name in ("fgm", "attention"):
        assert torch.equal(torch.get_rng_state(), after)


def test_other_players_learn_plainly(folder: Path) -> None:
    task = make_task("recurrent", folder)
    adversary = make_adversary(FGM(), task)
    assert isinstance(adversary, AgainstModel)
    assert len(list(adversary.losses(task, "pretraining", BATCH))) == len(list(Plain().losses(task, "x", BATCH))) == 1


@pytest.mark.parametrize("kind", ["recurrent", "pretrained"])
@pytest.mark.parametrize("spec", ADVERSARIES, ids=lambda spec: spec.name)
def test_bf16_too(kind: str, spec, folder: Path) -> None:
    task = make_task(kind, folder)
    taken, gradients = turn(task, [BATCH], make_adversary(spec, task), precision="bf16")
    assert taken.adversary_loss.isfinite() and all(gradient.isfinite().all() for gradient in gradients)
    exact, _ = turn(task, [BATCH])
    assert float(taken.loss) == pytest.approx(float(exact.loss), abs=0.05)


def test_a_scaled_loss_moves_the_words_alike(folder: Path) -> None:
    """What a loss scaler multiplies by does not matter to a direction."""
    task = make_task("recurrent", folder)
    moved_by = []
    for scale in (1.0, 2.0**16, 2.0**-60):
        with seen_vectors(task) as seen:
            losses = make_adversary(FGM(), task).losses(task, "model", BATCH)
            (next(losses)[0] * scale).backward()
            next(losses)
        moved_by.append(seen[1] - seen[0])
    assert equal(moved_by[:1] * 2, moved_by[1:], 1e-6)


@pytest.mark.parametrize("kind", ["fusion", "pretrained", "head"])
def test_scores_move_by_the_norm_in_all_and_those_of_padding_not_at_all(
    kind: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moves: list[torch.Tensor] = []

    def watched(weights: torch.Tensor, move: torch.Tensor) -> torch.Tensor:
        moves.append(move.clone())
        found = moved_weights(weights, move)
        assert ((found == 0) == (weights == 0)).all()
        return found

    monkeypatch.setattr(attention, "moved_weights", watched)
    task = make_task(kind, folder)
    turn(task, [BATCH], make_adversary(AttentionAdversary(norm=3.0), task))
    assert len(moves) == 2, "a block and a pooling, or two layers"
    is_padding = ~BATCH.attention_mask.bool()[:, None, None, :]
    assert all((move.masked_select(is_padding.expand_as(move)) == 0).all() for move in moves)
    lengths = torch.stack([move.flatten(1).norm(dim=1) for move in moves]).norm(dim=0)
    assert lengths.tolist() == pytest.approx([3.0] * 4, abs=1e-4)


def test_moved_weights_are_those_of_moved_scores() -> None:
    torch.manual_seed(0)
    scores, move = torch.randn(2, 3, 4, 5), 30 * torch.randn(2, 3, 4, 5)
    scores[..., 3:] = -torch.inf
    expected = (scores + move).softmax(dim=-1)
    assert torch.allclose(moved_weights(scores.softmax(dim=-1), move), expected, atol=1e-6)
    dropped = torch.nn.functional.dropout(scores.softmax(dim=-1), 0.5)
    found = moved_weights(dropped, move)
    assert torch.allclose(found.sum(dim=-1), dropped.sum(dim=-1), atol=1e-5) and found.isfinite().all()


def test_what_cannot_be_moved_is_refused(folder: Path) -> None:
    task = make_task("pretrained", folder)
    with quiet():
        task.model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    with pytest.raises(InputError, match="checkpointing"):
        make_adversary(AttentionAdversary(), task)
    turn(task, [BATCH], make_adversary(VAT(), task))  # word vectors lie beneath what is read twice
    task.model = tiny("deberta")
    with pytest.raises(InputError, match="attention of this model"):
        make_adversary(AttentionAdversary(), task)
    task.model = make_task("recurrent", folder).model
    task.model.set_input_embeddings(torch.nn.Embedding(5, 8))
    task.model.embed = lambda ids: torch.zeros(*ids.shape, 8)  # type: ignore[union-attr]
    with pytest.raises(InputError, match="word vectors"):
        turn(task, [BATCH], make_adversary(FGM(), task))


@pytest.mark.parametrize("value", [0.0, float("inf"), float("nan")])
def test_a_gradient_without_direction_moves_nothing(value: float) -> None:
    slope = torch.randn(3, 4, 2)
    slope[1] = value
    (move,) = directed([slope], 2.0)
    assert (move[1] == 0).all() and move[[0, 2]].flatten(1).norm(dim=1).tolist() == pytest.approx([2.0, 2.0])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["recurrent", "transformer"])
@pytest.mark.parametrize("spec", ADVERSARIES, ids=lambda spec: spec.name)
def test_learns_under_every_adversary(kind: str, spec, folder: Path) -> None:
    task = make_task(kind, folder)
    batch = make_batch([6] * 16)
    placement = place(TrainingConfig(device="cpu"))
    optimizer = make_optimizer(Adam(learning_rate=0.02), task.model)
    adversary = make_adversary(spec.model_copy(update={"norm": 0.1} if spec.name != "freelb" else {}), task)
    losses = [
        float(
            take_turn(
                task, "model", [batch], optimizer, 0.02, NoClipping(), placement, placement.make_scaler(),
                adversary=adversary,
            ).loss
        )
        for _ in range(30)
    ]  # fmt: skip
    assert losses[-1] < losses[0] / 2
