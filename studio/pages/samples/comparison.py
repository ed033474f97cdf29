"""Comparison: whether, at the same quality, the GAN is more varied than its maximum-likelihood model with a
temperature (Caccia 2020), in words."""

from __future__ import annotations

import numpy as np

from engine.records import Sweep, SweepPoint
from studio.plots.charts.quality_diversity import LIKENESS, QUALITY, place_of
from studio.translation import tr

_SAME = 0.01


def comparison(sweep: Sweep) -> str:
    """The honest sentence; "" where one of the two was not measured."""
    line = [place_of(one) for one in sweep.points if one.model == "maximum_likelihood" and _is_whole(one)]
    gans = [one for one in sweep.points if one.model == "gan" and _is_whole(one)]
    if not line or not gans:
        return ""
    quality, variety = place_of(min(gans, key=lambda one: abs(one.temperature - 1.0)))
    best, worst = max(x for x, _ in line), min(x for x, _ in line)
    if quality > best:
        return _beyond(line, quality, variety)
    if quality < worst:
        return tr(
            "The GAN's sentences (BLEU-4 {quality}) are worse than those of the maximum-likelihood model at every "
            "temperature that was tried: the game has gained nothing.",
            quality=f"{quality:.2f}",
        )
    across, up = np.array(sorted(line)).T
    return _at_equal_quality(quality, variety, float(np.interp(quality, across, up)))


def _at_equal_quality(quality: float, gan: float, likelihood: float) -> str:
    values = {"quality": f"{quality:.2f}", "gan": f"{gan:.2f}", "likelihood": f"{likelihood:.2f}"}
    if gan > likelihood + _SAME:
        return tr(
            "At equal quality (BLEU-4 {quality}) the GAN is more varied than the maximum-likelihood model with a "
            "temperature: {gan} against {likelihood}.",
            **values,
        )
    if gan < likelihood - _SAME:
        return tr(
            "At equal quality (BLEU-4 {quality}) the GAN is less varied than the maximum-likelihood model with a "
            "temperature: {gan} against {likelihood}. A temperature does better than the game.",
            **values,
        )
    return tr(
        "At equal quality (BLEU-4 {quality}) the GAN is as varied as the maximum-likelihood model with a temperature: "
        "{gan} against {likelihood}.",
        **values,
    )


def _beyond(line: list[tuple[float, float]], quality: float, variety: float) -> str:
    """No temperature reaches the GAN's quality: then the nearest point of the line must do."""
    nearest, likelihood = max(line)
    return tr(
        "No temperature brings the maximum-likelihood model to the GAN's quality (BLEU-4 {quality}); at its best, "
        "{nearest}, its variety is {likelihood}, that of the GAN {gan}.",
        quality=f"{quality:.2f}",
        nearest=f"{nearest:.2f}",
        likelihood=f"{likelihood:.2f}",
        gan=f"{variety:.2f}",
    )


def _is_whole(point: SweepPoint) -> bool:
    return {QUALITY, LIKENESS} <= set(point.metrics)
