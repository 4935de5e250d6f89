"""Coming to the hub from a learning platform, by LTI 1.3: who is who, and where to ask.

The settings are a file, `lti.json` in the hub's folder; docs/lti.md says what stands in it. The
protocol is the library's, jupyterhub-ltiauthenticator; here are names and rights only.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from course_utils import CourseError
from course_utils.delivery.workshop.folder import HubFolder

FILE, PEOPLE = "lti.json", "people.csv"
ADDRESSES = ("issuer", "authorize_url", "jwks_endpoint")
# Moodle shows them with each tool: https://docs.moodle.org/en/LTI_and_Moodle
# Canvas: https://developerdocs.instructure.com/services/canvas/external-tools/lti
PLATFORMS = {
    "moodle": ("{address}", "{address}/mod/lti/auth.php", "{address}/mod/lti/certs.php"),
    "canvas": (
        "https://canvas.instructure.com",
        "https://sso.canvaslms.com/api/lti/authorize_redirect",
        "https://sso.canvaslms.com/api/lti/security/jwks",
    ),
}
PLAIN_ID = re.compile(r"[0-9]{1,18}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # number or UUID
ROLES = "https://purl.imsglobal.org/spec/lti/claim/roles"
TEACHES = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"


class LtiError(CourseError):
    """What is wrong with the settings and what to do about it, in one sentence."""


@dataclass(frozen=True)
class Settings:
    """Which platform may send people here."""

    client_ids: frozenset[str]
    issuer: str
    authorize_url: str
    jwks_endpoint: str


def settings(here: HubFolder) -> Settings | None:
    """The settings of a hub; None if people come with a password.

    Raises LtiError if they are not whole.
    """
    path = here.path / FILE
    if not path.exists():
        return None
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        client_ids = frozenset(map(str, said["client_ids"]))
        given = {name: str(said[name]) for name in ADDRESSES if name in said}
        platform = PLATFORMS.get(said.get("platform"), ("", "", ""))
        address = str(said.get("address", "")).rstrip("/")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise LtiError(f"{path} cannot be read: docs/lti.md shows what stands in it.") from None
    known = {name: text.format(address=address) for name, text in zip(ADDRESSES, platform)}
    found = Settings(client_ids, **(known | given))
    if not client_ids or "" in client_ids:
        raise LtiError(f"{path} names no client_ids: the platform shows one when a tool is made.")
    for name in ADDRESSES:
        if not is_safe(getattr(found, name)):
            raise LtiError(f"{path}: {name} is no address that begins with https://.")
    return found


def is_safe(address: str) -> bool:
    """Whether an address is encrypted, or of this machine."""
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost")
    )


def account(issuer: str, subject: str) -> str:
    """The hub's name for a person: another for each, and no way to choose it.

    The platform's own id (`sub`) never changes and is given to nobody else, as names and addresses
    of mail are. It stays readable if it is a number (Moodle) or a UUID (Canvas); any other one,
    in which capitals may count, becomes a hash.
    """
    if PLAIN_ID.fullmatch(subject):
        return f"id-{subject}"
    return "of-" + hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()[:32]


def person(claims: dict[str, Any]) -> dict[str, Any]:
    """What JupyterHub is to know of who comes; who teaches on the platform is an administrator.

    Raises LtiError for an anonymous launch.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise LtiError("The platform does not say who you are: allow it to share your id.")
    roles = claims.get(ROLES)
    teaches = isinstance(roles, list) and TEACHES in roles
    return {"name": account(str(claims["iss"]), subject), "admin": teaches}


def remember(here: HubFolder, name: str, claims: dict[str, Any]) -> None:
    """Keep who an account is, for the table of marks: account, name, address of mail."""
    path = here.path / PEOPLE
    rows = {}
    if path.exists():
        with open(path, newline="", encoding="utf-8") as file:
            rows = {row[0]: row for row in csv.reader(file) if row}
    rows["account"] = ["account", "name", "email"]
    rows[name] = [name, plain(claims.get("name")), plain(claims.get("email"))]
    fresh = path.with_suffix(".new")
    with open(
        os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        csv.writer(file).writerows([rows.pop("account"), *(rows[one] for one in sorted(rows))])
    fresh.replace(path)


def plain(said: object) -> str:
    """A name as one line of text that no spreadsheet takes for a formula."""
    text = " ".join("".join(c if c.isprintable() else " " for c in str(said or "")).split())[:100]
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def urls(address: str) -> dict[str, str]:
    """What the platform asks for, of a hub at an address."""
    base = address.rstrip("/") + "/hub"
    return {
        "tool URL": base,
        "initiate login URL": f"{base}/lti13/oauth_login",
        "redirection URI": f"{base}/lti13/oauth_callback",
    }
