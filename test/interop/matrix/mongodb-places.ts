/** MongoDB in the matrix, a database for each app. */
import { randomBytes } from "node:crypto";
import { Binary, type Collection, MongoClient } from "mongodb";
import { startMongodb } from "../../services/mongodb-server.ts";
import { hasFlaskSessionBefore } from "../sides.ts";
import { PERMANENT_ALONE, type Place, type Places, SETTINGS, served } from "./place.ts";

export const mongodb: Places = {
  name: "MongoDB",
  about: `Records are pickles up to 0.6, msgpack and JSON from 0.7. ${SETTINGS} ${PERMANENT_ALONE}`,
  serializes: true,
  transient: (side) => (hasFlaskSessionBefore(side, 0, 7) ? "error" : undefined),
  ...served(opened, ({ url, client }) => {
    const name = `m${randomBytes(6).toString("hex")}`;
    return {
      config: { SESSION_TYPE: "mongodb", SESSION_MONGODB: url, SESSION_MONGODB_DB: name },
      ...documentsIn(client.db(name).collection("sessions")),
    };
  }),
};

async function opened(): Promise<{ readonly url: string; readonly client: MongoClient; stop(): Promise<void> }> {
  const server = await startMongodb(true);
  const client = new MongoClient(server.url);
  return {
    url: server.url,
    client,
    stop: async () => {
      await client.close();
      await server.stop();
    },
  };
}

function documentsIn(collection: Collection): Omit<Place, "config"> {
  return {
    async lying() {
      const documents = await collection.find({}).toArray();
      return documents.map(({ val, expiration }) => ({
        bytes: Uint8Array.from((val as Binary).buffer.subarray(0, (val as Binary).position)),
        secondsLeft: ((expiration as Date).getTime() - Date.now()) / 1000,
      }));
    },
    async replace({ bytes, secondsLeft }) {
      // What is over the server deletes, if up to a minute later; Flask-Session 0.7 and 0.8 serve it until then.
      if (secondsLeft <= 0) return this.clear();
      const expiration = new Date(Date.now() + 1000 * secondsLeft);
      await collection.updateOne({}, { $set: { val: new Binary(bytes), expiration } });
    },
    async clear() {
      await collection.deleteMany({});
    },
  };
}
