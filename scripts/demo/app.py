"""The Flask side of the demo: Flask-Session 0.8 on a folder of files, as its documentation sets it up."""

import logging
import os

from flask import Flask, request, session
from flask_session import Session
from werkzeug.serving import make_server

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
app.config["SESSION_TYPE"] = "filesystem"
app.config["SESSION_FILE_DIR"] = os.environ["SESSION_FILE_DIR"]
app.config["SESSION_USE_SIGNER"] = True
Session(app)


@app.post("/login")
def login():
    session["uname"] = request.form["uname"]
    session["seat"] = ("B", 12)
    session["balance"] = 25.0
    session["cart"] = ["chair"]
    return "Hello %s" % session["uname"]


@app.get("/")
def index():
    if "uname" not in session:
        return "Nobody is logged in"
    keys = ("uname", "seat", "balance", "cart")
    return "  ".join("%s=%r" % (key, session[key]) for key in keys)


logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = make_server("127.0.0.1", 0, app, threaded=True)
print("on port %d" % server.port, flush=True)
server.serve_forever()
