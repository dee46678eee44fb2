"""Stop a learner's endless loop, on every system and without a second process."""

import ctypes
import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class TimeUp(SystemExit):
    """The time is over. ``except Exception`` cannot hide a SystemExit, and a thread that ends with one is silent."""


def run_within(seconds: float, function: Callable[[], T]) -> T:
    """What ``function`` returns or raises; TimeUp if it takes more than ``seconds``.

    The function runs in a thread of its own while this one waits, so that the interruption cannot strike anywhere else.
    (An alarm signal would need no thread, but Windows has none.)  A single call into compiled code is not interrupted
    before it returns; the thread is then left behind.
    """
    outcome: dict = {}

    def work() -> None:
        try:
            outcome["value"] = function()
        except BaseException as error:
            outcome["error"] = error

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    try:
        deadline = time.monotonic() + seconds
        while worker.is_alive() and time.monotonic() < deadline:
            worker.join(0.1)  # in short waits: where Ctrl-C is not a signal, it does not end a long one
        late = worker.is_alive()
    finally:  # also after Ctrl-C: the loop must not go on in the background
        _stop(worker)
    if late:
        raise TimeUp
    if "error" in outcome:
        raise outcome["error"]
    return outcome["value"]


def _stop(worker: threading.Thread) -> None:
    """Raise TimeUp in the thread until it ends; give up on one that swallows it ten times."""
    for _ in range(10):
        if not worker.is_alive():
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(worker.ident), ctypes.py_object(TimeUp))
        worker.join(0.2)
