"""A chat with a run: an answer token by token, one answer to a text, and the room it happens in."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import replace

from engine.config.roles import DIALOGUE
from engine.config.tasks.registry import type_of
from engine.data.columns.dialogues import tidy, turns_in
from engine.data.splitting.splits import load_splits
from engine.errors import InputError
from engine.inspection.subjects.loaded_tasks import loaded_task
from engine.messages import message
from engine.models.language_models.answering import Answering
from engine.records import ChatAnswer, ChatRoom, Progress, Turn, WritingSettings
from engine.runs.run import Run
from engine.tasks.task import Chats

USUAL = WritingSettings(temperature=0.7, top_k=0, top_p=0.9, max_tokens=80)
_NUM_STARTERS = 6
_NATS = math.log(2.0)


def chat(
    run: Run,
    turns: Sequence[Turn],
    settings: WritingSettings = USUAL,
    checkpoint: str = "best",
    begun: Sequence[int] = (),
) -> Generator[Progress, None, ChatAnswer]:
    """The answer to the last turn; `Progress.partial` is what of it is written so far. `begun` are the ids of an answer
    that was stopped: it goes on. Close it to stop. Raises InputError."""
    answering = talker(run, checkpoint)
    found = answering.read(asked(turns), settings.max_tokens)
    system = int(bool(turns) and turns[0].role == "system")
    dropped = tuple(sorted(_places(turns, found.dropped, system)))
    answer = ChatAnswer(answering.text(begun), tuple(begun), dropped=dropped, is_cut=found.is_cut)
    ids, bits, began = list(begun), 0.0, time.perf_counter()
    yield Progress(0, settings.max_tokens, answer)
    for number, token in enumerate(answering.write(found, settings, begun), start=1):
        bits += token.bits
        if not token.is_end:
            ids.append(token.token_id)
        answer = replace(
            answer,
            text=answering.text(ids),
            ids=tuple(ids),
            seconds=time.perf_counter() - began,
            bits=bits / number,
            has_ended=token.is_end,
        )
        yield Progress(number, settings.max_tokens, answer)
    return answer


def answer_text(
    run: Run, text: str, settings: WritingSettings | None = None, checkpoint: str = "best"
) -> Generator[Progress, None, ChatAnswer]:
    """One answer to one text, under the instructions that are most frequent in the run's dialogues where these can
    still be read; without settings always the likeliest token. Raises InputError."""
    chosen = settings or replace(USUAL, temperature=0.0, top_p=1.0, max_tokens=_longest(run))
    return (yield from chat(run, [*usual_instructions(run), Turn("user", text)], chosen, checkpoint))


def usual_instructions(run: Run) -> list[Turn]:
    """The most frequent ones of the training dialogues; none where there are none or the data are gone."""
    try:
        instructions = chat_room(run).instructions
    except InputError:
        return []
    return [Turn("system", instructions)] if instructions else []


def chat_room(run: Run, num_starters: int = _NUM_STARTERS) -> ChatRoom:
    """Reads the run's dialogues anew. Raises InputError where they are gone, or the run has none."""
    _refuse_others(run)
    config = run.config
    splits = load_splits(config.data, config.task, config.seed).splits
    unseen = splits.get("test", splits["validation"])
    begins = [_beginning(tidy(turns_in(cell))) for cell in unseen[DIALOGUE.key]]
    by_question = {turns[-1].content: turns for turns in begins if turns}
    step = max(1, len(by_question) // num_starters)
    train = splits["train"]
    first = (turns_in(cell)[:1] for cell in train[DIALOGUE.key])
    instructions = Counter(turns[0].content for turns in first if turns and turns[0].role == "system")
    return ChatRoom(
        num_learned=len(train),
        num_unseen=sum(len(rows) for name, rows in splits.items() if name != "train"),
        starters=tuple(list(by_question.values())[::step][:num_starters]),
        instructions=instructions.most_common(1)[0][0] if instructions else "",
    )


def talker(run: Run, checkpoint: str) -> Answering:
    """The checkpoint, in memory. Raises InputError for a run that holds no dialogue."""
    _refuse_others(run)
    task = loaded_task(run, checkpoint)
    assert isinstance(task, Chats)
    return task.answering


def asked(turns: Sequence[Turn]) -> list[Turn]:
    """The turns as a model reads them, a question at the end. Raises InputError where there is none."""
    found = tidy(turns)
    if not found or found[-1].role != "user":
        raise InputError(
            message("There is nothing to answer."), "chat", message("The last turn is yours: write something.")
        )
    return found


def _places(turns: Sequence[Turn], dropped: Sequence[int], first: int) -> list[int]:
    """Where the turns that were dropped of the tidy dialogue stand in the one that was given."""
    if not dropped:
        return []
    place, found, last = first - 1, [], ""
    for index, turn in enumerate(turns):
        if turn.role == "system" or not turn.content.strip():
            continue
        place += turn.role != last
        last = turn.role
        if place in dropped:
            found.append(index)
    return found


def _beginning(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Up to the first question; () where there is none."""
    first = next((place for place, turn in enumerate(turns) if turn.role == "user"), None)
    if first is None:
        return ()
    return tuple(turn for turn in turns[: first + 1] if turn.role != "assistant")


def _longest(run: Run) -> int:
    return int(getattr(run.config.task, "max_new_tokens", USUAL.max_tokens))


def _refuse_others(run: Run) -> None:
    if not type_of(run.config.task).can("chat"):
        raise InputError(
            message("This run holds no dialogue."), str(run.path), message("Choose a run of the goal “Chat”.")
        )
