"""The tutorial's app: a login form, a page that knows the user, a log-out."""

import redis
import serving
from flask import Flask, redirect, request, session, url_for
from flask_session import Session

app = Flask(__name__)
app.config['SECRET_KEY'] = 'your-super-secret-key'
app.config['SESSION_TYPE'] = 'redis'
app.config['SESSION_REDIS'] = redis.from_url('redis://localhost:6379')
app.config['SESSION_PERMANENT'] = False
app.config['SESSION_USE_SIGNER'] = True
app.config['SESSION_KEY_PREFIX'] = 'flask_session:'
serving.configure(app)
Session(app)


@app.route('/')
def index():
    if 'uname' in session:
        return 'Logged in as %s' % session['uname']
    return 'You are not logged in'


@app.route('/login', methods=['GET', 'POST'])
def login():
    if request.method == 'POST':
        username = request.form['uname']
        session['uname'] = username
        if app.config.get('TUTORIAL_PERMANENT'):
            session.permanent = True
        return redirect(url_for('index'))
    return '<form method="post"><input name="uname"><input type="submit" value="Log in"></form>'


@app.route('/logout')
def logout():
    session.clear()
    return redirect(url_for('index'))


serving.serve(app)
