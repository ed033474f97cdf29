"""Session: what stands on the page, written on, cut, gone on from, and undone."""

from __future__ import annotations

from engine.records import Alternative, Written, WrittenToken
from studio.pages.write.session import Session, Text, most_surprising


def token(number: int, text: str, bits: float = 1.0) -> WrittenToken:
    others = (Alternative(90 + number, f" other{number}", 0.5), Alternative(number, text, 2.0**-bits))
    return WrittenToken(number, text, 2.0**-bits, bits, 0.5, 2, others, 100, 4)


def written(prompt: str, ids: tuple[int, ...], *tokens: WrittenToken) -> Written:
    return Written(prompt, ids, tokens, is_over=True)


def told() -> Session:
    session = Session()
    session.begin("Once")
    assert session.write_on() == ()
    session.take(written("Once", (3, 7), token(10, " upon"), token(11, " a"), token(12, " time")))
    return session


def test_what_is_written_stands_behind_the_beginning() -> None:
    session = told()
    assert session.text.whole == "Once upon a time" and session.text.written == " upon a time"
    assert session.text.prompt_ids == (3, 7) and session.text.ids_before(2) == (3, 7, 10, 11)


def test_writing_goes_on_behind_what_stands_there() -> None:
    session = told()
    assert session.write_on() == (10, 11, 12)
    session.take(written("Once", (3, 7, 10, 11, 12), token(13, " there")))
    assert session.text.whole == "Once upon a time there" and session.text.prompt_ids == (3, 7)
    session.undo()
    assert session.text.whole == "Once upon a time"


def test_another_token_cuts_what_stood_behind_it_and_undo_brings_it_back() -> None:
    session = told()
    assert session.write_from(1, session.text.tokens[1].alternatives[0]) == (10, 101)
    assert session.text.whole == "Once upon other11"
    chosen = session.text.tokens[1]
    assert (chosen.token_id, chosen.probability, chosen.bits, chosen.rank) == (101, 0.5, 1.0, 1)
    session.take(written("Once", (3, 7, 10, 101), token(14, " tale")))
    assert session.text.whole == "Once upon other11 tale"
    session.undo()
    assert session.text.whole == "Once upon a time"


def test_another_beginning_takes_away_what_was_written() -> None:
    session = told()
    session.begin("Once")
    assert session.text.tokens
    session.begin("Twice")
    assert session.text == Text("Twice") and session.can_undo
    session.undo()
    assert session.text.whole == "Once upon a time"


def test_the_most_surprising_is_a_word() -> None:
    tokens = (token(1, " a", 1.0), token(2, "\n", 9.0), token(3, " lamp", 5.0))
    assert most_surprising(tokens) == tokens[2] and most_surprising(()) is None
