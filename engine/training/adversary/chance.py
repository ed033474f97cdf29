"""Chance: the passes of one batch share their dropout, so that what differs between them is the adversary's doing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


class Chance:
    """The state of torch's generators when this was made. Each pass `again()` draws what was drawn from there on."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._first = _states(device)

    @contextmanager
    def again(self) -> Iterator[None]:
        """Afterwards the generators go on as if nothing had been drawn inside."""
        after = _states(self._device)
        _set(self._device, self._first)
        try:
            yield
        finally:
            _set(self._device, after)


def _states(device: torch.device) -> list[torch.Tensor]:
    """The processor's, and the device's own."""
    states = [torch.get_rng_state()]
    if device.type != "cpu":
        states.append(torch.get_device_module(device).get_rng_state())
    return states


def _set(device: torch.device, states: list[torch.Tensor]) -> None:
    torch.set_rng_state(states[0])
    if device.type != "cpu":
        torch.get_device_module(device).set_rng_state(states[1])
