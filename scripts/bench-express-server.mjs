// One server of bench-express.mjs: `bench-express-server.mjs none|memory|redis <url of Redis>`.
import { once } from "node:events";
import { createServer } from "node:http";
import express from "express";
import { Redis } from "ioredis";
import { flaskSession } from "../dist/frameworks/express.js";
import { memoryStore } from "../dist/stores/memory.js";
import { redisStore } from "../dist/stores/redis.js";

const [kind, redisUrl] = process.argv.slice(2);
const stores = { memory: () => memoryStore(), redis: () => redisStore(new Redis(redisUrl)) };

const app = express();
if (kind !== "none") {
  app.use(
    flaskSession({ store: stores[kind](), permanent: false, useSigner: true, secretKey: "a key of some length" }),
  );
}

app.get("/login", (request, response) => {
  Object.assign(request.session, {
    uname: "alice",
    _user_id: "42",
    _fresh: true,
    _id: "a".repeat(128),
    csrf_token: "b".repeat(40),
    cart: [
      { sku: "sku-0", price: 10.5, quantity: 1 },
      { sku: "sku-1", price: 2.25, quantity: 3 },
      { sku: "sku-2", price: 7.75, quantity: 2 },
    ],
    n: 0,
  });
  response.json({});
});
app.get("/idle", (_request, response) => {
  response.json({ user: null });
});
app.get("/read", (request, response) => {
  response.json({ user: request.session.uname });
});
app.get("/write", (request, response) => {
  request.session.n++;
  response.json({ user: request.session.uname });
});

const server = createServer(app).listen(0, "127.0.0.1");
await once(server, "listening");
process.on("message", () => process.send(process.cpuUsage()));
process.on("disconnect", () => process.exit());
process.send(server.address().port);
