"""What is missing on a system is said in one line that names the package, before Qt is loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.environment import refuse_broken_torchaudio
from engine.errors import InputError
from studio import system_check
from studio.system_check import display_problem, in_words, lacking

ROOT = Path(__file__).resolve().parents[2]
TABLE = {"libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"), "libnone.so.1": ("libnone1", "none")}


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(system_check, "_RELEASE", tmp_path / "os-release")
    return tmp_path / "os-release"


@pytest.mark.parametrize(
    ("told", "command"),
    [
        ("ID=debian\n", "sudo apt install libxcb-cursor0 libnone1"),
        ("ID=linuxmint\nID_LIKE=ubuntu\n", "sudo apt install libxcb-cursor0 libnone1"),
        ("ID=fedora\n", "sudo dnf install xcb-util-cursor none"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', "sudo dnf install xcb-util-cursor none"),
    ],
)
def test_the_package_of_this_system(told: str, command: str, release: Path) -> None:
    release.write_text(told)
    assert lacking(list(TABLE), TABLE).english().endswith(f"Run: {command}")


def test_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_check, "_missing", lambda _table: [])
    for environment in (
        {},
        {"WAYLAND_DISPLAY": "gone-9"},
        {"QT_QPA_PLATFORM": "xcb"},
        {"QT_QPA_PLATFORM": "wayland;xcb"},
    ):
        problem = display_problem(environment)
        assert problem is not None and "There is no display" in problem.english()
    for name in ("offscreen", "minimal", "vnc:size=640x480"):
        assert display_problem({"QT_QPA_PLATFORM": name}) is None


def test_a_display_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_check, "_missing", lambda _table: [])
    monkeypatch.setattr(system_check, "_answers", lambda _display: False)
    problem = display_problem({"DISPLAY": ":77"})
    assert problem is not None and "“:77” does not answer" in problem.english()
    monkeypatch.setattr(system_check, "_answers", lambda _display: True)
    assert display_problem({"DISPLAY": ":77"}) is None


def test_missing_libraries(monkeypatch: pytest.MonkeyPatch, release: Path) -> None:
    monkeypatch.setattr(system_check, "_loads", lambda name: name != "libxcb-icccm.so.4")
    problem = display_problem({"DISPLAY": ":0"})
    assert problem is not None and problem.english().endswith("Run: sudo apt install libxcb-icccm4")
    monkeypatch.setattr(system_check, "_asked_for", lambda: b"\0libQt6Core.so.6\0")
    monkeypatch.setattr(system_check, "_answers", lambda _display: True)
    assert display_problem({"DISPLAY": ":0"}) is None, "a library that this Qt does not ask for is not missed"
    with pytest.raises(SystemExit, match="apt install libegl1"):
        monkeypatch.setattr(system_check, "_missing", lambda _table: ["libEGL.so.1"])
        system_check.refuse_without_libraries()


def test_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "系统库" in in_words(lacking(["libnone.so.1"], TABLE))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert "system libraries" in in_words(lacking(["libnone.so.1"], TABLE))


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone asks for a display by its environment")
def test_the_window_says_it_in_one_line() -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        [sys.executable, "-m", "studio"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1 and not done.stdout
    assert len(done.stderr.strip().splitlines()) == 1 and "There is no display" in done.stderr


@pytest.mark.parametrize("problem", ["OSError('libc10_cuda.so: cannot open')", "ImportError('x')", "RuntimeError('x')"])
def test_a_torchaudio_of_another_torch(problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "torchaudio.py").write_text(f"raise {problem}\n")
    monkeypatch.delitem(sys.modules, "torchaudio", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(InputError, match="torchaudio is installed for another torch") as caught:
        refuse_broken_torchaudio()
    assert "pip uninstall torchaudio" in caught.value.mend.english()
    (tmp_path / "torchaudio.py").write_text("")
    monkeypatch.delitem(sys.modules, "torchaudio", raising=False)
    refuse_broken_torchaudio()
    monkeypatch.delitem(sys.modules, "torchaudio", raising=False)
