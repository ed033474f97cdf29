"""DataConfig: where the texts come from, which columns play which role, how they are split, mended and tokenized."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from engine.config.choice import Choice, setting
from engine.config.reading import Reading
from engine.config.roles import ROLES

Source = str | tuple[str, ...]


class BuiltinTexts(Choice):
    """The texts that Attune invents itself, by grammars that know which words decide."""

    model_config = ConfigDict(title="Built-in texts")
    topic: Literal[
        "reviews", "messages", "aspects", "stars", "captions", "manuals", "dates", "stories", "dialogues"
    ] = setting(
        "reviews",
        title="Kind",
        help="Reviews that praise or blame, messages honest or fraudulent, reviews with all that they judge as labels "
        "or with a number of stars, captions of pictures without a label, questions about pages of manuals, dates in "
        "words and in figures, stories, or dialogues of a help desk.",
        words={
            "reviews": "Reviews",
            "messages": "Messages",
            "aspects": "What is judged",
            "stars": "Stars",
            "captions": "Captions",
            "manuals": "Manuals",
            "dates": "Dates",
            "stories": "Stories",
            "dialogues": "Dialogues",
        },
    )
    language: Literal["en", "zh", "both"] = setting(
        "en",
        title="Language",
        help="The language of the invented texts.",
        words={"en": "English", "zh": "Chinese", "both": "Both"},
    )
    num_rows: int = setting(4000, ge=60, le=200_000, title="Texts", help="How many texts are invented in all.")
    label_noise: float = setting(
        0.0,
        ge=0.0,
        le=0.5,
        title="Wrong labels",
        help="The share of training labels that are turned round on purpose, to see what noise does.",
    )


def _vocabulary(default: int, *, least: int, is_open: bool) -> int:
    """`is_open`: what is not in the vocabulary is built from its pieces, instead of becoming unknown."""
    known = "The largest number of different tokens; rarer ones become unknown."
    built = "The largest number of different tokens; rarer ones are built from pieces."
    return setting(  # type: ignore[no-any-return]
        default, ge=least, le=200_000, title="Vocabulary", help=built if is_open else known
    )


class AutoTokenizer(Choice):
    """Looks at the texts: characters for Chinese and the like, words otherwise."""

    model_config = ConfigDict(title="Choose for me")
    name: Literal["auto"] = "auto"
    vocabulary_size: int = _vocabulary(20_000, least=100, is_open=False)


class WordTokenizer(Choice):
    """Lower-cased words and punctuation marks; Chinese is cut into characters."""

    model_config = ConfigDict(title="Words")
    name: Literal["word"] = "word"
    vocabulary_size: int = _vocabulary(20_000, least=100, is_open=False)
    min_frequency: int = setting(
        2, ge=1, le=1000, title="Least frequency", help="Words seen less often become unknown."
    )


class SpacedTokenizer(Choice):
    """What stands between spaces, as it is: for texts that were cut into words already."""

    model_config = ConfigDict(title="Between spaces")
    name: Literal["spaces"] = "spaces"
    vocabulary_size: int = _vocabulary(20_000, least=100, is_open=False)
    min_frequency: int = setting(
        1, ge=1, le=1000, title="Least frequency", help="Words seen less often become unknown."
    )


class BpeTokenizer(Choice):
    """Byte-pair encoding: frequent pieces of words are merged; nothing is ever unknown."""

    model_config = ConfigDict(title="Byte-pair encoding")
    name: Literal["bpe"] = "bpe"
    vocabulary_size: int = _vocabulary(8_000, least=300, is_open=True)


class WordPieceTokenizer(Choice):
    """WordPiece: BERT's way of cutting words into pieces."""

    model_config = ConfigDict(title="WordPiece")
    name: Literal["wordpiece"] = "wordpiece"
    vocabulary_size: int = _vocabulary(8_000, least=100, is_open=True)


