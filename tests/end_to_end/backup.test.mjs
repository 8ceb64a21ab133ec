// A backup of a running server that is being written to: what comes back is whole, and the backup
// shows nothing (security 7.13, 7.18, 7.21).
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { binary, startServer } from "../server.mjs";
import { makeBook } from "./book.mjs";

let data;
let server;
const at = (name) => path.join(data, name);
const store = () => at("store");
const key = () => ["--root-key", at("root.key"), "--output", "json"];

async function run(...args) {
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const [status] = await once(child, "close");
  return { status, stdout, stderr };
}

async function write(ids, texts) {
  const fields = Array.from({ length: 10 }, (_, i) => {
    ids.push(randomUUID());
    texts.push(randomBytes(16).toString("hex"));
    return `a${i}: createAccount(input: {accountId: "${ids.at(-1)}", name: "${texts.at(-1)}", code: "${randomUUID()}"}) { accountId }`;
  });
  const answer = await server.request(`mutation { ${fields.join("\n")} }`);
  assert.equal(answer.body.errors, undefined, JSON.stringify(answer.body));
}

describe("backup", () => {
  before(async () => {
    data = mkdtempSync(path.join(tmpdir(), "strongroom-backup-"));
    server = await startServer({ data });
    assert.equal((await server.request(makeBook)).body.errors, undefined);
  });
  after(async () => {
    await server.stop().catch(() => {});
    rmSync(data, { recursive: true, force: true });
  });

  it("writes, verifies and restores a running store while it is written to", async () => {
    const [ids, texts] = [[], []];
    while (ids.length < 200) await write(ids, texts);
    const answered = ids.length;
    let ended = false;
    const backup = run("backup", "--data", store(), "--to", at("it.backup"), ...key())
      .finally(() => (ended = true));
    do await write(ids, texts); while (!ended);
    const written = await backup;
    assert.equal(written.status, 0, written.stderr);
    assert.ok(ids.length > answered);
    assert.equal(JSON.parse(written.stdout).ok, true);
    assert.equal(existsSync(path.join(store(), "BACKUP")), false);
    assert.equal(statSync(at("it.backup")).mode & 0o077, 0);

    const sealed = readFileSync(at("it.backup"));
    for (const text of [...texts, ...ids]) {
      assert.equal(sealed.includes(text), false);
      assert.equal(sealed.includes(Buffer.from(text.replaceAll("-", ""), "hex")), false);
    }
    assert.equal((await run("backup", "verify", at("it.backup"), ...key())).status, 0);
    const restored = await run("restore", at("it.backup"), "--data", at("restored"), ...key());
    assert.equal(restored.status, 0, restored.stderr);
    const verified = await run("verify", "--data", at("restored"), ...key());
    assert.equal(verified.status, 0, verified.stdout + verified.stderr);
    assert.ok(JSON.parse(verified.stdout).documents >= answered);

    // Every write that was answered before the backup began is in it.
    await server.stop();
    rmSync(store(), { recursive: true });
    assert.equal((await run("restore", at("it.backup"), "--data", store(), ...key())).status, 0);
    server = await startServer({ data });
    for (let from = 0; from < answered; from += 50) {
      const some = ids.slice(from, from + 50);
      const answer = await server.request(`{ ${some.map((id, i) => `a${i}: account(id: "${id}") { name }`).join("\n")} }`);
      assert.equal(answer.body.errors, undefined, JSON.stringify(answer.body));
      some.forEach((_, i) => assert.equal(answer.body.data[`a${i}`].name, texts[from + i]));
    }
  });

  it("works with the server stopped, and refuses what was cut, another root key and a place that is taken", async () => {
    await server.stop();
    const made = await run("backup", "--data", store(), "--to", at("cold.backup"), ...key());
    assert.equal(made.status, 0, made.stderr);
    const taken = await run("backup", "--data", store(), "--to", at("cold.backup"), ...key());
    assert.equal(taken.status, 1);
    assert.match(taken.stderr, /hint: .*never replaces/);
    const into = await run("restore", at("cold.backup"), "--data", store(), ...key());
    assert.match(into.stderr, /error: the data directory exists/);

    assert.equal((await run("key", "create", at("other.key"))).status, 0);
    const foreign = await run("restore", at("cold.backup"), "--data", at("foreign"), "--root-key", at("other.key"));
    assert.equal(foreign.status, 1);
    writeFileSync(at("cut.backup"), readFileSync(at("cold.backup")));
    truncateSync(at("cut.backup"), statSync(at("cut.backup")).size - 1);
    const cut = await run("restore", at("cut.backup"), "--data", at("cut"), ...key());
    assert.equal(cut.status, 1);
    assert.match(cut.stderr, /error: the backup is cut, changed or out of order/);
    assert.equal((await run("backup", "verify", at("cut.backup"), ...key())).status, 1);
    assert.equal(existsSync(at("foreign")) || existsSync(at("cut")), false);
    server = await startServer({ data });
  });
});
