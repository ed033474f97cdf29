"""What a language model makes of the first words of a few held-out texts, as it learns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transformers import PreTrainedModel, PreTrainedTokenizerFast

from engine.events import Event, TextsAnswered
from engine.models.language_models import end_token_id
from engine.models.language_models.streaming import write_tokens
from engine.records import WritingSettings
from engine.tasks.material import Material

_NUM_TEXTS = 4
_MOST_GIVEN = 12
_SETTINGS = WritingSettings(max_tokens=40)


@dataclass(frozen=True)
class Beginning:
    """The first third of a held-out text, its tokens after an end, and how it really went on."""

    text: str
    ids: tuple[int, ...]
    rest: str


def beginnings(material: Material, tokenizer: PreTrainedTokenizerFast) -> tuple[Beginning, ...]:
    """Of validation texts from all over the split, the same ones each time; none without texts."""
    split = material.splits.splits.get("validation")
    if split is None or not len(split):
        return ()
    places = sorted({place * len(split) // _NUM_TEXTS for place in range(min(_NUM_TEXTS, len(split)))})
    end = end_token_id(tokenizer)
    found = []
    for text in split.select(places)["text"]:
        read = tokenizer(text, add_special_tokens=False, truncation=False, return_offsets_mapping=True, verbose=False)
        ids, offsets = read["input_ids"], read["offset_mapping"]
        given = max(1, min(_MOST_GIVEN, len(ids) // 3))
        if not ids:
            continue
        cut = offsets[given - 1][1]
        found.append(Beginning(text[:cut], (end, *ids[:given]), text[cut:]))
    return tuple(found)


def written_on(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    texts: Sequence[Beginning],
    unwritten: Sequence[int],
    step: int,
) -> list[Event]:
    """One event with all of them; none where there are no texts."""
    if not texts:
        return []
    rows = []
    for one in texts:
        written = write_tokens(
            model,
            tokenizer,
            one.ids,
            _SETTINGS,
            ends={end_token_id(tokenizer)},
            suppressed=unwritten,
        )
        said = "".join(token.text for token in written)
        rows.append({"read": [one.text], "wanted": one.rest.strip(), "said": said.strip(), "score": None})
    return [TextsAnswered(step=step, rows=rows)]
