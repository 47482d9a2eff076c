"""An app with Flask-Login, which Node asks on behalf of the browser; its session is Flask's own cookie, or Flask-Session's."""

import json
import time

import serving
from flask import Flask, Response, redirect, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_session import Session

app = Flask(__name__)
app.config["SECRET_KEY"] = "your-super-secret-key"
app.config["SESSION_PROTECTION"] = "strong"
serving.configure(app)
if app.config.get("SESSION_TYPE"):
    Session(app)
logins = LoginManager(app)


class User(UserMixin):
    id = "7"


@logins.user_loader
def load(number):
    return User() if number == User.id else None


@app.post("/login")
def login():
    login_user(User(), remember=request.form.get("remember") == "on")
    return redirect("/me")


@app.get("/logout")
def logout():
    logout_user()
    return redirect("/")


@app.get("/me")
def me():
    return json.dumps({"user": current_user.get_id() if current_user.is_authenticated else None, "note": session.get("note")})


@app.route("/echo", methods=["GET", "POST", "PUT", "DELETE", "PATCH"])
def echo():
    return json.dumps(
        {
            "method": request.method,
            "path": request.environ["PATH_INFO"],
            "query": request.query_string.decode(),
            "headers": dict(request.headers),
            "peer": request.environ["REMOTE_ADDR"],
            "body": request.get_data().hex(),
        }
    )


@app.get("/cookies")
def cookies():
    response = Response("")
    for number in range(3):
        response.set_cookie("c%d" % number, str(number))
    response.delete_cookie("c0")
    return response


@app.get("/set/<value>")
def put(value):
    session["note"] = value
    return ""


@app.get("/status/<int:status>")
def status(status):
    return Response("" if status in (204, 304) else "text", status, {"Location": "/elsewhere"} if 300 < status < 304 else {})


@app.get("/stream")
def stream():
    def pieces():
        for number in range(3):
            yield "%d\n" % number
            time.sleep(0.2)

    return Response(pieces(), mimetype="text/plain")


@app.get("/slow")
def slow():
    time.sleep(2)
    return ""


serving.serve(app)
