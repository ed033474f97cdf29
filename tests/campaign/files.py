"""Mangled files: of a run, and of data. Nothing may change in silence: an answer is the right one, or there is none."""

from __future__ import annotations

import random
from pathlib import Path

from tests.campaign.mangling import BINARY, TEXT, mangled
from tests.campaign.world import SMALL, Broken, World, ask, no_litter, weights_of

_BINARY = {".safetensors", ".npz", ".npy", ".bin"}


def mangled_run(world: World, chance: random.Random) -> str:
    """One file of a run is mangled; then the run is asked, evaluated, looked into and gone on with."""
    is_halfway = chance.random() < 0.5
    folder = world.empty()
    run = world.copied(world.halfway if is_halfway else world.finished, folder)
    files = sorted(path for path in run.path.rglob("*") if path.is_file() and path.name != "lock")
    file = chance.choice(files)
    before = file.read_bytes()
    after, how = mangled(before, chance, BINARY if file.suffix in _BINARY else TEXT)
    about = f"{'half-way' if is_halfway else 'finished'} run, {file.relative_to(run.path)}: {how}"
    file.write_bytes(after)
    try:
        _asked(world, run.path, about, is_halfway=is_halfway)
        no_litter(run.path)
    except Broken as error:
        raise Broken(f"{about}\n{error}") from error
    world.forget(folder)
    return about


def _asked(world: World, path: Path, about: str, *, is_halfway: bool) -> None:
    if is_halfway:
        said = ask("resume", str(path), "--json")
        if said.code == 0 and said.tree.get("state") == "finished":
            from engine.runs.run import Run

            if weights_of(Run.open(path)) != world.weights:
                raise Broken(f"resume trained something else without a word:\n{said.err}\n{said.out[-3000:]}")
        return
    predicted = ask("predict", str(path), "--text", "liked film 3", "--json")
    if predicted.code == 0 and _differs(predicted.tree, world.answers["predict"]):
        raise Broken(f"another answer without a word: {predicted.tree}\n{predicted.err}")
    evaluated = ask("evaluate", str(path), "--json")
    if evaluated.code == 0 and evaluated.tree["metrics"] != world.answers["evaluate"]:
        raise Broken(f"other figures without a word: {evaluated.tree['metrics']}\n{evaluated.err}")
    for words in (["attend", str(path), "--text", "liked film", "--json"], ["suspects", str(path), "--json"]):
        ask(*words)
    ask("compare", str(path), str(world.finished.path), "--json")


def _differs(one: dict[str, object], other: dict[str, object]) -> bool:
    return one["label"] != other["label"] or one["probabilities"] != other["probabilities"]


def mangled_data(world: World, chance: random.Random) -> str:
    """A data file is mangled; then it is looked over, learned from and answered."""
    folder = world.empty()
    content, name = _file(chance)
    after, how = mangled(content, chance)
    path = folder / name
    path.write_bytes(after)
    about = f"{name}: {how}"
    try:
        ask("doctor", str(path), "--json")
        small = [*SMALL[:3], "training.max_steps=1", "training.evaluate_every=1", *SMALL[6:]]
        words = ("train", "quick-look", "--runs", str(folder / "runs"), "--name", "one", "--json")
        said = ask(*words, "--set", f"data.train={path}", *small)
        if said.code == 2 and (folder / "runs" / "one").exists():
            raise Broken("a run that wrong input kept from beginning is left behind")
        out = folder / "out.csv"
        ask("predict", str(world.finished.path), "--data", str(path), "--out", str(out), "--json")
        ask("evaluate", str(world.finished.path), "--data", str(path), "--json")
        no_litter(folder)
    except Broken as error:
        raise Broken(f"{about}\nfirst bytes: {after[:300]!r}\n{error}") from error
    world.forget(folder)
    return about


def _file(chance: random.Random) -> tuple[bytes, str]:
    """A small table in one of the formats."""
    import json

    rows = [
        (f"{'liked' if row % 2 else 'hated'} “film” {row}, naïve 片", "good" if row % 2 else "bad") for row in range(40)
    ]
    trees = [{"text": text, "label": label} for text, label in rows]
    match chance.choice(("csv", "tsv", "json", "jsonl", "txt", "semicolon", "parquet")):
        case "csv":
            return ("text,label\n" + "".join(f'"{text}",{label}\n' for text, label in rows)).encode(), "data.csv"
        case "semicolon":
            return ("text;label\n" + "".join(f"{text};{label}\n" for text, label in rows)).encode(), "data.csv"
        case "tsv":
            return ("text\tlabel\n" + "".join(f"{text}\t{label}\n" for text, label in rows)).encode(), "data.tsv"
        case "json":
            return json.dumps(trees, ensure_ascii=False, indent=chance.choice((None, 1))).encode(), "data.json"
        case "jsonl":
            return "".join(json.dumps(tree, ensure_ascii=False) + "\n" for tree in trees).encode(), "data.jsonl"
        case "txt":
            return "".join(f"__label__{label} {text}\n" for text, label in rows).encode(), "data.txt"
        case _:
            return _parquet(rows), "data.parquet"


def _parquet(rows: list[tuple[str, str]]) -> bytes:
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    made = io.BytesIO()
    pq.write_table(pa.table({"text": [text for text, _ in rows], "label": [label for _, label in rows]}), made)
    return made.getvalue()
