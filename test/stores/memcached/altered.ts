/** A real memcached behind a line that changes what is sent: an old one without a command, an answer that belongs elsewhere. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { atEnd } from "../redis/at-end.ts";

/** Until the test's end, a port that leads to the server. @param alter what becomes of each piece that is sent to it */
export async function altered(port: number, alter: (sent: string) => string): Promise<number> {
  const sockets: Socket[] = [];
  const proxy = createServer((client) => {
    const server = connect(port, "127.0.0.1");
    sockets.push(client, server);
    for (const socket of [client, server]) socket.on("error", () => undefined);
    client.on("data", (piece) => server.write(Buffer.from(alter(piece.toString("latin1")), "latin1")));
    client.on("close", () => server.destroy());
    server.on("close", () => client.destroy());
    server.pipe(client);
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  atEnd(() => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  });
  return (proxy.address() as AddressInfo).port;
}
