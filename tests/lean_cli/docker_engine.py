"""A Docker Engine for tests: speaks the engine's HTTP API on a Unix socket and records every container it is asked to start.

Only what the `lean` command asks for: ping, version, images, networks, volumes, and a container's life. A started container copies what was mounted as
LEAN's configuration while the caller's temporary files still exist, prints one line and exits 0.
API: Docker Engine API v1.43 reference.
"""

from __future__ import annotations

import json
import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

IMAGES = ("quantconnect/lean:latest",)
Answer = tuple[int, Any]


class StartedContainer:
    """What one container was created with; `config` is the JSON mounted as LEAN's configuration."""

    def __init__(self, name: str, body: dict[str, Any]) -> None:
        self.name = name
        self.body = body
        self.image: str = body["Image"]
        self.state = "created"
        self.config: dict[str, Any] = {}
        self.script = ""

    @property
    def volumes(self) -> dict[str, str]:
        """Target path -> host path of bind volumes."""
        return {parts[1]: parts[0] for bind in self.body["HostConfig"].get("Binds") or [] if (parts := bind.split(":"))}

    @property
    def mounts(self) -> dict[str, str]:
        """Target path -> host path of mounts."""
        return {mount["Target"]: mount["Source"] for mount in self.body["HostConfig"].get("Mounts") or []}

    def start(self) -> None:
        """Reads what is mounted, as the real process would, and ends."""
        for target, source in self.mounts.items():
            if target.endswith("config.json"):
                self.config = json.loads(Path(source).read_text(encoding="utf-8"))
            if target.endswith("lean-cli-start.sh"):
                self.script = Path(source).read_text(encoding="utf-8")
        self.state = "exited"

    def described(self) -> dict[str, Any]:
        """Answer of the inspect call."""
        state = {"Status": self.state, "Running": False, "ExitCode": 0}
        return {"Id": self.name, "Name": f"/{self.name}", "State": state, "Config": {"Image": self.image, "Tty": False, "Labels": {}}, "Image": "sha256:1"}


class DockerEngine:
    """State of the fake engine."""

    def __init__(self) -> None:
        self.containers: list[StartedContainer] = []
        self.networks: list[str] = []
        self._alive: dict[str, StartedContainer] = {}
        self._routes: list[tuple[str, str, Callable[..., Answer]]] = [
            ("(GET|HEAD)", r"/_ping", lambda *_: (200, "OK")),
            ("GET", r"/version", lambda *_: (200, {"ApiVersion": "1.43", "MinAPIVersion": "1.24", "Version": "24.0"})),
            ("GET", r"/images/json", lambda *_: (200, [image_entry(tag) for tag in IMAGES])),
            ("GET", r"/images/(.+)/json", lambda *_: (200, image_entry(IMAGES[0]))),
            ("GET", r"/networks", lambda *_: (200, [{"Name": name, "Id": name} for name in self.networks])),
            ("POST", r"/networks/create", self._create_network),
            ("GET", r"/networks/(.+)", lambda _q, _b, name: (200, {"Name": name, "Id": name})),
            ("GET", r"/containers/json", lambda *_: (200, [{"Id": name} for name in self._alive])),
            ("POST", r"/containers/create", self._create),
            ("POST", r"/containers/(.+)/start", self._start),
            ("POST", r"/containers/(.+)/wait", lambda *_: (200, {"StatusCode": 0})),
            ("GET", r"/containers/(.+)/logs", lambda *_: (200, "")),
            ("GET", r"/containers/(.+)/json", lambda _q, _b, name: (200, self._alive[name].described())),
            ("DELETE", r"/containers/(.+)", self._remove),
        ]

    def answer(self, method: str, path: str, body: dict[str, Any]) -> Answer:
        """Answer one request; 404 names what is missing so that a test shows it."""
        route, _, query = path.partition("?")
        route = re.sub(r"^/v1\.\d+", "", route)
        for verb, pattern, act in self._routes:
            found = re.fullmatch(pattern, route)
            if re.fullmatch(verb, method) and found:
                return act(query, body, *found.groups())
        return 404, {"message": f"no such call: {method} {route}"}

    def _create_network(self, _query: str, body: dict[str, Any]) -> Answer:
        self.networks.append(body["Name"])
        return 201, {"Id": body["Name"]}

    def _create(self, query: str, body: dict[str, Any]) -> Answer:
        name = query.removeprefix("name=") or f"container{len(self.containers)}"
        made = StartedContainer(name, body)
        self.containers.append(made)
        self._alive[name] = made
        return 201, {"Id": name, "Warnings": []}

    def _start(self, _query: str, _body: dict[str, Any], name: str) -> Answer:
        self._alive[name].start()
        return 204, None

    def _remove(self, _query: str, _body: dict[str, Any], name: str) -> Answer:
        del self._alive[name]
        return 204, None


def image_entry(tag: str) -> dict[str, Any]:
    """An installed image that carries LEAN's version label."""
    labels = {"lean_version": "17277", "target_framework": "net10.0", "strict_python_version": "3.11"}
    return {"Id": "sha256:1", "RepoTags": [tag], "RepoDigests": [f"{tag}@sha256:1"], "Config": {"Labels": labels}, "Labels": labels}


@contextmanager
def serve(socket_path: Path) -> Iterator[DockerEngine]:
    """Run an engine on a Unix socket for the duration of a `with` block."""
    engine = DockerEngine()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            status, content = engine.answer(self.command, self.path, body)
            data = content.encode() if isinstance(content, str) else (b"" if content is None else json.dumps(content).encode())
            self.send_response(status)
            self.send_header("Content-Type", "text/plain" if isinstance(content, str) else "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_DELETE = do_HEAD = _serve  # noqa: N815 - names fixed by http.server

        def address_string(self) -> str:
            return "client"

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = socketserver.ThreadingUnixStreamServer(str(socket_path), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield engine
    finally:
        server.shutdown()
        server.server_close()
