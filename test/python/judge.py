"""Runs the programs that tests send, one JSON line each, and answers with one JSON line each.

A request is {"id", "program", "input"}; the program finds `input` and leaves `result`. What a program imports stays
imported, so that asking is cheap. Anything a program prints goes to stderr.
"""

import json
import os
import sys
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
answers = sys.stdout
sys.stdout = sys.stderr
compiled = {}

for line in sys.stdin:
    request = json.loads(line)
    program = request["program"]
    if program not in compiled:
        compiled[program] = compile(program, "<test>", "exec")
    names = {"input": request["input"], "result": None}
    try:
        exec(compiled[program], names)
        answer = {"id": request["id"], "result": names["result"]}
    except BaseException as error:
        answer = {
            "id": request["id"],
            "error": type(error).__name__,
            "message": str(error),
            "traceback": traceback.format_exc(),
        }
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
