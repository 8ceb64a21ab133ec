// kill -9 under load: every acknowledged posting is there afterwards, whole, and every balance is the
// sum of its entries; `strongroom verify` finds the store whole. 10 rounds; 200 with STRONGROOM_LONG=1. The seed of the waiting times is printed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomInt, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { binary, startServer } from "../server.mjs";
import { ids, makeBook } from "./book.mjs";

const rounds = process.env.STRONGROOM_LONG ? 200 : 10;
const writers = 16;
const seed = Number(process.env.STRONGROOM_SEED ?? randomInt(2 ** 31));

// A small generator (Park and Miller), so that a seed repeats the waiting times.
let state = seed % 2147483646 + 1;
const random = (below) => (state = (state * 48271) % 2147483647) % below;

const makeTranCode = (debit, credit, code) => `mutation {
  a: createAccount(input: {accountId: "${debit}", name: "d", code: "${debit}", normalBalanceType: DEBIT}) { accountId }
  b: createAccount(input: {accountId: "${credit}", name: "c", code: "${credit}"}) { accountId }
  createTranCode(input: {tranCodeId: "${randomUUID()}", code: "${code}"
    params: [{name: "amount", type: DECIMAL}]
    transaction: {journalId: "uuid('${ids.journal}')", effective: "date('2026-01-28')"}
    entries: [
      {accountId: "uuid('${debit}')", units: "params.amount", currency: "'USD'", direction: "DEBIT"}
      {accountId: "uuid('${credit}')", units: "params.amount", currency: "'USD'", direction: "CREDIT"}
    ]}) { code } }`;

const post = (code) => `mutation ($id: UUID!, $amount: String!) {
  postTransaction(input: {transactionId: $id, tranCode: "${code}", params: {amount: $amount}}) { transactionId } }`;

async function write(server, code, acknowledged, stopped) {
  while (!stopped.now) {
    const id = randomUUID();
    const cents = 1 + random(100000);
    try {
      const answer = await server.request(post(code), { id, amount: (cents / 100).toFixed(2) });
      if (answer.status === 200 && answer.body.errors === undefined) acknowledged.set(id, cents);
    } catch {
      return;  // the server is gone
    }
  }
}

const cents = (units) => Math.round(Number(units) * 100);

async function entriesOf(server, account) {
  const found = [];
  let after = null;
  do {
    const answer = await server.request(`query ($after: String) { account(id: "${account}") {
      entries(where: {journalId: {eq: "${ids.journal}"}}, first: 1000, after: $after) {
        nodes { transactionId units direction } pageInfo { hasNextPage endCursor } } } }`, { after });
    assert.equal(answer.body.errors, undefined, JSON.stringify(answer.body.errors));
    const page = answer.body.data.account.entries;
    found.push(...page.nodes);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return found;
}

async function balanceOf(server, account) {
  const answer = await server.request(`{ balance(accountId: "${account}", journalId: "${ids.journal}") {
    version settled { drBalance { units } crBalance { units } } } }`);
  return answer.body.data.balance;
}

// One account's side: acknowledged postings exact, balance and version as the entries say.
async function check(server, account, direction, acknowledged) {
  const entries = await entriesOf(server, account);
  const byTransaction = new Map(entries.map((entry) => [entry.transactionId, entry]));
  assert.equal(byTransaction.size, entries.length, "an entry stands twice");
  for (const [id, amount] of acknowledged) {
    assert.ok(byTransaction.has(id), `the acknowledged posting ${id} is lost`);
    assert.equal(cents(byTransaction.get(id).units), amount);
    assert.equal(byTransaction.get(id).direction, direction);
  }
  const sum = entries.reduce((total, entry) => total + cents(entry.units), 0);
  const balance = await balanceOf(server, account);
  if (entries.length === 0) return assert.equal(balance, null);
  const side = direction === "DEBIT" ? balance.settled.drBalance : balance.settled.crBalance;
  assert.equal(cents(side.units), sum);
  assert.equal(balance.version, entries.length);
  return byTransaction;
}

// The whole store, as operators check it: exit code 0 says that all is good.
function verify(data) {
  const { status, stdout, stderr } = spawnSync(binary, ["verify", "--data", path.join(data, "store"),
    "--root-key", path.join(data, "root.key"), "--output", "json"], { encoding: "utf8" });
  assert.equal(status, 0, stdout + stderr);
  return JSON.parse(stdout);
}

describe(`kill -9 under load, seed ${seed}`, () => {
  it(`loses nothing acknowledged in ${rounds} rounds`, async () => {
    const data = mkdtempSync(path.join(tmpdir(), "strongroom-crash-"));
    let server = await startServer({ data });
    let total = 0;
    try {
      assert.equal((await server.request(makeBook)).body.errors, undefined);
      for (let round = 0; round < rounds; round += 1) {
        const [debit, credit, code] = [randomUUID(), randomUUID(), `ROUND${round}`];
        const made = await server.request(makeTranCode(debit, credit, code));
        assert.equal(made.body.errors, undefined, JSON.stringify(made.body));
        const acknowledged = new Map();
        const stopped = { now: false };
        const running = Array.from({ length: writers }, () => write(server, code, acknowledged, stopped));
        await new Promise((done) => setTimeout(done, 100 + random(1200)));
        process.kill(server.pid, "SIGKILL");
        stopped.now = true;
        await Promise.all(running);
        await server.stop();
        const report = verify(data);
        assert.ok(report.entries >= 2 * acknowledged.size, "verify saw too little");
        server = await startServer({ data });
        const debits = await check(server, debit, "DEBIT", acknowledged);
        const credits = await check(server, credit, "CREDIT", acknowledged);
        assert.deepEqual([...(debits ?? new Map()).keys()].sort(), [...(credits ?? new Map()).keys()].sort());
        total += acknowledged.size;
      }
      assert.ok(total > rounds, `only ${total} postings were acknowledged`);
    } finally {
      await server.stop().catch(() => {});
      rmSync(data, { recursive: true, force: true });
    }
  });
});
