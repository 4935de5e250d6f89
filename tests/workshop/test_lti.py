"""From a learning platform to the hub: a made-up platform with a key of its own sends people."""

import base64
import csv
import json
import re
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from course_utils.delivery.workshop import lti
from course_utils.delivery.workshop.folder import HubFolder
from course_utils.delivery.workshop.hub import free_port, prepare, running, welcome

needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="the hub's proxy is from npm")
ISSUER, CLIENT, AT = "https://moodle.example.edu", "carousel-client", "http://127.0.0.1"
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
LEARNS = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"


def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def published(private: rsa.RSAPrivateKey) -> dict:
    """The public half, as platforms publish it."""

    def number(value: int) -> str:
        raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    numbers = private.public_key().public_numbers()
    own = {"kty": "RSA", "kid": "1", "use": "sig", "alg": "RS256"}
    return {"keys": [own | {"n": number(numbers.n), "e": number(numbers.e)}]}


@dataclass
class Platform:
    """The platform's key, and the hub it sends people to."""

    key: rsa.RSAPrivateKey
    here: HubFolder
    port: int

    def browser(self) -> httpx.Client:
        return httpx.Client(base_url=f"{AT}:{self.port}", timeout=120, trust_env=False)

    def launch(self, browser: httpx.Client, **changes: object) -> httpx.Response:
        """A person's way in; `changes` are claims, or `key`, `kid`, `state`, `algorithm`."""
        asked = {
            "iss": ISSUER,
            "login_hint": "3",
            "target_link_uri": f"{AT}:{self.port}/hub",
            "client_id": CLIENT,
        }
        way = browser.get("/hub/lti13/oauth_login", params=asked)
        assert way.status_code == 302 and way.headers["location"].startswith(f"{ISSUER}/mod/lti/")
        sent = {
            name: one[0] for name, one in parse_qs(urlsplit(way.headers["location"]).query).items()
        }
        assert sent["redirect_uri"].endswith("/hub/lti13/oauth_callback")
        signed_with = changes.pop("key", self.key)
        algorithm, state = changes.pop("algorithm", "RS256"), changes.pop("state", sent["state"])
        token = jwt.encode(
            claims(sent["nonce"]) | changes, signed_with, algorithm=algorithm, headers={"kid": "1"}
        )
        return browser.post("/hub/lti13/oauth_callback", data={"id_token": token, "state": state})


def asked_for(way: httpx.Response) -> dict[str, str]:
    """What the hub asks the platform, through the browser."""
    query = parse_qs(urlsplit(way.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}


def claims(nonce: str) -> dict:
    """What a platform says of a learner."""
    now = int(time.time())
    return {
        **{"iss": ISSUER, "aud": CLIENT, "sub": "3", "nonce": nonce, "iat": now, "exp": now + 60},
        **{"name": "=Ada\nL", "email": "ada@example.edu"},
        **{f"{CLAIM}message_type": "LtiResourceLinkRequest", f"{CLAIM}version": "1.3.0"},
        **{f"{CLAIM}deployment_id": "1", f"{CLAIM}target_link_uri": "http://x"},
        **{f"{CLAIM}resource_link": {"id": "1"}, f"{CLAIM}roles": [LEARNS]},
    }


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder, own = tmp_path_factory.mktemp("lti"), key()
    (folder / "jwks").write_text(json.dumps(published(own)))
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    keys = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=keys.serve_forever, daemon=True).start()
    here = HubFolder(folder / "hub").open()
    said = {"platform": "moodle", "address": ISSUER, "client_ids": [CLIENT]}
    said["jwks_endpoint"] = f"{AT}:{keys.server_port}/jwks"
    (here.path / lti.FILE).write_text(json.dumps(said))
    prepare(here)
    port = free_port()
    with running(here, port, []):
        yield Platform(own, here, port)
    keys.shutdown()


