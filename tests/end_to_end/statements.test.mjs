// What money people ask at the end of a day, and what a posting may bring along: trial balance, account
// statement, balances at a time, exceptions, and the bounds that keep sums exact.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { startServer } from "../server.mjs";
import { ids, makeBook } from "./book.mjs";

const post = (amount, more = "", id = randomUUID()) => `postTransaction(input: {transactionId: "${id}", tranCode: "DEPOSIT"
  params: {amount: "${amount}", effective: "2026-01-28"} ${more}}) { transactionId voidedBy
  properties { overrideVelocityEnforcement { action } } exceptions { type message detail } }`;
const day = (offset = 0) => new Date(Date.now() + offset * 86400000).toISOString().slice(0, 10);

describe("statements", () => {
  let server;
  const ask = async (query, variables) => {
    const answer = await server.request(query, variables);
    assert.equal(answer.body.errors, undefined, answer.text);
    return answer.body.data;
  };
  before(async () => {
    server = await startServer();
    await ask(makeBook);
    await ask(`mutation { createAccountSet(input: {accountSetId: "${randomUUID()}", journalId: "${ids.journal}", name: "s"}) { name } }`);
    for (const amount of ["100.00", "18.45", "0.005"]) await ask(`mutation { ${post(amount)} }`);
  });
  after(() => server?.stop());

  it("list the balances of a journal with sums that agree, by pages", async () => {
    const trial = `trialBalance(journalId: "${ids.journal}")`;
    const { trialBalance } = await ask(`{ ${trial} { balances(first: 10) { nodes { account { code } currency settled { normalBalance { units } } } }
      totals { layer drBalance { units } crBalance { units currency } } } }`);
    assert.deepEqual(trialBalance.balances.nodes.map(({ account, settled }) => [account.code, settled.normalBalance.units]),
      [["CUST", "118.455"], ["CASH", "118.455"]]);
    assert.deepEqual(trialBalance.totals[0], { layer: "SETTLED", drBalance: { units: "118.455" }, crBalance: { units: "118.455", currency: "USD" } });
    const first = (await ask(`{ ${trial} { balances(first: 1) { nodes { account { code } } pageInfo { hasNextPage endCursor } } } }`)).trialBalance.balances;
    assert.equal(first.pageInfo.hasNextPage, true);
    const second = (await ask(`{ ${trial} { balances(first: 1, after: "${first.pageInfo.endCursor}") { nodes { account { code } } pageInfo { hasNextPage } } } }`)).trialBalance.balances;
    assert.deepEqual([first.nodes[0].account.code, second.nodes[0].account.code, second.pageInfo.hasNextPage], ["CUST", "CASH", false]);
  });

  it("say how it was at the end of a day", async () => {
    const asOf = async (date) => (await ask(`{ trialBalance(journalId: "${ids.journal}", asOf: "${date}") { balances(first: 10) { nodes { version } } totals { layer } } }`)).trialBalance;
    assert.deepEqual(await asOf(day(-1)), { balances: { nodes: [] }, totals: [] });
    assert.deepEqual((await asOf(day())).balances.nodes, [{ version: 3 }, { version: 3 }]);
    const statement = async (from, to) => (await ask(`{ accountStatement(accountId: "${ids.customer}", journalId: "${ids.journal}", from: "${from}", to: "${to}") {
      account { code } opening { version } closing { settled { crBalance { units } } } entries(first: 10) { nodes { units } } } }`)).accountStatement;
    assert.deepEqual(await statement(day(), day()), { account: { code: "CUST" }, opening: null,
      closing: { settled: { crBalance: { units: "118.455" } } }, entries: { nodes: [{ units: "0.005" }, { units: "18.45" }, { units: "100.00" }] } });
    assert.deepEqual(await statement(day(-2), day(-1)), { account: { code: "CUST" }, opening: null, closing: null, entries: { nodes: [] } });
    assert.deepEqual((await statement(day(1), day(2))).opening, { version: 3 });
    const { body } = await server.request(`{ accountStatement(accountId: "${ids.customer}", from: "yesterday") { opening { version } } }`);
    assert.equal(body.errors[0].extensions.code, "DATE_PARSE_ERROR");
    for (const date of ["9999-12-31", "0001-01-01", "2262-04-11"]) {
      const far = await server.request(`{ trialBalance(journalId: "${ids.journal}", asOf: "${date}") { totals { layer } } }`);
      assert.equal(far.body.errors?.[0].extensions.code, "BAD_REQUEST", `${date}: ${far.text}`);
    }
    assert.equal((await ask(`{ accountStatement(accountId: "${randomUUID()}") { opening { version } } }`)).accountStatement, null);
  });

  it("find a balance as it was at any time", async () => {
    const history = async (where) => (await ask(`{ balance(accountId: "${ids.cash}", journalId: "${ids.journal}") {
      history(first: 10 ${where}) { nodes { version modified settled { drBalance { units } } } } } }`)).balance.history.nodes;
    const all = await history("");
    assert.deepEqual(all.map(({ version }) => version), [3, 2, 1]);
    for (const { version, modified, settled } of all)
      assert.deepEqual((await history(`where: {modified: {lte: "${modified}"}}`))[0], { version, modified, settled });
    assert.deepEqual((await history(`where: {committed: {gt: "${all[2].modified}"}}`)).map(({ version }) => version), [3, 2]);
    assert.deepEqual(await history(`where: {modified: {lt: "${all[2].modified}"}}`), []);
  });

  it("post what has an exception, and void it at once", async () => {
    const before = (await ask(`{ balance(accountId: "${ids.cash}", journalId: "${ids.journal}") { settled { drBalance { units } } } }`)).balance;
    const { postTransaction } = await ask(`mutation { ${post("7.5", 'properties: {exception: {type: "FRAUD", message: "not theirs", detail: {score: 9}}, overrideVelocityEnforcement: {action: WARN}}')} }`);
    assert.deepEqual(postTransaction.exceptions, [{ type: "FRAUD", message: "not theirs", detail: { score: 9 } }]);
    assert.deepEqual(postTransaction.properties, { overrideVelocityEnforcement: { action: "WARN" } });
    assert.match(postTransaction.voidedBy, /^[0-9a-f-]{36}$/);
    const later = (await ask(`{ balance(accountId: "${ids.cash}", journalId: "${ids.journal}") { settled { drBalance { units } } } }`)).balance;
    assert.deepEqual(later, before);
    const plain = (await ask(`mutation { ${post("1")} }`)).postTransaction;
    assert.deepEqual([plain.voidedBy, plain.exceptions, plain.properties], [null, null, { overrideVelocityEnforcement: null }]);
  });

  it("take amounts that balances can hold", async () => {
    const code = async (amount) => (await server.request(`mutation { ${post(amount)} }`)).body.errors?.[0].extensions.code;
    for (const amount of ["1e-6000", "0.0000000000001", "123456789012345678901", "1E+30"]) assert.equal(await code(amount), "LIMIT_EXCEEDED", amount);
    for (const amount of ["0.000000000001", "12345678901234567890", "-12345678901234567890"]) assert.equal(await code(amount), undefined, amount);
  });

  it("spend one budget on all expressions of a request", async () => {
    const heavy = "[1,2,3,4,5,6,7,8,9,10].map(a, [1,2,3,4,5,6,7,8,9,10].map(b, [1,2,3,4,5,6,7,8,9,10].map(c, [1,2,3,4,5,6,7,8,9,10].map(d, a * b + c * d)))).size()";
    const one = await server.request(`mutation { evaluate(expressions: {x: "${heavy}"}) }`);
    assert.equal(one.body.errors, undefined, one.text);
    const many = await server.request(`mutation { ${Array.from({ length: 45 }, (_, i) => `e${i}: evaluate(expressions: {x: "${heavy}"})`).join(" ")} }`);
    assert.ok(many.body.errors?.length > 0, many.text.slice(0, 300));
    assert.equal(many.body.errors[0].extensions.code, "LIMIT_EXCEEDED");
  });
});
