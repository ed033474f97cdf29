"""The walls of the house hold, and what must load without torch does."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from engine.config.tasks.registry import TASK_TYPES
from engine.targets.registry import TARGETS

ROOT = Path(__file__).resolve().parents[1]
LIGHT = (
    "engine.config.run",
    "engine.errors",
    "engine.messages",
    "engine.records",
    "engine.events",
    "engine.commands",
    "engine.metrics.confidence_intervals",
    "engine.metrics.registry",
    "engine.metrics.variety",
    "engine.runs.history",
    "engine.runs.run",
    "studio.app",
    "studio.main_window",
    "studio.workers.run_book",
)


def test_import_contracts() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


_IMPORTS = """
import importlib, sys
for module in sys.argv[1:]:
    importlib.import_module(module)
    heavy = {"torch", "transformers", "datasets", "sklearn", "statsmodels"} & set(sys.modules)
    if heavy:
        sys.exit(f"{module} loads {sorted(heavy)}")
"""


def test_loads_without_torch() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _IMPORTS, *LIGHT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


LIBRARIES = {"_replace", "_fields", "_asdict", "_exit", "_attn_implementation", "_forward_hooks"}
"""What the standard library, torch and transformers themselves let others read."""
PRIVATE_READS = {
    "tests/benchmarks/evaluation_page.py": 1,
    "tests/benchmarks/evaluation_rows.py": 3,
    "tests/end_to_end/test_text_gan.py": 1,
    "tests/engine/command_line/test_ending.py": 3,
    "tests/engine/command_line/test_studying.py": 1,
    "tests/engine/export/test_predict_script.py": 5,
    "tests/engine/inspection/attention/test_head_importance.py": 2,
    "tests/engine/models/test_normalized.py": 3,
    "tests/engine/models/test_word_guessing.py": 8,
    "tests/engine/tasks/test_semi_supervised.py": 2,
    "tests/studio/pages/evaluation/test_rows_real.py": 1,
    "tests/studio/plots/charts/test_evaluation_plots.py": 2,
    "tests/studio/plots/charts/test_explorer.py": 10,
    "tests/studio/plots/charts/test_learning_curve.py": 4,
    "tests/studio/plots/timeline/test_film_strip.py": 2,
    "tests/studio/test_theme.py": 1,
    "tests/studio/widgets/test_token_chips.py": 1,
    "tests/studio/workers/test_turns.py": 1,
}
"""How many private attributes of the product a file reads: only ever fewer. A test looks at what the window shows
(`tests.studio.desk`), at results and at files."""


def _private_reads(file: Path) -> int:
    source = file.read_text(encoding="utf-8")
    if not re.search(r"\.\s*_[a-zA-Z]", source):
        return 0
    reads = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Attribute)]
    own = {"self", "cls", "super()"}
    return sum(
        one.attr.startswith("_")
        and not one.attr.startswith("__")
        and one.attr not in LIBRARIES
        and ast.unparse(one.value) not in own
        for one in reads
    )


def test_tests_look_at_what_is_shown() -> None:
    found = {file.relative_to(ROOT).as_posix(): _private_reads(file) for file in (ROOT / "tests").rglob("*.py")}
    more = {name: count for name, count in found.items() if count > PRIVATE_READS.get(name, 0)}
    assert not more, "look at what the window shows, or at public results, instead"


# No room but those of the tasks asks which task it is, and none but that of the targets which kind of truth a text has.

TASK_ROOMS = ("engine/config/tasks/", "engine/tasks/", "studio/tasks/")
KIND_ROOM = "engine/targets/"
_KINDS = frozenset(TARGETS)
_SPECS = frozenset(one.spec.__name__ for one in TASK_TYPES.values())
_MODULES = tuple(
    f"{room}.{one.spec.__module__.rpartition('.')[2]}"
    for room in ("engine.config.tasks", "engine.tasks", "studio.tasks")
    for one in TASK_TYPES.values()
)

KNOW_A_TASK = {
    "engine/config/run.py": "a config that names no task sorts texts",
    "engine/data/splitting/foreign_labels.py": "a model from elsewhere that tells labels is a classifier",
    "engine/training/baseline_thread.py": "word counting is a classifier, whatever is trained beside it",
    "engine/inspection/prediction/split_answers.py": "a model from elsewhere that tells labels is a classifier",
    "engine/inspection/generation/generators.py": "inventing texts is what a text GAN does; its room here",
    "engine/inspection/generation/critic_rows.py": "inventing texts is what a text GAN does; its room here",
    "engine/inspection/subjects/loaded_models.py": "the part of a text GAN's checkpoint that can be looked into",
}
"""Files that import a task's own module, and why."""

