"""The shape that `ask --schema` gives a reply: read, checked, and held against what the model wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tui_chat.chat.events import JsonObject
from tui_chat.cli.output import Complaint
from tui_chat.installing import installing
from tui_chat.settings import expanded
from tui_chat.text import reading

_LARGEST_SCHEMA_BYTES = 1_000_000
_FENCED = re.compile(r"```(?:json)?[ \t]*\n(.*)\n[ \t]*```", re.DOTALL | re.IGNORECASE)


class ReplySchema:
    """A JSON Schema that is known to be valid."""

    def __init__(self, schema: JsonObject) -> None:
        self.schema = schema
        self._validator = _validator(schema)

    def data(self, text: str) -> object:
        """Return the document that a reply is; complain, with the place, of one that is invalid."""
        data = _document(text)
        try:
            errors = sorted(self._validator.iter_errors(data), key=lambda error: len(error.absolute_path))
        except RecursionError:
            raise Complaint("The reply cannot be checked: schema or reply goes too deep.") from None
        if errors:
            raise Complaint(f"The reply does not fit the schema: {errors[0].json_path}: {errors[0].message}.")
        return data


def read_schema(given: str) -> ReplySchema:
    """Return the schema that an option gives: JSON itself, or the file that has it."""
    text = given if given.lstrip().startswith("{") else _file(given)
    try:
        schema = reading.bounded(_parsed(text))
    except ValueError as error:
        raise Complaint(f"--schema is no JSON: {error}.", 2) from None
    if not isinstance(schema, dict):
        raise Complaint("--schema is no JSON Schema: it must be an object.", 2)
    return ReplySchema(schema)


def _file(given: str) -> str:
    path = expanded(Path(given), "--schema")
    try:
        if not path.is_file():  # a pipe or a device might never end
            raise Complaint(f"--schema: {given} is no file.", 2)
        with path.open("rb") as file:
            content = file.read(_LARGEST_SCHEMA_BYTES + 1)
    except OSError as error:
        raise Complaint(f"--schema: {given} cannot be read: {error.strerror}.", 2) from None
    if len(content) > _LARGEST_SCHEMA_BYTES:
        raise Complaint(f"--schema: {given} is too large: a schema may have 1 MB.", 2)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Complaint(f"--schema: {given} is not UTF-8 text.", 2) from None


def _validator(schema: JsonObject) -> Any:
    """Return what checks a document; references to elsewhere are refused, so nothing is ever fetched."""
    try:
        from jsonschema import SchemaError
        from jsonschema.validators import Draft202012Validator, validator_for
        from referencing import Registry, Resource
        from referencing.jsonschema import DRAFT202012
    except ImportError:
        raise Complaint(f"--schema needs the package jsonschema: `{installing('jsonschema')}`.") from None
    validator = validator_for(schema, default=Draft202012Validator)
    try:
        validator.check_schema(schema)
    except SchemaError as error:
        raise Complaint(f"--schema is no valid JSON Schema: {error.json_path}: {error.message}.", 2) from None
    resource = Resource.from_contents(schema, default_specification=DRAFT202012)
    resolver = Registry().with_resource(resource.id() or "", resource).resolver(resource.id() or "")
    _check_parts(schema, resolver.lookup)
    return validator(schema, registry=Registry())


def _check_parts(schema: object, lookup: Callable[[str], object]) -> None:
    """Refuse, before anything is sent, a reference that leads elsewhere or nowhere, and an invalid pattern."""
    if isinstance(schema, list):
        for item in schema:
            _check_parts(item, lookup)
    if not isinstance(schema, Mapping):
        return
    for name in ("$ref", "$dynamicRef"):
        if isinstance(reference := schema.get(name), str):
            _check_reference(reference, lookup)
    named = schema.get("patternProperties")
    for pattern in (schema.get("pattern"), *(named if isinstance(named, Mapping) else ())):
        if isinstance(pattern, str):
            _check_pattern(pattern)
    for inner in schema.values():
        _check_parts(inner, lookup)


def _check_reference(reference: str, lookup: Callable[[str], object]) -> None:
    from referencing.exceptions import Unresolvable

    if not reference.startswith("#"):
        raise Complaint(f"--schema refers to {reading.quoted(reference)}: only parts of itself can be used.", 2)
    try:
        lookup(reference)
    except (Unresolvable, ValueError):  # the latter: a place in a list that is no number
        raise Complaint(f"--schema refers to {reading.quoted(reference)}, which it does not have.", 2) from None


def _check_pattern(pattern: str) -> None:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        raise Complaint(f"--schema has an invalid pattern: {reading.quoted(pattern)}.", 2) from None


def _document(text: str) -> object:
    """Return the value that a reply is, out of its code fence if it has one."""
    text = text.strip()
    if fenced := _FENCED.fullmatch(text):
        text = fenced[1]
    try:
        return _parsed(text)
    except json.JSONDecodeError as error:
        raise Complaint(f"The reply is no JSON: line {error.lineno}, column {error.colno}: {error.msg}.") from None
    except ValueError as error:
        raise Complaint(f"The reply is no JSON: {error}.") from None


def _parsed(text: str) -> object:
    """Return the value of a JSON text, strictly: no NaN, no number beyond what can be written again."""
    try:
        value = json.loads(text, parse_constant=_no_number, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    reading.bounded(value)
    return value


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is no number in JSON")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"{reading.quoted(text)} is too large a number")
    return number
