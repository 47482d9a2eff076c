"""An app with Flask-WTF's protection and flashed messages; its session is Flask's own cookie, or Flask-Session's."""

import json

import serving
from flask import Flask, flash, get_flashed_messages, request, session
from flask_session import Session
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf, validate_csrf
from markupsafe import Markup
from wtforms import ValidationError

app = Flask(__name__)
app.config["SECRET_KEY"] = "your-super-secret-key"
app.config["WTF_CSRF_CHECK_DEFAULT"] = False
serving.configure(app)
if app.config.get("SESSION_TYPE"):
    Session(app)
csrf = CSRFProtect(app)


@app.errorhandler(CSRFError)
def refused(error):
    return json.dumps({"refused": error.description}), 400


@app.get("/form")
def form():
    return json.dumps({"token": generate_csrf(), "again": generate_csrf(), "raw": session["csrf_token"]})


@app.post("/form")
def posted():
    csrf.protect()
    return json.dumps({"ok": True})


@app.post("/validate")
def validate():
    try:
        validate_csrf(request.get_json()["token"])
    except ValidationError as error:
        return json.dumps({"refused": str(error)})
    return json.dumps({"ok": True})


@app.post("/flash")
def flashed():
    for category, message in request.get_json():
        flash(Markup(message[1:]) if message.startswith("!") else message, category)
    return "{}"


@app.get("/stored")
def stored():
    return json.dumps({"flashes": repr(session.get("_flashes")), "keys": sorted(session)})


@app.get("/flashed")
def shown():
    return json.dumps([repr(get_flashed_messages(with_categories=True)), repr(get_flashed_messages())])


serving.serve(app)
