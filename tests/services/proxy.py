"""A proxy as strict networks have one: plain HTTP passes, a tunnel, which websockets ask for, does not."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@contextmanager
def without_websockets(port: int) -> Iterator[str]:
    """The address of a proxy to the server on this port. Every answer ends its connection."""

    class Relay(BaseHTTPRequestHandler):
        def pass_on(self) -> None:
            address = urlsplit(self.path)
            del self.headers["Connection"], self.headers["Proxy-Connection"]
            head = f"{self.command} {address.path}?{address.query} HTTP/1.1\r\n{self.headers}".rstrip()
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.close_connection = True
            with socket.create_connection(("localhost", port)) as server, suppress(OSError):
                server.sendall(head.replace("\r\n", "\n").replace("\n", "\r\n").encode())
                server.sendall(b"\r\nConnection: close\r\n\r\n" + body)
                while data := server.recv(65_536):
                    self.connection.sendall(data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on

        def do_CONNECT(self) -> None:
            self.send_error(403)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Relay) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{proxy.server_port}"
        proxy.shutdown()
