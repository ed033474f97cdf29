"""FGM: one step against the model on its word vectors, then the loss once more."""

from __future__ import annotations

from collections.abc import Iterator

from transformers import PreTrainedModel

from engine.config.adversary import FGM
from engine.data.tokens.batches import Batch
from engine.training.adversary.chance import Chance
from engine.training.adversary.moves import against, moved, real_tokens, slope_of, unmoved
from engine.training.adversary.plain import Learner, Lesson


class FastGradient:
    """r = norm * g / ||g||_2 with g the loss's gradient at all word vectors of a text (Miyato 2017, eq. 3-4).

    Its authors drop features before the move, so that both passes share them, and draw anew above; here both passes
    share all dropout: the step is then taken against the very network whose gradient it follows.
    """

    def __init__(self, spec: FGM, model: PreTrainedModel) -> None:
        self._spec = spec
        self._model = model

    def weight(self, task: Learner, player: str, batch: Batch) -> float:
        return task.weight(player, batch)

    def losses(self, task: Learner, player: str, batch: Batch) -> Iterator[Lesson]:
        chance = Chance(self._model.device)
        move = unmoved(self._model, batch)
        with moved(self._model, move):
            total, _ = task.loss(player, batch)
        yield total, 1.0
        move = against(slope_of(move), real_tokens(batch, self._model.device), self._spec.norm)
        with chance.again(), moved(self._model, move):
            total, _ = task.loss(player, batch)
        yield total, self._spec.weight
