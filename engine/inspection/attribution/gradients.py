"""How the answer reacts to a small change: of the word vectors (captum's methods), or of what a head passes on.

Nothing of the model is changed: vectors and gates are handed in for one pass, and the weights take no gradient.
Shapes: B copies of the text, T tokens, E features of a word vector.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel

from engine.errors import InputError
from engine.inspection.attribution.attribution_target import Answering, AttributionTarget, Ids
from engine.inspection.attribution.variants import nothing_of
from engine.messages import message
from engine.models.answering import answers_of, logits_of
from engine.models.capture import inputs_of
from engine.models.classifier import TextClassifier
from engine.models.lens import Lens
from engine.models.mechanisms import ABILITIES, forward
from engine.models.reading import mask_token_of
from engine.records import Attribution, Method, Progress

# It warns that padding is not seen among word vectors; a text that is read alone has none.
logging.getLogger("transformers.modeling_layers").setLevel(logging.ERROR)

NUM_STEPS = 32
"""Pieces of the path of integrated gradients, each taken at its middle."""


def gradient_x_input(question: AttributionTarget) -> Answering[Attribution]:
    """A token's word vector times the gradient of the label's logit (Shrikumar 2017), summed over its features.

    It is the derivative by the token's one-hot place, the gradient that Jain & Wallace 2019 compare attention with.
    """
    from captum.attr import InputXGradient

    yield Progress(0, 1)
    vectors = _vectors(question, question.read.input_ids).requires_grad_(True)
    shares = InputXGradient(_logit_of(question)).attribute(vectors)
    return _attribution(question, "gradient", shares)


def integrated_gradients(question: AttributionTarget) -> Answering[Attribution]:
    """Gradients along the straight path from a text without words to this one (Sundararajan 2017, eq. 1).

    Without words: each is hidden by the vector of the mask token, or of the unknown word where a model has no mask (our
    own); special tokens are there at both ends and get 0. Vectors of 0, often used, are no place to begin: a layer norm
    right behind them blows the first step up (measured: the error is up to a hundred times as large). The path is
    walked in pieces, since what is integrated over them adds up; `Attribution.error` is how far the sum is from the
    difference of the logits at the ends (completeness).
    """
    from captum.attr import IntegratedGradients

    vectors, hidden = _vectors(question, question.read.input_ids), _vectors(question, _hidden(question))
    logit_of = _logit_of(question)
    method = IntegratedGradients(logit_of)
    shares = torch.zeros_like(vectors)
    for piece in range(NUM_STEPS):
        yield Progress(piece, NUM_STEPS)
        at, to = (hidden + (vectors - hidden) * (end / NUM_STEPS) for end in (piece, piece + 1))
        shares += method.attribute(to, at, n_steps=1, method="gausslegendre").detach()
    with torch.inference_mode():
        whole = float(logit_of(vectors) - logit_of(hidden))
    return _attribution(question, "integrated-gradients", shares, whole)


def importance_of_heads(question: AttributionTarget) -> dict[str, np.ndarray]:
    """|d log p(label) / d gate| of each head, by its map's name: float32 [layers, heads] (Michel 2019, eq. 3).

    For a numeric target of the number instead of log p. A head that is switched off has 0. Empty for a model without
    attention, and for one whose heads have no gates.
    """
    trained = question.trained
    if "mute" not in ABILITIES[trained.mechanism]:
        return {}
    inputs = inputs_of(question.read, trained.model)
    counting = Lens(question.switches)
    with torch.inference_mode():
        forward(trained.model, inputs, counting, trained.mechanism)
    if not counting.shapes:
        return {}
    gates = {name: torch.ones(shape, requires_grad=True) for name, shape in counting.shapes.items()}
    with torch.enable_grad():
        output = forward(trained.model, inputs, Lens(question.switches, gates=gates), trained.mechanism)
        logits = logits_of(output, inputs["attention_mask"])
        assert logits is not None
        said = answers_of(trained.model, logits)[0, question.answer]
        slopes = torch.autograd.grad(said if question.is_number else said.clamp_min(1e-30).log(), list(gates.values()))
    return {name: slope.abs().numpy() for name, slope in zip(gates, slopes, strict=True)}


def _vectors(question: AttributionTarget, ids: Ids) -> Tensor:
    """Word vectors [1, T, E], without a past."""
    model = question.trained.model
    if isinstance(model, TextClassifier) and not model.has_word_vectors:
        raise _without_vectors(model)
    with torch.no_grad():
        vectors: Tensor = model.get_input_embeddings()(torch.tensor([ids], device=model.device))
    return vectors.clone()


def _hidden(question: AttributionTarget) -> Ids:
    """The text's ids with every word hidden, as well as the model's vocabulary can."""
    tokenizer = question.trained.tokenizer
    token = mask_token_of(question.trained.model, tokenizer) or tokenizer.unk_token
    hiding: Any = nothing_of(question.trained) if token is None else tokenizer.convert_tokens_to_ids(token)
    tokens = zip(question.read.input_ids, question.read.special, strict=True)
    return tuple(index if is_special else hiding for index, is_special in tokens)


def _logit_of(question: AttributionTarget) -> Callable[[Tensor], Tensor]:
    """From word vectors [B, T, E] to the answer's logits [B]."""
    model, mechanism = question.trained.model, question.trained.mechanism
    one = inputs_of(question.read, model)

    def logit_of(vectors: Tensor) -> Tensor:
        inputs = {name: tensor.expand(len(vectors), -1) for name, tensor in one.items()}
        mask = inputs["attention_mask"]
        if isinstance(model, TextClassifier):
            output = forward(model, inputs, Lens(question.switches, embedded=vectors), mechanism)
        else:
            output = _forward_vectors(question, {"inputs_embeds": vectors, "attention_mask": mask})
        logits = logits_of(output, mask)
        assert logits is not None
        return logits[:, question.answer]

    return logit_of


def _forward_vectors(question: AttributionTarget, inputs: Mapping[str, Tensor]) -> Any:
    """Raises InputError for a model of transformers that wants token ids (Bart's classifier)."""
    model = question.trained.model
    try:
        return forward(model, inputs, Lens(question.switches), question.trained.mechanism)
    except (NotImplementedError, TypeError, ValueError) as error:
        raise _without_vectors(model) from error


def _without_vectors(model: PreTrainedModel) -> InputError:
    return InputError(
        message("This model takes no word vectors, so that its gradients cannot be measured."),
        type(model).__name__,
        message("Choose the method “leave-one-out”: it works with every model."),
    )


def _attribution(
    question: AttributionTarget, method: Method, shares: Tensor, whole: float | None = None
) -> Attribution:
    scores = shares[0].detach().sum(dim=-1).float().cpu().numpy()
    error = 0.0 if whole is None else abs(float(scores.sum(dtype=np.float64)) - whole)
    return Attribution(
        method, question.label, question.probability, question.read.tokens, question.read.special, scores, error=error
    )
