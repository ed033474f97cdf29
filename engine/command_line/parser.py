"""What every verb of the command line has: one line for a wrong call, and --json."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from engine.errors import InputError
from engine.messages import message


class Parser(argparse.ArgumentParser):
    """One line for a wrong call, instead of argparse's page."""

    def error(self, message_text: str) -> NoReturn:
        raise InputError(
            message("The command is not complete: {reason}.", reason=message_text),
            self.prog,
            message("See “{program} --help”.", program=self.prog),
        )


def add_verb(verbs: Any, name: str, action: Any, about: str) -> argparse.ArgumentParser:
    """A verb that `action` answers: it is given what was asked, and returns the exit code or None."""
    parser: argparse.ArgumentParser = verbs.add_parser(name, help=about, description=about)
    parser.set_defaults(verb=action)
    parser.add_argument("--json", action="store_true", help="print JSON, one object a line")
    parser.add_argument("--debug", action="store_true", help="with an error show where in the program it arose")
    return parser
