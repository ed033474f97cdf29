"""Captures of the first format: files of weights alone. Their words stand in the journal."""

from __future__ import annotations

from typing import Any

from engine.events import AttentionCaptured
from engine.runs.journal import JournalReader, parse
from engine.runs.run import Run


def early_about(run: Run, step: int, stored: Any) -> list[dict[str, Any]]:
    """What `engine.runs.probes` stores about each text today, as far as it was told then: the likeliest label alone, no
    count of what was cut. Raises KeyError where the journal does not say."""
    found = [event for event in _captures(run) if event.step == step]
    if not found:
        raise KeyError(step)
    return [_about(probe, index, stored) for index, probe in enumerate(found[-1].probes)]


def _captures(run: Run) -> list[AttentionCaptured]:
    lines = JournalReader(run.journal).read_lines()
    events = (parse(line) for line in lines if line.startswith(b'{"event":"AttentionCaptured"'))
    return [event for event in events if isinstance(event, AttentionCaptured)]


def _about(probe: dict[str, Any], index: int, stored: Any) -> dict[str, Any]:
    names = [name.split(":", 1)[1] for name in stored.files if name.startswith(f"{index}:")]
    num_tokens = stored[f"{index}:{names[0]}"].shape[-1]
    words, text = [str(token) for token in probe["tokens"]], str(probe["text"])
    num_special = num_tokens - len(words)
    if num_special == 2:  # the only special tokens that those runs had
        words = ["[CLS]", *words, "[SEP]"]
    words += [""] * (num_tokens - len(words))  # at most 128 words were told
    special = [num_special == 2 and place in (0, num_tokens - 1) for place in range(num_tokens)]
    label = str(probe["label"])
    return {
        "text": text,
        "tokens": words,
        "spans": _spans(text, words, special),
        "special": special,
        "prediction": {"label": label, "probabilities": {label: float(probe["probability"])}},
        "truncated": 0,
        "unknown": 0,
        "mask_token": None,
        "maps": dict.fromkeys(names, 1),
    }


def _spans(text: str, words: list[str], special: list[bool]) -> list[tuple[int, int]]:
    """Each word's place, looked for from the end of the one before."""
    spans, end = [], 0
    for word, is_special in zip(words, special, strict=True):
        start = -1 if is_special or not word else text.find(word, end)
        spans.append((start, start + len(word)) if start >= 0 else (0, 0))
        end = max(end, spans[-1][1])
    return spans
