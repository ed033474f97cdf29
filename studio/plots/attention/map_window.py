"""Window: the part of a long map that is looked at."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_TOKENS = 8
"""No closer than so many tokens."""


@dataclass(frozen=True)
class Window:
    """`top` and `left` from 0 to 1 - `share`: where it begins, as shares of the whole; `share` of each side is seen."""

    top: float = 0.0
    left: float = 0.0
    share: float = 1.0

    @property
    def is_whole(self) -> bool:
        return self.share >= 1.0

    def zoomed(self, factor: float, down: float, across: float, num_tokens: int) -> Window:
        """Closer by `factor`, with the point at these shares of the window staying where it is."""
        least = min(1.0, LEAST_TOKENS / max(1, num_tokens))
        share = min(1.0, max(least, self.share / factor))
        return _inside(self.top + down * (self.share - share), self.left + across * (self.share - share), share)

    def moved(self, down: float, across: float) -> Window:
        """Further by shares of the window itself."""
        return _inside(self.top + down * self.share, self.left + across * self.share, self.share)

    def showing(self, top: float, bottom: float, left: float, right: float) -> Window:
        """Moved no further than needed to have a rectangle (shares of the whole) inside."""
        new_top = min(max(self.top, bottom - self.share), top)
        new_left = min(max(self.left, right - self.share), left)
        return _inside(new_top, new_left, self.share)

    def seen(self, start: float, num_tokens: int) -> tuple[int, int]:
        """(first, one after the last) token from `start` (top or left) on, those cut at the edges included."""
        first, last = start * num_tokens, (start + self.share) * num_tokens
        return max(0, int(first + 1e-6)), min(num_tokens, int(last - 1e-6) + 1)


WHOLE = Window()


def _inside(top: float, left: float, share: float) -> Window:
    room = 1.0 - share
    return Window(min(max(top, 0.0), room), min(max(left, 0.0), room), share)
