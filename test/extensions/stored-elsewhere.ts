/** Sessions that extensions of Flask have left in its own cookie, in msgpack and in a pickle: opened by Node, read by Python. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Session } from "../../src/session/session.ts";
import { createSessions } from "../../src/session/sessions.ts";
import { memoryStore } from "../../src/stores/memory.ts";
import { judgeOf, projectFolder } from "../python/judge.ts";

/** Where a session lies: the token of Flask's own cookie, or a record of Flask-Session in hex. */
export type Place = "cookie" | "msgpack" | "pickle";

/** All of them. */
export const PLACES: readonly Place[] = ["cookie", "msgpack", "pickle"];

/** The extensions of `scripts/fixtures/extensions_others.py`. */
export type Extension = "principal" | "security" | "dance" | "authlib";

type Steps = Readonly<Record<string, { readonly stored: string }>>;

const { vectors } = JSON.parse(readFileSync(join(projectFolder, "fixtures", "extensions", "others.json"), "utf8")) as {
  readonly vectors: Readonly<Record<Extension, Readonly<Record<Place, Steps>>>>;
};

/** What is stored after a step of an extension's walk. */
export function storedBy(extension: Extension, place: Place, step: string): string {
  const left = vectors[extension][place][step];
  if (left === undefined) throw new Error(`${extension} has not ${step}`);
  return left.stored;
}

/** Lets a handler at a session that is stored. @returns what is stored afterwards */
export function visited(place: Place, stored: string, handle: (session: Session) => void): Promise<string> {
  return place === "cookie" ? visitedCookie(stored, handle) : visitedRecord(stored, handle);
}

/** The clock of the fixtures stands still, and a cookie must not be too old. */
const OPTIONS = { secretKey: "a key for fixtures", lifetimeSeconds: 1_000_000_000, onEvent: () => {} };

async function visitedCookie(stored: string, handle: (session: Session) => void): Promise<string> {
  const sessions = createSessions({ ...OPTIONS, cookieSession: true });
  const request = await sessions.open(`session=${stored}`);
  handle(request.session);
  const [line = ""] = (await request.finish()).setCookie;
  return line.slice("session=".length, line.indexOf(";"));
}

async function visitedRecord(stored: string, handle: (session: Session) => void): Promise<string> {
  const store = memoryStore();
  await store.set("session:known", Buffer.from(stored, "hex"), new Date(Date.now() + 1_000_000));
  const request = await createSessions({ ...OPTIONS, store }).open("session=known");
  handle(request.session);
  await request.finish();
  return Buffer.from((await store.get("session:known"))?.record.bytes ?? []).toString("hex");
}

/** Reads as Flask does. The classes of the tokens are stood in for by dicts, which they are. */
const READ = `
import io, pickle
from canonical import canonical
from flask import Flask
from flask_session.base import MsgSpecSerializer

app = Flask("others")
app.config["SECRET_KEY"] = "a key for fixtures"
classes = {}

class Tokens(pickle.Unpickler):
    def find_class(self, module, name):
        if name != "OAuth2Token":
            return super().find_class(module, name)
        return classes.setdefault(module, type(name, (dict,), {"__module__": module}))

readers = {
    "cookie": app.session_interface.get_signing_serializer(app).loads,
    "msgpack": lambda text: MsgSpecSerializer(app, "msgpack").decode(bytes.fromhex(text)),
    "pickle": lambda text: Tokens(io.BytesIO(bytes.fromhex(text))).load(),
}
found = [readers[input["place"]](text) for text in input["stored"]]
`;

/** Runs a program that finds sessions in `found`, as Flask reads them, and leaves `result`. */
export async function asPython(program: string, place: Place, ...stored: readonly string[]): Promise<unknown> {
  return (await judgeOf("fs080-flask31")).run(READ + program, { place, stored });
}
