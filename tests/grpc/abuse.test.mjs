// Abuse of the gRPC port: bounded, ended with the code that says so, and no harm to others.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, describe, it } from "node:test";
import net from "node:net";
import { startServer } from "../server.mjs";
import { connect, identity, load, unary } from "./client.mjs";
import { callHead, field, frame, goodbye, open, type } from "./raw.mjs";

const calm = 11;  // ENHANCE_YOUR_CALM
const execute = "/strongroom.graphql.v1.GraphqlService/Execute";
const cpu = (pid) => execFileSync("ps", ["-o", "rss=", "-p", pid], { encoding: "utf8" }).trim();

describe("abuse of the gRPC port", () => {
  let server;
  let client;
  let stop = false;
  const times = [];
  let failures = 0;
  let good;
  before(async () => {
    server = await startServer();
    client = connect(server, (await load("strongroom/graphql/v1/graphql")).GraphqlService);
    // A good client, all the while.
    good = (async () => {
      while (!stop) {
        const start = performance.now();
        const { status } = await unary(client, "execute", { query: "{ __typename }" }, identity(server));
        times.push(performance.now() - start);
        if (status !== 0) failures += 1;
        await new Promise((done) => setTimeout(done, 2));
      }
    })();
  });
  after(async () => {
    stop = true;
    await good;
    client.close();
    await server.stop();
  });
  const survives = async () => {
    const before = times.length;
    for (let i = 0; i < 500 && times.length < before + 5; i += 1) await new Promise((done) => setTimeout(done, 20));
    assert.ok(times.length >= before + 5, "the good client is not served");
    assert.equal(failures, 0);
  };
  const ends = async (connection, expected = calm) => {
    await Promise.race([connection.closed, new Promise((done) => setTimeout(done, 20000).unref())]);
    assert.ok(connection.socket.destroyed, "the connection is still open");
    if (expected !== null) assert.equal(goodbye(connection.seen()), expected);
  };

  it("ends rapid resets", async () => {
    const connection = await open(server);
    const head = callHead(server, execute);
    for (let id = 1; id < 6000 && !connection.socket.destroyed; id += 200) {
      const burst = [];
      for (let i = id; i < id + 200; i += 2)
        burst.push(frame(type.headers, 4, i, head), frame(type.reset, 0, i, Buffer.from([0, 0, 0, 8])));
      await connection.write(Buffer.concat(burst));
    }
    await ends(connection);
    await survives();
  });

  it("ends a flood of CONTINUATION", async () => {
    const connection = await open(server);
    await connection.write(frame(type.headers, 0, 1, callHead(server, execute)));
    for (let i = 0; i < 2000 && !connection.socket.destroyed; i += 1)
      await connection.write(frame(type.continuation, 0, 1, field(`x-${i}`, "y".repeat(4000))));
    await ends(connection, null);
    await survives();
  });

  for (const [what, bytes] of [["SETTINGS", frame(type.settings, 0, 0)], ["PING", frame(type.ping, 0, 0, Buffer.alloc(8))],
                               ["WINDOW_UPDATE", frame(type.window, 0, 0, Buffer.from([0, 0, 0, 1]))]]) {
    it(`ends a flood of ${what}`, async () => {
      const connection = await open(server);
      const many = Buffer.concat(Array.from({ length: 500 }, () => bytes));
      for (let i = 0; i < 20 && !connection.socket.destroyed; i += 1) await connection.write(many);
      await ends(connection, what === "SETTINGS" ? null : calm);  // too many answers are owed to say more
      await survives();
    });
  }

  it("ends an HPACK bomb", async () => {
    const connection = await open(server);
    // One entry into the table, and then its index a thousand times.
    const entry = Buffer.concat([Buffer.from([0x40]), field("x-bomb", "b".repeat(3000)).subarray(1)]);
    const head = callHead(server, execute);
    await connection.write(frame(type.headers, 5, 1, Buffer.concat([head, entry])));
    for (let id = 3; id < 400 && !connection.socket.destroyed; id += 2)
      await connection.write(frame(type.headers, 5, id, Buffer.concat([head, Buffer.alloc(8000, 0xbe)])));
    await ends(connection);
    await survives();
  });

  it("bounds what it keeps for windows that stay shut", async () => {
    const settings = frame(type.settings, 0, 0, Buffer.from([0, 4, 0, 0, 0, 0]));
    const connections = await Promise.all(Array.from({ length: 10 }, () =>
      open(server, Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), settings]))));
    const query = Buffer.from("{ _service { sdl } }");
    const message = Buffer.concat([Buffer.from([0, 0, 0, 0, query.length + 2, 10, query.length]), query]);
    const identityHead = { authorization: `Bearer ${server.token}`, "x-twisp-account-id": server.account_id };
    const before = Number(cpu(server.pid));
    for (const connection of connections) {
      for (let id = 1; id < 200; id += 2)
        await connection.write(Buffer.concat([frame(type.headers, 4, id, callHead(server, execute, identityHead)),
                                              frame(type.data, 1, id, message)]));
    }
    await survives();
    const grown = Number(cpu(server.pid)) - before;
    assert.ok(grown < 400 << 10, `grew by ${grown} KiB`);
    for (const connection of connections) connection.socket.destroy();
    await survives();
  });

  it("recovers from having no descriptors left", async () => {
    const limited = Number(execFileSync("prlimit", ["--pid", server.pid, "--nofile", "--output", "SOFT", "--noheadings"], { encoding: "utf8" }));
    const used = Number(execFileSync("bash", ["-c", `ls /proc/${server.pid}/fd | wc -l`], { encoding: "utf8" }));
    execFileSync("prlimit", ["--pid", server.pid, `--nofile=${used + 20}:`]);
    const [, port] = server.grpc.split(":");
    const sockets = Array.from({ length: 60 }, () => net.connect(Number(port), "127.0.0.1"));
    for (const socket of sockets) socket.on("error", () => {});
    await new Promise((done) => setTimeout(done, 500));
    await survives();  // over the connection that it has
    for (const socket of sockets) socket.destroy();
    const again = connect(server, (await load("strongroom/graphql/v1/graphql")).GraphqlService, { "grpc.use_local_subchannel_pool": 1 });
    const { status } = await unary(again, "execute", { query: "{ __typename }" }, identity(server),
                                   { deadline: new Date(Date.now() + 20000) });
    assert.equal(status, 0);
    again.close();
    execFileSync("prlimit", ["--pid", server.pid, `--nofile=${limited}:`]);
  });

  it("has told of it in its metrics", async () => {
    const { text } = await server.fetch(`${server.admin}/metrics`).then(async (answer) => ({ text: await answer.text() }));
    const abuse = Number(/^strongroom_grpc_http2_abuse_total (\d+)/m.exec(text)?.[1] ?? 0);
    assert.ok(abuse >= 5, `${abuse}`);
  });
});
