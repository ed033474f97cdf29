"""Captures on disk: read one text at a time, bounded, thinned evenly, damaged ones said in words."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import events
from engine.config.run import RunConfig
from engine.errors import InputError
from engine.records import WHOLE_TEXT, AttentionMap, AttentionRecord, Prediction
from engine.runs.journal import JournalWriter
from engine.runs.probes import captured_steps, drop_captures_after, read_probe, write_probes
from engine.runs.run import Run

MEGABYTE = 2**20


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run.create(RunConfig(), tmp_path, "r")


def record(text: str = "gut 😀 film", num_tokens: int = 5, seed: int = 0, layers: int = 2) -> AttentionRecord:
    rng = np.random.default_rng(seed)
    tokens = ("[CLS]", *(f"t{place}" for place in range(num_tokens - 2)), "[SEP]")
    blocks = rng.dirichlet(np.ones(num_tokens), (layers, 3, num_tokens)).astype(np.float32)
    pooling = rng.dirichlet(np.ones(num_tokens), (1, 1, 1)).astype(np.float32)
    return AttentionRecord(
        text=text,
        tokens=tokens,
        spans=tuple((place, place + 1) for place in range(num_tokens)),
        special=(True, *[False] * (num_tokens - 2), True),
        maps=(
            AttentionMap("self-attention", blocks, tokens, tokens),
            AttentionMap("additive attention", pooling, (WHOLE_TEXT,), tokens),
        ),
        prediction=Prediction("good", {"bad": 0.25, "good": 0.75}),
        truncated=4,
        unknown=1,
        mask_token="[MASK]",
    )


def size_of(one: AttentionRecord, run: Run) -> int:
    """Bytes of a capture that holds nothing else."""
    file = write_probes(run, 10_000, [one], room=MEGABYTE, best=None)
    assert file is not None
    size = file.stat().st_size
    file.unlink()
    return size


def test_what_is_written_is_read(run: Run) -> None:
    written = [record(seed=0), record("another", 8, seed=1)]
    write_probes(run, 20, written, room=MEGABYTE, best=None)
    assert captured_steps(run) == (20,)
    for index, expected in enumerate(written):
        found = read_probe(run, 20, index)
        for name in ("text", "tokens", "spans", "special", "prediction", "truncated", "unknown", "mask_token"):
            assert getattr(found, name) == getattr(expected, name), name
        assert [one.name for one in found.maps] == ["self-attention", "additive attention"]
        for one, other in zip(found.maps, expected.maps, strict=True):
            assert one.weights.dtype == np.float32 and one.queries == other.queries and one.keys == other.keys
            np.testing.assert_allclose(one.weights, other.weights, atol=5e-4)
            np.testing.assert_allclose(one.weights.sum(axis=-1), 1, atol=1e-6)


def test_nothing_is_pickled(run: Run) -> None:
    path = write_probes(run, 1, [record()], room=MEGABYTE, best=None)
    with np.load(path, allow_pickle=False) as stored:
        assert all(stored[name].dtype in (np.float16, np.uint8) for name in stored.files)
    assert path.read_bytes()[:2] == b"PK" and b"pickle" not in path.read_bytes()


def test_one_text_is_read_alone_and_fast(run: Run) -> None:
    """Three texts of 64 tokens in a model of 6 x 12 heads."""
    rng = np.random.default_rng(0)
    tokens = tuple(f"t{place}" for place in range(64))
    weights = rng.dirichlet(np.ones(64), (6, 12, 64)).astype(np.float32)
    one = AttentionMap("self-attention", weights, tokens, tokens)
    whole = AttentionRecord("t", tokens, ((0, 1),) * 64, (False,) * 64, (one,), Prediction("a", {"a": 1.0}))
    path = write_probes(run, 1, [whole] * 3, room=100 * MEGABYTE, best=None)
    assert path.stat().st_size < 3 * 6 * 12 * 64 * 64 * 2 * 1.02
    took = []
    for index in range(9):
        began = time.perf_counter()
        read_probe(run, 1, index % 3)
        took.append(time.perf_counter() - began)
    assert sorted(took)[4] < 0.05


@pytest.mark.parametrize("damage", ["cut", "empty", "text", "pickle", "lost"])
def test_damaged_captures_are_refused(run: Run, damage: str) -> None:
    path = write_probes(run, 3, [record()], room=MEGABYTE, best=None)
    content = path.read_bytes()
    if damage == "pickle":
        buffer = io.BytesIO()
        np.savez(buffer, about=np.array([{"a": 1}], dtype=object))
        content = buffer.getvalue()
    elif damage == "lost":
        buffer = io.BytesIO()
        with np.load(path) as written:
            about = json.loads(bytes(written["about"]))
        about["texts"][0]["maps"] = {"gone": 1}
        np.savez(buffer, about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8))
        content = buffer.getvalue()
    path.write_bytes({"cut": content[: len(content) // 2], "empty": b"", "text": b"not a file"}.get(damage, content))
    with pytest.raises(InputError, match="step 3 is damaged"):
        read_probe(run, 3, 0)


def test_missing_captures_and_texts(run: Run) -> None:
    with pytest.raises(InputError, match="no capture of step 5"):
        read_probe(run, 5, 0)
    write_probes(run, 5, [record()], room=MEGABYTE, best=None)
    for index in (1, -1):
        with pytest.raises(InputError, match="does not hold this probe text"):
            read_probe(run, 5, index)
    with pytest.raises(InputError, match="Choose one of: 5"):
        read_probe(run, 6, 0)


def test_a_full_room_is_thinned(run: Run) -> None:
    one = size_of(record(), run)
    for step in range(0, 200, 10):
        write_probes(run, step, [record()], room=8 * one + 100, best=30 if step >= 30 else None)
        kept = captured_steps(run)
        assert kept[0] == 0 and kept[-1] == step and len(kept) <= 8 and (step < 30 or 30 in kept)
    assert len(kept) >= 4, "no more is dropped than must be"


@given(
    sizes=st.lists(st.integers(3, 40), min_size=1, max_size=12),
    room=st.integers(1500, 60_000),
    best=st.none() | st.integers(0, 11),
)
@settings(max_examples=40, deadline=None)
def test_the_bound_holds(
    sizes: list[int], room: int, best: int | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run = Run.create(RunConfig(), tmp_path_factory.mktemp("room"), "r")
    for step, num_tokens in enumerate(sizes):
        path = write_probes(run, step, [record(num_tokens=num_tokens), record()], room=room, best=best)
        taken = sum(file.stat().st_size for file in path.parent.iterdir())
        assert taken <= room and captured_steps(run)[-1] == step


def test_texts_that_do_not_fit_are_left_out(run: Run) -> None:
    small, large = record(), record("large", 60)
    room = size_of(small, run) + 10
    write_probes(run, 1, [small, large], room=room, best=None)
    assert read_probe(run, 1, 0).text == small.text
    with pytest.raises(InputError, match=r"does not hold this probe text.*more room"):
        read_probe(run, 1, 1)


def test_undone_steps_are_dropped(run: Run) -> None:
    for step in (0, 10, 20, 30):
        write_probes(run, step, [record()], room=MEGABYTE, best=None)
    (run.path / "probes" / "notes.txt").write_text("mine")
    drop_captures_after(run, 10)
    assert captured_steps(run) == (0, 10)
    drop_captures_after(run, -1)
    assert captured_steps(run) == () and (run.path / "probes" / "notes.txt").exists()


def test_a_run_without_captures(run: Run) -> None:
    assert captured_steps(run) == ()
    drop_captures_after(run, 0)


def test_captures_of_the_first_format_are_read(run: Run) -> None:
    weights = np.random.default_rng(0).dirichlet(np.ones(5), (1, 1, 1)).astype(np.float16)
    (run.path / "probes").mkdir()
    np.savez_compressed(run.path / "probes" / "step-7.npz", **{"0:additive attention": weights})
    with pytest.raises(InputError, match="damaged"):
        read_probe(run, 7, 0)
    probe = {
        "text": "not a film",
        "tokens": ["not", "a", "film"],
        "weights": [0.1] * 3,
        "label": "bad",
        "probability": 0.8,
    }
    with JournalWriter(run.journal) as journal:
        journal.append(events.AttentionCaptured(step=7, path="probes/step-7.npz", probes=[probe]))
    found = read_probe(run, 7, 0)
    assert found.tokens == ("[CLS]", "not", "a", "film", "[SEP]") and found.special[0] and found.special[-1]
    assert found.spans == ((0, 0), (0, 3), (4, 5), (6, 10), (0, 0))
    assert found.prediction.label == "bad" and found.maps[0].queries == (WHOLE_TEXT,)
    np.testing.assert_allclose(found.maps[0].weights, weights, atol=1e-3)
