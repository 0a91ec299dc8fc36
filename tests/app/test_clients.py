"""The clients of the benchmark see the server's pages, and would see a child that is another client's."""

from __future__ import annotations

from typing import Any

from benchmarks.app_clients import Client, Seen, together


def test_a_child_of_another_client_would_be_seen() -> None:
    nothing: Any = None
    seen = Seen()
    client = Client(nothing, 7, seen)
    client._look(b"Case bench-007, Case bench-012")
    assert (client.named, seen.crossed) == (1, ["012"])


def test_clients_at_once_see_their_own_child_only() -> None:
    seen, _ = together(3, 0.05, 0.1)
    assert [one.failed for one in seen] == ["", "", ""]
    assert all(one.answers and len(one.answers) == len(one.pages) for one in seen)
    assert [one.crossed for one in seen] == [[], [], []]
