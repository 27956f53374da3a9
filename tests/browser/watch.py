"""What every page of a browser test is held to."""

import re
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError, WebSocket

from tests.services.server import ROOT

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
REPORT_VIOLATIONS = """addEventListener('securitypolicyviolation', (event) =>
  reportViolation(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))"""
# colours that are on their way are nobody's contrast; a page that is not drawn would never bring them there
AT_REST = """(() => {
  const still = new CSSStyleSheet()
  still.replaceSync('*, *::before, *::after { transition: none !important }')
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, still]
  document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().iterations !== Infinity).forEach((each) => each.finish())
  return () => document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== still)
})"""
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"


class Watch:
    """Collects what no page may do: break the content policy, throw, log an error, ask another host."""

    def __init__(self, origin: str) -> None:
        self.host = origin.partition("//")[2]
        self.complaints: list[str] = []
        self.allowed: list[re.Pattern[str]] = []

    def allow(self, pattern: str) -> None:
        """This test provokes such a complaint: `watch.allow("status of 404")`."""
        self.allowed.append(re.compile(pattern))

    def follow(self, context: BrowserContext) -> None:
        context.expose_binding("reportViolation", lambda _, what: self.complain(f"content policy: {what}"))
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("page", lambda page: page.on("websocket", self._socket))

    def complain(self, what: str) -> None:
        if not any(pattern.search(what) for pattern in self.allowed):
            self.complaints.append(what)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complain(f"console: {message.text} ({message.location.get('url')})")

    def _error(self, error: WebError) -> None:
        self.complain(f"page error: {error.error}")

    def _request(self, request: Request) -> None:
        self._own_host(request.url)

    def _socket(self, socket: WebSocket) -> None:
        self._own_host(socket.url)

    def _own_host(self, url: str) -> None:
        scheme, _, rest = url.partition("://")
        if scheme in ("http", "https", "ws", "wss") and rest.partition("/")[0] != self.host:
            self.complain(f"request to another host: {url}")


def check_axe(page: Page) -> None:
    """Fail on anything that axe finds on the page as it stands, once it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(f"""async () => {{
      const move = ({AT_REST})()
      const result = await axe.run(document, {{resultTypes: ['violations']}})
      move()
      return result.violations
    }}""")
    lines = [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['target']}"
        for violation in found
        for node in violation["nodes"]
    ]
    assert not lines, "\n".join([f"axe on {page.url}:", *lines])
