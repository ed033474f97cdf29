"""predict_file: every text of a file answered as it would be alone, in order, whole or not at all."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from transformers import BertConfig, BertForSequenceClassification

from engine.errors import InputError
from engine.inspection.attention.attend import attend
from engine.inspection.prediction.batch_answers import predict_file
from engine.inspection.subjects.loaded_models import trained
from engine.records import BatchPredicted, Decision
from engine.runs.decision import save_decision
from engine.runs.model_folder import ModelFolder
from tests.engine.inspection.small_models import TEXT, Trained, bert, bert_encoder, foreign, gpt2, result
from tests.engine.inspection.small_models import WORDS as TOKENIZER

WORDS = TEXT.split()


def saved(folder: Path, model: Trained) -> ModelFolder:
    if model.mechanism == "interface":
        model.model.set_attn_implementation("eager")
    model.model.save_pretrained(folder)
    model.tokenizer.save_pretrained(folder)
    return ModelFolder.open(folder)


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory) -> ModelFolder:
    return saved(tmp_path_factory.mktemp("bert"), bert())


@pytest.fixture
def few_rows_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.inspection.prediction.batch_answers._ROWS_A_CHUNK", 7)
    monkeypatch.setattr("engine.inspection.prediction.batch_answers._ROWS_A_PIECE", 3)


def texts(count: int) -> list[str]:
    """Of every length, in no order."""
    chance = np.random.default_rng(0)
    return [" ".join(chance.choice(WORDS, chance.integers(1, 40))) for _ in range(count)]


def table(path: Path, rows: list[str], column: str = "text") -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[column], *([row] for row in rows)])
    return str(path)


def written(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ask(subject: ModelFolder, data: str, out: Path) -> BatchPredicted:
    found: BatchPredicted = result(predict_file(subject, data, out))
    return found


@pytest.mark.usefixtures("few_rows_a_chunk")
def test_each_as_it_is_alone(subject: ModelFolder, tmp_path: Path) -> None:
    given = texts(30)
    found = ask(subject, table(tmp_path / "in.csv", given, "review"), tmp_path / "out.csv")
    rows = written(tmp_path / "out.csv")
    assert [row["text"] for row in rows] == given and [int(row["row"]) for row in rows] == list(range(1, 31))
    model = trained(subject)
    for row, text in zip(rows, given, strict=True):
        alone = attend(model, text).prediction
        assert row["label"] == alone.label and row["abstains"] == "false"
        for label, probability in alone.probabilities.items():
            assert float(row[f"p({label})"]) == pytest.approx(probability, abs=2e-5)
    assert found.num_rows == 30 == sum(found.counts.values()) and found.num_abstained == 0
    assert found.device and found.seconds > 0


@pytest.mark.usefixtures("few_rows_a_chunk")
def test_padding_at_the_other_end(tmp_path: Path) -> None:
    """A decoder finds its last word among the padding."""
    model = gpt2()
    subject = saved(tmp_path / "gpt2", model)
    given = texts(12)
    ask(subject, table(tmp_path / "in.csv", given), tmp_path / "out.csv")
    for row, text in zip(written(tmp_path / "out.csv"), given, strict=True):
        alone = attend(trained(subject), text).prediction
        assert float(row[f"p({alone.label})"]) == pytest.approx(alone.probabilities[alone.label], abs=2e-5)


@pytest.mark.usefixtures("few_rows_a_chunk")
def test_blank_texts_keep_their_rows(subject: ModelFolder, tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("the film\n\n  \nwas good\n" + "\n" * 8 + "the cast\n")
    found = ask(subject, str(tmp_path / "in.txt"), tmp_path / "out.csv")
    rows = written(tmp_path / "out.csv")
    assert [int(row["row"]) for row in rows] == list(range(1, 14))
    assert [row["text"] for row in rows if row["label"]] == ["the film", "was good", "the cast"]
    assert found.num_blank == 10 and all(not row["p(LABEL_0)"] for row in rows if not row["label"])


def test_awkward_texts_come_back_as_they_were(subject: ModelFolder, tmp_path: Path) -> None:
    given = ['say "good", or not', "one\ntwo", "1+1", "电影很好看。", "a\rb", "film; cast\tplot"]
    with (tmp_path / "in.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"text": text, "n": 1}) + "\n" for text in given)
    ask(subject, str(tmp_path / "in.jsonl"), tmp_path / "out.csv")
    assert [row["text"] for row in written(tmp_path / "out.csv")] == given
    # and the importer reads what it wrote
    ask(subject, str(tmp_path / "out.csv"), tmp_path / "again.csv")
    assert [row["label"] for row in written(tmp_path / "again.csv")] == [
        row["label"] for row in written(tmp_path / "out.csv")
    ]


TICKETS = """id,created,review,label,text,row,delta,note
007,2024-01-01,the film was good,ham,=HYPERLINK("x"),7,-3.5,@home
008,2024-01-02,   ,spam,a,8,-x,
,,,,,,,
009,2024-01-03,the cast,ham,b,9,+1
,,,,,,,
"""


@pytest.mark.usefixtures("few_rows_a_chunk")
def test_the_columns_of_the_file_stay(subject: ModelFolder, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(TICKETS)
    found = ask(subject, str(tmp_path / "in.csv"), tmp_path / "out.csv")
    rows = written(tmp_path / "out.csv")
    assert found.num_rows == 5 == len(rows) and found.num_blank == 3
    assert [row["row"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert [row["id"] for row in rows] == ["007", "008", "", "009", ""]
    assert [row["created"][-2:] for row in rows] == ["01", "02", "", "03", ""]
    assert [row["review"] for row in rows] == ["the film was good", "   ", "", "the cast", ""]
    assert [row["text"] for row in rows] == [row["review"] for row in rows], "what was read"
    assert [row["label (file)"] for row in rows] == ["ham", "spam", "", "ham", ""]
    assert [row["label"].startswith("LABEL_") for row in rows] == [True, False, False, True, False]
    assert [row["text (file)"] for row in rows] == ['\'=HYPERLINK("x")', "a", "", "b", ""]
    assert [row["delta"] for row in rows] == ["-3.5", "'-x", "", "+1", ""], "a number is data"
    assert [row["note (file)"] for row in rows] == ["'@home", "", "", "", ""]
    notes = ["", "no text", "blank row", "7 cells instead of 8", "blank row"]
    assert [row["note"] for row in rows] == notes


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    model = bert()
    model.model.config.id2label = {0: "=1+1", 1: "@b"}
    subject = saved(tmp_path / "model", model)
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\tgood", "\rgood", "＝1+1", "＠b", "the film"]
    with (tmp_path / "in.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"text": text, "=id": text}) + "\n" for text in evil)
    ask(subject, str(tmp_path / "in.jsonl"), tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        heads, *rows = csv.reader(file)
    assert heads == ["row", "text", "'=id", "label", "abstains", "p(=1+1)", "p(@b)"]
    assert [row[1] for row in rows] == [f"'{text}" for text in evil[:-1]] + ["the film"]
    assert [row[2] for row in rows][1:3] == ["+1", "-1"], "numbers of the file's other columns are data"
    assert {row[3] for row in rows} <= {"'=1+1", "'@b"}


def test_a_decision_is_obeyed(tmp_path: Path) -> None:
    subject = saved(tmp_path / "model", bert())
    given = texts(20)
    data = table(tmp_path / "in.csv", given)
    ask(subject, data, tmp_path / "plain.csv")
    plain = written(tmp_path / "plain.csv")
    middle = float(np.median([float(row["p(LABEL_1)"]) for row in plain]))
    save_decision(subject.path, Decision(thresholds={"LABEL_1": max(0.5, middle), "LABEL_0": 0.999999}))
    found = ask(subject, data, tmp_path / "out.csv")
    rows = written(tmp_path / "out.csv")
    assert [row["p(LABEL_1)"] for row in rows] == [row["p(LABEL_1)"] for row in plain]
    assert found.num_abstained == sum(row["abstains"] == "true" for row in rows) > 0
    for row, text in zip(rows, given, strict=True):
        assert (row["abstains"] == "true") == attend(trained(subject), text).prediction.abstains
    assert sum(found.counts.values()) + found.num_abstained == 20


def test_several_labels_and_numbers(tmp_path: Path) -> None:
    model = bert()
    model.model.config.problem_type = "multi_label_classification"
    subject = saved(tmp_path / "several", model)
    save_decision(subject.path, Decision(thresholds={"LABEL_0": 0.0, "LABEL_1": 0.0}))
    data = table(tmp_path / "in.csv", texts(3))
    found = ask(subject, data, tmp_path / "out.csv")
    assert {row["label"] for row in written(tmp_path / "out.csv")} == {"LABEL_0, LABEL_1"}
    assert found.counts == {"LABEL_0": 3, "LABEL_1": 3}
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 24}
    number = foreign(
        BertForSequenceClassification, BertConfig(**sizes, vocab_size=len(TOKENIZER), num_labels=1), TOKENIZER
    )
    subject = saved(tmp_path / "number", number)
    found = ask(subject, data, tmp_path / "number.csv")
    row = written(tmp_path / "number.csv")[0]
    assert set(row) == {"row", "text", "label", "abstains"} and found.counts == {}
    said = attend(number, row["text"]).prediction
    assert float(row["label"]) == pytest.approx(float(said.label), rel=1e-3)


@pytest.mark.usefixtures("few_rows_a_chunk")
def test_stopped_it_leaves_nothing(subject: ModelFolder, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("from yesterday")
    answering = predict_file(subject, table(tmp_path / "in.csv", texts(40)), out)
    for _ in range(9):
        progress = next(answering)
    assert 0 < progress.done < progress.total == 40
    answering.close()
    assert out.read_text() == "from yesterday"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_where_it_cannot_be_written(subject: ModelFolder, tmp_path: Path) -> None:
    data = table(tmp_path / "in.csv", texts(3))
    before = (tmp_path / "in.csv").read_bytes()
    for out in (tmp_path, tmp_path / "no" / "out.csv", tmp_path / "in.csv", tmp_path / ("long" * 100)):
        with pytest.raises(InputError):
            ask(subject, data, out)
    (tmp_path / "link.csv").symlink_to(tmp_path / "in.csv")
    with pytest.raises(InputError, match="overwrite"):
        ask(subject, data, tmp_path / "link.csv")
    assert (tmp_path / "in.csv").read_bytes() == before


def test_what_holds_no_texts(subject: ModelFolder, tmp_path: Path) -> None:
    (tmp_path / "numbers.csv").write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(InputError, match="column of texts"):
        ask(subject, str(tmp_path / "numbers.csv"), tmp_path / "out.csv")
    with pytest.raises(InputError, match="no such file"):
        ask(subject, str(tmp_path / "nothing.csv"), tmp_path / "out.csv")
    encoder = saved(tmp_path / "encoder", bert_encoder())
    with pytest.raises(InputError, match="no labels"):
        ask(encoder, table(tmp_path / "in.csv", texts(2)), tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()
