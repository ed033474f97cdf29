"""system_check: what Qt needs of a Linux system, said in one line before Qt is loaded.

Where a library is missing, importing Qt fails with a name that is no package's, or Qt ends the whole program and names
the wrong one. Nothing of Qt is imported here.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.messages import Message, fill, message

Packages = tuple[str, str]
"""Of Debian (and Ubuntu, Mint), and of Fedora (and RHEL)."""

_ALWAYS: dict[str, Packages] = {
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libX11.so.6": ("libx11-6", "libX11"),
}
_XCB: dict[str, Packages] = {
    "libxcb.so.1": ("libxcb1", "libxcb"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
}
_WAYLAND: dict[str, Packages] = {
    "libwayland-client.so.0": ("libwayland-client0", "libwayland-client"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "libwayland-cursor"),
}
_FILES = ("lib/libQt6Core.so.6", "lib/libQt6Gui.so.6", "lib/libQt6DBus.so.6", "lib/libQt6XcbQpa.so.6")
_PLUGINS = ("plugins/platforms/libqxcb.so", "plugins/platforms/libqwayland.so")
_RELEASE = Path("/etc/os-release")


def refuse_without_libraries() -> None:
    """Ends the program with one line where importing Qt would fail. Says nothing on other systems than Linux."""
    if sys.platform.startswith("linux") and (gone := _missing(_ALWAYS)):
        sys.exit(in_words(lacking(gone, _ALWAYS)))


def refuse_without_display(environment: Mapping[str, str] = os.environ) -> None:
    """Ends the program with one line where Qt would abort: no display, one that does not answer, or libraries missing
    that speak to it."""
    if sys.platform.startswith("linux") and (problem := display_problem(environment)) is not None:
        sys.exit(in_words(problem))


def display_problem(environment: Mapping[str, str]) -> Message | None:
    """None where a window can open, as far as can be told."""
    chosen = environment.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if chosen not in ("", "xcb") and not chosen.startswith("wayland"):
        return None  # a person, or a test, wants no window
    wayland = _socket(environment) if chosen != "xcb" else None
    has_x = bool(environment.get("DISPLAY")) and not chosen.startswith("wayland")
    if wayland is None and not has_x:
        return message(
            "There is no display to open a window on (DISPLAY and WAYLAND_DISPLAY name none). Over ssh, connect with "
            "“ssh -X”; or use the command line, which needs no window: attune --help"
        )
    if wayland is not None and not _missing(_WAYLAND):
        return None
    if not has_x:
        return lacking(_missing(_WAYLAND), _WAYLAND)
    if gone := _missing(_XCB):
        return lacking(gone, _XCB)
    if not _answers(environment["DISPLAY"]):
        return message(
            "The display “{name}” does not answer. Check DISPLAY, or whether this user may open windows on it.",
            name=environment["DISPLAY"],
        )
    return None


def lacking(libraries: Sequence[str], table: Mapping[str, Packages]) -> Message:
    """Which packages bring the libraries, as this system's installer is called."""
    is_fedora = _is_fedora()
    packages = list(dict.fromkeys(table[name][is_fedora] for name in libraries))
    installer = "sudo dnf install" if is_fedora else "sudo apt install"
    return message(
        "Qt, which paints the window, needs system libraries that are missing ({names}). Run: {command}",
        names=list(libraries),
        command=f"{installer} {' '.join(packages)}",
    )


def in_words(problem: Message) -> str:
    """In the person's language, without Qt."""
    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    if not named.startswith("zh"):
        return problem.english()
    try:
        from studio.translation import translations  # of Qt it needs its core alone
    except ImportError:
        return problem.english()

    return fill(translations("zh").get(problem.id, problem.id), problem.values, between="、")


def _missing(table: Mapping[str, Packages]) -> list[str]:
    """Those that cannot be loaded and that this Qt asks for."""
    gone = [name for name in table if not _loads(name)]
    needed = _asked_for() if gone else b""
    return [name for name in gone if not needed or b"\0" + name.encode() + b"\0" in needed]


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _asked_for() -> bytes:
    """The names within Qt's own files; nothing where they lie elsewhere."""
    found = importlib.util.find_spec("PySide6")
    folders = list(found.submodule_search_locations or ()) if found else []
    files = [Path(folder) / "Qt" / name for folder in folders for name in (*_FILES, *_PLUGINS)]
    return b"".join(file.read_bytes() for file in files if file.is_file())


def _is_fedora() -> bool:
    try:
        told = _RELEASE.read_text(encoding="utf-8").lower()
    except (OSError, UnicodeDecodeError):
        return False
    names = [line.partition("=")[2] for line in told.splitlines() if line.startswith(("id=", "id_like="))]
    return any(word in name for name in names for word in ("fedora", "rhel", "centos"))


def _socket(environment: Mapping[str, str]) -> Path | None:
    """Where a Wayland display listens."""
    name = environment.get("WAYLAND_DISPLAY", "")
    path = Path(environment.get("XDG_RUNTIME_DIR", "/")) / name
    return path if name and path.is_socket() else None


def _answers(display: str) -> bool:
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    has_error = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not has_error
