// Custom indexes: made, read, kept up to date, built while others write and over a restart, under policies
// like all else; `strongroom verify` looks at them too.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { binary, startServer } from "../server.mjs";
import { startProvider } from "./provider.mjs";

const id = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const account = (number, metadata, more = "") =>
  `createAccount(input: {accountId: "${id(number)}", name: "n${number}", code: "${number}", metadata: ${metadata} ${more}}) { accountId }`;
const createIndex = (name, keys, more = "", on = "Account", field = "createIndex") =>
  `mutation { schema { ${field}(input: {name: "${name}", on: ${on}, ${keys} ${more}}) { id name on unique historical status progress
     partition { alias value type } range { alias sort } } } }`;
const byCategory = `partition: [{alias: "category", value: "document.metadata.category"}]
  sort: [{alias: "rank", value: "document.metadata.rank", type: INT, sort: ASC}]`;
const list = (index, value, more = "", sort = "") => `{ accounts(index: {name: CUSTOM ${sort}}, first: 100, where: {custom: {
  index: "${index}" partition: [{alias: "category", value: {eq: "${value}"}}] ${more}}}) {
  nodes { name } pageInfo { hasNextPage endCursor } } }`;
const code = (answer) => answer.body.errors?.[0]?.extensions.code;

describe("custom indexes", () => {
  let provider;
  let server;
  let token;
  const ask = async (query, variables, headers) => {
    const answer = await server.request(query, variables, headers);
    assert.equal(answer.body.errors, undefined, answer.text);
    return answer.body.data;
  };
  const names = async (query, headers) => (await ask(query, {}, headers)).accounts.nodes.map(({ name }) => name);

  before(async () => {
    provider = await startProvider({ reader: { email: "reader@example.com", email_verified: true } });
    server = await startServer({ arguments: ["--issuer-ca", provider.caFile] });
    await ask(`mutation {
      a: ${account(1, '{category: "food", rank: 10}')}
      b: ${account(2, '{category: "food", rank: 9}')}
      c: ${account(3, '{category: "tools", rank: -1}')}
      d: ${account(4, '{rank: 1}')}
      e: ${account(5, '{category: "food", rank: "none"}')}
      f: ${account(6, '{category: ["food", "tools"], rank: 100}')}
      g: ${account(7, "null")} }`);
    const { schema } = await ask(createIndex("by_category", byCategory));
    assert.deepEqual(schema.createIndex, { id: schema.createIndex.id, name: "by_category", on: "Account", unique: false,
      historical: false, status: "READY", progress: 100,
      partition: [{ alias: "category", value: "document.metadata.category", type: null }],
      range: [{ alias: "rank", sort: "ASC" }] });
  });
  after(async () => {
    await server?.stop();
    await provider?.stop();
  });

  it("hold what was there before, in the order of their keys, and an entry per item of a list", async () => {
    assert.deepEqual(await names(list("by_category", "food")), ["n2", "n1", "n6"]);
    assert.deepEqual(await names(list("by_category", "tools")), ["n3", "n6"]);
    assert.deepEqual(await names(list("by_category", "food", "", "sort: DESC")), ["n6", "n1", "n2"]);
    assert.deepEqual(await names(list("by_category", "nothing")), []);
  });

  it("take any operator on sort keys", async () => {
    const rank = (condition) => list("by_category", "food", `sort: [{alias: "rank", value: {${condition}}}]`);
    assert.deepEqual(await names(rank('gt: "9"')), ["n1", "n6"]);
    assert.deepEqual(await names(rank('gte: "9"')), ["n2", "n1", "n6"]);
    assert.deepEqual(await names(rank('lt: "100"')), ["n2", "n1"]);
    assert.deepEqual(await names(rank('lte: "9"')), ["n2"]);
    assert.deepEqual(await names(rank('eq: "10"')), ["n1"]);
    assert.deepEqual(await names(rank('between: {begin: "10", end: "100"}')), ["n1", "n6"]);
    assert.deepEqual(await names(rank("all: true")), ["n2", "n1", "n6"]);
    assert.equal(code(await server.request(rank('gt: "x"'))), "BAD_REQUEST");
    assert.equal(code(await server.request(rank('like: "1"'))), "BAD_REQUEST");
  });

  it("page in both directions of the list", async () => {
    const page = async (after, sort) => (await ask(`{ accounts(index: {name: CUSTOM ${sort}}, first: 2, after: "${after}", where: {custom: {
      index: "by_category" partition: [{alias: "category", value: {eq: "food"}}]}}) { nodes { name } pageInfo { hasNextPage hasPreviousPage endCursor } } }`)).accounts;
    for (const [sort, expected] of [["", ["n2", "n1", "n6"]], ["sort: DESC", ["n6", "n1", "n2"]]]) {
      const first = await page("", sort);
      assert.deepEqual(first.nodes.map(({ name }) => name), expected.slice(0, 2));
      assert.equal(first.pageInfo.hasNextPage, true);
      const second = await page(first.pageInfo.endCursor, sort);
      assert.deepEqual(second.nodes.map(({ name }) => name), expected.slice(2));
      assert.deepEqual([second.pageInfo.hasNextPage, second.pageInfo.hasPreviousPage], [false, true]);
    }
  });

  it("follow every write, and nothing of what is rolled back", async () => {
    const change = (metadata) => `updateAccount(id: "${id(4)}", input: {metadata: ${metadata}}) { name }`;
    await ask(`mutation { ${change('{category: "moved"}')} }`);
    assert.deepEqual(await names(list("by_category", "moved")), ["n4"]);
    await server.request(`mutation { a: ${change('{category: "lost"}')} b: ${account(1, "null")} }`);
    assert.deepEqual(await names(list("by_category", "lost")), []);
    await ask(`mutation { ${change("{category: null}")} }`);
    assert.deepEqual(await names(list("by_category", "moved")), []);
  });

  it("say what they need", async () => {
    const asked = async (where) => {
      const { body } = await server.request(`{ accounts(index: {name: CUSTOM}, first: 1 ${where}) { nodes { name } } }`);
      return body.errors[0].message;
    };
    assert.match(await asked(""), /custom partition key required/);
    assert.match(await asked('where: {custom: {index: "other"}}'), /Account has no custom index `other`/);
    assert.match(await asked('where: {custom: {index: "by_category"}}'), /category partition key required/);
    assert.match(await asked('where: {custom: {index: "by_category" partition: [{alias: "category", value: {like: "f"}}]}}'),
      /eq required for category partition key/);
    assert.match(await asked('where: {custom: {index: "by_category" partition: [{alias: "x", value: {eq: "f"}}]}}'), /no key `x`/);
  });

  it("are refused when they can't be", async () => {
    const refused = async (...parameters) => {
      const { body } = await server.request(createIndex(...parameters));
      return [body.errors[0].extensions.code, body.errors[0].message];
    };
    assert.equal((await refused("by_category", byCategory))[0], "UNIQUE_CONSTRAINT_VIOLATION");
    assert.equal((await refused("name", byCategory))[0], "UNIQUE_CONSTRAINT_VIOLATION");
    assert.equal((await refused("a b", byCategory))[0], "BAD_REQUEST");
    assert.equal((await refused("none", "partition: [] sort: []"))[0], "BAD_REQUEST");
    const [wrong, message] = await refused("wrong", 'partition: [{alias: "a", value: "document.nothing"}] sort: []');
    assert.equal(wrong, "CEL_EVALUATION_ERROR");
    assert.match(message, /\[partition\.a\]: `document\.nothing`/);
    assert.match((await refused("twice", 'partition: [{alias: "a", value: "document.name"}, {alias: "a", value: "document.code"}] sort: []'))[1], /alias `a`/);
    assert.match((await refused("text", byCategory, 'constraints: {a: "document.name"}'))[1], /has to be true or false/);
    assert.equal((await refused("search", byCategory, "search: true"))[0], "NOT_SUPPORTED");
    // Two accounts share the key.
    assert.equal((await refused("unique", byCategory.replace("document.metadata.category", "document.normal_balance_type")
      .replace("document.metadata.rank", "0"), "unique: true"))[0], "UNIQUE_CONSTRAINT_VIOLATION");
  });

  it("keep unique keys unique, and only where the constraints are true", async () => {
    await ask(createIndex("tax_number", 'partition: [{alias: "tax", value: "document.metadata.tax"}] sort: []',
      'unique: true constraints: {active: "document.status == ACTIVE"}'));
    await ask(`mutation { ${account(20, '{tax: "AT1"}')} }`);
    const second = `mutation { ${account(21, '{tax: "AT1"}')} }`;
    const answer = await server.request(second);
    assert.equal(code(answer), "UNIQUE_CONSTRAINT_VIOLATION");
    assert.match(answer.body.errors[0].message, /Account\.indexes\.tax_number/);
    await ask(`mutation { deleteAccount(id: "${id(20)}") { status } }`);
    await ask(second);
  });

  it("can have all versions", async () => {
    await ask(createIndex("all_names", 'partition: [{alias: "category", value: "document.name"}] sort: []', "", "Account",
      "createHistoricalIndex"));
    await ask(`mutation { updateAccount(id: "${id(7)}", input: {name: "n8"}) { name } }`);
    assert.deepEqual(await names(list("all_names", "n7")), ["n7"]);
    assert.deepEqual(await names(list("all_names", "n8")), ["n8"]);
  });

  it("order decimals, dates and money as numbers", async () => {
    const values = { decimal: ["-10.5", "-2", "0", "0.30", "2", "10", "1000000"], index: "ordered" };
    await ask(`mutation { ${[...values.decimal].reverse().map((value, i) =>
      `a${i}: ${account(30 + i, `{kind: "ordered", value: "${value}"}`)}`).join(" ")} }`);
    await ask(createIndex("ordered", `partition: [{alias: "category", value: "document.metadata.kind"}]
      sort: [{alias: "value", value: "document.metadata.value", type: DECIMAL, sort: ASC}]`));
    const nodes = async (more) => (await ask(list("ordered", "ordered", more).replace("{ name }", "{ metadata }"))).accounts.nodes
      .map(({ metadata }) => metadata.value);
    assert.deepEqual(await nodes(""), values.decimal);
    assert.deepEqual(await nodes('sort: [{alias: "value", value: {between: {begin: "-2.0", end: "2.00"}}}]'), ["-2", "0", "0.30", "2"]);
  });

  it("find what policies let be found", async () => {
    const people = (policies) => `mutation { auth { updateClient(principal: "${provider.issuer}", input: {policies: ${policies}}) { name } } }`;
    await ask(`mutation { auth { createClient(input: {name: "people", principal: "${provider.issuer}", policies: []}) { name } } }`);
    token = await provider.token("reader");
    const headers = { authorization: `Bearer ${token}` };
    const allow = (resources, assertions = "") => `[{effect: ALLOW, actions: [SELECT], resources: ${JSON.stringify(resources)} ${assertions}}]`;
    await ask(people(allow(["financial.Account.document.name", "financial.Account.document.metadata"])));
    assert.deepEqual(await names(list("by_category", "food"), headers), [], "without the index");
    await ask(people(allow(["financial.Account.document.name", "financial.Account.indexes.by_category"])));
    assert.deepEqual(await names(list("by_category", "food"), headers), [], "without the property it is made of");
    await ask(people(allow(["financial.Account"], "assertions: {one: \"context.document.code == '1'\"}")));
    assert.deepEqual(await names(list("by_category", "food"), headers), ["n1"]);
    const denied = await server.request(createIndex("mine", byCategory), {}, headers);
    assert.equal(code(denied), "ACCESS_DENIED");
    assert.equal(denied.body.errors[0].extensions.resource, "financial.Account.indexes.mine");
    const removal = await server.request('mutation { schema { deleteIndex(name: "by_category", on: Account) { name } } }', {}, headers);
    assert.equal(code(removal), "ACCESS_DENIED");
    await ask(people(`[{effect: ALLOW, actions: [INSERT], resources: ["financial.Account.indexes.mine"]}
      {effect: ALLOW, actions: [SELECT], resources: ["system.Index"]}]`));
    await ask(createIndex("mine", byCategory), {}, headers);
    assert.equal(code(await server.request(createIndex("other", byCategory), {}, headers)), "ACCESS_DENIED");
  });

  it("are listed, and found by global id", async () => {
    const { schema } = await ask('{ schema { indexes(first: 2) { nodes { id name } pageInfo { hasNextPage } } index(name: "by_category", on: Account) { id status } } }');
    assert.deepEqual(schema.indexes.nodes.map(({ name }) => name), ["all_names", "by_category"]);
    assert.equal(schema.indexes.pageInfo.hasNextPage, true);
    const { node } = await ask("query ($id: ID!) { node(id: $id) { ... on Index { name on } } }", { id: schema.index.id });
    assert.deepEqual(node, { name: "by_category", on: "Account" });
  });

  it("go when they are deleted, and come again with the same name", async () => {
    await ask('mutation { schema { deleteIndex(name: "by_category", on: Account) { name } } }');
    assert.equal(code(await server.request(list("by_category", "food"))), "BAD_REQUEST");
    await ask(createIndex("by_category", byCategory));
    assert.deepEqual(await names(list("by_category", "food")), ["n2", "n1", "n6"]);
  });
});

