// The recorded exchanges of the public interface, with a token, over TLS, each suite in a tenant of
// its own: ../shared/bin/run_suite.py over the folders of ../shared/reference/examples.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startServer } from "../server.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const shared = process.env.STRONGROOM_SHARED ?? path.join(here, "..", "..", "..", "shared");
const suites = ["clientCRUD", "Mutation.auth", "Query.auth", "Mutation.admin", "basicTranCodeFlow",
  "journalsAndAccountSets"];
// Their errors carry our hints, which the recordings don't know and the runner doesn't pass over.
const suitesWithHints = ["fixtures"];

// Answers what the server answers to the same request, the hints of errors left out.
async function withoutHints(server) {
  const relay = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { authorization, "x-twisp-account-id": account, "content-type": type } = request.headers;
    const answer = await server.fetch(server.graphql, {
      method: "POST",
      headers: { authorization, "x-twisp-account-id": account, "content-type": type },
      body: Buffer.concat(chunks),
    });
    const body = await answer.json();
    for (const error of body.errors ?? []) delete error.extensions.hint;
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  });
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  return relay;
}

// Suites run in tenants below this one. They were recorded by an actor of this name, which the
// answer to a taken key tells.
async function makeParent(server) {
  const ask = async (query, variables, account) => {
    const { body } = await server.request(query, variables, { "x-twisp-account-id": account });
    assert.equal(body.errors, undefined, JSON.stringify(body));
    return body.data;
  };
  const { auth } = await ask("{ auth { whoami { principal } } }", {}, server.account_id);
  await ask(`mutation { admin { createTenant(input: {id: "7f5bd8f0-5d3b-4c47-b2a5-0a4f6b1f2c11",
    accountId: "Recorded", name: "Recorded", description: ""}) { accountId } } }`, {}, server.account_id);
  await ask(`mutation($principal: String!) { auth { createClient(input: {principal: $principal,
    name: "full_access_auth", policies: [{effect: ALLOW, actions: [SELECT, INSERT, UPDATE, DELETE],
    resources: ["*"]}]}) { name } } }`, auth.whoami, "Recorded");
  return "Recorded";
}

describe("recorded exchanges", () => {
  let server;
  let relay;
  let parent;
  before(async () => {
    server = await startServer();
    relay = await withoutHints(server);
    parent = await makeParent(server);
  });
  after(async () => {
    relay?.close();
    await server?.stop();
  });

  const run = (suite, endpoint) => new Promise((done) => {
    const tokenFile = path.join(server.data, "token.txt");
    writeFileSync(tokenFile, server.token, { mode: 0o600 });
    execFile("python3", [
      path.join(shared, "bin", "run_suite.py"), "--endpoint", endpoint,
      "--cacert", path.join(server.data, "ca.pem"), "--token-file", tokenFile,
      "--provision", path.join(here, "provision.gql"), "--provision-account", parent,
      path.join(shared, "reference", "examples", suite),
    ], (error, stdout, stderr) => done({ failed: error !== null, stdout, stderr }));
  });
  const passes = ({ failed, stdout, stderr }) => {
    assert.equal(failed, false, stdout + stderr);
    assert.match(stdout, /^[1-9]\d* passed, 0 failed/m);
  };

  for (const suite of suites) {
    it(`answers ${suite} as recorded`, async () => passes(await run(suite, server.graphql)));
  }
  for (const suite of suitesWithHints) {
    it(`answers ${suite} as recorded, with hints besides`, async () =>
      passes(await run(suite, `http://127.0.0.1:${relay.address().port}/`)));
  }
});
