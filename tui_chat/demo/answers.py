"""Answers that are not a reply: errors as the API words them, and pages of whatever stands between."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import formatdate
from time import time

from tui_chat.demo.faults import Fault
from tui_chat.records import dataclass, field

PORTAL_PAGE = """<!DOCTYPE html>
<html><head><title>Sign in to the network</title><script>alert("portal")</script></head>
<body><h1>Welcome</h1><p>Please <a href="/portal">sign in</a> to use this network.</p></body></html>
"""
_GATEWAY_PAGE = (
    "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><hr>demo</body></html>\n"
)


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """An error of the API."""

    status: int
    type: str
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """A page of HTML from something that is not the API."""

    status: int
    page: str
    headers: Mapping[str, str] = field(default_factory=dict)


_LIMIT = "This request would exceed your organization's rate limit. Please try again later."
_ERRORS: Mapping[str, ErrorAnswer] = {
    "400": ErrorAnswer(400, "invalid_request_error", "This request was rejected, as the demo server was asked to do."),
    "401": ErrorAnswer(401, "authentication_error", "invalid x-api-key"),
    "403": ErrorAnswer(403, "permission_error", "Your API key does not have permission to use the specified resource."),
    "413": ErrorAnswer(413, "request_too_large", "Request exceeds the maximum size"),
    "429": ErrorAnswer(429, "rate_limit_error", _LIMIT),
    "500": ErrorAnswer(500, "api_error", "Internal server error"),
    "529": ErrorAnswer(529, "overloaded_error", "Overloaded"),
    "no-prefill": ErrorAnswer(
        400,
        "invalid_request_error",
        "This model does not support assistant message prefill. The conversation must end with a user message.",
    ),
}
EVENT_ERRORS: Mapping[str, ErrorAnswer] = {"error": _ERRORS["529"], "error-api": _ERRORS["500"]}
"""The faults that are an error event in a stream, and an error status without one."""


def answer_to(fault: Fault, model: str) -> ErrorAnswer | PageAnswer:
    """Return the answer that a fault gives in place of a reply."""
    match fault.name:
        case "404-model":
            return ErrorAnswer(404, "not_found_error", f"model: {model}")
        case "429-seconds":
            return ErrorAnswer(429, "rate_limit_error", _LIMIT, {"retry-after": str(fault.at)})
        case "429-date":
            when = formatdate(time() + fault.at, usegmt=True)
            return ErrorAnswer(429, "rate_limit_error", _LIMIT, {"retry-after": when})
        case "302":
            return PageAnswer(302, "", {"location": "/portal"})
        case "html":
            return PageAnswer(200, PORTAL_PAGE)
        case "502":
            return PageAnswer(502, _GATEWAY_PAGE)
    return EVENT_ERRORS.get(fault.name) or _ERRORS[fault.name]
