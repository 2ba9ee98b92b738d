"""M11: a school puts the list on its own website with one line; the frame fits its height, and links open outside."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from tutti.core.letters import address

pytestmark = pytest.mark.browser


@pytest.fixture
def host():
    """A school's website: `host(line)` is the address of a page with the line in it, and a policy that allows us."""
    pages = {}

    class School(BaseHTTPRequestHandler):
        def do_GET(self):
            html, policy = pages.get(self.path, ("", ""))
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *args):
            """A school's log is its own."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), School)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def put(line, site):
        policy = f"default-src 'none'; script-src {site}; frame-src {site}; img-src data:"
        html = f"<!doctype html><html lang=en><title>School</title><link rel=icon href=data:,><h1>School</h1>{line}"
        pages["/"] = (html, policy)
        return f"http://127.0.0.1:{server.server_port}/"

    yield put
    server.shutdown()


def line_of(page, url, northshire, number):
    page.goto(url(northshire, "partners_line"))
    return page.locator("pre").nth(number).inner_text()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_frame_fits_its_height(browser_page, url, northshire, host, site, width):
    page = browser_page(None, viewport={"width": width, "height": 800})
    line = line_of(page, url, northshire, 0)
    assert "\n" not in line and address(northshire, "partners_embed_js") in line
    page.goto(host(line, site))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Una Merrow")).to_be_visible()
    expect(page.locator("iframe")).not_to_have_attribute("height", "1200")
    page.wait_for_timeout(300)
    inner = page.frames[1].evaluate("[document.documentElement.scrollHeight, innerHeight]")
    assert inner[0] <= inner[1], "the frame scrolls inside"
    assert page.frames[1].evaluate("innerHeight - document.body.scrollHeight") < 40, "the frame is too high"
    before = page.locator("iframe").get_attribute("height")
    frame.get_by_label("Instrument").fill("violin")
    frame.get_by_role("button", name="Search").click()
    expect(frame.get_by_text("1 teacher")).to_be_visible()
    expect(page.locator("iframe")).not_to_have_attribute("height", before)
    assert int(page.locator("iframe").get_attribute("height")) < int(before)
    frame.get_by_role("link", name="Read more").click()
    page.wait_for_url("**/northshire/partners/*/")
    expect(page.get_by_role("heading", name="Una Merrow", level=1)).to_be_visible()


def test_without_the_script_the_frame_stands_by_itself(browser_page, url, northshire, host, site):
    page = browser_page(None, java_script_enabled=False)
    page.goto(url(northshire, "partners_line"))
    line = page.locator("pre").nth(1).text_content()
    page.goto(host(line, site))
    expect(page.frame_locator("iframe").get_by_role("heading", name="Una Merrow")).to_be_visible()
