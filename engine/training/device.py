"""Placement: where a run computes, in which number format, and what that device can tell of itself."""

from __future__ import annotations

import contextlib
import platform
from dataclasses import dataclass

import psutil
import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState

from engine.config.training import TrainingConfig
from engine.errors import InputError
from engine.messages import message


@dataclass(frozen=True)
class Placement:
    """`dtype` is None for plain fp32; `scaler` is on for fp16 on CUDA alone (small gradients would vanish)."""

    device: torch.device
    dtype: torch.dtype | None
    name: str

    @property
    def precision(self) -> str:
        return {torch.bfloat16: "bf16", torch.float16: "fp16", None: "fp32"}[self.dtype]

    def autocast(self) -> contextlib.AbstractContextManager[object]:
        if self.dtype is None:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, dtype=self.dtype)

    def make_scaler(self) -> torch.amp.GradScaler:
        return torch.amp.GradScaler(
            self.device.type, enabled=self.dtype is torch.float16 and self.device.type == "cuda"
        )

    def memory(self) -> tuple[int, int]:
        """(bytes in use by this process, bytes of the device in all)."""
        if self.device.type == "cuda":
            return torch.cuda.memory_allocated(self.device), torch.cuda.get_device_properties(self.device).total_memory
        if self.device.type == "mps":
            return torch.mps.current_allocated_memory(), torch.mps.recommended_max_memory()
        return psutil.Process().memory_info().rss, psutil.virtual_memory().total


def place(training: TrainingConfig) -> Placement:
    """Choose device and number format. Raises InputError when the chosen device is not there."""
    device = _accelerated() if training.device == "auto" else torch.device(training.device)
    _check(device)
    return Placement(device, _dtype(training.precision, device), device_name(device))


def device_name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "mps":
        return "Apple GPU"
    return platform.processor() or "CPU"


def _accelerated() -> torch.device:
    """accelerate's choice for this process. Its state is process-wide, so no other setting is put into it."""
    state = Accelerator().device if not AcceleratorState._shared_state else AcceleratorState().device
    return torch.device(state)


def _check(device: torch.device) -> None:
    missing = (device.type == "cuda" and not torch.cuda.is_available()) or (
        device.type == "mps" and not torch.backends.mps.is_available()
    )
    if missing:
        raise InputError(
            message("The device “{device}” is not available on this machine.", device=device.type),
            "training.device",
            message("Choose “auto”."),
        )


def _dtype(precision: str, device: torch.device) -> torch.dtype | None:
    if precision == "fp16" and device.type == "cpu":
        raise InputError(
            message("fp16 does not train on a CPU."), "training.precision", message("Choose bf16, fp32 or auto.")
        )
    if precision == "auto":
        if device.type != "cuda":
            return None
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    return {"fp32": None, "bf16": torch.bfloat16, "fp16": torch.float16}[precision]
