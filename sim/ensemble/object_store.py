"""A store of objects, such as S3, as a disk for ensembles, by fsspec.

An object is put whole or not at all, and once it is put it is down: nothing is synced, and nothing has to be renamed. A
file opened with ``wb`` stays on this machine until it is renamed to where it belongs, and is put there then: ensembles
write all their files aside and rename them, so each costs one request. What is read is fetched once, and again only if
what the store tells of it, such as its size, time and checksum, has changed.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Any, BinaryIO, cast

from sim.ensemble.addresses import address_of
from sim.ensemble.real_disk import Mode

_TRANSFER = ".part"
"""How the name of a file ends that is being fetched."""

_NUMBERS = {FileNotFoundError: errno.ENOENT, FileExistsError: errno.EEXIST, PermissionError: errno.EACCES}
"""Numbers of errors that libraries raise without one."""

_WITHOUT_KEYS = (
    "NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "NoAuthTokenError", "ProfileNotFound",
    "DefaultCredentialsError", "ClientAuthenticationError",
)  # fmt: skip
"""Errors of the libraries of stores, by name, that say that there are no keys: a user forgot them, no disk broke."""

_KEYS = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or a file ~/.aws/credentials",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS, or gcloud auth application-default login",
    "az": "AZURE_STORAGE_ACCOUNT_NAME with AZURE_STORAGE_ACCOUNT_KEY, or AZURE_STORAGE_CONNECTION_STRING",
}
"""What gives the keys of a store, by the kind of its addresses."""
_SAME_KEYS = {"s3a": "s3", "gcs": "gs", "abfs": "az", "abfss": "az"}


class ObjectStore:
    """The store that a path stands for, see :mod:`sim.ensemble.addresses`; a :class:`sim.ensemble.real_disk.Disk`."""

    def __init__(self) -> None:
        self._here: set[Path] = set()
        self._folders: set[Path] = set()

    def open_for_writing(self, path: Path, mode: Mode = "wb") -> BinaryIO:
        """Open a file for writing; with ``xb`` and ``ab`` it is put when it is closed.

        Raises
        ------
        FileExistsError
            If there is one and the mode is ``xb``.
        """
        if mode == "wb":
            path.parent.mkdir(parents=True, exist_ok=True)
            self._here.add(path)
            return cast(BinaryIO, path.open("wb"))
        if mode == "xb" and self.size(path) is not None:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), address_of(path))
        before = b"" if mode == "xb" or self.size(path) is None else _fetch(path).read_bytes()
        return _Appended(path, before, alone=mode == "xb")

    def sync_file(self, handle: BinaryIO) -> None:
        """Do nothing: what is put is down."""

    def sync_folder(self, folder: Path) -> None:
        """Do nothing: what is put is listed."""

    def has_locks(self, folder: Path) -> bool:
        """Return False: a file that only one process can make stands for a lock."""
        return False

    def replace(self, old: Path, new: Path) -> None:
        """Put a file, that was written here, where it belongs."""
        with _of_store(new) as (store, key):
            store.put_file(str(old), key)
        self._here.discard(old)
        os.replace(old, new)
        if (about := _about(new)) is not None:
            os.utime(new, ns=_mark(about))

    def rename(self, old: Path, new: Path) -> None:
        """Refuse: a store has no folders that could be renamed.

        Raises
        ------
        OSError
            Always.
        """
        raise OSError(errno.EOPNOTSUPP, "an object store renames no folders", address_of(old))

    def remove(self, path: Path) -> None:
        """Remove a file; it is no error if there is none."""
        path.unlink(missing_ok=True)
        if path in self._here:
            self._here.discard(path)
            return
        with suppress(FileNotFoundError), _of_store(path) as (store, key):
            store.rm_file(key)

    def make_folder(self, folder: Path) -> None:
        """Make a folder here; in the store it is there once something is in it."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folders.add(folder)

    def remove_folder(self, folder: Path) -> None:
        """Remove a folder with all that is in it."""
        shutil.rmtree(folder, ignore_errors=True)
        self._folders.discard(folder)
        with suppress(FileNotFoundError), _of_store(folder) as (store, key):
            store.rm(key, recursive=True)

    def open_for_reading(self, path: Path) -> BufferedReader:
        """Open a file for reading."""
        return self.path_for_reading(path).open("rb")

    def path_for_reading(self, path: Path) -> Path:
        """Return where a file stands here, fetched if it does not yet."""
        return path if path in self._here else _fetch(path)

    def size(self, path: Path) -> int | None:
        """Return the bytes of a file; None if there is none, or a folder stands there."""
        if path in self._here:
            return path.stat().st_size if path.exists() else None
        about = _about(path)
        return None if about is None or about["type"] == "directory" else int(about["size"])

    def is_folder(self, path: Path) -> bool:
        """Return whether a folder stands there, in the store or made by this process."""
        if path in self._folders:
            return True
        about = _about(path)
        if about is not None and about["type"] == "directory":
            self._folders.add(path)
            return True
        return False

    def names(self, folder: Path) -> list[str]:
        """Return what a folder of the store lists, by name in order; nothing if there is no such folder."""
        listed: list[str] = []
        with suppress(FileNotFoundError, NotADirectoryError), _of_store(folder) as (store, key):
            listed = [str(each).rstrip("/").rpartition("/")[2] for each in store.ls(key, detail=False)]
        return sorted(name for name in listed if name and name != folder.name)


