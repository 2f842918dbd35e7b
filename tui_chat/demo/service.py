"""The service behind the server: it answers each request."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from tui_chat.demo.answers import PORTAL_PAGE, ErrorAnswer, PageAnswer, answer_to
from tui_chat.demo.batches import Batches, objection_to_batch
from tui_chat.demo.blocks import Json, text_of
from tui_chat.demo.cache import PromptCache
from tui_chat.demo.compose import compose
from tui_chat.demo.conversation import Asked, asked_by, input_tokens
from tui_chat.demo.delivery import Delivery
from tui_chat.demo.events import Reply, error_of, misbehaved, misbehaved_message
from tui_chat.demo.faults import Fault, FaultPhase
from tui_chat.demo.http import Manner, Outbox, Request
from tui_chat.demo.log import Log, LoggedRequest
from tui_chat.demo.made_files import CONTENT as MADE_FILE
from tui_chat.demo.made_files import file_about
from tui_chat.demo.models import model_info, model_list, model_named
from tui_chat.demo.pace import Pace
from tui_chat.demo.prompts import DemoPrompt, parse_prompt
from tui_chat.demo.respond import Response
from tui_chat.demo.turns import Turns
from tui_chat.demo.validation import objection_to
from tui_chat.records import dataclass, field

_BYTE_PAUSE_S = 0.001
_STREAM_HEADERS = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}


@dataclass(frozen=True, slots=True)
class _Order:
    """The reply that a request asks for, before it is composed."""

    asked: Asked
    prompt: DemoPrompt
    due: Sequence[Fault]
    rate: float


@dataclass(slots=True)
class DemoService:
    """The settings of the server's answers, and the state that its connections share."""

    rate: float
    latency_s: float
    seed: int
    faults: Sequence[Fault]
    log: Log
    turns: Turns = field(default_factory=Turns)
    cache: PromptCache = field(default_factory=PromptCache)
    batches: Batches = field(default_factory=Batches)

    async def answer(self, request: Request, exchange: LoggedRequest, outbox: Outbox) -> None:
        """Answer one request; raises `Hangup` where a fault ends the connection."""
        outbox.manner = Manner.WHOLE
        response = Response(exchange, outbox, self.log, self.turns, request.keep_alive)
        match request.method, request.path.strip("/").split("/"):
            case "POST", ["v1", "messages"]:
                await self._messages(response, exchange.body)
            case "POST", ["v1", "messages", "count_tokens"]:
                await self._count_tokens(response, exchange.body)
            case "POST" | "GET", ["v1", "messages", "batches", *rest] if len(rest) < 3:
                await self._batches(response, request, rest)
            case "GET", ["v1", "models", *rest] if len(rest) < 2:
                await self._models(response, *rest)
            case "GET", ["v1", "files", id]:
                await self._file(response, id)
            case "GET", ["v1", "files", id, "content"]:
                await self._file(response, id, content=True)
            case _, ["portal"]:
                await response.page(PageAnswer(200, PORTAL_PAGE))
            case _, ["v1", "messages"] | ["v1", "messages", "count_tokens"] | ["v1", "models"]:
                await response.error(ErrorAnswer(405, "invalid_request_error", "Method Not Allowed"))
            case _:
                await response.error(ErrorAnswer(404, "not_found_error", "Not Found"))

    async def _models(self, response: Response, id: str | None = None) -> None:
        response.turn = "models"
        if await response.refused(self.turns.due(response.turn, self._in_place_of_all()), id or ""):
            return
        body = model_list() if id is None else model_info(id)
        if body is None:
            await response.error(ErrorAnswer(404, "not_found_error", f"model: {id}"))
        else:
            await response.json(200, body)

    async def _file(self, response: Response, id: str, *, content: bool = False) -> None:
        about = file_about(id)
        if about is None:
            await response.error(ErrorAnswer(404, "not_found_error", f"File not found: {id}"))
        elif content:
            await response.file(MADE_FILE.encode(), about["mime_type"])
        else:
            await response.json(200, about)

    async def _count_tokens(self, response: Response, body: Any) -> None:
        response.turn = "count_tokens"
        if objection := objection_to(body, counting=True):
            await response.error(ErrorAnswer(400, "invalid_request_error", objection))
        elif not await response.refused(self.turns.due(response.turn, self._in_place_of_all()), body["model"]):
            await response.json(200, {"input_tokens": input_tokens(body)})

    async def _messages(self, response: Response, body: Any) -> None:
        try:
            order = self._order(body)
        except ValueError as error:
            await response.error(ErrorAnswer(400, "invalid_request_error", str(error)))
            return
        response.turn = order.asked.turn
        if await response.refused(order.due, body["model"]):
            return
        await self._reply(response, self._composed(order, body, response.exchange.number), order.due, order.rate)

    def _order(self, body: Any) -> _Order:
        """Return what a request asks for; a ValueError says what is wrong with it."""
        if objection := objection_to(body):
            raise ValueError(objection)
        asked = asked_by(body["messages"])
        prompt = parse_prompt(asked.prompt)
        model, faults = model_named(body["model"])
        wanted = (*model.adds, *self.faults, *faults, *prompt.faults)
        due = [fault for fault in self.turns.due(asked.turn, wanted) if _applies(fault, asked, body)]
        rate = next((rate for rate in (prompt.rate, model.rate) if rate is not None), self.rate)
        return _Order(asked, prompt, due, rate)

    def _composed(self, order: _Order, body: Mapping[str, Any], number: int) -> Reply:
        counted = self.cache.count(body)
        return compose(body, order.asked, order.prompt, order.due, counted, self.seed, number)

    async def _batches(self, response: Response, request: Request, rest: Sequence[str]) -> None:
        response.turn = f"batches {request.method} {len(rest)}"
        if await response.refused(self.turns.due(response.turn, self._in_place_of_all()), ""):
            return
        root = f"http://{request.headers.get('host', '')}"
        match request.method, rest:
            case "POST", []:
                await self._begin_batch(response, response.exchange.body, root)
            case "GET", []:
                await response.json(200, self.batches.listed(root))
            case "GET", [id] if about := self.batches.look_at(id, root):
                await response.json(200, about)
            case "GET", [id, "results"] if (lines := self.batches.results(id)) is not None:
                await response.file(lines, "application/x-jsonl")
            case _:
                await response.error(ErrorAnswer(404, "not_found_error", "Not Found"))

    async def _begin_batch(self, response: Response, body: Any, root: str) -> None:
        """Take a batch: its requests are answered at once, and told of later."""
        if objection := objection_to_batch(body):
            await response.error(ErrorAnswer(400, "invalid_request_error", objection))
            return
        exchange = response.exchange
        results = {each["custom_id"]: self._result(each.get("params"), exchange) for each in body["requests"]}
        about = self.batches.begin(results, root)
        await asyncio.sleep(self.latency_s)
        await response.json(200, about)

    def _result(self, params: Any, exchange: LoggedRequest) -> Json:
        """Return the result of one request of a batch; one that is never answered expires."""
        try:
            order = self._order(params)
        except ValueError as error:
            body = error_of("invalid_request_error", str(error), exchange.request_id)
            return {"type": "errored", "error": body}
        for fault in order.due:
            self.turns.hit(order.asked.turn, fault)
        refusal = next((fault for fault in order.due if fault.kind.phase is FaultPhase.ANSWER), None)
        if refusal is None:
            reply = self._composed(order, params, exchange.number)
            return {"type": "succeeded", "message": misbehaved_message(reply, [fault.name for fault in order.due])}
        if refusal.name == "silent":
            return {"type": "expired"}
        answer = answer_to(refusal, params["model"])
        said = (answer.type, answer.message) if isinstance(answer, ErrorAnswer) else ("api_error", "Bad Gateway")
        return {"type": "errored", "error": error_of(*said, exchange.request_id)}

    async def _reply(self, response: Response, reply: Reply, faults: Sequence[Fault], rate: float) -> None:
        """Send a reply with the faults that act on it."""
        at = {fault.name: fault.at for fault in faults}
        self.log.expect(response.exchange, text_of(reply.blocks))
        for fault in faults:
            if fault.kind.phase is not FaultPhase.CUT:
                response.strike(fault)
        rate = 0.0 if "flood" in at else rate
        response.outbox.manner = Manner.TRICKLE if "trickle" in at else Manner.SPLIT if "split" in at else Manner.WHOLE
        response.outbox.byte_pause_s = _BYTE_PAUSE_S if rate else 0.0
        cuts = sorted((fault for fault in faults if fault.kind.phase is FaultPhase.CUT), key=lambda fault: fault.at)
        delivery = Delivery(response, Pace(rate, response.exchange.number), cuts)
        await asyncio.sleep(at.get("slow-start", self.latency_s))
        if response.exchange.body.get("stream") is True and "json-not-sse" not in at:
            response.begin(200, _STREAM_HEADERS, length=None)
            await delivery.stream(misbehaved(reply, at), at.get("pings", 0))
        else:
            await delivery.whole(misbehaved_message(reply, at), reply.output_tokens)

    def _in_place_of_all(self) -> list[Fault]:
        """Return the faults that strike whatever is asked; those of the Messages wire alone do not."""
        return [fault for fault in self.faults if fault.kind.phase is FaultPhase.ANSWER and fault.name != "no-prefill"]


def _applies(fault: Fault, asked: Asked, body: Mapping[str, Any]) -> bool:
    """True if a fault can act on this request at all."""
    if fault.name == "no-prefill":
        return bool(body["messages"][-1]["role"] == "assistant")
    return fault.kind.phase is not FaultPhase.SEAM or asked.partial is not None
