"""Commands that take texts: a text may begin with a dash, as a line of dialogue or of a list does."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from typer.core import TyperCommand, TyperOption
from typer.exceptions import TyperException

# Dashes, a word, and nothing more but a value: "--beam", "--beam=4", "-x". Not "- Go.", "-5", "-Who?", "-Go home".
_OPTION = re.compile(r"--?[A-Za-z][\w-]*(=.*)?", re.DOTALL)


class TextCommand(TyperCommand):
    """A command that reads as a text what begins with a dash and cannot be an option.

    An option that it does not know is refused, with the remedy for a text that looks like one.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse ``args``, the options first and what is text behind ``--``."""
        options = [param for param in self.params if isinstance(param, TyperOption)]
        with_value = {name for option in options if not option.is_flag for name in option.opts}
        named, texts = list[str](), list[str]()
        remaining = iter(args)
        for argument in remaining:
            if argument == "--":
                texts += remaining
            elif not _OPTION.fullmatch(argument):
                texts.append(argument)
            else:
                value = list(islice(remaining, 1)) if argument in with_value else []
                if argument in with_value and not value:
                    return super().parse_args(ctx, args)  # which says what is missing
                named += [argument, *value]
        try:
            return super().parse_args(ctx, [*named, "--", *texts])
        except TyperException as error:
            _add_remedy(error)
            raise


def _add_remedy(error: Any) -> None:
    """Let the message for an option that is like none say what to do with a text."""
    if hasattr(error, "option_name") and not getattr(error, "possibilities", True):
        error.message += "; put -- before a text that begins with a dash"
