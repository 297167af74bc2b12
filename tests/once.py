"""What every application of a test would compute again, and always to the same end; computed once in each process of the tests.

Each test still makes an application of its own, with every rule, view and limit in it. What is kept is text about them: the code
that writes a rule's address, and the description of the API. Both follow from the program alone, which does not change in a run.
"""

from collections.abc import Callable
from typing import Any

import pytest
from flask_smorest import Blueprint
from werkzeug.routing import Rule


def addresses(patch: pytest.MonkeyPatch) -> None:
    """The code that writes an address from a rule depends on the rule as it was parsed; werkzeug compiles it twice for each."""
    compiled: dict[Any, Callable[..., tuple[str, str]]] = {}
    compile_anew = Rule._compile_builder

    def kept(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 - werkzeug's own
        if rule.defaults:
            return compile_anew(rule, append_unknown)
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in compiled:
            compiled[key] = compile_anew(rule, append_unknown)
        return compiled[key]

    patch.setattr(Rule, "_compile_builder", kept)


def descriptions(patch: pytest.MonkeyPatch) -> None:
    """The description of a blueprint's paths depends on its views; the first application describes them for all."""
    said: dict[tuple[int, str], Any] = {}
    describe_anew = Blueprint.register_views_in_doc

    def kept(blueprint: Any, api: Any, app: Any, spec: Any, *, name: str, parameters: Any) -> None:
        key = (id(blueprint), name)
        if key not in said:
            describe_anew(blueprint, api, app, spec, name=name, parameters=parameters)
            said[key] = blueprint, spec.components, spec._paths
        _, spec.components, spec._paths = said[key]

    patch.setattr(Blueprint, "register_views_in_doc", kept)