class _Appended(BytesIO):
    """A file that is put whole when it is closed; ``alone`` if there must be none yet."""

    def __init__(self, path: Path, before: bytes, *, alone: bool) -> None:
        super().__init__(before)
        self.seek(0, os.SEEK_END)
        self._path, self._alone = path, alone

    def close(self) -> None:
        """Put what was written."""
        if self.closed:
            return
        content = self.getvalue()
        super().close()
        with _of_store(self._path) as (store, key):
            if not self._alone:
                store.pipe_file(key, content)
                return
            try:
                store.pipe_file(key, content, mode="create")
            except (TypeError, NotImplementedError):  # a store that cannot make sure that there is none
                store.pipe_file(key, content)


@lru_cache(maxsize=8)
def _store(kind: str) -> Any:
    """Return fsspec's view of a kind of store; how it is reached, its own settings and variables say."""
    import fsspec

    return fsspec.filesystem(kind, use_listings_cache=False)


@contextmanager
def _of_store(path: Path) -> Iterator[tuple[Any, str]]:
    """Give the store of a path and the key there; whatever goes wrong is an error of the system that names the address.

    Raises
    ------
    OSError
        If the store cannot be reached or refuses; a subclass where it says that something is missing or forbidden.
    """
    address = address_of(path) or str(path)
    kind, _, key = address.partition("://")
    try:
        yield _store(kind), key
    except OSError as error:
        number = error.errno or next(
            (number for kind, number in _NUMBERS.items() if isinstance(error, kind)), errno.EIO
        )
        words = str(error) if " " in str(error) else ""  # else it is the key alone
        raise OSError(number, error.strerror or words or os.strerror(number), address) from error
    except Exception as error:  # the libraries of stores have errors of their own
        if type(error).__name__ in _WITHOUT_KEYS:
            raise PermissionError(errno.EACCES, _no_keys(kind, error), address) from error
        raise OSError(errno.EIO, f"{type(error).__name__}: {error}", address) from error


def _no_keys(kind: str, error: Exception) -> str:
    """Return in words that a store has no keys from us, and what would give them."""
    given_by = _KEYS.get(_SAME_KEYS.get(kind, kind))
    return f"no keys for this store ({error})" + (f"; they come from {given_by}" if given_by else "")


def _about(path: Path) -> dict[str, Any] | None:
    """Return what a store says of a path; None if there is nothing."""
    with suppress(FileNotFoundError), _of_store(path) as (store, key):
        about: dict[str, Any] = store.info(key)
        return about
    return None


def _mark(about: dict[str, Any]) -> tuple[int, int]:
    """Return the times of a file here that is as a store's: they stand for all that it says, so that changes show."""
    content = repr(sorted((name, str(value)) for name, value in about.items()))
    number = int.from_bytes(hashlib.sha256(content.encode()).digest()[:6])
    return number, number


def _fetch(path: Path) -> Path:
    """Return a file here that is as in the store: the one that stands, if it has been since it was fetched.

    Raises
    ------
    FileNotFoundError
        If the store has none.
    """
    with _of_store(path) as (store, key):
        about = store.info(key)
        if about["type"] == "directory":
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if path.is_file() and path.stat().st_size == about["size"] and path.stat().st_mtime_ns == _mark(about)[0]:
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_TRANSFER}")
    try:
        with _of_store(path) as (store, key):
            store.get_file(key, str(new))
        os.utime(new, ns=_mark(about))
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
    return path
