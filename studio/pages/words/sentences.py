"""What a model that counts words is, and how it was chosen, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.records import SpokenWords
from studio.numbers import number, percent
from studio.translation import tr


def headline(found: SpokenWords) -> str:
    """What the model is."""
    if not found.num_all:
        return tr("It knows no run of words: its answer is always the same.")
    return tr(
        "Its weights are its explanation: {count} runs of words, each with what it adds to the log odds of a label.",
        count=number(found.num_all),
    )


def shown_line(found: SpokenWords) -> str:
    """How many of how many stand in the table."""
    if len(found.runs) == found.num_matching:
        return tr("{count:plural:run:runs}", count=found.num_matching)
    return tr("the strongest {shown} of {count}", shown=number(len(found.runs)), count=number(found.num_matching))


def chosen_lines(chosen: Mapping[str, Any]) -> list[str]:
    """How it counts, how that was chosen, and what was left out."""
    if not chosen:
        return []
    weighting = {
        "naive-bayes": tr("naive-Bayes ratios"),
        "tf-idf": tr("TF-IDF, texts of length 1"),
        "presence": tr("all runs alike"),
    }[str(chosen["weighting"])]
    longest = int(chosen["longest"])
    found = [
        tr("Runs of up to {count:plural:character:characters}", count=longest)
        if chosen["kind"] == "characters"
        else tr("Runs of up to {count:plural:word:words}", count=longest),
        tr("Weighting: {name}", name=weighting),
        tr("Regularisation: {value}", value=f"{chosen['regularisation']:.3g}"),
    ]
    trials = chosen.get("trials", [])
    if trials:
        best = max(one["right"] for one in trials)
        found.append(
            tr(
                "{trials:plural:way was:ways were} tried by cross-validation on {rows:plural:row:rows}.",
                trials=len(trials),
                rows=int(chosen["num_tried"]),
            )
        )
        if 0 <= best <= 1:
            found.append(tr("Held-out rows answered rightly by the best: {share}", share=percent(best)))
    return found
