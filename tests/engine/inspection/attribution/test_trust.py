"""Trust: figures against models whose reasons are known, and against the methods that they compare."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from scipy.stats import kendalltau
from transformers import PreTrainedConfig, PreTrainedModel
from transformers.modeling_outputs import SequenceClassifierOutput

from engine.config.classifiers import Recurrent
from engine.errors import InputError
from engine.inspection.attention.attend import attend
from engine.inspection.attribution.attribute import attribute
from engine.inspection.attribution.faithfulness import faithfulness, mean_of
from engine.inspection.attribution.trust import FRACTIONS, trust, trust_of
from engine.inspection.prediction.texts_with_evidence import Texts
from engine.inspection.subjects.loaded_models import Trained
from engine.records import Progress, Switches
from tests.engine.inspection.small_models import MAKERS, TEXT, WORDS, bert, bert_encoder, own, result

DECIDING = WORDS.convert_tokens_to_ids("good")


class OneWordConfig(PreTrainedConfig):
    model_type = "one-word"
    num_hidden_layers: int = 1
    num_attention_heads: int = 1


class OneWord(PreTrainedModel):
    """Says LABEL_1 where its one word stands, and looks at that word, or at the text's first one."""

    config_class = OneWordConfig

    def __init__(self, config: OneWordConfig) -> None:
        super().__init__(config)
        self.table = torch.nn.Embedding(len(WORDS), 1)
        with torch.no_grad():
            self.table.weight.fill_(1e-3)
            self.table.weight[DECIDING] = 1
        self.is_honest = True
        self.post_init()

    def _init_weights(self, module: torch.nn.Module) -> None:
        """The table is filled by hand."""

    def get_input_embeddings(self) -> torch.nn.Embedding:
        return self.table

    def forward(self, input_ids: Any = None, inputs_embeds: Any = None, **_unused: Any) -> SequenceClassifierOutput:
        vectors = self.table(input_ids) if inputs_embeds is None else inputs_embeds
        size = vectors.shape[1]
        first = (torch.arange(size) == 1).expand(len(vectors), -1)
        row = 5.0 * (vectors.detach()[..., 0] if self.is_honest else first)
        weights = row.softmax(dim=-1)[:, None, None].expand(-1, 1, size, -1)
        score = 8 * (vectors[..., 0].sum(dim=1) - 0.5)
        return SequenceClassifierOutput(logits=torch.stack([-score, score], dim=-1), attentions=(weights,))


def one_word(is_honest: bool) -> Trained:
    model = OneWord(OneWordConfig(num_labels=2)).eval().requires_grad_(False)
    model.is_honest = is_honest
    return Trained(model, WORDS, ("LABEL_0", "LABEL_1"), 40, "outputs")


@pytest.fixture(autouse=True)
def _is_a_classifier(monkeypatch: pytest.MonkeyPatch) -> None:
    OneWord.__name__ = "OneWordForSequenceClassification"


def test_attention_to_the_word_that_decides_is_trusted() -> None:
    """Without it the answer turns; with it alone, nothing is lost."""
    found = result(trust(one_word(is_honest=True), TEXT))
    figures = found.figures
    assert figures["comprehensiveness"] > 0.95
    assert figures["sufficiency"] < 0.01
    assert figures["comprehensiveness"] > 2 * figures["comprehensiveness_random"]
    assert figures["sufficiency_random"] > 0.4


def test_attention_to_another_word_is_not() -> None:
    found = result(trust(one_word(is_honest=False), TEXT))
    assert found.figures["comprehensiveness"] < 0.5
    assert found.figures["sufficiency"] > 0.4
    assert found.trust == "weak"


def test_evidence_is_found_by_its_characters() -> None:
    place = TEXT.index("good")
    spans = ((place, place + 4),)
    honest = result(trust(one_word(is_honest=True), TEXT, spans)).figures
    assert honest["evidence"] == 1.0
    assert honest["evidence_random"] == pytest.approx(1 / 13)
    assert result(trust(one_word(is_honest=False), TEXT, spans)).figures["evidence"] == 0.0
    assert "evidence" not in result(trust(one_word(is_honest=True), TEXT)).figures
    assert "evidence" not in result(trust(one_word(is_honest=True), TEXT, ((900, 910),))).figures


@pytest.mark.parametrize("kind", ["recurrent", "fusion", "bert", "gpt2", "llama"])
def test_taus_are_those_of_the_methods(kind: str) -> None:
    trained = MAKERS[kind]()
    figures = result(trust(trained, TEXT)).figures
    methods = ("attention", "gradient", "leave-one-out")
    found = {method: result(attribute(trained, TEXT, method)) for method in methods}  # type: ignore[arg-type]
    words = ~np.array(found["attention"].special)
    sizes = {method: np.abs(one.scores[words]) for method, one in found.items()}
    for name, one, other in (
        ("tau_leave_one_out", "attention", "leave-one-out"),
        ("tau_gradient", "attention", "gradient"),
        ("tau_gradient_leave_one_out", "gradient", "leave-one-out"),
    ):
        assert figures[name] == pytest.approx(kendalltau(sizes[one], sizes[other]).statistic, abs=0.03)
    assert len({round(value, 6) for value in figures.values()}) > 4