describe("a custom index over many documents", () => {
  it("is built while others write, and goes on after a kill", async () => {
    const data = mkdtempSync(path.join(tmpdir(), "strongroom-index-"));
    let server = await startServer({ data });
    const count = 6000;
    try {
      for (let at = 0; at < count; at += 50) {
        const { body } = await server.request(`mutation { ${Array.from({ length: 50 }, (_, i) =>
          `a${i}: createAccount(input: {accountId: "${randomUUID()}", name: "x", code: "${at + i}", metadata: {category: "many"}}) { version }`).join(" ")} }`);
        assert.equal(body.errors, undefined);
      }
      const made = await server.request(createIndex("many", byCategory.replace(/sort:[^]*/, "sort: []")));
      assert.equal(made.body.data.schema.createIndex.status, "BUILDING", made.text);
      process.kill(server.pid, "SIGKILL");
      await server.stop();
      server = await startServer({ data });
      const late = await server.request(`mutation { ${account(1, '{category: "many"}')} }`);
      assert.equal(late.body.errors, undefined);
      const status = async () => (await server.request('{ schema { index(name: "many", on: Account) { status progress } } }')).body.data.schema.index;
      const until = Date.now() + 120_000;
      for (let last = 0; ; ) {
        const now = await status();
        assert.ok(now.progress >= last, "progress goes back");
        last = now.progress;
        if (now.status === "READY") break;
        const early = await server.request(list("many", "many"));
        if (early.body.errors) assert.match(early.body.errors[0].message, /is being built: about \d+ % is done/);
        assert.ok(Date.now() < until, `the index is still ${JSON.stringify(now)}`);
      }
      let found = 0;
      for (let after = ""; after !== null; ) {
        const { body } = await server.request(list("many", "many").replace("first: 100", `first: 1000, after: "${after}"`));
        found += body.data.accounts.nodes.length;
        after = body.data.accounts.pageInfo.hasNextPage ? body.data.accounts.pageInfo.endCursor : null;
      }
      assert.equal(found, count + 1);
      await server.stop();
      const report = spawnSync(binary, ["verify", "--data", path.join(data, "store"), "--root-key", path.join(data, "root.key")],
        { encoding: "utf8" });
      assert.equal(report.status, 0, report.stdout);
    } finally {
      await server.stop();
      rmSync(data, { recursive: true, force: true });
    }
  });
});
