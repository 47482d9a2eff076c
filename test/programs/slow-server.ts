/** A server whose requests change the session late, and that stops as a server should when it is told to. */
import { setTimeout as sleep } from "node:timers/promises";
import express from "express";
import { flaskConfig } from "../../src/config/index.ts";
import { flaskSession } from "../../src/frameworks/express.ts";
import { createSessions } from "../../src/session/sessions.ts";

const config = { SESSION_TYPE: "redis", SESSION_REDIS: process.argv[2] as string, SESSION_PERMANENT: false };
const sessions = createSessions(flaskConfig(config, { onEvent: () => undefined }));
const app = express();
app.use(flaskSession(sessions));
app.get("/", async (request, response) => {
  console.log("asked");
  await sleep(300);
  (request.session as Record<string, unknown>)["late"] = true;
  response.send("saved");
});
const server = app.listen(0, "127.0.0.1", () => {
  console.log(`serving on port ${(server.address() as { port: number }).port}`);
});
process.on("SIGTERM", () => {
  server.close(() => {
    sessions.close().then(
      () => console.log("closed"),
      (error: unknown) => console.log(error),
    );
  });
});
