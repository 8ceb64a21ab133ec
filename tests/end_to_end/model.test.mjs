// The server and a reference ledger (ledger_model.mjs) receive the same random operations, from
// concurrent clients, with restarts and a kill -9 in between: their answers and what they hold are equal,
// and `strongroom verify` finds the store whole each time. 10^4 operations; 10^6 with STRONGROOM_LONG=1.
// Money is in 20 currencies and exact: the reference adds up big integers. The seed is printed;
// STRONGROOM_SEED repeats the operations of every client.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { binary, startServer } from "../server.mjs";
import { Book, add, decimal, fields, text } from "./ledger_model.mjs";

const operationsMax = Number(process.env.STRONGROOM_OPERATIONS ?? (process.env.STRONGROOM_LONG ? 1e6 : 1e4));
const clients = 6;
const phases = 3;
const seed = Number(process.env.STRONGROOM_SEED ?? randomInt(2 ** 31));
const currencies = ["USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF",
  "RON", "TRY", "ZAR", "BRL", "MXN", "INR"];
const hot = { account: "00000000-0000-4000-8000-00000000a0a0", set: "00000000-0000-4000-8000-00000000b0b0" };

// xorshift32 with a seed of its own for every client.
class Random {
  constructor(start) {
    this.state = start >>> 0 || 1;
    for (let i = 0; i < 10; i += 1) this.below(2);
  }
  below(bound) {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    this.state >>>= 0;
    return this.state % bound;
  }
  one(list) {
    return list[this.below(list.length)];
  }
  chance(percent) {
    return this.below(100) < percent;
  }
  uuid() {
    const hex = Array.from({ length: 32 }, () => this.below(16).toString(16)).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
  amount() {
    const scale = this.below(7);
    const digits = 1 + this.below(10);
    let n = BigInt(Array.from({ length: digits }, () => this.below(10)).join(""));
    if (this.chance(3)) n = -n;
    return text({ n, scale });
  }
}

// ---- From operations to GraphQL.

const quote = (value) => JSON.stringify(value);
const literal = (value) => {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (value === null || typeof value !== "object") return quote(value);
  return `{${Object.entries(value).map(([key, one]) => `${key}: ${literal(one)}`).join(", ")}}`;
};
const write = {
  createAccount: (id, name, normal, sets) =>
    `createAccount(input: {accountId: "${id}", name: "${name}", code: "${id}", normalBalanceType: ${normal}, accountSetIds: ${quote(sets)}}) { ${fields.account} }`,
  updateAccount: (id, { status, ...rest }) =>
    `updateAccount(id: "${id}", input: {${status ? `status: ${status} ` : ""}${Object.entries(rest)
      .map(([key, value]) => `${key}: ${literal(value)}`).join(" ")}}) { ${fields.account} }`,
  deleteAccount: (id) => `deleteAccount(id: "${id}") { ${fields.account} }`,
  createAccountSet: (id, name, normal) =>
    `createAccountSet(input: {accountSetId: "${id}", name: "${name}", normalBalanceType: ${normal}}) { ${fields.set} }`,
  addToAccountSet: (id, member) => `addToAccountSet(id: "${id}", member: {memberId: "${member}"}) { ${fields.set} }`,
  removeFromAccountSet: (id, member) =>
    `removeFromAccountSet(id: "${id}", member: {memberId: "${member}"}) { ${fields.set} }`,
  post: (id, from, to, units, currency, layer) =>
    `postTransaction(input: {transactionId: "${id}", tranCode: "MODEL", params: {from: "${from}", to: "${to}", units: "${units}", currency: "${currency}", layer: "${layer}"}}) { ${fields.transaction} }`,
  voidTransaction: (id) => `voidTransaction(id: "${id}") { ${fields.transaction} }`,
};

const setUp = `mutation {
  createAccountSet(input: {accountSetId: "${hot.set}", name: "shared"}) { accountSetId }
  createAccount(input: {accountId: "${hot.account}", name: "shared", code: "shared", accountSetIds: ["${hot.set}"]}) { accountId }
  createTranCode(input: {tranCodeId: "00000000-0000-4000-8000-00000000c0c0", code: "MODEL"
    params: [{name: "from", type: UUID} {name: "to", type: UUID} {name: "units", type: DECIMAL} {name: "currency"} {name: "layer"}]
    transaction: {effective: "date('2026-01-28')"}
    entries: [
      {accountId: "params.from", units: "params.units", currency: "params.currency", direction: "DEBIT", layer: "params.layer"}
      {accountId: "params.to", units: "params.units", currency: "params.currency", direction: "CREDIT", layer: "params.layer"}
    ]}) { code } }`;

// ---- One client: its own accounts, and one that all share.

class Client {
  constructor(number) {
    this.random = new Random(seed + number * 7919);
    this.book = new Book();
    this.book.addShared(hot.account, hot.set);
    this.accounts = [];
    this.sets = [];
    this.transactions = [];
    this.done = 0;
    this.refused = 0;
  }

