"""A simulated learner: does over HTTP and websocket what a browser with JupyterLab does."""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import httpx
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from course_utils import CourseError

SCRIPTS = re.compile(r'<script[^>]+src="([^"]+)"')
LARGEST = 200_000_000  # bytes of one message: a figure may be large


class VisitError(CourseError):
    """What did not work for a simulated learner, in one sentence."""


@dataclass
class Visitor:
    """One learner of the hub at `address`, with cookies of its own."""

    address: str
    name: str
    password: str
    patience: float = 300  # seconds for one step
    http: httpx.AsyncClient = field(init=False)
    session: Session = field(init=False, default_factory=Session)

    async def __aenter__(self) -> Visitor:
        self.http = httpx.AsyncClient(
            base_url=self.address, follow_redirects=True, timeout=self.patience, trust_env=False
        )
        return self

    async def __aexit__(self, *reason: object) -> None:
        await self.http.aclose()

    # The hub

    async def log_in(self) -> None:
        """Fill in the form at the hub's door."""
        await self._get("/hub/login")
        form = {"username": self.name, "password": self.password, "_xsrf": self._xsrf("/hub/")}
        answer = await self.http.post("/hub/login", data=form, params={"next": "/hub/home"})
        if answer.status_code != 200 or "/hub/home" not in answer.url.path:
            raise VisitError(f"{self.name} could not log in (status {answer.status_code}).")

    async def start_server(self) -> None:
        """Ask for our server, unless it runs, and wait until the hub calls it ready."""
        if (await self._state()).get("ready"):
            return
        answer = await self.http.post(f"/hub/api/users/{self.name}/server", headers=self._hub())
        if answer.status_code not in (201, 202):
            raise VisitError(f"{self.name} got no server: {message_of(answer)}")
        deadline = time.monotonic() + self.patience
        while time.monotonic() < deadline:
            state = await self._state()
            if state.get("ready"):
                return
            if not state.get("pending"):
                raise VisitError(f"The server of {self.name} did not start.")
            await asyncio.sleep(0.5)
        raise VisitError(f"The server of {self.name} was not ready in {self.patience:.0f} s.")

    async def open_lab(self) -> None:
        """Load JupyterLab's page, its scripts, and the settings it asks for."""
        page = await self._get(f"/user/{self.name}/lab")
        for source in SCRIPTS.findall(page.text):
            await self._get(source)
        await self._get(f"/user/{self.name}/lab/api/settings")
        await self._get(self._server("api/kernelspecs"))

    # The notebook

    async def read(self, path: str) -> dict[str, Any]:
        """A notebook of the workbook."""
        answer = await self._get(self._server(f"api/contents/{path}"), type="notebook", content=1)
        return answer.json()["content"]

    async def write(self, path: str, notebook: dict[str, Any]) -> None:
        """Save a notebook, as Ctrl-S does."""
        body = {"type": "notebook", "format": "json", "content": notebook}
        address = self._server(f"api/contents/{path}")
        answer = await self.http.put(address, json=body, headers=self._own())
        if answer.status_code not in (200, 201):
            raise VisitError(f"{self.name} could not save {path}: {message_of(answer)}")

    async def start_kernel(self, path: str) -> Kernel:
        """Open a notebook's session, and the websocket to its kernel."""
        name = PurePosixPath(path).name
        body = {"path": path, "name": name, "type": "notebook", "kernel": {"name": "python3"}}
        address = self._server("api/sessions")
        answer = await self.http.post(address, json=body, headers=self._own())
        if answer.status_code != 201:
            raise VisitError(f"{self.name} got no kernel: {message_of(answer)}")
        kernel = answer.json()["kernel"]["id"]
        channels = self._server(f"api/kernels/{kernel}/channels")
        request = HTTPRequest(
            f"{self.address.replace('http', 'ws', 1)}{channels}?session_id={self.session.session}",
            headers={"Cookie": self._cookies(channels)},
            request_timeout=self.patience,
            connect_timeout=self.patience,
        )
        try:
            socket = await websocket_connect(request, max_message_size=LARGEST)
        except HTTPClientError as error:
            raise VisitError(f"{self.name} could not reach the kernel: {error}") from None
        return Kernel(self, kernel, answer.json()["id"], socket)

    # Requests

    async def _state(self) -> dict[str, Any]:
        """What the hub knows of our server."""
        answer = await self.http.get(f"/hub/api/users/{self.name}", headers=self._hub())
        return answer.json().get("servers", {}).get("", {})

    async def _get(self, path: str, **parameters: object) -> httpx.Response:
        answer = await self.http.get(path, params=parameters or None)
        if answer.status_code != 200:
            where = PurePosixPath(answer.url.path).name
            raise VisitError(f"{self.name} asked for {where} and got {message_of(answer)}")
        return answer

    def _server(self, path: str) -> str:
        return f"/user/{self.name}/{path}"

    def _hub(self) -> dict[str, str]:
        return {"X-XSRFToken": self._xsrf("/hub/"), "Referer": f"{self.address}/hub/home"}

    def _own(self) -> dict[str, str]:
        return {"X-XSRFToken": self._xsrf(self._server("")), "Referer": f"{self.address}/"}

    def _xsrf(self, path: str) -> str:
        for cookie in self.http.cookies.jar:
            if cookie.name == "_xsrf" and cookie.path == path:
                return cookie.value or ""
        return ""

    def _cookies(self, path: str) -> str:
        """The cookies that a browser sends along to `path`."""
        fitting = [one for one in self.http.cookies.jar if path.startswith(one.path)]
        fitting.sort(key=lambda one: -len(one.path))
        return "; ".join(f"{one.name}={one.value}" for one in fitting)