ASK_FOR_A_TASK: dict[str, int] = {
    "engine/inspection/generation/generators.py": 1,
}
"""How often a file asks which task it is. The numbers may only fall."""

ASK_FOR_A_KIND: dict[str, int] = {}
"""How often a file compares a kind of truth with its name. The numbers may only fall: ask the target instead."""


@pytest.fixture(scope="module", autouse=True)
def trees_are_forgotten() -> Iterator[None]:
    """Else every collection of cycles would go through them."""
    yield
    _askers.cache_clear()


def test_no_room_asks_which_task_it_is() -> None:
    found = _counts(lambda node: _compares_with(node, frozenset(TASK_TYPES)) or _asks_for_a_spec(node), TASK_ROOMS)
    assert found == ASK_FOR_A_TASK, "ask the TaskType or the TaskView; lower the number of a file that asks less"


def test_no_room_asks_which_kind_of_truth_it_is() -> None:
    found = _counts(_asks_for_a_kind, (KIND_ROOM,))
    assert found == ASK_FOR_A_KIND, "ask the target; lower the number of a file that asks less"


def test_few_rooms_know_a_tasks_own_module() -> None:
    assert set(_counts(_imports_a_task, TASK_ROOMS)) == set(KNOW_A_TASK)


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("config.task.name == 'text-gan'", True),
        ("'semi-supervised' in (goal, other)", True),
        ("isinstance(task, (TextGan, int))", True),
        ("type(task) is registry.Classification", True),
        ("match task:\n    case SemiSupervised(): pass", True),
        ("match goal:\n    case 'classification' | 'other': pass", True),
        ("icons = {'text-gan': 'ph.magic-wand'}", False),
        ("isinstance(model, TextGanPair) or role == 'text'", False),
        ("TextGan(num_samples=5)", False),
    ],
)
def test_the_wall_sees_who_asks_for_a_task(line: str, asks: bool) -> None:
    nodes = ast.walk(ast.parse(line))
    assert asks == any(_compares_with(one, frozenset(TASK_TYPES)) or _asks_for_a_spec(one) for one in nodes)


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("answers.kind == 'several'", True),
        ("own_kind not in ('one', 'number')", True),
        ("match draft.kind:\n    case 'one': pass", True),
        ("button.kind == 'primary'", False),
        ("count == 'one'", False),
    ],
)
def test_the_wall_sees_who_asks_for_a_kind(line: str, asks: bool) -> None:
    assert asks == any(map(_asks_for_a_kind, ast.walk(ast.parse(line))))


def _counts(is_found: Callable[[ast.AST], bool], without: tuple[str, ...]) -> dict[str, int]:
    """{file: how many of its nodes are found}, of the files outside some rooms that have any."""
    outside = {name: nodes for name, nodes in _askers().items() if not name.startswith(without)}
    counts = {name: sum(map(is_found, nodes)) for name, nodes in outside.items()}
    return {name: count for name, count in counts.items() if count}


