// Many streams at once, and readers that are slow. STRONGROOM_LONG=1: 10,000 over 100 connections.
import assert from "node:assert/strict";
import http2 from "node:http2";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { startServer } from "../server.mjs";
import { connect, identity, load, unary } from "./client.mjs";

const connections = process.env.STRONGROOM_LONG === "1" ? 100 : 20;
const streamsOfOne = 100;
const empty = Buffer.from([0, 0, 0, 0, 0]);

describe("many streams", () => {
  let server;
  before(async () => {
    server = await startServer();
  });
  after(() => server?.stop());

  it(`serves ${connections * streamsOfOne} streams over ${connections} connections at once`, async () => {
    const sessions = [];
    const firsts = [];
    const streams = [];
    for (let i = 0; i < connections; i += 1) {
      const session = http2.connect(`https://${server.grpc}`, { ca: server.ca });
      session.on("error", () => {});
      sessions.push(session);
      for (let j = 0; j < streamsOfOne; j += 1) {
        const stream = session.request({ ":method": "POST", ":path": "/grpc.health.v1.Health/Watch",
          "content-type": "application/grpc", te: "trailers" });
        stream.on("error", () => {});
        firsts.push(new Promise((resolve, reject) => {
          stream.once("data", resolve);
          stream.once("close", () => reject(new Error(`closed: ${stream.rstCode}`)));
        }));
        stream.end(empty);
        streams.push(stream);
      }
    }
    const answers = await Promise.all(firsts);
    assert.ok(answers.every((answer) => answer.equals(Buffer.from([0, 0, 0, 0, 2, 8, 1]))));
    // All are open, and another caller is served.
    const client = connect(server, (await load("strongroom/graphql/v1/graphql")).GraphqlService);
    const { status } = await unary(client, "execute", { query: "{ __typename }" }, identity(server));
    assert.equal(status, 0);
    client.close();
    assert.ok(streams.every((stream) => !stream.closed));
    for (const session of sessions) session.destroy();
  });

  it("answers as many unary calls at once", async () => {
    const { GraphqlService } = await load("strongroom/graphql/v1/graphql");
    const clients = Array.from({ length: connections }, () =>
      connect(server, GraphqlService, { "grpc.use_local_subchannel_pool": 1 }));
    const calls = clients.flatMap((client) => Array.from({ length: 50 }, () =>
      unary(client, "execute", { query: "{ auth { whoami { principal } } }" }, identity(server))));
    const statuses = (await Promise.all(calls)).map((call) => call.status);
    assert.deepEqual(new Set(statuses), new Set([0]));
    for (const client of clients) client.close();
  });

  it("waits for slow readers and gives them all of it", async () => {
    const module = { ...(await load("strongroom/financial/v1/account")), ...(await load("strongroom/financial/v1/common")) };
    const client = connect(server, module.AccountService);
    const description = "x".repeat(2000);
    const made = 300;
    await Promise.all(Array.from({ length: made }, (_, i) => unary(client, "createAccount",
      { input: { accountId: randomUUID(), name: `Slow ${i}`, code: `S${i}`, description } }, identity(server))));
    const readers = Array.from({ length: 5 }, () => {
      const stream = client.listAccounts({ index: { name: module.AccountIndex.NAME } }, identity(server));
      return (async () => {
        let count = 0;
        for await (const _ of stream) {
          count += 1;
          if (count % 50 === 0) await new Promise((done) => setTimeout(done, 100));
        }
        return count;
      })();
    });
    for (const count of await Promise.all(readers)) assert.equal(count, made);
    client.close();
  });

  it("stops the work of a list whose reader has gone", async () => {
    const module = await load("strongroom/financial/v1/account");
    const client = connect(server, module.AccountService);
    const stream = client.listAccounts({ index: { name: module.AccountIndex.NAME } }, identity(server));
    await new Promise((resolve) => stream.once("data", resolve));
    stream.on("error", () => {});
    stream.cancel();
    for (let i = 0; i < 200; i += 1) {
      const text = await (await server.fetch(`${server.admin}/metrics`)).text();
      if (/^strongroom_grpc_requests_open 0$/m.test(text)) break;
      assert.ok(i < 199, text.split("\n").filter((line) => line.startsWith("strongroom_grpc")).join(" "));
      await new Promise((done) => setTimeout(done, 50));
    }
    client.close();
  });
});
