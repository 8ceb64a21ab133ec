// The recorded exchanges of the public interface, with a token, over TLS, each suite in a tenant of
// its own: ../shared/bin/run_suite.py over the folders of ../shared/reference/examples.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startServer } from "../server.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const shared = process.env.STRONGROOM_SHARED ?? path.join(here, "..", "..", "..", "shared");
const suites = ["clientCRUD", "Mutation.auth", "Query.auth", "Mutation.admin", "basicTranCodeFlow",
  "journalsAndAccountSets", "fixtures"];

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
  let parent;
  before(async () => {
    server = await startServer();
    parent = await makeParent(server);
  });
  after(async () => {
    await server?.stop();
  });

  const run = (suite) => new Promise((done) => {
    const tokenFile = path.join(server.data, "token.txt");
    writeFileSync(tokenFile, server.token, { mode: 0o600 });
    execFile("python3", [
      path.join(shared, "bin", "run_suite.py"), "--endpoint", server.graphql,
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
    it(`answers ${suite} as recorded`, async () => passes(await run(suite)));
  }
});
