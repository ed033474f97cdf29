"""How the program ends when it is told to: Ctrl+C, a closed terminal, or the system's wish (SIGINT, SIGHUP, SIGTERM).

The first one ends a verb in one line and leaves nothing half-written; a training stops after its step and keeps
everything. The second one ends at once. Loads nothing that takes time, so that it guards the loading of all else.
"""

from __future__ import annotations

import _thread
import atexit
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, NoReturn

STOPPED = 130
"""The exit code of what was stopped."""

_A_MOMENT = 0.02
_is_settled = False
_Handler = Callable[[int, FrameType | None], Any] | int | None


class Ending:
    """Whether the program was told to end. What swallows the interruption (a callback of a library) cannot hide it."""

    def __init__(self) -> None:
        self.is_told = False

    def take(self, number: int, frame: FrameType | None) -> None:
        """The first signal interrupts what is done, the second one ends the process as it is."""
        if self.is_told:
            tell_stopped()
            os._exit(STOPPED)
        self.is_told = True
        raise KeyboardInterrupt

    def again(self) -> None:
        """An interruption that was swallowed comes once more, when what swallowed it is over."""
        self.is_told = False
        threading.Timer(_A_MOMENT, _interrupt_main).start()


@contextlib.contextmanager
def interruptible(*, lasting: bool = False) -> Iterator[Ending]:
    """Each of the signals raises KeyboardInterrupt within. What was handled before is handled again afterwards, unless
    it is `lasting`: then whoever asked says what follows (`settle`)."""
    ending = Ending()
    hook = sys.unraisablehook

    def swallowed(lost: Any) -> None:
        if issubclass(lost.exc_type, KeyboardInterrupt):
            ending.again()
        else:
            hook(lost)

    with _handled(ending.take, lasting=lasting):
        sys.unraisablehook = swallowed
        try:
            yield ending
        finally:
            sys.unraisablehook = hook


@contextlib.contextmanager
def stopping(wish: Callable[[], None]) -> Iterator[None]:
    """Within, the first signal says so at once and calls `wish`; the second one interrupts, the third one ends."""
    ending = Ending()
    is_wished = False

    def take(number: int, frame: FrameType | None) -> None:
        nonlocal is_wished
        if is_wished:
            ending.take(number, frame)
        is_wished = True
        wish()
        _say("Stopping after this step; everything is kept. Once more ends at once.")

    with _handled(take):
        yield


def _interrupt_main() -> None:
    """As Ctrl+C does, which wakes what waits; on Windows after what waits."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()


def tell_stopped() -> None:
    """The one line of what was stopped."""
    _say("Stopped.")


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """For what is imported before the program begins: a signal meanwhile ends it in one line, whatever error the
    import makes of it. What is asked for first at the end comes last: after all that libraries do then."""
    atexit.register(_turn_deaf)
    with interruptible() as ending:
        try:
            yield
        except BaseException:
            if ending.is_told:
                leave()
            raise


def leave() -> NoReturn:
    """The end of what was stopped. Not by SystemExit: Python ends by the signal itself where an interruption came while
    it executed a string, as importing a data class does; and threads that still compute are not waited for."""
    settle(STOPPED)
    tell_stopped()
    with contextlib.suppress(Exception):  # a console that is gone
        sys.stdout.flush()
    os._exit(STOPPED)


def settle(code: int) -> None:
    """The program is through but for its threads: a signal ends it at once now, with this exit code; one that comes
    while Python takes itself apart changes nothing any more (`loading`)."""
    global _is_settled  # noqa: PLW0603 - of the one process that ends
    if threading.current_thread() is threading.main_thread():
        _is_settled = True
        for number in _signals():
            signal.signal(number, lambda *_: os._exit(code))


def _turn_deaf() -> None:
    """Python puts the system's own handlers back before it takes its modules apart, which may take a second: a signal
    would then make another exit code of what was done."""
    if _is_settled:
        for number in _signals():
            signal.signal(number, signal.SIG_IGN)


def _say(line: str) -> None:
    """From within a signal's handler too, where another line may be half-written."""
    try:
        sys.stderr.write(f"\n{line}\n" if _is_in_a_line() else f"{line}\n")
        sys.stderr.flush()
    except (RuntimeError, OSError, ValueError, AttributeError):
        with contextlib.suppress(OSError):
            os.write(2, f"{line}\n".encode())


def _is_in_a_line() -> bool:
    """A terminal shows “^C” where the cursor was."""
    return sys.stderr is not None and sys.stderr.isatty()


@contextlib.contextmanager
def _handled(handler: Callable[[int, FrameType | None], None], *, lasting: bool = False) -> Iterator[None]:
    """Only the main thread is told of signals; one that the person had ignored (nohup) stays ignored."""
    before: dict[int, _Handler] = {}
    if threading.current_thread() is threading.main_thread():
        for number in _signals():
            before[number] = signal.getsignal(number)
            signal.signal(number, handler)
    try:
        yield
    finally:
        for number, old in () if lasting else before.items():
            signal.signal(number, signal.SIG_DFL if old is None else old)


def _signals() -> Iterator[int]:
    yield signal.SIGINT
    yield signal.SIGTERM
    hang_up = getattr(signal, "SIGHUP", None)
    if hang_up is not None and signal.getsignal(hang_up) is not signal.SIG_IGN:
        yield hang_up
    closed = getattr(signal, "SIGBREAK", None)  # of Windows: Ctrl+Break, and a closed console
    if closed is not None:
        yield closed
