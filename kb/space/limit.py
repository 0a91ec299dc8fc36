"""How long a search may go on: processor time of this process, so that a busy machine changes no result."""

from __future__ import annotations

import math
import time


class Limit:
    """A bound that searches look at from time to time; without `start` they go on as long as it takes."""

    def __init__(self) -> None:
        self.until = math.inf

    def start(self, seconds: float) -> None:
        """Begins to count: the searches that share this limit are given up after so many seconds."""
        self.until = time.process_time() + seconds

    @property
    def over(self) -> bool:
        return time.process_time() > self.until
