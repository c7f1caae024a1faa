"""An S3 server on loopback, whose buckets are empty at first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch
from urllib.request import Request, urlopen

import pytest

from sim.ensemble import addresses, object_store


def fetched_into(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """Keep what is fetched from stores in a folder of a test's own, rather than in the user's cache."""

    def folder(name: str) -> Path:
        (home / name).mkdir(parents=True, exist_ok=True)
        return home / name

    monkeypatch.setattr(addresses, "user_cache", SimpleNamespace(folder=folder))


KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}


@contextmanager
def s3_server() -> Iterator[dict[str, str]]:
    """Start a server, in a thread, and give the environment of processes that are to use it."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    environment = KEYS | {"AWS_ENDPOINT_URL": f"http://{host}:{port}"}
    with urlopen(Request(f"http://{host}:{port}/moto-api/reset", method="POST")):
        pass  # buckets outlive a server of the same process
    with patch.dict("os.environ", environment):
        forget_stores()
        try:
            yield environment
        finally:
            forget_stores()
            server.stop()


def forget_stores() -> None:
    """Forget stores that were opened: each keeps the server that it was opened with."""
    import s3fs

    object_store._store.cache_clear()
    s3fs.S3FileSystem.clear_instance_cache()


def objects(address: str) -> dict[str, bytes]:
    """Return what a store holds below an address, by name."""
    from fsspec.core import url_to_fs

    store, key = url_to_fs(address, use_listings_cache=False)
    whole = {path: store.cat_file(path) for path in store.find(key)}
    return {path.partition(key.strip("/"))[2].strip("/"): content for path, content in whole.items()}
