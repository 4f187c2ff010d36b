"""Start-up checks: every guard and rule that the workflow names must resolve."""

from typing import Any

from django.core.checks import Error, register
from django.utils.module_loading import import_string

from accounts.access import rule_named
from dossiers.workflow import TABLE


@register()
def workflow_resolves(app_configs: Any, **kwargs: Any) -> list[Error]:
    problems = []
    for step in TABLE:
        try:
            rule_named(step.rule)
        except LookupError as error:
            problems.append(Error(f"Step {step.name}: {error}", id="dossiers.E001"))
        for path in step.guards:
            try:
                import_string(path)
            except ImportError as error:
                problems.append(Error(f"Step {step.name}: guard {path} does not resolve: {error}", id="dossiers.E002"))
    return problems
