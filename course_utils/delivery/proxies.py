"""The proxies that a school's network asks for, in http_proxy, https_proxy and all_proxy."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

NAMES = ("http_proxy", "https_proxy", "all_proxy")


def named(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that name a proxy, written small or large."""
    return {
        name: value
        for name, value in environment.items()
        if name.lower() in NAMES and value.strip()
    }


def completed(environment: Mapping[str, str]) -> dict[str, str]:
    """These variables with `http://` where no scheme stands, as curl and pip understand them."""
    return {
        name: value if "://" in value else f"http://{value.strip()}"
        for name, value in named(environment).items()
    }


def unusable(environment: Mapping[str, str]) -> dict[str, str]:
    """Those that JupyterLab cannot use: SOCKS, or no address at all."""
    return {name: value for name, value in named(environment).items() if not is_http(value)}


def is_http(address: str) -> bool:
    """Whether this is the address of a proxy that speaks HTTP."""
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # of the port, or of brackets
        return False


def is_socks(address: str) -> bool:
    return address.lower().startswith("socks")


def without_password(address: str) -> str:
    """An address as it may be shown."""
    return re.sub(r"//[^/]*@", "//...@", address)


@contextlib.contextmanager
def put_aside() -> Iterator[None]:
    """Work without the unusable ones, which are there again afterwards."""
    kept = unusable(os.environ)
    for name in kept:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(kept)
