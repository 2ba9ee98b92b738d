"""A page as careless as pages are: what it shows and is told stays on the device in every way there is (H11)."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import brotlicffi
import zstandard

# where a browser keeps things -> the pupil whom the careless page lets it keep there
PLACES = {
    "Local Storage": "Ambrelisse Quandrill",
    "Session Storage": "Borchwyn Tessamund",
    "IndexedDB": "Corvanthe Wizzleby",
    "IndexedDB, much of it": "Drusmara Pellington",
    "CacheStorage": "Evrimond Hackthwaite",
    "Cache_Data": "Fennimora Gastrelle",
    "Cache_Data, br": "Kestrelda Mowbrink",
    "Cache_Data, zstd": "Lisbetha Nockmoor",
    "History": "Gwendrith Ossovar",
    "Sessions, typed": "Hesperold Junivane",
    "Sessions, sent": "Ilvarine Krombey",
    "Web Data": "Jorvinda Lathmoor",
}

KEEP = """
async (names) => {
  localStorage.pupil = names["Local Storage"];
  sessionStorage.pupil = names["Session Storage"];
  for (const packed of ["br", "zstd"]) await (await fetch(`/pupils.${packed}`)).text();
  await (await caches.open("pages")).put("/pupils", new Response(names["CacheStorage"]));
  await new Promise((done, failed) => {
    const asked = indexedDB.open("register", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("marks");
    asked.onerror = failed;
    asked.onsuccess = () => {
      const line = asked.result.transaction("marks", "readwrite", { durability: "strict" });
      line.objectStore("marks").put({ pupil: names["IndexedDB"] }, 1);
      line.objectStore("marks").put({ pupils: `${names["IndexedDB, much of it"]} was here. `.repeat(5000) }, 2);
      line.oncomplete = done;
    };
  });
}
"""

PACKED = {"/pupils.br": brotlicffi.compress, "/pupils.zstd": zstandard.compress}
FORM = """<form method="post" action="/add"><label>Name <input name="name" id="name"></label>
<label>Their teacher <input name="teacher" id="teacher"></label><button>Add</button></form>"""


def careless(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    path = environ["PATH_INFO"]
    if path in PACKED:
        return pack(path.split(".")[1], start_response)
    if path == "/add" and environ["REQUEST_METHOD"] == "POST":
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    title = PLACES["History"] if path == "/pupils" else "Pupils"
    shown = PLACES["Cache_Data"] if path == "/pupils" else ""
    page = f"<!doctype html><title>{title}</title><link rel=icon href=data:,><p>{shown * 20}</p>{FORM}"
    kept = [("Cache-Control", "max-age=3600")] if path == "/pupils" else []
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"), *kept])
    return [gzip.compress(page.encode())]


def pack(packed: str, start_response: Any) -> list[bytes]:
    """Names packed as newer browsers like them, for an hour."""
    headers = [("Content-Type", "text/plain"), ("Content-Encoding", packed), ("Cache-Control", "max-age=3600")]
    start_response("200 OK", headers)
    return [PACKED[f"/pupils.{packed}"]((PLACES[f"Cache_Data, {packed}"] * 20).encode())]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def careless_site() -> Iterator[str]:
    """Its address, on this machine alone."""
    with make_server("127.0.0.1", 0, careless, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()
