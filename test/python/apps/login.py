"""An app with Flask-Login's logins; its session is Flask's own cookie, or Flask-Session's."""

import datetime
import json

import serving
from flask import Flask, request, session
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    fresh_login_required,
    login_fresh,
    login_required,
    login_user,
    logout_user,
)
from flask_session import Session

app = Flask(__name__)
app.config["SECRET_KEY"] = "your-super-secret-key"
serving.configure(app)
if app.config.get("SESSION_TYPE"):
    Session(app)
manager = LoginManager(app)
manager.login_view = app.config.get("LOGIN_VIEW")
manager.refresh_view = app.config.get("REFRESH_VIEW")


class User(UserMixin):
    def __init__(self, id):
        self.id = id


@manager.user_loader
def load_user(id):
    return None if id.startswith("deleted") else User(id)


@app.before_request
def protect():
    """A browser may say which protection it wants to meet; they come one after the other."""
    mode = request.headers.get("X-Protection")
    if mode is not None:
        app.config["SESSION_PROTECTION"] = None if mode == "none" else mode


def who():
    """What the app finds, the user first: that is when Flask-Login looks at the session."""
    id = current_user.get_id() if current_user.is_authenticated else None
    return {"id": id, "fresh": bool(id is not None and login_fresh()), "session": held()}


def flashed():
    return [list(pair) for pair in session.get("_flashes", [])]


def held():
    """
    The session as the request leaves it, with the length of `_id` in its place. What `_remember` says is done, and the
    key taken out, after the view.
    """
    items = {key: value for key, value in session.items() if key != "_remember"}
    return {key: value if key != "_id" else len(value) for key, value in items.items()}


@app.post("/login")
def login():
    given = request.get_json()
    if "permanent" in given:
        session.permanent = given["permanent"]
    options = {key: given[key] for key in ("remember", "fresh") if key in given}
    if "duration" in given:
        options["duration"] = datetime.timedelta(seconds=given["duration"])
    login_user(User(given["id"]), **options)
    return json.dumps(who())


@app.post("/logout")
def logout():
    logout_user()
    return json.dumps(who())


@app.post("/set")
def set_keys():
    session.update(request.get_json())
    return json.dumps(held())


@app.get("/who")
def shown():
    return json.dumps(who())


@app.get("/flashed")
def messages():
    return json.dumps(flashed())


@app.get("/id")
def identifier():
    return json.dumps(session.get("_id"))


@app.get("/page")
@login_required
def page():
    return "ok"


@app.get("/fresh")
@fresh_login_required
def fresh():
    return "ok"


serving.serve(app)