@needs_npm
def test_a_learner_comes_in_and_gets_an_account_by_id(platform: Platform) -> None:
    with platform.browser() as browser:
        landed = platform.launch(browser)
        assert landed.status_code == 302, landed.text
        assert "hub" in browser.get("/hub/home").url.path
        found = browser.get("/hub/api/user", headers={"Referer": f"{AT}:{platform.port}/hub/home"})
        assert (found.json()["name"], found.json()["admin"]) == ("id-3", False)
    with open(platform.here.path / lti.PEOPLE, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert ["id-3", "'=Ada L", "ada@example.edu"] in rows
    assert (platform.here.path / lti.PEOPLE).stat().st_mode & 0o077 == 0


@needs_npm
def test_who_teaches_there_is_an_administrator_here(platform: Platform) -> None:
    with platform.browser() as browser:
        landed = platform.launch(browser, **{"sub": "7", f"{CLAIM}roles": [lti.TEACHES]})
        assert landed.status_code == 302
        assert browser.get("/hub/admin").status_code == 200


@needs_npm
@pytest.mark.parametrize(
    "changes",
    [
        {"key": key()},
        {"key": "a secret that is long enough, as a key of HS256 must be", "algorithm": "HS256"},
        {"key": "", "algorithm": "none"},
        {"nonce": "another"},
        {"iss": "https://evil.example.edu"},
        {"aud": "another-client"},
        {"exp": 1, "iat": 1},
        {"iat": 1},
        {"state": "another"},
        {"sub": ""},
        {f"{CLAIM}version": "1.1"},
    ],
    ids=lambda changes: " ".join(f"{name}" for name in changes),
)
def test_who_does_not_come_in(platform: Platform, changes: dict) -> None:
    with platform.browser() as browser:
        landed = platform.launch(browser, **dict(changes))
        assert landed.status_code in (400, 401, 403)
        home = browser.get("/hub/home")
        assert home.status_code == 302 and "login" in home.headers["location"]


@needs_npm
def test_a_token_that_was_overheard_is_of_no_use(platform: Platform) -> None:
    """It belongs to the browser that asked for it."""
    with platform.browser() as ada, platform.browser() as eve:
        asked = {
            "iss": ISSUER,
            "login_hint": "3",
            "target_link_uri": "http://x/hub",
            "client_id": CLIENT,
        }
        sent = parse_qs(
            urlsplit(ada.get("/hub/lti13/oauth_login", params=asked).headers["location"]).query
        )
        token = jwt.encode(claims(sent["nonce"][0]), platform.key, "RS256", headers={"kid": "1"})
        body = {"id_token": token, "state": sent["state"][0]}
        assert eve.post("/hub/lti13/oauth_callback", data=body).status_code == 400
        platform.launch(eve, sub="4")
        eve.get("/hub/lti13/oauth_login", params=asked)
        assert eve.post("/hub/lti13/oauth_callback", data=body).status_code == 400


@needs_npm
def test_no_password_opens_this_door(platform: Platform) -> None:
    with platform.browser() as browser:
        form = {"username": "teacher", "password": platform.here.passwords()["teacher"]}
        assert browser.post("/hub/login", data=form).status_code >= 400
    said = welcome(platform.here, platform.port)
    assert "password" not in said.split("handed in")[0] and "oauth_callback" in said


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("3", "id-3"),
        ("0ea8c31e-6d4b-4a5c-8b57-1c1b2a3d4e5f", "id-0ea8c31e-6d4b-4a5c-8b57-1c1b2a3d4e5f"),
    ],
)
def test_plain_ids_stay_readable(subject: str, name: str) -> None:
    assert lti.account(ISSUER, subject) == name


def test_no_two_people_share_an_account_and_nobody_chooses_one() -> None:
    subjects = ["Ada", "ada", "ADA", "teacher", "../ada", "a b", "ａda", "id-3", "3 ", "\u0663", ""]
    subjects += ["x" * 500, "x" * 501, "0EA8C31E-6D4B-4A5C-8B57-1C1B2A3D4E5F", "3"]
    names = [lti.account(ISSUER, one) for one in subjects]
    assert len(set(names)) == len(subjects)
    assert len({name.lower() for name in names}) == len(subjects)
    assert all(re.fullmatch(r"(id|of)-[0-9a-f-]{1,37}", name) for name in names)
    assert "teacher" not in names


def test_without_an_id_nobody_comes_in() -> None:
    for anonymous in ({}, {"sub": ""}, {"sub": None}, {"sub": 3}):
        with pytest.raises(lti.LtiError, match="does not say who you are"):
            lti.person({"iss": ISSUER} | anonymous)
    below = {"sub": "3", "iss": ISSUER, lti.ROLES: [f"{lti.TEACHES}#TeachingAssistant"]}
    assert lti.person(below)["admin"] is False
    assert lti.person(below | {lti.ROLES: lti.TEACHES})["admin"] is False  # no list


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        ({"platform": "canvas"}, "cannot be read"),
        ({"platform": "canvas", "client_ids": []}, "names no client_ids"),
        ({"platform": "moodle", "client_ids": ["x"]}, "issuer is no address"),
        (
            {"platform": "moodle", "address": "http://m.edu", "client_ids": ["x"]},
            "begins with https",
        ),
        ({"issuer": "https://a.edu", "client_ids": ["x"]}, "authorize_url is no address"),
    ],
)
def test_settings_that_are_not_whole(tmp_path: Path, said: object, why: str) -> None:
    (tmp_path / lti.FILE).write_text(said if isinstance(said, str) else json.dumps(said))
    with pytest.raises(lti.LtiError, match=why):
        lti.settings(HubFolder(tmp_path))


def test_settings_of_known_platforms(tmp_path: Path) -> None:
    assert lti.settings(HubFolder(tmp_path)) is None
    (tmp_path / lti.FILE).write_text('{"platform": "canvas", "client_ids": ["10000000000001"]}')
    canvas = lti.settings(HubFolder(tmp_path))
    assert canvas.issuer == "https://canvas.instructure.com"
    assert canvas.jwks_endpoint.endswith("/api/lti/security/jwks")
    address = {"platform": "moodle", "address": f"{ISSUER}/", "client_ids": ["x"]}
    (tmp_path / lti.FILE).write_text(json.dumps(address))
    assert lti.settings(HubFolder(tmp_path)).authorize_url == f"{ISSUER}/mod/lti/auth.php"
