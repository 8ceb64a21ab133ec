// gRPC as clients speak it: Execute, health, reflection, statuses, over TLS to the whole program.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, it } from "node:test";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { writeFileSync } from "node:fs";
import { startServer } from "../server.mjs";
import { connect, detailsOf, grpc, identity, load, unary } from "./client.mjs";
import { bin, generated } from "./generate.mjs";

const run = promisify(execFile);
const here = path.dirname(fileURLToPath(import.meta.url));

describe("gRPC", () => {
  let server;
  let graphql;
  let client;
  let health;
  before(async () => {
    server = await startServer();
    graphql = await load("strongroom/graphql/v1/graphql");
    client = connect(server, graphql.GraphqlService);
    health = connect(server, (await load("grpc/health/v1/health")).Health);
  });
  after(async () => {
    client?.close();
    health?.close();
    await server?.stop();
  });
  const execute = (query, metadata = identity(server), options = {}) =>
    unary(client, "execute", { query }, metadata, options);

  it("executes a GraphQL document and answers as HTTPS does", async () => {
    const query = "{ auth { whoami { principal accountId client } } }";
    const { response, status } = await execute(query);
    assert.equal(status, grpc.status.OK);
    const { body } = await server.request(query);
    assert.deepEqual(JSON.parse(response.responseJson), body);
  });

  it("takes variables and operation names", async () => {
    const query = "query a($id: UUID!) { account(id: $id) { name } } query b { __typename }";
    const id = "00000000-0000-4000-8000-000000000000";
    const { response } = await unary(client, "execute", {
      query, operationName: "a", variablesJson: JSON.stringify({ id }) }, identity(server));
    assert.deepEqual(JSON.parse(response.responseJson), { data: { account: null } });
    for (const variablesJson of ["[]", "{", '{"a":1,"a":2}']) {
      const refused = await unary(client, "execute", { query, variablesJson }, identity(server));
      assert.equal(refused.status, grpc.status.INVALID_ARGUMENT);
    }
  });

  it("turns away whoever GraphQL turns away, with the same code and no reason", async () => {
    const query = "{ __typename }";
    const cases = [
      [{ authorization: null }, 401, grpc.status.UNAUTHENTICATED],
      [{ authorization: "Bearer x.y.z" }, 401, grpc.status.UNAUTHENTICATED],
      [{ "x-twisp-account-id": null }, 400, grpc.status.INVALID_ARGUMENT],
      [{ "x-twisp-account-id": "nobody" }, 403, grpc.status.PERMISSION_DENIED],
    ];
    for (const [headers, http, code] of cases) {
      const asked = await server.request(query, undefined, headers);
      assert.equal(asked.status, http);
      const { error, status, headers: sent } = await execute(query, identity(server, headers));
      assert.equal(status, code);
      const details = await detailsOf(error);
      assert.equal(details.code, code);
      assert.equal(details.ErrorInfo.reason, asked.body.errors[0].extensions.code);
      assert.equal(details.ErrorInfo.domain, "strongroom");
      assert.equal(details.message, asked.body.errors[0].message);
      assert.ok(details.RequestInfo.requestId.length > 8);
      assert.equal(error.metadata.get("x-request-id")[0] ?? sent?.get("x-request-id")[0],
                   details.RequestInfo.requestId);
    }
  });

  it("says UNIMPLEMENTED for what is not there, to callers that may come in", async () => {
    const Raw = grpc.makeClientConstructor({ no: {
      path: "/strongroom.No/Such", requestStream: false, responseStream: false,
      requestSerialize: (b) => b, responseDeserialize: (b) => b } }, "x");
    const raw = new Raw(server.grpc, grpc.credentials.createSsl(Buffer.from(server.ca)));
    const told = await unary(raw, "no", Buffer.alloc(0), identity(server));
    assert.equal(told.status, grpc.status.UNIMPLEMENTED);
    const stranger = await unary(raw, "no", Buffer.alloc(0));
    assert.equal(stranger.status, grpc.status.UNAUTHENTICATED);
    raw.close();
  });

  it("keeps the deadline and cancels", async () => {
    const late = await execute("{ __typename }", identity(server), { deadline: new Date(Date.now() - 1000) });
    assert.equal(late.status, grpc.status.DEADLINE_EXCEEDED);
    const cancelled = await new Promise((resolve) => {
      const call = client.execute({ query: "{ __typename }" }, identity(server), (error) => resolve(error));
      call.cancel();
    });
    assert.equal(cancelled.code, grpc.status.CANCELLED);
    assert.equal((await execute("{ __typename }")).status, grpc.status.OK);
  });

  it("takes and gives gzip, and bounds what it becomes", async () => {
    const gzip = connect(server, graphql.GraphqlService, {
      "grpc.default_compression_algorithm": 2 });
    const query = "{ _service { sdl } } " + "#".repeat(2000);
    const { response, status } = await unary(gzip, "execute", { query }, identity(server));
    assert.equal(status, grpc.status.OK);
    assert.ok(JSON.parse(response.responseJson).data._service.sdl.length > 10000);
    const bomb = await unary(gzip, "execute", { query: "#".repeat(5 << 20) }, identity(server));
    assert.equal(bomb.status, grpc.status.RESOURCE_EXHAUSTED);
    gzip.close();
  });

  it("takes large messages up to 4 MiB and no more", async () => {
    const large = await execute("#".repeat(3 << 20));
    assert.equal(large.status, grpc.status.OK);  // GraphQL's own limit answers inside
    assert.equal(JSON.parse(large.response.responseJson).errors[0].extensions.code, "LIMIT_EXCEEDED");
    const beyond = await execute("#".repeat((4 << 20) + 1));
    assert.equal(beyond.status, grpc.status.RESOURCE_EXHAUSTED);
  });

  it("tells its health to anyone: Check and Watch", async () => {
    const { response } = await unary(health, "check", {});
    assert.equal(response.status, 1);
    const named = await unary(health, "check", { service: "strongroom.graphql.v1.GraphqlService" });
    assert.equal(named.response.status, 1);
    const unknown = await unary(health, "check", { service: "nobody" });
    assert.equal(unknown.status, grpc.status.NOT_FOUND);
    const watch = health.watch({});
    watch.on("error", () => {});
    const [first] = await new Promise((resolve) => watch.once("data", (d) => resolve([d])));
    assert.equal(first.status, 1);
    watch.cancel();
  });

  it("shows itself to buf curl by reflection", async () => {
    const ca = path.join(server.data, "test-ca.pem");
    writeFileSync(ca, server.ca);
    const names = ["-H", `authorization: Bearer ${server.token}`, "-H", `x-twisp-account-id: ${server.account_id}`];
    const { stdout } = await run(bin("buf"), ["curl", "--protocol", "grpc", "--cacert", ca, "--reflect",
      "--reflect-header", "*", ...names, "-d", JSON.stringify({ query: "{ __typename }" }),
      `https://${server.grpc}/strongroom.graphql.v1.GraphqlService/Execute`]);
    assert.deepEqual(JSON.parse(JSON.parse(stdout).responseJson), { data: { __typename: "Query" } });
    const listed = await run(bin("buf"), ["curl", "--protocol", "grpc", "--cacert", ca, "--reflect",
      "--reflect-header", "*", ...names, "--list-services", `https://${server.grpc}`]);
    assert.match(listed.stdout, /grpc\.health\.v1\.Health/);
  });

  it("serves Debian's python3-grpcio", async () => {
    const env = { ...process.env, PYTHONPATH: path.join(generated, "py"), TOKEN: server.token,
                  ACCOUNT: server.account_id, TARGET: server.grpc, CA: server.ca };
    // The packages of Debian belong to the Python of Debian.
    const { stdout } = await run("/usr/bin/python3", [path.join(here, "wire_client.py")], { env });
    assert.equal(stdout.trim().split("\n").pop(), "all of it");
  });

  it("stops in order: streams that would wait are told, and nothing is cut off", async () => {
    const other = await startServer();
    const watching = connect(other, (await load("grpc/health/v1/health")).Health);
    const seen = [];
    const ended = new Promise((resolve) => {
      const watch = watching.watch({});
      watch.on("data", (answer) => seen.push(answer.status));
      watch.on("error", resolve);
    });
    while (seen.length === 0) await new Promise((done) => setTimeout(done, 10));
    await other.stop();
    const { code } = await ended;
    assert.equal(code, grpc.status.UNAVAILABLE);
    assert.deepEqual(seen, [1, 2]);
    watching.close();
  });
});
