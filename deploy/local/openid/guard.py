"""Makes the wheel's lenient provider as strict as a city's: one client, one secret, PKCE."""

import base64
import hashlib
import hmac
from urllib.parse import parse_qs, urlencode, urlparse

import flask
import msgspec
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

CHALLENGE_LENGTH = 43
"""Characters of an unpadded base64url SHA-256 digest."""

OPEN_PATHS = frozenset(
    {
        "/",
        "/.well-known/openid-configuration",
        "/jwks",
        "/oauth2/authorize",
        "/oauth2/token",
        "/oauth2/end_session",
        "/oauth2/end_session/confirm",
        "/userinfo",
    }
)


class RegisteredClient(msgspec.Struct, frozen=True):
    """The one application that may send people here to sign in."""

    client_id: str
    client_secret: str
    public_url: str
    """Origin of the application; people are only ever sent back to addresses below it."""


class Guard:
    """Check what the wheel lets pass, and remember the PKCE challenge of each code."""

    def __init__(self, client: RegisteredClient, subjects: frozenset[str]) -> None:
        self._client = client
        self._subjects = subjects
        self._challenges: dict[str, str] = {}

    def before(self) -> tuple[str, int] | tuple[dict[str, str], int] | None:
        """Answer a request that must not reach the wheel; let the others pass with None."""
        path = flask.request.path
        if path not in OPEN_PATHS:
            raise NotFound
        if path == "/oauth2/authorize":
            if problem := self._authorization_problem():
                page = flask.render_template("error.html", description=problem)
                return page, 400
        elif path == "/oauth2/token" and (error := self._token_error()):
            return {"error": error}, 401 if error == "invalid_client" else 400
        elif path.startswith("/oauth2/end_session") and not self._returns_home(
            flask.request.values.get("post_logout_redirect_uri")
            or flask.request.values.get("redirect_uri")
            or self._client.public_url
        ):
            page = flask.render_template("error.html", description="Unbekannte Rücksprungadresse.")
            return page, 400
        return None

    def after(self, response: Response) -> Response:
        """Complete what the wheel answered."""
        if flask.request.path == "/.well-known/openid-configuration":
            _announce(response)
        elif flask.request.path == "/oauth2/authorize" and response.location:
            self._keep_challenge(response)
        return response

    def _authorization_problem(self) -> str | None:
        asked = flask.request.args
        if asked.get("client_id") != self._client.client_id:
            return "Diese Anwendung ist nicht angemeldet."
        if not self._returns_home(asked.get("redirect_uri", "")):
            return "Unbekannte Rücksprungadresse."
        if asked.get("code_challenge_method") != "S256":
            return "Die Anwendung muss PKCE mit S256 benutzen."
        if len(asked.get("code_challenge", "")) != CHALLENGE_LENGTH:
            return "Die Anwendung muss PKCE mit S256 benutzen."
        picked = flask.request.form.get("sub")
        if picked is not None and picked not in self._subjects:
            return "Diese Person gibt es hier nicht."
        return None

    def _returns_home(self, address: str) -> bool:
        home = self._client.public_url
        return address == home or address.startswith(home + "/")

    def _token_error(self) -> str | None:
        form, basic = flask.request.form, flask.request.authorization
        if basic is not None and basic.type == "basic":
            client_id, secret = basic.username, basic.password
        else:
            client_id, secret = form.get("client_id"), form.get("client_secret")
        if client_id != self._client.client_id or not hmac.compare_digest(
            (secret or "").encode(), self._client.client_secret.encode()
        ):
            return "invalid_client"
        if form.get("grant_type") != "authorization_code":
            return None
        challenge = self._challenges.pop(form.get("code", ""), "")
        verifier = form.get("code_verifier", "")
        return None if challenge and challenge == challenge_of(verifier) else "invalid_grant"

    def _keep_challenge(self, response: Response) -> None:
        location = urlparse(response.location or "")
        answer = parse_qs(location.query)
        state = flask.request.args.get("state")
        if "error" in answer and "state" not in answer and state:
            answer["state"] = [state]
            response.location = location._replace(query=urlencode(answer, doseq=True)).geturl()
        for code in answer.get("code", []):
            self._challenges[code] = flask.request.args["code_challenge"]


def challenge_of(verifier: str) -> str:
    """Compute the S256 challenge of a verifier.

    Source: RFC 7636 4.2.
    """
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _announce(response: Response) -> None:
    document = msgspec.json.decode(response.get_data())
    document["code_challenge_methods_supported"] = ["S256"]
    document["token_endpoint_auth_methods_supported"] = [
        "client_secret_basic",
        "client_secret_post",
    ]
    document.pop("registration_endpoint", None)
    response.set_data(msgspec.json.encode(document))
