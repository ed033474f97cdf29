"""GanGuard: sees when the writer repeats itself or the critic wins every round, and says what is to be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.config.tasks.text_gan import TextGan
from engine.events import Collapsed, Noticed
from engine.messages import message
from engine.metrics.collapse import signs_of_collapse
from engine.metrics.diversity import Openings

_WINS = 0.98
_WINS_NO_MORE = 0.9
_SOFTER = 0.5
_ACTIONS = {"go-back": "went-back", "soften": "softened", "stop": "stopped", "tell": "told"}


class GanGuard:
    """`softness` multiplies the inverse temperature; it falls with each collapse that is mended."""

    def __init__(self, spec: TextGan) -> None:
        self._spec = spec
        self._num_returns = 0
        self.softness = 1.0
        self.critic_wins = False

    def judge(
        self,
        step: int,
        metrics: Mapping[str, float],
        real_text: Mapping[str, float],
        openings: Openings,
        num_texts: int,
        best: int | None,
    ) -> Collapsed | None:
        """What is done about a collapse; None where variety is as it should be."""
        guard = self._spec.guard
        signs = signs_of_collapse(
            metrics,
            real_text,
            openings,
            self_bleu_margin=guard.self_bleu_margin,
            distinct_share=guard.distinct_share,
            num_texts=num_texts,
        )
        if not signs:
            return None
        action = self._action(best)
        if action in ("went-back", "softened"):
            self.softness *= _SOFTER
        shown_best = best if action in ("went-back", "stopped") else None
        return Collapsed(step=step, signs=list(signs), action=action, best=shown_best)

    def _action(self, best: int | None) -> str:
        action = _ACTIONS[self._spec.guard.action]
        if action == "went-back" and best is None:
            return "softened"
        if action == "went-back":
            self._num_returns += 1
            return action if self._num_returns <= self._spec.guard.max_returns else "stopped"
        return action

    def watch_critic(self, step: int, metrics: Mapping[str, float]) -> Noticed | None:
        """A critic that is never wrong teaches nothing: it then rests, one turn a step, until it errs again."""
        accuracy = metrics.get("discriminator_accuracy", 0.0)
        if not self.critic_wins and accuracy >= _WINS and self._spec.discriminator_steps > 1:
            self.critic_wins = True
            return Noticed(
                message=message(
                    "The critic is right about {share} % of the texts: the writer hardly learns from it. It takes one "
                    "turn a step now, until it errs again.",
                    share=round(100 * accuracy),
                ),
                level="warning",
                step=step,
            )
        if self.critic_wins and accuracy < _WINS_NO_MORE:
            self.critic_wins = False
            return Noticed(message=message("The critic errs again and takes all its turns."), step=step)
        return None

    def state(self) -> dict[str, Any]:
        return {"softness": self.softness, "num_returns": self._num_returns, "critic_wins": self.critic_wins}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.softness = float(state["softness"])
        self._num_returns, self.critic_wins = int(state["num_returns"]), bool(state["critic_wins"])