  // An id of the kind, mostly a good one.
  some(ids) {
    return ids.length === 0 || this.random.chance(2) ? this.random.uuid() : this.random.one(ids);
  }

  operation() {
    const { random } = this;
    const roll = random.below(100);
    if (roll < 8 || this.accounts.length < 4) {
      const id = random.chance(97) ? random.uuid() : this.some(this.accounts);
      this.accounts.push(id);
      return ["createAccount", id, `account ${random.below(1000)}`, random.one(["DEBIT", "CREDIT"]),
        random.chance(30) && this.sets.length > 0 ? [this.some(this.sets)] : []];
    }
    if (roll < 11) {
      const id = random.uuid();
      this.sets.push(id);
      return ["createAccountSet", id, `set ${random.below(1000)}`, random.one(["DEBIT", "CREDIT"])];
    }
    if (roll < 15) return ["addToAccountSet", this.some(this.sets), this.some(random.chance(60) ? this.accounts : this.sets)];
    if (roll < 16) return ["removeFromAccountSet", this.some(this.sets), this.some(this.accounts)];
    if (roll < 22) return ["updateAccount", this.some(this.accounts), this.change()];
    if (roll < 23) return ["deleteAccount", this.some(this.accounts)];
    if (roll < 30 && this.transactions.length > 0) return ["voidTransaction", this.some(this.transactions)];
    const id = random.chance(99) ? random.uuid() : this.some(this.transactions);
    this.transactions.push(id);
    const side = () => (random.chance(15) ? hot.account : random.chance(1) ? this.some(this.sets) : this.some(this.accounts));
    return ["post", id, side(), side(), random.amount(), random.one(currencies),
      random.one(["SETTLED", "SETTLED", "PENDING", "ENCUMBRANCE"])];
  }

  change() {
    const { random } = this;
    const change = {};
    if (random.chance(60)) change.status = "ACTIVE";
    if (random.chance(50)) change.description = `words ${random.below(1000)}`;
    if (random.chance(50)) change.metadata = { [random.one("abc")]: random.chance(20) ? null : { x: random.below(9) } };
    if (Object.keys(change).length === 0) change.name = "again";
    return change;
  }

  // Sends one document of several operations and compares.
  async step(server) {
    const operations = Array.from({ length: 1 + this.random.below(20) }, () => this.operation());
    const dryRun = this.random.chance(3);
    const document = `mutation ${dryRun ? "@dryRun " : ""}{ ${operations
      .map(([name, ...parameters], i) => `o${i}: ${write[name](...parameters)}`).join(" ")} }`;
    const answer = await server.request(document);
    const before = dryRun ? this.copy() : null;
    const expected = this.book.attempt(operations);
    this.compare(answer, operations, expected);
    if (dryRun) this.book = before;
    this.done += operations.length;
  }

  copy() {
    const book = new Book();
    for (const name of ["accounts", "sets", "transactions", "balances"]) book[name] = new Map(this.book[name]);
    return book;
  }

  compare(answer, operations, expected) {
    const shown = () => `seed ${seed}: ${quote(operations)} answered ${answer.text.slice(0, 2000)}`;
    assert.equal(answer.status, 200, shown());
    const last = expected.at(-1);
    if (last.code !== undefined) {
      this.refused += 1;
      const first = answer.body.errors?.[0];
      assert.equal(first?.extensions.code, last.code, shown());
      assert.equal(first.path[0], `o${expected.length - 1}`, shown());
      return;
    }
    assert.equal(answer.body.errors, undefined, shown());
    expected.forEach(({ data }, i) => assert.deepEqual(answer.body.data[`o${i}`], data, shown()));
  }

