"""The OpenAPI description, made from the serializers that answer, and the same as the documentation shows it."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils import translation
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from drf_spectacular.generators import SchemaGenerator


@lru_cache(maxsize=4)
def schema(language: str = "en") -> dict[str, Any]:
    """The whole description, the same for everyone."""
    with translation.override(language):
        found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


@dataclass(frozen=True)
class Parameter:
    name: str
    place: str
    kind: str
    choices: tuple[str, ...]
    words: SafeString


@dataclass(frozen=True)
class Endpoint:
    """One operation as the documentation shows it."""

    key: str
    path: str
    summary: str
    words: SafeString
    parameters: tuple[Parameter, ...]
    answers: tuple[tuple[str, str], ...]
    example: str


ORDER = ["/api/v1/", "recognitions", "products", "enterprises", "certificates", "seasons", "sectors", "wards"]


def endpoints(language: str) -> list[Endpoint]:
    """Every operation, in the order in which a newcomer needs them; lists before single rows."""
    found = [_endpoint(path, item["get"]) for path, item in schema(language)["paths"].items() if "get" in item]
    return sorted(found, key=lambda endpoint: (_place(endpoint.path), endpoint.path))


def _place(path: str) -> int:
    return next((i for i, part in enumerate(ORDER) if path == part or f"/{part}" in path), len(ORDER))


def _prose(text: str) -> SafeString:
    """Words between backticks are code."""
    return mark_safe(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(conditional_escape(text))))  # noqa: S308


def _endpoint(path: str, operation: dict[str, Any]) -> Endpoint:
    return Endpoint(
        key=operation["operationId"],
        path=path,
        summary=operation.get("summary", ""),
        words=_prose(operation.get("description", "")),
        parameters=tuple(_parameter(p) for p in operation.get("parameters", [])),
        answers=tuple((code, answer.get("description", "")) for code, answer in operation["responses"].items()),
        example=_example(operation),
    )


def _parameter(parameter: dict[str, Any]) -> Parameter:
    shape = parameter["schema"]
    inner = shape.get("items", shape)
    words = parameter.get("description") or inner.get("description", "")
    return Parameter(
        name=parameter["name"],
        place=parameter["in"],
        kind=inner.get("type", "string"),
        choices=tuple(str(choice) for choice in inner.get("enum", ())),
        words=_prose(words),
    )


def _example(operation: dict[str, Any]) -> str:
    content = operation["responses"]["200"]["content"]["application/json"]
    for example in content.get("examples", {}).values():
        return json.dumps(example["value"], ensure_ascii=False, indent=2)
    return ""
