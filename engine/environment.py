"""refuse_broken_torchaudio: a package that nothing here uses, and that keeps transformers from being loaded.

transformers imports torchaudio wherever it is installed; built for another torch it fails on a library's name, far from
where anybody would look.
"""

from __future__ import annotations

import importlib
import importlib.util

from engine.errors import InputError
from engine.messages import message


def refuse_broken_torchaudio() -> None:
    """Raises InputError where it is installed and cannot be loaded beside torch. Where it is not, nothing is loaded."""
    if importlib.util.find_spec("torchaudio") is None:
        return
    try:
        importlib.import_module("torchaudio")
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
        raise InputError(
            message(
                "torchaudio is installed for another torch, and keeps transformers from loading: {reason}",
                reason=reason,
            ),
            "torchaudio",
            message("Attune does not need it. Remove it: python -m pip uninstall torchaudio"),
        ) from error
