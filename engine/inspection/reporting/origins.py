"""What a report's run was made from, and how its figures are to be read."""

from __future__ import annotations

from pathlib import Path

from engine.data.sources.source_splits import SPLIT_NAMES
from engine.inspection.reporting.contents import Contents
from engine.inspection.reporting.html import Html, element, table
from engine.inspection.reporting.words import Words
from engine.messages import Message, message
from engine.targets import target_of


def split_name(contents: Contents) -> Message:
    """What the rows are called."""
    answers = contents.answers
    if answers.split == "data":
        return message("the file {name}", name=Path(answers.source).name or answers.source)
    return SPLIT_NAMES.get(answers.split, message("{name}", name=answers.split))


def facts(contents: Contents, words: Words) -> list[Html]:
    """Rows, labels, model and seed."""
    say, config, started = words.say, contents.run.config, contents.started
    told: list[tuple[Message, Message | str]] = [(message("measured on"), split_name(contents))]
    told.append((message("data read from"), _source(config.data.train)))
    if started is not None:
        told += [
            (SPLIT_NAMES.get(name, message("{name}", name=name)), _rows(count)) for name, count in started.rows.items()
        ]
        told.append((message("parameters that learned"), f"{started.num_parameters:,}"))
        told.append((message("trained on"), started.device))
    if contents.answers.labels:
        told.append((message("labels"), message("{labels}", labels=list(contents.answers.labels))))
    told.append((message("model"), config.title or config.model.name))
    told.append((message("longest text"), message("{count:plural:token:tokens}", count=config.data.max_length)))
    told.append((message("seed"), str(config.seed)))
    rows = [[say(name), say(value) if isinstance(value, Message) else value] for name, value in told]
    return [table([say(message("what")), say(message("value"))], rows, num_texts=2)]


def left_out(contents: Contents, words: Words) -> list[Html]:
    """Rows of the source that no figure is of, and those whose label the model does not know."""
    told = [(one.sentence, one.rows, one.count) for one in contents.answers.left_out]
    told += [(one.sentence, one.rows, one.count) for one in contents.answers.strangers]
    rows = [
        [words.say(sentence), ", ".join(str(row) for row in numbers) + (", …" if count > len(numbers) else "")]
        for sentence, numbers, count in told
    ]
    heads = [words.say(message("why")), words.say(message("rows"))]
    return [table(heads, rows, num_texts=2)] if rows else []


def reading(contents: Contents, words: Words) -> list[Html]:
    """For whoever has not read such a page before."""
    told = [
        message(
            "Precision: of the texts that it gives a label, the share that has it. Recall: of the texts that have a "
            "label, the share that it finds. One can always be had at the other's cost."
        ),
        message(
            "A 95 % interval says how far a figure may be off by the luck of these texts alone: of 100 such intervals "
            "about 95 hold the true figure. Wilson's is that of a share of texts; the bootstrap draws the texts anew, "
            "with repetition, up to a thousand times."
        ),
        message(
            "Word counting is a linear model of words and short runs of words that learned from the same texts; "
            "whoever always says the most frequent label has not read at all. A model that does not pass them is not "
            "worth its cost."
        ),
        message(
            "Figures are those of the likeliest label, or of the labels from 50 % on where a text may have several; a "
            "saved threshold counts only where it is named."
        ),
        message(
            "The calibration error is how far what is said lies from what comes true, in 15 bins of equal width. Log "
            "loss and Brier score punish probabilities that were far from the truth; less is better."
        ),
        message(
            "Parts of the texts are compared with all others by Fisher's exact test (numbers by Welch's), corrected "
            "for the number of parts (Holm): “worse” stands where chance alone is unlikely, below 5 %."
        ),
        message(
            "All this holds for texts like these. Of texts from another source or another time it says nothing: "
            "measure on them anew."
        ),
        message(
            "In the table of predictions a cell that begins with =, +, - or @ has an apostrophe in front, so that no "
            "spreadsheet computes it."
        ),
    ]
    if not target_of(contents.answers.kind).is_categorical:
        told = [told[1], *told[5:]]
    return [element("ul", *(element("li", words.say(one)) for one in told))]


def _rows(count: int) -> Message:
    return message("{count:plural:row:rows}", count=count)


def _source(source: str | tuple[str, ...]) -> str:
    """Files by their names: the folders are nobody's business."""
    return ", ".join(Path(one).name for one in ([source] if isinstance(source, str) else source))
