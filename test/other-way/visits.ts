/** Changes that a handler makes to sessions, saved by us, then read and saved by real Flask, then read by us again. */
import { decodeRecord } from "../../src/codecs/fallback.ts";
import { pickle } from "../../src/codecs/pickle/codec.ts";
import { EncodeError } from "../../src/errors.ts";
import { Session } from "../../src/session/session.ts";
import { sameExact } from "../../src/values/equality.ts";
import { type Held, held } from "./places.ts";
import type { Side } from "./targets.ts";

/** What a handler does to a session. */
export interface Change {
  readonly change: (session: Held) => void;
  /** The same in Python: statements on the session `s`. Not needed where the change is refused. */
  readonly same: string;
}

/** The save was refused. */
export interface Refusal {
  readonly path: string;
  readonly message: string;
  /** Whether the store holds the bytes that it held. */
  readonly isKept: boolean;
  /** Whether the end of the request is refused in the same way. */
  readonly isRefusedAgain: boolean;
}

/** The session was saved, and then read and saved by Flask, twice. */
export interface Visit {
  /** What Flask raised, on reading or on saving. */
  readonly failure?: string;
  /** What Flask found, where it is not what Python would have. */
  readonly different?: { readonly found: string; readonly wanted: string };
  /** Whether Node reads from the store what Flask has in its session. */
  readonly isReadAgain: boolean;
  /** The session as Node sees it after Flask. */
  readonly after: Record<string, unknown>;
}

/** What became of a change; an error that is no EncodeError is thrown. */
export type Outcome = { readonly refusal: Refusal } | { readonly visit: Visit };

interface Answer {
  readonly failure?: string;
  readonly different?: { readonly found: string; readonly wanted: string } | null;
  readonly pickled?: string;
}

/** The records of the sessions in {@link held}, in every format, by a Flask side that has them all. */
export async function heldRecords({ flask }: Side): Promise<Readonly<Record<keyof typeof held, Buffer>>> {
  const answers = (await post(`${flask.url}/records`, Object.values(held))) as Record<string, string | null>[];
  const records = Object.keys(held).map((format, index) => [
    format,
    Buffer.from(answers[index]?.[format] ?? "", "hex"),
  ]);
  return Object.fromEntries(records) as Readonly<Record<keyof typeof held, Buffer>>;
}

/** Makes every change in a session of its own. @param records of {@link heldRecords} */
export async function visitAll(
  side: Side,
  records: Readonly<Record<keyof typeof held, Buffer>>,
  changes: readonly Change[],
): Promise<Outcome[]> {
  const { target, flask } = side;
  const before = records[target.format];
  const sids = changes.map((_change, index) => `visitor-${index}`);
  const refusals: (Refusal | undefined)[] = [];
  for (const [index, { change }] of changes.entries()) {
    refusals.push(await saveOne(side, sids[index] as string, before, change));
  }
  const accepted = sids.filter((_sid, index) => refusals[index] === undefined);
  const visitors = changes.flatMap(({ same }, index) => {
    const visitor = { sid: sids[index], same, held: held[target.format], shares: target.format === "pickle" };
    return refusals[index] === undefined ? [visitor] : [];
  });
  const answers = (await post(`${flask.url}/visits`, visitors)) as Answer[];
  const bySid = new Map(accepted.map((sid, index) => [sid, answers[index] as Answer]));
  return Promise.all(
    sids.map(async (sid, index) => {
      const refusal = refusals[index];
      return refusal === undefined ? { visit: await visitOf(side, sid, bySid.get(sid) as Answer) } : { refusal };
    }),
  );
}

async function saveOne(
  { sessions, store }: Side,
  sid: string,
  before: Uint8Array,
  change: Change["change"],
): Promise<Refusal | undefined> {
  const key = `session:${sid}`;
  await store.set(key, before, new Date(Date.now() + 1_000_000));
  const opened = await sessions.open(`session=${sid}`);
  change(opened.session as unknown as Held);
  const refused = await encodeErrorOf(() => Session.of(opened.session).save());
  const again = await encodeErrorOf(async () => opened.finish());
  if (refused === undefined) return undefined;
  const after = (await store.get(key))?.record.bytes ?? new Uint8Array();
  return {
    path: refused.path,
    message: refused.message,
    isKept: Buffer.compare(before, after) === 0,
    isRefusedAgain: again?.message === refused.message,
  };
}

async function visitOf({ target, sessions, store }: Side, sid: string, answer: Answer): Promise<Visit> {
  const { failure, different, pickled = "" } = answer;
  const opened = await sessions.open(`session=${sid}`);
  const after = { ...opened.session };
  if (failure !== undefined) return { failure, isReadAgain: false, after };
  const record = (await store.get(`session:${sid}`))?.record.bytes ?? new Uint8Array();
  const format = target.next ?? target.format;
  const ours = decodeRecord(record, format);
  const theirs = pickle.decode(Buffer.from(pickled, "hex"));
  return {
    ...(different === null || different === undefined ? {} : { different }),
    isReadAgain: ours.format === format && sameExact(ours.value, theirs.value),
    after,
  };
}

async function encodeErrorOf(work: () => Promise<unknown>): Promise<EncodeError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof EncodeError) return error;
    throw error;
  }
}

async function post(url: string, body: unknown): Promise<unknown> {
  const reply = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (reply.status !== 200) throw new Error(`${url} answered ${reply.status}`);
  return reply.json();
}