class CharacterTokenizer(Choice):
    """One token a character: small vocabulary, long sequences; good for spelling tricks."""

    model_config = ConfigDict(title="Characters")
    name: Literal["character"] = "character"
    vocabulary_size: int = _vocabulary(8_000, least=50, is_open=False)


Tokenizer = Annotated[
    AutoTokenizer | WordTokenizer | SpacedTokenizer | BpeTokenizer | WordPieceTokenizer | CharacterTokenizer,
    Field(discriminator="name"),
]


class DataConfig(Choice):
    """What to learn from."""

    model_config = ConfigDict(title="Data")
    train: Source = setting(
        "builtin",
        title="Training data",
        help="“builtin”, a file, a folder, several files, or the name of a Hugging Face data set.",
    )
    validation: Source | None = setting(
        None,
        title="Validation data",
        help="Checked while training. Left empty: a part of the training data is held back.",
    )
    test: Source | None = setting(
        None, title="Test data", help="Kept for the final word. Left empty: a part of the training data is held back."
    )
    unlabelled: Source | None = setting(
        None,
        title="Unlabelled texts",
        help="More texts without labels, for what needs none: a virtual adversary, guessing the next word, few labels.",
    )
    reading: Reading = setting(
        Reading(), title="Reading of files", help="Header, sign between cells, quotation marks, encoding, decimal sign."
    )
    columns: dict[str, str] = setting(
        {}, title="Columns", help="Which column plays which role (text, label). Left empty: they are guessed."
    )
    label_columns: tuple[str, ...] = setting(
        (),
        title="Columns of labels",
        help="Where a text may have several labels and each has a column of its own with 1 or 0: those columns.",
    )
    label_separator: str = setting(
        "",
        max_length=5,
        title="Sign between labels",
        help="What stands between the labels of a cell where a text may have several, such as “;”. Left empty: it is "
        "found out.",
    )
    corrections: tuple[str, ...] = setting(
        (),
        title="Corrected labels",
        help="Files of corrections made on evaluation pages; a label that was corrected there counts here.",
    )
    validation_share: float = setting(
        0.1,
        gt=0.0,
        lt=0.9,
        title="Validation share",
        help="The part of the training data that is held back for validation.",
    )
    test_share: float = setting(
        0.1, ge=0.0, lt=0.9, title="Test share", help="The part of the training data that is kept for the final test."
    )
    max_rows: int | None = setting(
        None,
        ge=1,
        title="At most rows",
        help="Use only so many training rows, drawn evenly and keeping the class balance. Empty: all.",
    )
    max_length: int = setting(
        256, ge=4, le=8192, title="Longest text", help="Tokens that the model sees of one text; the rest is cut off."
    )
    tokenizer: Tokenizer = setting(
        AutoTokenizer(), title="Tokenizer", help="How texts are cut into tokens; a pretrained encoder brings its own."
    )
    mends: dict[str, str] = setting(
        {}, title="Mends", help="What to do about each of the doctor's findings: a mend's name, or “keep”."
    )
    builtin: BuiltinTexts = setting(
        BuiltinTexts(),
        title="Built-in texts",
        help="Settings of the invented texts, used when the data is “builtin”.",
    )

    @model_validator(mode="before")
    @classmethod
    def _short_roles(cls, tree: Any) -> Any:
        """A role is short for its column (`text` for `columns.text`); columns of labels may be one text with
        commas, and corrections one path."""
        if not isinstance(tree, dict):
            return tree
        if isinstance(tree.get("label_columns"), str):
            names = [name.strip() for name in tree["label_columns"].split(",")]
            tree = {**tree, "label_columns": tuple(name for name in names if name)}
        if isinstance(tree.get("corrections"), str):
            tree = {**tree, "corrections": (tree["corrections"],)}
        short = {role: tree[role] for role in ROLES if role in tree}
        if not short:
            return tree
        rest = {key: value for key, value in tree.items() if key not in short}
        return {**rest, "columns": {**rest.get("columns", {}), **short}}
