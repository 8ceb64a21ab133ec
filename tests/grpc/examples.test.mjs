// The examples of docs/howto/grpc.md, as they stand there.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startServer } from "../server.mjs";
import { generate, generated } from "./generate.mjs";

const run = promisify(execFile);
const here = path.dirname(fileURLToPath(import.meta.url));
const examples = path.join(here, "..", "..", "docs", "howto", "grpc");

describe("the examples of the manual", () => {
  let server;
  let env;
  before(async () => {
    generate();
    server = await startServer();
    const CA = path.join(server.data, "example-ca.pem");
    writeFileSync(CA, server.ca);
    env = { ...process.env, TARGET: server.grpc, CA, TOKEN: server.token, ACCOUNT: server.account_id };
  });
  after(() => server?.stop());

  it("run in JavaScript", async () => {
    // Where its packages are found.
    const copy = path.join(here, `example.${process.pid}.mjs`);
    copyFileSync(path.join(examples, "client.mjs"), copy);
    try {
      const { stdout } = await run(process.execPath, [copy], { env: { ...env, GENERATED: path.join(generated, "js") } });
      assert.deepEqual(stdout.trim().split("\n"),
                       ["made From JavaScript", "listed From JavaScript", "refused with ALREADY_EXISTS"]);
    } finally {
      rmSync(copy);
    }
  });

  it("run in Python", async () => {
    const { stdout } = await run("/usr/bin/python3", [path.join(examples, "client.py")],
                                 { env: { ...env, PYTHONPATH: path.join(generated, "py") } });
    assert.deepEqual(stdout.trim().split("\n"),
                     ["posted 100", "listed ['From Python 0', 'From Python 1']", "refused with INVALID_ARGUMENT"]);
  });
});
