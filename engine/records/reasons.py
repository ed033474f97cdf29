"""Why a model decided: attributions, trust in them, what heads are worth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from engine.records.attention import Switches

Method = Literal["attention", "rollout", "gradient", "integrated-gradients", "leave-one-out"]
METHODS: tuple[Method, ...] = ("attention", "rollout", "gradient", "integrated-gradients", "leave-one-out")


@dataclass(frozen=True)
class Attribution:
    """How much each token counts for `label`, by one method: `scores` float32 [tokens], in the record's order.

    attention, rollout: weights, not negative. gradient (gradient x input) and integrated-gradients: shares of the
    label's logit. leave-one-out: `probability` less the label's probability without the token; where a long text was
    taken away in groups, a group's tokens share its score evenly and `group_size` says how many there are in one.
    `error` is how far the sum of integrated gradients is from the difference of the logits that it should be.
    """

    method: Method
    label: str
    probability: float
    tokens: tuple[str, ...]
    special: tuple[bool, ...]
    scores: np.ndarray
    group_size: int = 1
    error: float = 0.0

    def to_json(self) -> dict[str, Any]:
        scores = np.round(self.scores.astype(np.float64), 8).tolist()
        return {
            "method": self.method,
            "label": self.label,
            "probability": self.probability,
            "tokens": list(self.tokens),
            "scores": scores,
        }


Trust = Literal["strong", "fair", "weak"]


@dataclass(frozen=True)
class Faithfulness:
    """How far the attention shown can be trusted as a reason, on one text or as the mean over `num_rows` texts.

    `figures` by name, each beside its control where there is one:
      comprehensiveness, comprehensiveness_random   p(label) less p without the words looked at most (random words),
                                                     mean over 1, 5, 10, 20, 50 % of them (DeYoung 2020, ERASER)
      sufficiency, sufficiency_random               p(label) less p of those words alone
      tau_leave_one_out, tau_gradient               Kendall's tau of attention against the other method, -1 to 1
      tau_gradient_leave_one_out                    the same of gradient against leave-one-out: the control
      uniform_drop                                  p(label) less p under uniform attention
      uniform_changed                               share of texts whose answer changes under uniform attention
      evidence, evidence_random                     built-in data: the share of the words that decide among as many of
                                                     the words looked at most (among random ones)
    A figure that cannot be measured is left out. `intervals` are 95 % half-widths over texts (empty for one text).
    """

    figures: dict[str, float]
    trust: Trust
    num_rows: int = 1
    intervals: dict[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "figures": self.figures,
            "intervals": self.intervals,
            "trust": self.trust,
            "num_rows": self.num_rows,
        }


@dataclass(frozen=True)
class SwitchEffect:
    """What switches cost on labelled rows: `before` and `after` are metrics, `change` their difference and `intervals`
    the 95 % half-widths of the difference (paired bootstrap over rows)."""

    switches: Switches
    before: dict[str, float]
    after: dict[str, float]
    change: dict[str, float]
    intervals: dict[str, float]
    num_rows: int
    split: str

    def to_json(self) -> dict[str, Any]:
        heads = [{"map": name, "layer": layer, "head": head} for name, layer, head in sorted(self.switches.muted)]
        return {
            "heads": heads,
            "uniform": self.switches.uniform,
            "before": self.before,
            "after": self.after,
            "change": self.change,
            "intervals": self.intervals,
            "num_rows": self.num_rows,
            "split": self.split,
        }


@dataclass(frozen=True)
class HeadTable:
    """Every head switched off alone, the one whose loss costs most first (by the true label's probability lost)."""

    effects: tuple[SwitchEffect, ...]
    before: dict[str, float]
    num_rows: int
    split: str

    def to_json(self) -> dict[str, Any]:
        heads = [
            {"map": name, "layer": layer, "head": head, "change": one.change, "intervals": one.intervals}
            for one in self.effects
            for name, layer, head in one.switches.muted
        ]
        return {"heads": heads, "metrics": self.before, "num_rows": self.num_rows, "split": self.split}
