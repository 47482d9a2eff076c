/** Real Flask-Session over the same table as a store of ours. */
import { type EnvironmentName, judgeOf } from "../../python/judge.ts";

/** Keys of Flask's config. */
export type Config = Readonly<Record<string, unknown>>;

const APP = `
import datetime, flask, flask_session, warnings
warnings.simplefilter("ignore")
config = dict(input["config"])
lifetime = datetime.timedelta(seconds=config.pop("LIFETIME", 100))
app = flask.Flask("app")
app.config.update(SECRET_KEY="k", SESSION_TYPE="sqlalchemy", PERMANENT_SESSION_LIFETIME=lifetime, **config)
flask_session.Session(app)
interface = app.session_interface
database = getattr(interface, "client", None) or interface.db

def visitor(sid):
    return app.test_request_context(headers={"Cookie": "session=" + sid})

def read(sid):
    with visitor(sid):
        return repr(dict(flask.session))

def save(sid, values):
    with visitor(sid):
        session = interface.session_class(dict(values), sid=sid)
        session.modified = True
        interface.save_session(app, session, flask.Response())

def change(sid, values):
    with visitor(sid):
        flask.session.update(values)
        interface.save_session(app, flask.session, flask.Response())

def log_out(sid):
    with visitor(sid):
        flask.session.clear()
        interface.save_session(app, flask.session, flask.Response())
`;

const END = `
with app.app_context():
    for engine in database.engines.values():
        engine.dispose()
`;

/** The whole program of such lines; it finds its configuration as `input["config"]`. */
export function flaskProgram(lines: string): string {
  return `${APP}${lines}${END}`;
}

/** Runs lines of Python that see `read`, `save`, `change` and `log_out` of sessions, and leave `result`. */
export async function runFlask(
  lines: string,
  config: Config,
  input: unknown = {},
  environment: EnvironmentName = "fs080-stores",
): Promise<unknown> {
  const judge = await judgeOf(environment);
  return judge.run(flaskProgram(lines), { config, given: input });
}
