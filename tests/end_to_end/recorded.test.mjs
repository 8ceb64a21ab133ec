// The recorded exchanges of the public interface, with a token, over TLS, each suite in a tenant of
// its own: ../shared/bin/run_suite.py over the folders of ../shared/reference/examples.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startServer } from "../server.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const shared = process.env.STRONGROOM_SHARED ?? path.join(here, "..", "..", "..", "shared");
const suites = ["clientCRUD", "Mutation.auth", "Query.auth", "Mutation.admin", "basicTranCodeFlow"];

describe("recorded exchanges", () => {
  let server;
  before(async () => { server = await startServer(); });
  after(() => server?.stop());

  for (const suite of suites) {
    it(`answers ${suite} as recorded`, () => {
      const tokenFile = path.join(server.data, "token.txt");
      writeFileSync(tokenFile, server.token, { mode: 0o600 });
      const run = spawnSync("python3", [
        path.join(shared, "bin", "run_suite.py"), "--endpoint", server.graphql,
        "--cacert", path.join(server.data, "ca.pem"), "--token-file", tokenFile,
        "--provision", path.join(here, "provision.gql"), "--provision-account", server.account_id,
        path.join(shared, "reference", "examples", suite),
      ], { encoding: "utf8" });
      assert.equal(run.status, 0, run.stdout + run.stderr);
      assert.match(run.stdout, /^[1-9]\d* passed, 0 failed/m);
    });
  }
});