@cache
def _askers() -> dict[str, list[ast.AST]]:
    """{file: what of it compares, calls, matches or imports}, of both packages."""
    paths = [path for package in ("engine", "studio") for path in sorted((ROOT / package).rglob("*.py"))]
    asking = (ast.Compare, ast.Call, ast.Match, ast.MatchClass, ast.Import, ast.ImportFrom)
    names = ("kind", "tasks", *TASK_TYPES, *_SPECS)  # whoever asks writes one of them
    sources = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    trees = {name: ast.parse(text) for name, text in sources.items() if any(one in text for one in names)}
    return {name: [one for one in ast.walk(tree) if isinstance(one, asking)] for name, tree in trees.items()}


def _compares_with(node: ast.AST, words: frozenset[str]) -> bool:
    if isinstance(node, ast.Compare):
        return any(_strings(one) & words for one in (node.left, *node.comparators))
    return isinstance(node, ast.Match) and any(_strings_of_pattern(case.pattern) & words for case in node.cases)


def _asks_for_a_kind(node: ast.AST) -> bool:
    if not _compares_with(node, _KINDS):
        return False
    asked = (node.left, *node.comparators) if isinstance(node, ast.Compare) else (node.subject,)  # type: ignore[attr-defined]
    return any(_last_name(one).endswith("kind") for one in asked)


def _asks_for_a_spec(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and _last_name(node.func) in ("isinstance", "issubclass"):
        return any(_last_name(one) in _SPECS for one in ast.walk(node.args[1]))
    if isinstance(node, ast.Compare):
        return any(_last_name(one) in _SPECS for one in node.comparators)
    return isinstance(node, ast.MatchClass) and _last_name(node.cls) in _SPECS


def _imports_a_task(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        names = [node.module or "", *(f"{node.module}.{one.name}" for one in node.names)]
    else:
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
    return any(name == module or name.startswith(f"{module}.") for name in names for module in _MODULES)


def _strings(node: ast.AST) -> frozenset[str]:
    """The string that it is, or the strings of the tuple, list or set that it is."""
    parts = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    return frozenset(one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str))


def _strings_of_pattern(pattern: ast.pattern) -> frozenset[str]:
    values = [one.value for one in ast.walk(pattern) if isinstance(one, ast.MatchValue)]
    return frozenset[str]().union(*map(_strings, values))


def _last_name(node: ast.AST) -> str:
    """`c` of `a.b.c`; "" for what is no name."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


# What is said of arrays.

_ARRAYS = re.compile(r"\b(NDArray|ndarray|Tensor|ArrayLike|Floats|Bools|Ints)\b")
_NAMED_ARRAYS = re.compile(r"(dict|Mapping)\[str, (torch\.)?(Tensor|np\.ndarray)\]")
_SHAPE = re.compile(r"\[[^\]]*\]|\bscalars?\b|\bone entry\b")


def test_functions_over_arrays_say_shapes() -> None:
    """Each itself, or its class or module; a method without words of its own overrides one that has some."""
    silent = []
    for file in sorted((ROOT / "engine").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        module = ast.get_docstring(tree) or ""
        for owner in (tree, *(one for one in tree.body if isinstance(one, ast.ClassDef) and one.name[0] != "_")):
            told = module if owner is tree else module + (ast.get_docstring(owner) or "")
            has_bases = isinstance(owner, ast.ClassDef) and bool(owner.bases)
            for one in (one for one in owner.body if isinstance(one, ast.FunctionDef) and _is_over_arrays(one)):
                own = ast.get_docstring(one) or ""
                if not (_SHAPE.search(told + own) or (has_bases and not own)):
                    silent.append(f"{file.relative_to(ROOT)}: {one.name}")
    assert not silent, "say the shapes of arrays, as [rows, labels]"


def _is_over_arrays(function: ast.FunctionDef) -> bool:
    taken = [one.annotation for one in (*function.args.args, *function.args.kwonlyargs)]
    told = [_NAMED_ARRAYS.sub("", ast.unparse(one)) for one in (*taken, function.returns) if one is not None]
    return not function.name.startswith("_") and any(map(_ARRAYS.search, told))
