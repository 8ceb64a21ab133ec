// The sealed audit log of the running program: what stands in it, who may read it, that `verify`
// holds it together, and that nothing is written when it can't be.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, symlink, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import readline from "node:readline";
import { after, before, describe, it } from "node:test";
import { binary, startServer } from "../server.mjs";
import { ids, makeBook } from "./book.mjs";
import { startProvider } from "./provider.mjs";

const uuid7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const patient = 60_000; // milliseconds that something may take on a busy machine

// Runs `strongroom ARGUMENTS` and answers its exit code and what it wrote.
const run = (arguments_, env = {}) =>
  new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, maxBuffer: 1 << 26 };
    execFile(binary, arguments_, options, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }));
  });
const lines = (text) => text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
const eventually = async (condition) => {
  const until = Date.now() + patient;
  while (!(await condition())) {
    assert.ok(Date.now() < until, "it took too long");
    await new Promise((done) => setTimeout(done, 50));
  }
};

const policies = `[
  {effect: ALLOW, actions: [SELECT, INSERT, UPDATE], resources: ["financial.Account", "financial.AccountSet"],
   assertions: {isClerk: "context.auth.claims.email == 'clerk@example.com'"}}
  {effect: DENY, actions: [SELECT], resources: ["financial.Account.document.code"],
   assertions: {isClerk: "context.auth.claims.email == 'clerk@example.com'"
                secret: "context.document.code == 'CASH'"}}
  {effect: ALLOW, actions: [SELECT], resources: ["system.Decision"],
   assertions: {isAuditor: "context.auth.claims.email == 'auditor@example.com'"}}
]`;

