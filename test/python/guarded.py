"""Loads pickles that do harm, in a child in which they can do none, and says what they did.

The child has a folder of its own, no input, no time and little memory. An audit hook sees what it is about to do and stops
what would leave the folder: a program started, a connection made, a file written elsewhere.
"""

import importlib
import json
import os
import pickle
import resource
import shutil
import signal
import sys
import tempfile
import types
import zipfile

SECONDS = 10
MEGABYTES = 1024

# Events after which there is no way back; what begins with one of these words is stopped.
STOPPED = (
    "os.exec os.fork os.forkpty os.kill os.killpg os.posix_spawn os.putenv os.spawn os.system os.unsetenv os.chown os.chmod "
    "subprocess.Popen pty.spawn webbrowser.open ctypes.dlopen ctypes.string_at signal.pthread_kill resource. fcntl. syslog. "
    "socket.bind socket.connect socket.getaddrinfo socket.gethostbyname socket.sendto socket.sethostname "
    "urllib.Request http.client.connect ftplib.connect imaplib.open nntplib.connect poplib.connect smtplib.connect "
    "telnetlib.Telnet.open shutil.rmtree shutil.chown"
).split()

# What a gadget finds in the folder: `evil` in the forms that are run.
EVIL = "import victim\nvictim.effect()\n"
FILES = {"evil.py": EVIL, "evil.pth": EVIL.splitlines()[0] + "; victim.effect()\n"}
ARCHIVE = "evil.zip"


class Stopped(BaseException):
    """No gadget that catches Exception catches it."""


def victim():
    """The app's module: it sees whether it was called or changed."""
    made = types.ModuleType("victim")
    made.calls = []
    made.app = types.SimpleNamespace(secret=1)
    made.config = {}
    made.effect = lambda *arguments, **keywords: made.calls.append(1) or (lambda *rest, **more: None)
    made.effect.__module__, made.effect.__qualname__ = "victim", "effect"
    return made


def was_touched(made):
    return bool(made.calls or made.config or vars(made.app) != {"secret": 1})


def outcome(data, modules=()):
    """What happens to `pickle.loads(data)`: the audit events, and in words what else is seen of it.

    `modules` are imported before, so that their import is not taken for what the pickle does.
    """
    for module in modules:
        importlib.import_module(module)
    folder = tempfile.mkdtemp(prefix="guarded-")
    try:
        for name, text in FILES.items():
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        with zipfile.ZipFile(os.path.join(folder, ARCHIVE), "w") as archive:
            archive.writestr("evil.py", EVIL)
        return _in_child(data, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _in_child(data, folder):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _guard(folder)
            _report(writer, data)
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        lines = file.read().splitlines()
    _, status = os.waitpid(child, 0)
    found = {"events": [], "seen": []}
    for line in lines:
        key, value = json.loads(line)
        found[key].append(value)
    if status != 0 or "ended" not in found["seen"]:
        found["seen"].append("died")
    if set(os.listdir(folder)) & {"marker", "marker.dat", "marker.db"}:
        found["seen"].append("wrote a file")
    return found


def _guard(folder):
    signal.alarm(SECONDS)
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    sys.stdin, sys.stdout, sys.stderr = (open(number, mode, closefd=False) for number, mode in ((0, "r"), (1, "w"), (2, "w")))
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.chdir(folder)
    os.environ.update(HOME=folder, TMPDIR=folder, EDITOR="true", PAGER="cat")
    tempfile.tempdir = folder
    sys.path.insert(0, folder)


def _report(writer, data):
    """Lines are written as things happen: a child that dies has said what it did before."""
    sys.modules["victim"] = made = victim()
    say = lambda key, value: os.write(writer, (json.dumps([key, value]) + "\n").encode())
    seen = set()

    def hook(event, arguments):
        if event not in seen:
            seen.add(event)
            say("events", event)
        if event.startswith(tuple(STOPPED)) or (event == "open" and _is_foreign(*arguments)):
            raise Stopped(event)

    sys.addaudithook(hook)
    try:
        value = pickle.loads(data)
        if callable(value):
            say("seen", "is callable")
        say("seen", "gives %s" % type(value).__name__)
    except BaseException as error:
        say("seen", "raises %s" % type(error).__name__)
    if was_touched(made):
        say("seen", "touched the app")
    say("seen", "ended")


def _is_foreign(path, mode, flags):
    """Whether a file outside of the folder is opened to be written."""
    writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    return bool(writes) and isinstance(path, str) and os.path.isabs(path) and not path.startswith((os.getcwd(), "/dev/"))