def test_erasures_by_hand() -> None:
    """Comprehensiveness and sufficiency of a BERT, each variant put to the model one by one."""
    trained = bert()
    record = attend(trained, TEXT)
    words = np.flatnonzero(~np.array(record.special))
    order = words[np.argsort(-record.received()[words], kind="stable")]
    ids = WORDS(TEXT)["input_ids"]
    label = record.prediction.label

    def said(kept: set[int]) -> float:
        chosen = [index for place, index in enumerate(ids) if record.special[place] or place in kept]
        with torch.no_grad():
            logits = trained.model(input_ids=torch.tensor([chosen])).logits[0]
        return float(logits.softmax(dim=-1)[trained.labels.index(label)])

    whole, counts = said(set(words)), [max(1, round(fraction * len(words))) for fraction in FRACTIONS]
    assert counts == [1, 1, 1, 3, 6]
    figures = result(trust(trained, TEXT)).figures
    without = np.mean([whole - said(set(order[count:])) for count in counts])
    alone = np.mean([whole - said(set(order[:count])) for count in counts])
    assert figures["comprehensiveness"] == pytest.approx(without, abs=1e-6)
    assert figures["sufficiency"] == pytest.approx(alone, abs=1e-6)
    assert figures == result(trust(trained, TEXT)).figures, "random words are the same ones each time"


@pytest.mark.parametrize("kind", ["recurrent", "fusion", "bert"])
def test_uniform_attention(kind: str) -> None:
    trained = MAKERS[kind]()
    figures = result(trust(trained, TEXT)).figures
    before = attend(trained, TEXT).prediction
    after = attend(trained, TEXT, Switches(uniform=True)).prediction
    drop = before.probabilities[before.label] - after.probabilities[before.label]
    assert figures["uniform_drop"] == pytest.approx(drop, abs=1e-5)
    assert figures["uniform_changed"] == float(before.label != after.label)
    assert "uniform_drop" not in result(trust(trained, TEXT, switches=Switches(uniform=True))).figures


def test_what_cannot_be_measured_is_left_out() -> None:
    only_gradients = result(trust(MAKERS["no attention"](), TEXT)).figures
    assert set(only_gradients) == {"tau_gradient_leave_one_out"}
    assert "uniform_drop" not in result(trust(MAKERS["deberta"](), TEXT)).figures
    number = result(trust(MAKERS["number"](), TEXT)).figures
    assert "uniform_changed" not in number and number["comprehensiveness"] > 0
    assert result(trust(bert(), "good")).figures == {} and result(trust(bert(), "good")).trust == "weak"
    with pytest.raises(InputError, match="only looks"):
        result(trust(bert_encoder(), TEXT))


def test_trust_in_a_word() -> None:
    strong = {"tau_leave_one_out": 0.6, "comprehensiveness": 0.4, "comprehensiveness_random": 0.1}
    assert trust_of(strong) == "strong"
    assert trust_of({**strong, "tau_leave_one_out": 0.4}) == "fair"
    assert trust_of({**strong, "comprehensiveness_random": 0.3}) == "fair"
    assert trust_of({**strong, "tau_leave_one_out": 0.1}) == "weak"
    assert trust_of({**strong, "comprehensiveness_random": 0.4}) == "weak"
    assert trust_of({"tau_gradient_leave_one_out": 0.6}) == "strong"
    assert trust_of({}) == "weak"


def test_many_texts_are_a_mean_with_intervals() -> None:
    trained = own(Recurrent(embedding_size=8, hidden_size=6))
    texts = (TEXT, "a dull bad cast", "the plot was nice , not dull", "good")
    told: list[Progress] = []
    measuring = faithfulness(trained, Texts((*texts, "   "), ((),) * 5))
    while True:
        try:
            told.append(next(measuring))
        except StopIteration as end:
            found = end.value
            break
    alone = [result(trust(trained, text)).figures for text in texts]
    taus = [figures["tau_leave_one_out"] for figures in alone if "tau_leave_one_out" in figures]
    assert found.num_rows == 4 and len(taus) == 3
    assert found.figures["tau_leave_one_out"] == pytest.approx(np.mean(taus))
    width = 4.302653 * np.std(taus, ddof=1) / np.sqrt(3)  # Student's t of three values
    assert found.intervals["tau_leave_one_out"] == pytest.approx(width, rel=1e-4)
    assert found.intervals.keys() == found.figures.keys()
    assert [one.done for one in told] == sorted(one.done for one in told) and told[-1].total == 5
    assert found == mean_of(alone)


def test_no_text_at_all() -> None:
    trained = own(Recurrent(embedding_size=8, hidden_size=6))
    with pytest.raises(InputError, match="no text"):
        result(faithfulness(trained, Texts((), ())))
    with pytest.raises(InputError, match="sentence"):
        result(faithfulness(trained, Texts((" ",), ((),))))


def test_a_long_text_is_compared_by_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.inspection.attribution.leave_one_out.MOST_VARIANTS", 5)
    trained = bert()
    figures = result(trust(trained, TEXT)).figures
    found = {
        method: result(attribute(trained, TEXT, method)).scores[1:-1]  # type: ignore[arg-type]
        for method in ("attention", "leave-one-out")
    }
    sums = {
        method: [abs(scores[start : start + 3].sum()) for start in range(0, 13, 3)] for method, scores in found.items()
    }
    assert figures["tau_leave_one_out"] == pytest.approx(kendalltau(*sums.values()).statistic, abs=1e-9)
