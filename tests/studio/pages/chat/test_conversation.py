"""The conversation as a tree: whatever is done to it, nothing that was said is lost, and the path makes sense."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.records import ChatAnswer, Turn
from studio.pages.chat.conversation import SILENCE, Conversation

_WORDS = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=6)
_PLACES = st.integers(0, 30)


class Talks(RuleBasedStateMachine):
    """Questions and answers in any order that the page allows."""

    @initialize(instructions=st.sampled_from(["", "Be brief."]))
    def begin(self, instructions: str) -> None:
        self.conversation = Conversation(instructions)
        self.known: dict[int, str] = {}
        self.writing: int | None = None

    @property
    def path_ids(self) -> list[int]:
        return [one.id for one in self.conversation.path]

    @precondition(lambda self: self.writing is None)
    @rule(text=_WORDS)
    def ask(self, text: str) -> None:
        made = self.conversation.ask(text)
        assert made.is_question and made.text.endswith(text)
        self.known[made.id] = made.text

    @precondition(lambda self: self.writing is None and self.conversation.last and self.conversation.last.is_question)
    @rule()
    def begin_answer(self) -> None:
        self.writing = self.conversation.begin_answer().id

    @precondition(lambda self: self.writing is not None)
    @rule(text=st.one_of(st.just(""), _WORDS))
    def end_answer(self, text: str) -> None:
        assert self.writing is not None
        self.conversation.write(self.writing, ChatAnswer(text, (1,) * len(text), has_ended=True))
        self.known[self.writing] = text
        self.writing = None

    @precondition(lambda self: self.writing is not None)
    @rule()
    def stop_before_the_first_word(self) -> None:
        assert self.writing is not None
        self.conversation.drop(self.writing)
        assert self.writing not in self.conversation
        self.writing = None

    @precondition(lambda self: self.writing is None and len(self.conversation.path) > 1)
    @rule(place=_PLACES)
    def again(self, place: int) -> None:
        answers = [one for one in self.conversation.path if not one.is_question]
        self.writing = self.conversation.again(answers[place % len(answers)].id).id

    @precondition(lambda self: self.writing is None and len(self.conversation.path) > 0)
    @rule(place=_PLACES, text=_WORDS)
    def edit(self, place: int, text: str) -> None:
        path = self.conversation.path
        made = self.conversation.edit(path[place % len(path)].id, text)
        self.known[made.id] = text
        assert self.path_ids[-1] == made.id, "what followed stays on its branch"

    @precondition(lambda self: self.writing is None and len(self.conversation.path) > 0)
    @rule(place=_PLACES, by=st.sampled_from([-1, 1]))
    def step(self, place: int, by: int) -> None:
        one = self.conversation.path[place % len(self.conversation.path)]
        number, count = self.conversation.branch(one.id)
        other = self.conversation.step(one.id, by)
        assert self.conversation.branch(other.id) == (min(count, max(1, number + by)), count)
        assert self.conversation.place(other.id) is not None

    @invariant()
    def nothing_is_lost(self) -> None:
        assert all(self.conversation.said(turn).text == text for turn, text in self.known.items())
        assert len(self.conversation) == len(self.known) + (self.writing is not None)

    @invariant()
    def speakers_alternate(self) -> None:
        path = self.conversation.path
        assert all(one.is_question == (place % 2 == 0) for place, one in enumerate(path))
        assert [self.conversation.place(one.id) for one in path] == list(range(1, len(path) + 1))

    @invariant()
    def what_is_read_ends_with_a_question(self) -> None:
        for one in self.conversation.path:
            number, count = self.conversation.branch(one.id)
            assert 1 <= number <= count
            before = self.conversation.before(one.id)
            if not one.is_question:
                assert before[-1].role == "user" and all(turn.content.strip() for turn in before)


Talks.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestTalks = Talks.TestCase


def test_an_answer_remembers_its_instructions() -> None:
    talk = Conversation("Be kind.")
    talk.ask("Hello?")
    first = talk.begin_answer()
    talk.write(first.id, ChatAnswer("", (), has_ended=True))
    talk.instructions = "Be brief."
    talk.ask("More?")
    second = talk.begin_answer()
    assert talk.before(first.id) == [Turn("system", "Be kind."), Turn("user", "Hello?")]
    assert talk.before(second.id) == [
        Turn("system", "Be brief."), Turn("user", "Hello?"), Turn("assistant", SILENCE), Turn("user", "More?")
    ]  # fmt: skip


def test_branches_are_never_overwritten() -> None:
    talk = Conversation()
    asked = talk.ask("Hello?")
    answers = []
    for text in ("One.", "Two.", "Three."):
        made = talk.begin_answer() if not answers else talk.again(answers[0])
        talk.write(made.id, ChatAnswer(text, (1,), has_ended=True))
        answers.append(made.id)
    assert talk.branch(answers[2]) == (3, 3)
    talk.step(answers[2], -1)
    assert [one.text for one in talk.path] == ["Hello?", "Two."]
    talk.edit(asked.id, "Hi?")
    assert [one.text for one in talk.path] == ["Hi?"] and talk.branch(talk.path[0].id) == (2, 2)
    talk.step(talk.path[0].id, -1)
    assert [one.text for one in talk.path] == ["Hello?", "Two."], "the branch is as it was left"
