"""How often a stand-in may be asked, for systems that tell in their answers how much of it was used."""

from hub.sandbox.limits import Allowance, Window


class Usage(Window):
    """A window that knows how many requests it let pass last time, whoever asked."""

    used = 0

    def take(self, now: float, key: str = "") -> Allowance:
        """Count a request, as every window does."""
        taken = super().take(now, key)
        self.used = taken.limit - taken.remaining
        return taken

    @property
    def left(self) -> int:
        """How many more it lets pass."""
        return self.limit - self.used
