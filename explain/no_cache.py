"""The option `--no-cache`, which every command has."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextlib import nullcontext
from typing import Annotated, Any

import typer

from kb.cache import nothing_kept

NoCache = Annotated[bool, typer.Option("--no-cache", help="Do not read or write the cache")]


class Commands(typer.Typer):
    """A Typer app that adds `--no-cache` to each of its commands."""

    def command(  # type: ignore[override]
        self, *given: Any, **named: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        register = super().command(*given, **named)

        def add(function: Callable[..., Any]) -> Callable[..., Any]:
            register(with_no_cache(function))
            return function

        return add


def with_no_cache(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the option `--no-cache` to a command function."""

    @functools.wraps(function)
    def run(no_cache: bool, **given: Any) -> Any:
        with nothing_kept() if no_cache else nullcontext():
            return function(**given)

    before = inspect.signature(function, eval_str=True)
    option = inspect.Parameter("no_cache", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=NoCache)
    after = before.replace(parameters=[*before.parameters.values(), option])
    run.__signature__ = after  # type: ignore[attr-defined]
    run.__annotations__ = {name: parameter.annotation for name, parameter in after.parameters.items()}
    return run