  // Everything that the book holds, as the server has it.
  async checkAll(server) {
    const keys = [...this.book.balances.keys()].filter((key) => !key.startsWith(hot.account) && !key.startsWith(hot.set));
    for (let at = 0; at < keys.length; at += 50) {
      const slice = keys.slice(at, at + 50);
      const answer = await server.request(`{ ${slice.map((key, i) => {
        const [owner, currency] = key.split("|");
        return `b${i}: balance(accountId: "${owner}", currency: "${currency}") { ${fields.balance} }`;
      }).join(" ")} }`);
      assert.equal(answer.body.errors, undefined, answer.text.slice(0, 500));
      slice.forEach((key, i) =>
        assert.deepEqual(answer.body.data[`b${i}`], this.book.balanceData(...key.split("|")), `seed ${seed}: balance ${key}`));
    }
    const ids = [...this.book.transactions.keys()].slice(-50);
    const answer = await server.request(`{ ${ids.map((id, i) =>
      `t${i}: transaction(id: "${id}") { ${fields.transaction} }`).join(" ")} __typename }`);
    ids.forEach((id, i) => assert.deepEqual(answer.body.data[`t${i}`], this.book.transactionData(id), `seed ${seed}`));
    const accounts = [...this.book.accounts.keys()].filter((id) => id !== hot.account).slice(-50);
    const read = await server.request(`{ ${accounts.map((id, i) =>
      `a${i}: account(id: "${id}") { ${fields.account} }`).join(" ")} __typename }`);
    accounts.filter((id) => !this.book.sets.has(id)).forEach((id) =>
      assert.deepEqual(read.body.data[`a${accounts.indexOf(id)}`], this.book.accountData(id), `seed ${seed}`));
  }
}

// What all clients together did to the shared account, and to the set above it.
async function checkShared(server, all) {
  const names = ["settled", "pending", "encumbrance"];
  for (const currency of currencies) {
    const sums = names.map(() => ({ DEBIT: decimal("0"), CREDIT: decimal("0") }));
    for (const { book } of all) {
      const own = book.balances.get(`${hot.account}|${currency}`);
      own?.layers.forEach((layer, i) => {
        for (const side of ["DEBIT", "CREDIT"]) sums[i][side] = add(sums[i][side], layer[side]);
      });
    }
    for (const owner of [hot.account, hot.set]) {
      const { body } = await server.request(`{ balance(accountId: "${owner}", currency: "${currency}") { ${fields.balance} } }`);
      names.forEach((name, i) => {
        assert.equal(body.data.balance?.[name].drBalance.units ?? "0", text(sums[i].DEBIT), `seed ${seed}: ${owner} ${currency}`);
        assert.equal(body.data.balance?.[name].crBalance.units ?? "0", text(sums[i].CREDIT), `seed ${seed}: ${owner} ${currency}`);
      });
    }
  }
}

function verify(data) {
  const { status, stdout, stderr } = spawnSync(binary, ["verify", "--data", path.join(data, "store"),
    "--root-key", path.join(data, "root.key"), "--output", "json"], { encoding: "utf8", maxBuffer: 2 ** 28 });
  assert.equal(status, 0, `seed ${seed}: ${stdout}${stderr.slice(-2000)}`);
  return JSON.parse(stdout);
}

describe(`the server and a reference ledger, seed ${seed}`, () => {
  it(`agree on ${operationsMax} operations of ${clients} clients, with restarts`, async () => {
    const data = mkdtempSync(path.join(tmpdir(), "strongroom-model-"));
    const all = Array.from({ length: clients }, (_, i) => new Client(i + 1));
    let server = await startServer({ data });
    try {
      const made = await server.request(setUp);
      assert.equal(made.body.errors, undefined, made.text);
      for (let phase = 1; phase <= phases; phase += 1) {
        const goal = (operationsMax / clients) * (phase / phases);
        await Promise.all(all.map(async (client) => {
          while (client.done < goal) await client.step(server);
        }));
        for (const client of all) await client.checkAll(server);
        await checkShared(server, all);
        // Nobody waits for an answer now, so that a kill may lose nothing either.
        if (phase === 2) process.kill(server.pid, "SIGKILL");
        await server.stop();
        const report = verify(data);
        assert.ok(report.entries > 0);
        server = await startServer({ data });
      }
      for (const client of all) await client.checkAll(server);
      const refused = all.reduce((sum, client) => sum + client.refused, 0);
      assert.ok(refused > 0, "no document was refused: the operations are too tame");
    } finally {
      await server.stop().catch(() => {});
      rmSync(data, { recursive: true, force: true });
    }
  });
});
