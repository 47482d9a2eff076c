// Requests per second of Express with sessions, as ratios of bare Express: `npm run bench:express`.
//   --rounds 4 --seconds 2 --connections 10     the defaults; about a minute
//
// Each round measures bare Express first, then each kind of server, and a ratio is taken within a round: what else the
// machine does meanwhile weighs on both. Each server is a process of its own, each connection has a session of its own.
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import autocannon from "autocannon";
import { Redis } from "ioredis";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "4" },
    seconds: { type: "string", default: "2" },
    connections: { type: "string", default: "10" },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const connections = Number(values.connections);

/** What a request does; `path` is the handler's, `store` where its sessions lie, `cookie` whether it brings one. */
const kinds = [
  { name: "bare Express", store: "none", path: "/idle", cookie: false },
  { name: "idle: no cookie", store: "redis", path: "/idle", cookie: false },
  { name: "read, Redis", store: "redis", path: "/read", cookie: true },
  { name: "write, Redis", store: "redis", path: "/write", cookie: true },
  { name: "read, memory", store: "memory", path: "/read", cookie: true },
  { name: "write, memory", store: "memory", path: "/write", cookie: true },
];

const redis = await startRedis();
const servers = await Promise.all(kinds.map((kind) => startServer(kind, redis.url)));
try {
  console.log(`${rounds} rounds of ${seconds} s, ${connections} connections, Node ${process.version}`);
  for (const server of servers) await measure(server, 1);
  const results = [];
  for (let round = 0; round < rounds; round++) {
    for (const [index, server] of servers.entries()) (results[index] ??= []).push(await measure(server, seconds));
  }
  report(results);
} finally {
  for (const { child } of servers) child.kill();
  await redis.stop();
}

/** One line for each kind: medians of the rounds. */
function report(results) {
  const [bare] = results;
  console.log("\n                     req/s  of bare    CPU µs  of bare  commands a request");
  for (const [index, runs] of results.entries()) {
    const rates = runs.map(({ rate }, round) => rate / bare[round].rate);
    const costs = runs.map(({ cpu }, round) => cpu / bare[round].cpu);
    const cells = [
      kinds[index].name.padEnd(17),
      median(runs.map(({ rate }) => rate))
        .toFixed(0)
        .padStart(8),
      median(rates).toFixed(2).padStart(8),
      median(runs.map(({ cpu }) => cpu))
        .toFixed(0)
        .padStart(9),
      median(costs).toFixed(2).padStart(8),
      `  ${runs.at(-1).commands}`,
    ];
    console.log(cells.join(" "));
  }
}

/** Requests a second, CPU microseconds and Redis commands a request. */
async function measure({ kind, child, url, cookies }, duration) {
  let client = 0;
  const before = await Promise.all([cpuTime(child), redis.calls()]);
  const {
    requests,
    errors,
    non2xx,
    duration: took,
  } = await autocannon({
    url: url + kind.path,
    connections,
    duration,
    setupClient: (connection) => {
      if (kind.cookie) connection.setHeaders({ cookie: cookies[client++ % connections] });
    },
  });
  if (errors + non2xx > 0) throw new TypeError(`${kind.name}: ${errors} errors, ${non2xx} other answers`);
  const after = await Promise.all([cpuTime(child), redis.calls()]);
  const commands = Object.entries(after[1])
    .map(([name, calls]) => [name, (calls - (before[1][name] ?? 0)) / requests.total])
    .filter(([name, calls]) => name !== "info" && calls >= 0.01)
    .map(([name, calls]) => `${name} ${calls.toFixed(2)}`);
  return { rate: requests.total / took, cpu: (after[0] - before[0]) / requests.total, commands: commands.join(", ") };
}

/** A server in a process of its own, and a session for each connection. */
async function startServer(kind, redisUrl) {
  const program = fileURLToPath(new URL("bench-express-server.mjs", import.meta.url));
  const child = fork(program, [kind.store, redisUrl], { env: { ...process.env, NODE_ENV: "production" } });
  const [port] = await once(child, "message");
  const url = `http://127.0.0.1:${port}`;
  const cookies = [];
  while (kind.cookie && cookies.length < connections) {
    const answer = await fetch(`${url}/login`);
    cookies.push(answer.headers.getSetCookie()[0].split(";")[0]);
  }
  return { kind, child, url, cookies };
}

/** CPU microseconds that a server has used so far. */
async function cpuTime(child) {
  const answer = once(child, "message");
  child.send("cpu");
  const [{ user, system }] = await answer;
  return user + system;
}

/** A Redis of our own, in memory only. */
async function startRedis() {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "bench-redis-"));
  const place = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
  const server = spawn("redis-server", [...place, "--save", "", "--appendonly", "no"], { stdio: "ignore" });
  server.on("error", () => {
    console.error("redis-server is missing: install Debian's redis-server");
    process.exit(1);
  });
  const client = new Redis(port, { retryStrategy: () => 20 });
  client.on("error", () => {});
  while ((await client.ping().catch(() => "")) !== "PONG") await sleep(20);
  return {
    url: `redis://127.0.0.1:${port}`,
    /** How often each command was called, those that scripts call left out. */
    calls: async () => {
      const found = (await client.info("commandstats")).matchAll(/cmdstat_(\w+):calls=(\d+)/g);
      const called = Object.fromEntries([...found].map(([, name, calls]) => [name, Number(calls)]));
      return { getex: called.getex ?? 0, evalsha: called.evalsha ?? 0, pexpire: called.pexpire ?? 0 };
    },
    stop: async () => {
      client.disconnect();
      const ended = once(server, "exit");
      server.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}
