// `strongroom export` and `import`: a book to files and into another tenant, under policies, repeatable.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { binary, startServer } from "../server.mjs";
import { deposit, ids, makeBook, post } from "./book.mjs";
import { startProvider } from "./provider.mjs";

const set = (number) => `00000000-0000-4000-8000-00000000000${number}`;

describe("export and import", () => {
  let provider;
  let server;
  let directory;
  let tokenFile;
  const ask = async (query, variables, account = server.account_id) => {
    const answer = await server.request(query, variables, { "x-twisp-account-id": account });
    assert.equal(answer.body.errors, undefined, answer.text);
    return answer.body.data;
  };
  const run = (command, folder, more = [], account = server.account_id, file = tokenFile) => new Promise((done) => {
    const child = spawn(binary, [command, path.join(directory, folder), "--account-id", account, "--token-file", file,
      "--url", server.graphql, "--ca", path.join(server.data, "ca.pem"), "--output", "json", ...more]);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (text) => (stdout += text));
    child.stderr.on("data", (text) => (stderr += text));
    child.on("exit", (code) => done({ code, stdout, stderr, json: code === 0 ? JSON.parse(stdout) : null }));
  });
  const lines = (folder, name) => readFileSync(path.join(directory, folder, `${name}.jsonl`), "utf8").split("\n")
    .filter((line) => line !== "").map((line) => JSON.parse(line));

  before(async () => {
    directory = mkdtempSync(path.join(tmpdir(), "strongroom-export-"));
    provider = await startProvider({ reader: { email: "reader@example.com", email_verified: true } });
    server = await startServer({ arguments: ["--issuer-ca", provider.caFile] });
    tokenFile = path.join(directory, "token.txt");
    writeFileSync(tokenFile, `${server.token}\n`, { mode: 0o600 });
    await ask(makeBook);
    await ask(`mutation {
      a: createAccountSet(input: {accountSetId: "${set(1)}", journalId: "${ids.journal}", name: "all"}) { name }
      b: createAccountSet(input: {accountSetId: "${set(2)}", journalId: "${ids.journal}", name: "customers", metadata: {note: "a, \\"b\\""}}) { name }
      c: addToAccountSet(id: "${set(1)}", member: {memberId: "${set(2)}"}) { name }
      d: addToAccountSet(id: "${set(2)}", member: {memberId: "${ids.customer}"}) { name }
      e: updateAccount(id: "${ids.cash}", input: {description: "=1+1", metadata: {n: 1}}) { name }
      f: createAccount(input: {accountId: "${set(3)}", name: "closed", code: "C"}) { name }
      g: deleteAccount(id: "${set(3)}") { status } }`);
    for (const amount of ["100.00", "18.45", "0.005"]) await ask(post, deposit(amount));
    const voided = deposit("7");
    await ask(post, voided);
    await ask(`mutation { voidTransaction(id: "${voided.id}") { transactionId } }`);
  });
  after(async () => {
    await server?.stop();
    await provider?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("write a file of JSON lines for each kind of record", async () => {
    const { code, json, stderr } = await run("export", "book");
    assert.equal(code, 0, stderr);
    assert.deepEqual(readdirSync(path.join(directory, "book")).sort(), ["account_set_members.jsonl", "account_sets.jsonl", "accounts.jsonl",
      "balances.jsonl", "journals.jsonl", "tran_codes.jsonl", "transactions.jsonl"]);
    for (const file of readdirSync(path.join(directory, "book")))
      assert.equal(statSync(path.join(directory, "book", file)).mode & 0o777, 0o600, file);
    assert.equal(lines("book", "transactions").length, 5);
    assert.equal(json.entries, 10);
    assert.equal(json.withheld, 0);
    assert.equal(lines("book", "accounts").length, 5);
    assert.deepEqual(lines("book", "account_set_members").length, 2);
    const [sums] = lines("book", "balances").filter(({ accountId }) => accountId === ids.customer);
    assert.equal(sums.settled.crBalance.units, "118.455");
  });

  it("don't write over an export", async () => {
    const { code, stderr } = await run("export", "book");
    assert.equal(code, 1);
    assert.match(stderr, /holds no export yet/);
  });

  it("write CSV that spreadsheets take as data", async () => {
    assert.equal((await run("export", "csv", ["--format", "csv"])).code, 0);
    const accounts = readFileSync(path.join(directory, "csv", "accounts.csv"), "utf8").split("\r\n");
    assert.match(accounts[0], /^accountId,externalId,name,code,description,status/);
    assert.ok(accounts.some((line) => line.includes(`,'=1+1,`)), "a formula is quoted");
    const entries = readFileSync(path.join(directory, "csv", "entries.csv"), "utf8").split("\r\n");
    assert.equal(entries.length, 12);
    assert.ok(entries.some((line) => line.includes(",-7,USD,")), "numbers stay numbers");
    assert.match(readFileSync(path.join(directory, "csv", "account_sets.csv"), "utf8"), /"\{""note"":""a, \\""b\\""""\}"/);
  });

  it("bring a book into another tenant, and again without a change", async () => {
    await ask(`mutation { admin { createTenant(input: {id: "${randomUUID()}", accountId: "Copy", name: "copy", description: ""}) { id } } }`);
    const first = await run("import", "book", [], "Copy");
    assert.equal(first.code, 0, first.stderr);
    assert.equal(first.json.there, 0);
    const balances = `{ ${[ids.cash, ids.customer, set(1), set(2)].map((account, i) =>
      `b${i}: balance(accountId: "${account}", journalId: "${ids.journal}") { settled { drBalance { units } crBalance { units } normalBalance { units } } }`).join(" ")} }`;
    assert.deepEqual(await ask(balances, {}, "Copy"), await ask(balances));
    const sample = lines("book", "transactions")[0].transactionId;
    const transaction = `{ transaction(id: "${sample}") { effective correlationId description entries(first: 9) { nodes { sequence units direction layer entryType accountId } } } }`;
    assert.deepEqual(await ask(transaction, {}, "Copy"), await ask(transaction));
    assert.equal((await ask(`{ account(id: "${set(3)}") { status } }`, {}, "Copy")).account.status, "LOCKED");
    const second = await run("import", "book", [], "Copy");
    assert.equal(second.code, 0, second.stderr);
    assert.ok(second.json.there >= 15, JSON.stringify(second.json));
    assert.deepEqual(await ask(balances, {}, "Copy"), await ask(balances));
  });

  it("see what the token's policies let it see", async () => {
    await ask(`mutation { auth { createClient(input: {name: "people", principal: "${provider.issuer}", policies: [
      {effect: ALLOW, actions: [SELECT], resources: ["financial.*"]}
      {effect: DENY, actions: [SELECT], resources: ["financial.Account.document.metadata", "financial.TranCode"]}
      {effect: DENY, actions: [SELECT], resources: ["financial.Account"], assertions: {cash: "context.document.code == 'CASH'"}}
    ]}) { name } } }`);
    const file = path.join(directory, "reader.txt");
    writeFileSync(file, await provider.token("reader"), { mode: 0o600 });
    const { code, json, stderr } = await run("export", "seen", [], server.account_id, file);
    assert.equal(code, 0, stderr);
    assert.ok(json.withheld > 0);
    assert.deepEqual(lines("seen", "tran_codes"), []);
    const accounts = lines("seen", "accounts");
    assert.ok(accounts.length > 0 && accounts.every((account) => account.code !== "CASH" && account.metadata === null));
  });

  it("say what is wrong with a token", async () => {
    const file = path.join(directory, "bad.txt");
    writeFileSync(file, "not.a.token", { mode: 0o600 });
    const { code, stderr } = await run("export", "never", [], server.account_id, file);
    assert.equal(code, 1);
    assert.match(stderr, /HTTP 401/);
    assert.match(stderr, /hint: check the token/);
  });
});
