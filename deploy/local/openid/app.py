"""Puts the provider together: the wheel's endpoints, our guard, pages and demo people."""

import logging
import secrets
from typing import Any

import flask
from oidc_provider_mock import User, init_app
from werkzeug.serving import WSGIRequestHandler

from deploy.local.openid.guard import Guard, RegisteredClient
from deploy.local.openid.people import DEMO_PEOPLE, DemoPerson


def create_app(client: RegisteredClient) -> flask.Flask:
    """Build the provider's WSGI application for one client; it keeps everything in memory."""
    app = flask.Flask("deploy.local.openid", template_folder="templates")
    app.secret_key = secrets.token_bytes(32)
    guard = Guard(client, frozenset(person.subject for person in DEMO_PEOPLE))
    app.before_request(guard.before)
    app.after_request(guard.after)
    without_debugger = app.wsgi_app
    init_app(app, issue_refresh_token=False, user_claims=[_user(one) for one in DEMO_PEOPLE])
    app.debug = False
    vars(app)["wsgi_app"] = without_debugger
    app.jinja_env.globals["people"] = DEMO_PEOPLE
    return app


class QuietRequest(WSGIRequestHandler):
    """Log a request without its query, which may hold a code or a token."""

    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        """Write one line: method, path, status."""
        path = self.path.partition("?")[0]
        logging.getLogger("openid").info("%s %s %s %s", self.command, path, code, size)


def _user(person: DemoPerson) -> User:
    given, _, family = person.name.rpartition(" ")
    return User(
        sub=person.subject,
        claims={
            "name": person.name,
            "given_name": given,
            "family_name": family,
            "email": person.email,
            "email_verified": True,
            "groups": person.groups,
        },
    )
