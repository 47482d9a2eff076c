"""The Flask side of the demo: Flask-Login and Flask-WTF, and Flask-Session 0.8 on a folder of files."""

import logging
import os

from flask import Flask, flash, redirect, render_template, request, session
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    fresh_login_required,
    login_required,
    login_user,
    logout_user,
)
from flask_session import Session
from flask_wtf.csrf import CSRFProtect
from werkzeug.serving import make_server

# Who has an account; a real application asks its database, and for a password.
USERS = {"alice", "bob"}

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
app.config["SESSION_TYPE"] = "filesystem"
app.config["SESSION_FILE_DIR"] = os.environ["SESSION_FILE_DIR"]
app.config["SESSION_PERMANENT"] = False
app.config["SESSION_USE_SIGNER"] = True
Session(app)
CSRFProtect(app)
logins = LoginManager(app)
logins.login_view = logins.refresh_view = "index"


class User(UserMixin):
    def __init__(self, name):
        self.id = name


@logins.user_loader
def load_user(name):
    return User(name) if name in USERS else None


@app.get("/")
def index():
    return render_template("page.html", node=os.environ["NODE_URL"])


@app.post("/login")
def login():
    name = request.form["name"]
    if name not in USERS:
        flash("Nobody has that name")
        return redirect("/")
    login_user(User(name), remember="remember" in request.form)
    session.setdefault("seat", ("B", 12))
    session.setdefault("balance", 25.0)
    session.setdefault("cart", ["chair"])
    flash("Welcome, %s" % name)
    return redirect("/")


@app.post("/cart")
@login_required
def cart():
    session["cart"] = session.get("cart", []) + ["chair"]
    session["balance"] = session.get("balance", 25.0) - 5.0
    flash("A chair for 5.0")
    return redirect("/")


@app.get("/account")
@login_required
def account():
    return "<p>For %s, who is logged in</p>" % current_user.id


@app.get("/password")
@fresh_login_required
def password():
    return "<p>For %s, freshly logged in</p>" % current_user.id


@app.post("/logout")
def logout():
    logout_user()
    flash("Goodbye")
    return redirect("/")


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", int(os.environ["PORT"]), app, threaded=True)
    print("ready", flush=True)
    server.serve_forever()
