"""The API's description arranged for people: what a page about it needs, out of its OpenAPI document."""

from collections.abc import Iterator, Mapping
from typing import Any

_METHODS = ("get", "post")


def outline(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Operations by tag, and the shapes that they name, each as plain rows."""
    operations: dict[str, list[dict[str, Any]]] = {}
    for operation in _operations(spec):
        operations.setdefault(operation["tag"], []).append(operation)
    shapes = [_shape(name, shape) for name, shape in sorted(spec["components"]["schemas"].items())]
    return {"info": spec["info"], "operations": operations, "shapes": shapes}


def kind(shape: Mapping[str, Any]) -> str:
    """A shape in a few words: `text, date-time`, `list of Email`, `Money or nothing`."""
    if "$ref" in shape:
        return str(shape["$ref"]).rpartition("/")[2]
    if "anyOf" in shape:
        return " or ".join(dict.fromkeys(kind(variant) for variant in shape["anyOf"]))
    if "enum" in shape:
        return " | ".join(str(value) for value in shape["enum"])
    said = shape.get("type", "any")
    return " or ".join(_plain(name, shape) for name in ([said] if isinstance(said, str) else said))


def _operations(spec: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in spec["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield _operation(method, path, methods)


def _operation(method: str, path: str, methods: Mapping[str, Any]) -> dict[str, Any]:
    found = methods[method]
    parameters = [each for each in found.get("parameters", ()) if each["in"] == "query"]
    body = found.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return {
        "tag": found["tags"][0],
        "method": method.upper(),
        "path": path,
        "summary": found.get("summary", ""),
        "description": found.get("description", ""),
        "scope": found["security"][0]["key"][0],
        "parameters": [_row(each["name"], each["schema"], each) for each in parameters],
        "body": kind(body) if body else None,
        "answers": [(status, _answer(answer)) for status, answer in sorted(found["responses"].items()) if status.isdigit()],
    }


def _answer(answer: Mapping[str, Any]) -> str:
    if "$ref" in answer:
        return kind(answer).replace("_", " ").capitalize()
    shapes = [kind(content["schema"]) for content in answer.get("content", {}).values() if "schema" in content]
    return ": ".join([answer["description"].removesuffix("."), *shapes])


def _shape(name: str, shape: Mapping[str, Any]) -> dict[str, Any]:
    required = shape.get("required", ())
    rows = [
        _row(field, held, {"required": field in required, "description": held.get("description", "")})
        for field, held in shape.get("properties", {}).items()
    ]
    return {"name": name, "description": shape.get("description", ""), "rows": rows, "kind": "" if rows else kind(shape)}


def _row(name: str, shape: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind(shape),
        "required": bool(said.get("required")),
        "description": said.get("description", ""),
        "scope": shape.get("x-scope", ""),
    }


def _plain(name: str, shape: Mapping[str, Any]) -> str:
    if name == "array":
        return f"list of {kind(shape.get('items', {}))}"
    words = {"string": "text", "integer": "whole number", "null": "nothing", "boolean": "true or false"}
    said = words.get(name, name)
    bounds = [f"{shape[bound]}" for bound in ("minimum", "maximum") if bound in shape]
    marks = [shape["format"]] if name == "string" and "format" in shape else []
    return ", ".join([said, *marks, *([" to ".join(bounds)] if bounds and name != "null" else [])])