@dataclass
class Kernel:
    """The kernel of an open notebook of a visitor."""

    visitor: Visitor
    id: str
    session: str
    socket: WebSocketClientConnection

    async def run(self, code: str) -> list[dict[str, Any]]:
        """The outputs of a cell; raises VisitError if it fails or the kernel is gone."""
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        request = self.visitor.session.msg("execute_request", content) | {"channel": "shell"}
        try:
            await self.socket.write_message(json.dumps(request, default=json_default))
        except WebSocketClosedError:
            raise VisitError(f"The kernel of {self.visitor.name} is gone.") from None
        outputs, idle, replied, failure = [], False, False, ""
        while not (idle and replied):
            text = await asyncio.wait_for(self.socket.read_message(), self.visitor.patience)
            if text is None:
                raise VisitError(f"The kernel of {self.visitor.name} is gone.")
            said = json.loads(text)
            kind, content = said["msg_type"], said["content"]
            if said["parent_header"].get("msg_id") != request["header"]["msg_id"]:
                if kind == "status" and content["execution_state"] in ("restarting", "dead"):
                    raise VisitError(f"The kernel of {self.visitor.name} died.")
                continue
            if kind == "status":
                idle = content["execution_state"] == "idle"
            elif kind == "execute_reply":
                replied = True
            elif kind == "error":
                failure = f"{content['ename']}: {content['evalue']}"
            elif kind in ("stream", "display_data", "execute_result"):
                outputs.append({"output_type": kind} | content)
        if failure:
            raise VisitError(f"A cell of {self.visitor.name} failed with {failure}")
        return outputs

    async def close(self) -> None:
        """Close the notebook and end its kernel."""
        self.socket.close()
        address = self.visitor._server(f"api/sessions/{self.session}")
        await self.visitor.http.delete(address, headers=self.visitor._own())


def message_of(answer: httpx.Response) -> str:
    """What the server says about why not."""
    try:
        said = answer.json().get("message")
    except ValueError:
        said = None
    return f"{said or answer.reason_phrase} (status {answer.status_code})."
