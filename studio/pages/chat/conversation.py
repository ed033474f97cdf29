"""Conversation: a chat as a tree: every answer that was ever written stays; a path through it is what is shown.

Pure: no window, no engine. Questions stand under answers and answers under questions; beside one that was asked or
answered anew stand the others, its branches.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.records import ChatAnswer, Turn

ROOT = 0
SILENCE = "…"
"""What stands in the place of an answer of no words when the dialogue is read on."""


@dataclass(frozen=True)
class Said:
    """One turn. `parent` is the turn that it follows. Of an answer of the model `answer` has how it was written; None
    for a question, and for an answer that a person wrote. `instructions` are those that an answer was written under."""

    id: int
    parent: int
    is_question: bool
    text: str
    answer: ChatAnswer | None = None
    instructions: str = ""


class Conversation:
    """Nothing is ever overwritten: whatever is said anew becomes a branch beside what was there."""

    def __init__(self, instructions: str = "") -> None:
        self.instructions = instructions
        self._said: dict[int, Said] = {}
        self._children: dict[int, list[int]] = {ROOT: []}
        self._chosen: dict[int, int] = {}
        self._next = ROOT + 1

    # -- what there is -------------------------------------------------------------------------------------------------

    @property
    def path(self) -> tuple[Said, ...]:
        """The turns that are shown, from the first."""
        found: list[Said] = []
        at = ROOT
        while (child := self._chosen.get(at)) is not None:
            found.append(self._said[child])
            at = child
        return tuple(found)

    @property
    def last(self) -> Said | None:
        return self.path[-1] if self.path else None

    def __len__(self) -> int:
        """Turns in all branches."""
        return len(self._said)

    def __contains__(self, turn: int) -> bool:
        return turn in self._said

    def said(self, turn: int) -> Said:
        return self._said[turn]

    def place(self, turn: int) -> int | None:
        """Its number on the path, from 1; None on another branch."""
        return next((place for place, one in enumerate(self.path, start=1) if one.id == turn), None)

    def branch(self, turn: int) -> tuple[int, int]:
        """(which of how many): 2 of 3."""
        siblings = self._children[self._said[turn].parent]
        return siblings.index(turn) + 1, len(siblings)

    def before(self, turn: int) -> list[Turn]:
        """What is read for an answer: the instructions that it was written under, and the turns before it."""
        own = self._said[turn]
        found: list[Turn] = []
        at = own.parent
        while at != ROOT:
            one = self._said[at]
            found.insert(0, Turn("user" if one.is_question else "assistant", one.text.strip() or SILENCE))
            at = one.parent
        instructions = own.instructions.strip()
        return [Turn("system", instructions), *found] if instructions else found

    # -- what is done --------------------------------------------------------------------------------------------------

    def ask(self, text: str) -> Said:
        """A question at the end of the path. One that still has no answer is said anew, with this below it."""
        last = self.last
        if last is not None and last.is_question:
            return self.edit(last.id, f"{last.text}\n{text}")
        return self._add(ROOT if last is None else last.id, text, is_question=True)

    def begin_answer(self) -> Said:
        """An empty answer to the last question, to be written."""
        last = self.last
        assert last is not None and last.is_question, "there is a question to answer"
        return self._add(last.id, "", is_question=False, answer=ChatAnswer(""))

    def write(self, turn: int, answer: ChatAnswer) -> None:
        """What is written of an answer so far."""
        self._said[turn] = replace(self._said[turn], text=answer.text, answer=answer)

    def again(self, turn: int) -> Said:
        """Another answer beside this one, empty as yet, under the instructions of now."""
        own = self._said[turn]
        assert not own.is_question, "answers are written again"
        return self._add(own.parent, "", is_question=False, answer=ChatAnswer(""))

    def edit(self, turn: int, text: str) -> Said:
        """The same turn in other words, beside it; what followed stays on its branch."""
        own = self._said[turn]
        return self._add(own.parent, text, is_question=own.is_question)

    def drop(self, turn: int) -> None:
        """An answer that was stopped before its first word; what was shown before is shown again."""
        own = self._said[turn]
        if own.text or self._children.get(turn):
            return
        siblings = self._children[own.parent]
        at = siblings.index(turn)
        siblings.remove(turn)
        del self._said[turn], self._children[turn]
        if self._chosen.get(own.parent) == turn:
            del self._chosen[own.parent]
            if siblings:
                self._chosen[own.parent] = siblings[max(0, at - 1)]

    def step(self, turn: int, by: int) -> Said:
        """The branch before (-1) or after (1) this one; at the end it stays."""
        own = self._said[turn]
        siblings = self._children[own.parent]
        at = min(len(siblings) - 1, max(0, siblings.index(turn) + by))
        self._chosen[own.parent] = siblings[at]
        return self._said[siblings[at]]

    def _add(self, parent: int, text: str, *, is_question: bool, answer: ChatAnswer | None = None) -> Said:
        turn = self._next
        self._next += 1
        made = Said(turn, parent, is_question, text, answer, "" if is_question else self.instructions)
        self._said[turn] = made
        self._children[turn] = []
        self._children[parent].append(turn)
        self._chosen[parent] = turn
        return made