describe("the audit log", () => {
  let directory;
  let requestLog;
  let provider;
  let server;
  const tokens = {};
  const as = (person) => ({ authorization: `Bearer ${tokens[person]}` });
  const start = () =>
    startServer({
      data: path.join(directory, "data"),
      arguments: ["--issuer-ca", provider.caFile, "--audit-log", requestLog, "--audited-reads", "all"],
    });
  const store = () => ["--data", path.join(directory, "data", "store"),
    "--root-key", path.join(directory, "data", "root.key")];
  // The records of the running server's tenant, as the auditor reads them.
  const records = async () => {
    const { body } = await server.request(
      "{ auth { auditLog(first: 1000) { sequence hash text } } }", {}, as("auditor"));
    assert.equal(body.errors, undefined, JSON.stringify(body.errors));
    return body.data.auth.auditLog.map(({ text, ...rest }) => ({ ...rest, ...JSON.parse(text) }));
  };
  const record = async (wanted) => {
    let found;
    await eventually(async () => (found = (await records()).findLast(wanted)) !== undefined);
    return found;
  };

  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "strongroom-audit-"));
    requestLog = path.join(directory, "requests.log");
    const person = (name) => ({ email: `${name}@example.com`, email_verified: true });
    provider = await startProvider({ clerk: person("clerk"), auditor: person("auditor") });
    server = await start();
    await server.request(makeBook);
    const made = await server.request(`mutation { auth { createClient(input: {
      name: "people" principal: "${provider.issuer}" policies: ${policies} }) { name } } }`);
    assert.equal(made.body.errors, undefined);
    for (const name of ["clerk", "auditor"]) tokens[name] = await provider.token(name);
  });
  after(async () => {
    await server?.stop();
    await provider?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it("tells of a write who did it, by which policies, in which request", async () => {
    const id = "6d1a8a1c-8f0e-4c53-9a5a-0f9f3f2d7a01";
    const { body, headers } = await server.request(
      `mutation Open { createAccount(input: {accountId: "${id}", name: "Vault", code: "V1"}) { name } }`,
      {}, as("clerk"));
    assert.equal(body.errors, undefined, JSON.stringify(body.errors));
    const request_id = headers["x-request-id"];
    const written = (await records()).find((one) => one.request_id === request_id);
    assert.equal(written.kind, "write", "there as soon as the answer is");
    assert.equal(written.principal, provider.issuer);
    assert.equal(written.account_id, "dev");
    assert.deepEqual(written.client, { name: "people", version: 1 });
    assert.equal(written.operation, "mutation Open");
    assert.match(written.token, /^[\w-]{43}$/);
    const [decision] = written.decisions;
    assert.match(decision.id, uuid7);
    assert.deepEqual(
      [decision.effect, decision.action, decision.resource, decision.key, decision.reasons],
      ["ALLOW", "db:Insert", "financial.Account", id, [0]]);
    assert.ok(decision.parts.includes("document.code"));
  });

  it("tells of a denial under the id that the caller got, and nothing of the document", async () => {
    const { body } = await server.request(`{ account(id: "${ids.cash}") { name code } }`, {}, as("clerk"));
    const { decisionId } = body.errors[0].extensions;
    const denial = await record((one) => one.decisions?.some(({ id }) => id === decisionId));
    assert.equal(denial.kind, "denial");
    assert.deepEqual(denial.decisions, [{ id: decisionId, effect: "DENY", action: "db:Select",
      resource: "financial.Account.document.code", reasons: [1] }]);
    assert.ok(!JSON.stringify(denial).includes("CASH"));
    assert.ok(!JSON.stringify(denial).includes(ids.cash));
  });

  it("tells of a denied write, which leaves no record of a write", async () => {
    const { body, headers } = await server.request(
      `mutation { createJournal(input: {journalId: "${ids.cash}", name: "no", code: "NO"}) { name } }`,
      {}, as("clerk"));
    assert.equal(body.errors[0].extensions.code, "ACCESS_DENIED");
    const of = (one) => one.request_id === headers["x-request-id"];
    assert.equal((await record(of)).kind, "denial");
    assert.equal((await records()).filter(of).length, 1);
  });

  it("tells of reads when it is set to", async () => {
    const { headers } = await server.request(`query Look { account(id: "${ids.cash}") { name } }`);
    const read = await record((one) => one.request_id === headers["x-request-id"]);
    assert.equal(read.kind, "read");
    assert.equal(read.operation, "query Look");
    assert.deepEqual(read.documents, { "financial.Account": 1 });
  });

  it("tells of what a mutation reads", async () => {
    const ask = async (query) => {
      const { body, headers } = await server.request(query);
      assert.equal(body.errors, undefined, JSON.stringify(body.errors));
      const read = await record((one) => one.request_id === headers["x-request-id"] && one.kind === "read");
      assert.deepEqual(read.documents, { "financial.Account": 1 });
      assert.ok(read.operation.length <= 128);
    };
    const queries = `queries { account(id: "${ids.cash}") { code } }`;
    await ask(`mutation Look { ${queries} }`);
    await ask(`mutation Look @dryRun { ${queries} }`);
    await ask(`mutation ${"L".repeat(5000)} { ${queries} }`);
  });

  it("tells who made and deleted an index", async () => {
    const change = async (mutation) => {
      const { body, headers } = await server.request(`mutation { schema { ${mutation} { name } } }`);
      assert.equal(body.errors, undefined, JSON.stringify(body.errors));
      const written = await record((one) => one.request_id === headers["x-request-id"] && one.kind === "change");
      assert.equal(written.resource, "system.Index");
      return written;
    };
    const made = await change(`createIndex(input: {name: "by_code", on: Account, unique: true,
      partition: [{alias: "code", value: "document.code"}], sort: []})`);
    assert.equal(made.before, null);
    assert.deepEqual([made.after.name, made.after.unique, made.after.partition[0].value], ["by_code", true, "document.code"]);
    const deleted = await change('deleteIndex(name: "by_code", on: Account)');
    assert.equal(deleted.before.name, "by_code");
    assert.equal(deleted.after, null);
  });

  it("tells of dry runs as such", async () => {
    const { body, headers } = await server.request(
      `mutation Try @dryRun { createAccount(input: {accountId: "6d1a8a1c-8f0e-4c53-9a5a-0f9f3f2d7a02",
        name: "Try", code: "TRY"}) { name } }`, {}, as("clerk"));
    assert.equal(body.errors, undefined, JSON.stringify(body.errors));
    const of = (one) => one.request_id === headers["x-request-id"];
    await record((one) => of(one) && one.kind === "dry_run");
    assert.ok(!(await records()).some((one) => of(one) && one.kind === "write"));
  });

  it("tells of changes of clients before and after, and of tenants in the installation's chain", async () => {
    const { body, headers } = await server.request(`mutation { auth { updateClient(principal: "${provider.issuer}",
      input: {policies: ${policies.replace("INSERT, UPDATE", "INSERT")}}) { name } } }`);
    assert.equal(body.errors, undefined, JSON.stringify(body.errors));
    const change = await record((one) => one.kind === "change" && one.request_id === headers["x-request-id"]);
    assert.equal(change.resource, "system.Client");
    assert.deepEqual(change.before.policies[0].actions, ["SELECT", "INSERT", "UPDATE"]);
    assert.deepEqual(change.after.policies[0].actions, ["SELECT", "INSERT"]);
    assert.equal(change.after.version, 2);
    const made = await server.request(`mutation { admin { createTenant(input: {id: "${ids.cash}",
      accountId: "Audited", name: "audited", description: ""}) { accountId } } }`);
    assert.equal(made.body.errors, undefined, JSON.stringify(made.body.errors));
  });

  it("is read with a right of its own, page by page", async () => {
    const { body } = await server.request("{ auth { auditLog(last: 1) { text } } }", {}, as("clerk"));
    assert.equal(body.errors[0].extensions.resource, "system.Decision.document.audit_record");
    const ask = async (page) =>
      (await server.request(`{ auth { auditLog(${page}) { sequence } } }`, {}, as("auditor"))).body;
    assert.deepEqual((await ask('first: 2, after: "1"')).data.auth.auditLog.map((one) => one.sequence), ["2", "3"]);
    assert.equal((await ask("last: 2")).data.auth.auditLog.length, 2);
    assert.deepEqual((await ask('first: 2, after: "99999"')).data.auth.auditLog, []);
    assert.equal((await ask("first: 1001")).errors[0].extensions.code, "BAD_REQUEST");
    assert.equal((await ask('after: "x", first: 1')).errors[0].extensions.code, "BAD_REQUEST");
    assert.equal((await ask('after: "1"')).errors[0].extensions.code, "BAD_REQUEST");
  });

  it("is shown by the command line of a running server", async () => {
    const url = new URL(server.graphql).origin;
    const remote = ["--url", url, "--dev", path.join(directory, "data")];
    const exported = await run(["audit", "export", ...remote]);
    assert.equal(exported.code, 0, exported.stderr);
    const all = lines(exported.stdout);
    assert.deepEqual(all.slice(0, 3).map((one) => one.sequence), [1, 2, 3]);
    assert.equal(all[0].record.kind, "opened");
    const tailed = await run(["audit", "tail", "--lines", "2", ...remote]);
    assert.equal(lines(tailed.stdout).length, 2, tailed.stderr);

    const follower = spawn(binary, ["audit", "tail", "--lines", "0", "--follow", ...remote]);
    const first = once(readline.createInterface({ input: follower.stdout }), "line");
    try {
      const seen = JSON.parse((await first)[0]);
      assert.equal(typeof seen.sequence, "number");
    } finally {
      follower.kill();
    }
  });

  it("explains a denial on the command line, with what it saw, and masks what is not for the asker", async () => {
    const { body } = await server.request(`{ account(id: "${ids.cash}") { code } }`, {}, as("clerk"));
    const { decisionId } = body.errors[0].extensions;
    const remote = ["--url", new URL(server.graphql).origin, "--dev", path.join(directory, "data")];
    const told = await run(["explain", decisionId, ...remote]);
    assert.equal(told.code, 0, told.stderr);
    assert.match(told.stdout, /^DENY SELECT on financial\.Account\.document\.code\n {2}denied by policy 1 of client "people"/);
    assert.match(told.stdout, /policy 1 of client "people", DENY: applies\n {4}true: isClerk {2}context\.auth/);
    assert.match(told.stdout, /context\.auth\.claims\.email = "clerk@example\.com"/);
    assert.match(told.stdout, /true: secret {2}context\.document\.code == 'CASH'\n {8}context\.document\.code = "CASH"/);
    const masked = await run(["explain", decisionId, "--url", remote[1], "--account-id", "dev",
      "--ca", path.join(directory, "data", "ca.pem")], { STRONGROOM_TOKEN: tokens.auditor });
    assert.match(masked.stdout, /context\.document\.code = \(masked: you may not see it\)/);
    assert.match(told.stdout, /policy 2 of client "people", ALLOW: is about other resources/);
    const asJson = await run(["explain", decisionId, "--output", "json", ...remote]);
    assert.deepEqual(JSON.parse(asJson.stdout).reasons, [1]);
    const byDefault = await server.request(`{ journal(id: "${ids.journal}") { code } }`, {}, as("clerk"));
    const second = await run(["explain", byDefault.body.errors[0].extensions.decisionId, ...remote]);
    assert.match(second.stdout, /default: nothing that no ALLOW policy applies to is allowed/);

    const opened = (await records()).find((one) => one.operation === "mutation Open");
    const write = await run(["explain", opened.decisions[0].id, ...remote]);
    assert.match(write.stdout, /^ALLOW INSERT on financial\.Account\n {2}allowed by policy 0\n/, write.stderr);
    assert.match(write.stdout, /only the audit log has it/);

    const missing = await run(["explain", "019c03a1-5d1c-7c3e-9a55-3f0f6f0c2b7e", ...remote]);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /^error: no decision `019c03a1/);
    const stranger = await run(["explain", decisionId, "--url", remote[1], "--account-id", "dev",
      "--ca", path.join(directory, "data", "ca.pem")], { STRONGROOM_TOKEN: tokens.clerk });
    assert.equal(stranger.code, 1);
    assert.match(stranger.stderr, /access denied: db:Select on system\.Decision/);
    const tokenless = await run(["explain", decisionId, "--account-id", "dev"], { STRONGROOM_TOKEN: "" });
    assert.match(tokenless.stderr, /there is no token to ask with/);
  });

  it("is whole after a stop, signed to the end, also against the checkpoints of the request log", async () => {
    await server.stop();
    const verified = await run(["audit", "verify", ...store(), "--carried", requestLog, "--output", "json"]);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    const report = JSON.parse(verified.stdout);
    assert.deepEqual(report.chains.map((one) => [one.name, one.whole, one.last - one.signed_to]).sort(),
      [["Audited", true, 1], ["dev", true, 0], ["installation", true, 0]]);
    assert.ok(report.carried > 0);
    const text = await run(["audit", "verify", ...store(), "--chain", "dev"]);
    assert.match(text.stdout, /^dev: whole, records 1 to \d+, signed to the end\n$/);
    const pinned = await run(["audit", "verify", ...store(), "--key", "other"]);
    assert.equal(pinned.code, 1);

    const exported = await run(["audit", "export", ...store()]);
    assert.equal(exported.code, 0, exported.stderr);
    const all = lines(exported.stdout);
    assert.equal(all[0].keys.keys[0].kid, report.keys[0]);
    const tenants = all.filter((one) => one.record?.resource === "tenancy.Tenant");
    assert.deepEqual(tenants.map((one) => one.record.after.account_id), ["dev", "Audited"]);
    assert.ok(tenants.every((one) => one.chain === "00000000-0000-0000-0000-000000000000"));
    assert.ok(all.some((one) => one.checkpoint));
    const unsigned = await run(["audit", "verify", ...store(), "--carried", binary]);
    assert.equal(unsigned.code, 1);
    assert.match(unsigned.stderr, /there is no checkpoint in/);
    server = await start();
  });

  it("tells of reads of other tenants only where they were addressed", async () => {
    const { body } = await server.request("{ auth { auditLog(first: 10) { text } } }", {},
      { "x-twisp-account-id": "Audited" });
    const texts = body.data.auth.auditLog.map((one) => JSON.parse(one.text));
    assert.equal(texts[0].kind, "opened");
    assert.ok(texts.slice(1).every((one) => one.account_id === "Audited"));
  });
});

describe("a request log that can't be written", () => {
  it("closes the door for writes, says so, and opens it again when it can", async () => {
    const directory = await mkdtemp(path.join(tmpdir(), "strongroom-full-"));
    const requestLog = path.join(directory, "requests.log");
    await symlink("/dev/full", requestLog);
    const server = await startServer({ arguments: ["--audit-log", requestLog] });
    try {
      const ready = async () => (await server.fetch(`${server.admin}/readyz`)).json();
      const write = () =>
        server.request(`mutation { createAccount(input: {accountId: "${crypto.randomUUID()}",
          name: "x", code: "${crypto.randomUUID()}"}) { name } }`);
      const read = () => server.request("{ __typename }");
      assert.equal((await read()).status, 200);
      await eventually(async () => (await ready()).status === "not ready");
      assert.match((await ready()).reason, /request log can't be written/);
      const refused = await write();
      assert.equal(refused.status, 503);
      assert.equal(refused.headers["retry-after"], "1");
      const { extensions, message } = refused.body.errors[0];
      assert.equal(extensions.code, "UNAVAILABLE");
      assert.match(message, /request log can't be written/);
      assert.match(extensions.hint, /audit-log/);
      assert.equal((await read()).status, 200, "reads go on");
      await unlink(requestLog);
      await eventually(async () => (await ready()).status === "ready");
      assert.equal((await write()).status, 200);
      await eventually(async () => lines(await readFile(requestLog, "utf8")).length >= 4);
      const kept = lines(await readFile(requestLog, "utf8"));
      assert.ok(kept.some((one) => one.status === 503), "nothing of what waited was lost");
    } finally {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    }
  });
});
