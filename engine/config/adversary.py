"""Adversarial training: small changes, made on purpose against the model, that it must withstand while it learns."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from engine.config.choice import Choice, setting


def _weight() -> float:
    return setting(  # type: ignore[no-any-return]
        1.0, gt=0.0, le=100.0, title="Weight", help="How much the adversary's loss counts beside the plain one."
    )


def _normalized() -> bool:
    return setting(  # type: ignore[no-any-return]
        True,
        title="Normalize word vectors",
        help="Word vectors keep mean 0 and variance 1, so that the model cannot outgrow the changes. Not for a "
        "pretrained encoder.",
    )


class NoAdversary(Choice):
    """Texts are learned as they are."""

    model_config = ConfigDict(title="None")
    name: Literal["none"] = "none"


class FGM(Choice):
    """One step against the model on its word vectors, then the loss once more (Miyato 2017)."""

    model_config = ConfigDict(title="Fast gradient (FGM)")
    name: Literal["fgm"] = "fgm"
    norm: float = setting(
        1.0, gt=0.0, le=100.0, title="Size", help="How far the word vectors of one text are moved in all (L2 norm)."
    )
    weight: float = _weight()
    normalize_embeddings: bool = _normalized()


class FreeLB(Choice):
    """Several steps against the model; the gradients of all of them are gathered into one update (Zhu 2020)."""

    model_config = ConfigDict(title="FreeLB")
    name: Literal["freelb"] = "freelb"
    steps: int = setting(3, ge=1, le=10, title="Steps", help="Steps against the model, each with a loss of its own.")
    step_size: float = setting(
        0.3, gt=0.0, le=100.0, title="Step size", help="How far one step moves a text's word vectors."
    )
    initial_norm: float = setting(
        0.2, ge=0.0, le=100.0, title="Random start", help="How far from the true word vectors the first step begins."
    )
    max_norm: float = setting(
        1.0, ge=0.0, le=100.0, title="At most", help="The farthest that all steps together may move; 0: no limit."
    )
    normalize_embeddings: bool = _normalized()


class VAT(Choice):
    """The answer must not change where it would change most; learns from unlabelled texts too (Miyato 2017)."""

    model_config = ConfigDict(title="Virtual adversary (VAT)")
    name: Literal["vat"] = "vat"
    norm: float = setting(
        5.0, gt=0.0, le=100.0, title="Size", help="How far the word vectors of one text are moved in all (L2 norm)."
    )
    xi: float = setting(
        0.1, gt=0.0, le=10.0, title="Probe (xi)", help="How far the trial step goes that finds the worst direction."
    )
    power_iterations: int = setting(
        1, ge=1, le=5, title="Trial steps", help="Steps that look for the worst direction (power iterations)."
    )
    weight: float = _weight()
    normalize_embeddings: bool = _normalized()


class AttentionAdversary(Choice):
    """Moves the attention's scores against the model instead of the word vectors (Kitada & Iyatomi 2021)."""

    model_config = ConfigDict(title="On the attention")
    name: Literal["attention"] = "attention"
    norm: float = setting(
        1.0, gt=0.0, le=100.0, title="Size", help="How far the scores of one text are moved in all (L2 norm)."
    )
    weight: float = _weight()


Adversary = Annotated[NoAdversary | FGM | FreeLB | VAT | AttentionAdversary, Field(discriminator="name")]
