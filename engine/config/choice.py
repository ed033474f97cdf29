"""Choice: the habits that every family of settings shares."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Choice(BaseModel):
    """A frozen set of settings. Unknown keys are refused. The class docstring's first line is its help."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)


def setting(default: Any = ..., *, title: str, help: str, words: dict[str, str] | None = None, **limits: Any) -> Any:
    """A pydantic Field with its title and description; `words` are the titles of a Literal's values.

    `limits` are pydantic's own (ge, gt, le, lt, min_length, ...). Titles, help and words are English templates and are
    translated by the window like any `Message`.
    """
    extra = {"words": dict(words)} if words else None
    return Field(default, title=title, description=help, json_schema_extra=extra, **limits)  # type: ignore[arg-type]
