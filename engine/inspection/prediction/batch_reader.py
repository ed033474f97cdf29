"""BatchReader: a classifier on its own device, that reads many texts in batches of about one length."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import numpy as np
import torch
from datasets import Dataset
from transformers import PreTrainedModel

from engine.config.training import TrainingConfig
from engine.data.tokens.batches import Batch
from engine.data.tokens.encoding import Encoded, encode
from engine.errors import InputError
from engine.inspection.subjects.loaded_models import Trained
from engine.models.answering import decision_of, logits_of, loss_choice_of
from engine.models.layers import num_weights
from engine.runs.model_folder import Subject
from engine.runs.run import Run
from engine.training.device import device_name, place

_MULTIPLICATIONS = 2**33
_LEAST_TOKENS, _MOST_TOKENS, _TOKENS_ON_A_GPU = 512, 8192, 32768
"""A batch takes about a tenth of a second on two cores, so that it can be stopped."""
_MOST_ROWS = 512


class BatchReader:
    """A classifier on its device, reading batches of so many tokens."""

    def __init__(self, trained: Trained, device: torch.device) -> None:
        # The model in memory serves other threads: it stays where it is.
        self.model: PreTrainedModel = trained.model
        if device.type != "cpu":
            self.model = copy.deepcopy(trained.model).to(device)  # type: ignore[arg-type]
        self.trained, self.device, self.device_name = trained, device, device_name(device)
        self.decision = decision_of(trained.model)
        self.kind, self.loss = trained.target.name, loss_choice_of(trained.model).name
        fitting = min(_MOST_TOKENS, max(_LEAST_TOKENS, _MULTIPLICATIONS // num_weights(trained.model)))
        self._num_tokens = fitting if device.type == "cpu" else _TOKENS_ON_A_GPU
        padding = trained.model.config.pad_token_id  # a decoder finds its last word by it
        self._padding = int(trained.tokenizer.pad_token_id if padding is None else padding)

    def encoded(self, piece: Dataset) -> Encoded:
        return encode(piece, self.trained.tokenizer, self.trained.max_length)

    def batches(self, encoded: Encoded) -> Iterator[np.ndarray]:
        """Places [texts of a batch] of texts of about one length, the longest first: a lack of memory shows at once."""
        lengths = encoded.lengths
        order = np.argsort(-lengths, kind="stable")
        done = 0
        while done < len(order):
            size = max(1, min(_MOST_ROWS, self._num_tokens // max(1, int(lengths[order[done]]))))
            yield order[done : done + size]
            done += size

    def logits(self, batch: Batch) -> np.ndarray:
        """[batch, answers], float32."""
        ids = batch.input_ids.masked_fill(batch.attention_mask == 0, self._padding).to(self.device)
        mask = batch.attention_mask.to(self.device)
        with torch.inference_mode():
            logits = logits_of(self.model(input_ids=ids, attention_mask=mask), mask)
        assert logits is not None, "a classifier answers"
        found: np.ndarray = logits.float().cpu().numpy()
        return found


def device_of(subject: Subject) -> torch.device:
    """The one that the run trained on, or the best of this machine, where that one is not here."""
    wished = subject.config.training.device if isinstance(subject, Run) else "auto"
    try:
        return place(TrainingConfig(device=wished, precision="fp32")).device
    except InputError:
        return place(TrainingConfig(device="auto", precision="fp32")).device
