// What bad input gets: its documented status and code, no crash, nothing stored.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { startServer } from "../server.mjs";
import { codesOf, deposit, makeBook, post, readBalance } from "./book.mjs";

describe("bad input", () => {
  let server;
  let balance;
  before(async () => {
    server = await startServer();
    assert.equal((await server.request(makeBook)).body.errors, undefined);
    assert.equal((await server.request(post, deposit("10.00"))).body.errors, undefined);
    balance = (await server.request(readBalance)).text;
  });
  after(() => server?.stop());

  const forged = (claims, header = { alg: "ES256", typ: "JWT" }) => {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    return `Bearer ${part(header)}.${part(claims)}.${Buffer.alloc(64, 7).toString("base64url")}`;
  };
  const hour = () => Math.floor(Date.now() / 1000) + 3600;

  for (const [what, headers] of [
    ["no token", { authorization: null }],
    ["garbage", { authorization: "Bearer garbage" }],
    ["another scheme", { authorization: "Basic dXNlcjpwYXNz" }],
    ["an expired token", { authorization: forged({ iss: "https://strongroom.localhost/dev", exp: 1 }) }],
    ["an unknown issuer", { authorization: forged({ iss: "https://nobody.example", exp: hour() }) }],
    ["a wrong signature", { authorization: forged({ iss: "https://strongroom.localhost/dev", exp: hour() }) }],
    ["alg none", { authorization: forged({ iss: "https://strongroom.localhost/dev", exp: hour() }, { alg: "none" }) }],
  ]) {
    it(`security 29: 401 without a reason is the answer to ${what}`, async () => {
      const answer = await server.request("{ __typename }", {}, headers);
      assert.equal(answer.status, 401);
      assert.equal(answer.headers["www-authenticate"], 'Bearer error="invalid_token"');
      assert.deepEqual(codesOf(answer), ["ACCESS_DENIED"]);
      assert.equal(answer.body.errors[0].message, "access denied");
    });
  }

  it("answers 403 to a tenant that does not exist", async () => {
    const answer = await server.request("{ __typename }", {}, { "x-twisp-account-id": "Nobody" });
    assert.equal(answer.status, 403);
    assert.deepEqual(codesOf(answer), ["ACCESS_DENIED"]);
  });

  it("answers 400 to a request that addresses no tenant", async () => {
    const answer = await server.request("{ __typename }", {}, { "x-twisp-account-id": null });
    assert.equal(answer.status, 400);
    assert.deepEqual(codesOf(answer), ["BAD_REQUEST"]);
  });

  it("answers null for a client that does not exist", async () => {
    const answer = await server.request('{ auth { client(principal: "https://x.example") { name } } }');
    assert.deepEqual(answer.body, { data: { auth: { client: null } } });
    const updated = await server.request(
      'mutation { auth { updateClient(principal: "https://x.example", input: {policies: []}) { name } } }');
    assert.deepEqual(codesOf(updated), ["NOT_FOUND"]);
  });

  it("refuses an unknown field with its position", async () => {
    const answer = await server.request("{\n  account { nope }\n}");
    assert.equal(answer.body.data, null);
    assert.ok(codesOf(answer).every((code) => code === "GRAPHQL_VALIDATION_FAILED"));
    assert.deepEqual(answer.body.errors.at(0).locations.at(0).line, 2);
  });

  it("refuses a syntax error", async () => {
    const answer = await server.request("query 7");
    assert.deepEqual(codesOf(answer), ["GRAPHQL_PARSE_FAILED"]);
    assert.equal(answer.body.errors[0].message, "Expected {, found Int");
  });

  it("refuses a document of 1 MiB of { fast, and goes on", async () => {
    const started = process.hrtime.bigint();
    const answer = await server.request("{".repeat((1 << 20) - 64));
    const tooDeep = await server.request("{".repeat(60000));
    assert.ok(Number(process.hrtime.bigint() - started) < 5e9);
    for (const refused of [answer, tooDeep]) {
      assert.ok(refused.status === 400 || refused.status === 413, `status ${refused.status}`);
      assert.ok(codesOf(refused).length > 0);
    }
    assert.equal((await server.request("{ __typename }")).status, 200);
  });

  it("refuses a body past 1 MiB with 413", async () => {
    let status;
    try {
      status = (await server.request(`#${"x".repeat(1 << 20)}\n{ __typename }`)).status;
    } catch (error) {
      status = error.code;  // the server may close before the client has sent all of it
    }
    assert.ok(status === 413 || status === "EPIPE" || status === "ECONNRESET", String(status));
  });

  it("refuses a bad UUID at its argument", async () => {
    const answer = await server.request(
      'mutation { createAccount(input: {accountId: "", name: "a", code: "a"}) { accountId } }');
    assert.deepEqual(codesOf(answer), ["UUID_PARSE_ERROR"]);
    assert.deepEqual(answer.body.errors[0].path, ["createAccount", "input", "accountId"]);
    assert.equal(answer.body.errors[0].message,
                 "input: createAccount.input.accountId invalid UUID length: 0");
  });

  const tranCode = (units, effective = "date('2026-01-28')") => `mutation {
    createTranCode(input: {tranCodeId: "${randomUUID()}", code: "BAD",
      transaction: {effective: ${JSON.stringify(effective)}}
      entries: [
        {accountId: "uuid('${randomUUID()}')", units: "decimal('1.00')", currency: "'USD'", direction: "DEBIT"}
        {accountId: "uuid('${randomUUID()}')", units: ${JSON.stringify(units)}, currency: "'USD'", direction: "CREDIT"}
      ]}) { code } }`;

  it("refuses a tran code with a CEL syntax error, with its position", async () => {
    const answer = await server.request(tranCode("decimal('1.00')", "{time.Now()}"));
    assert.deepEqual(codesOf(answer), ["TRAN_CODE_ERROR"]);
    assert.match(answer.body.errors[0].message, /\[effective\]: .*ERROR: <input>:1:12: Syntax error/s);
  });

  it("refuses a tran code whose entries do not balance", async () => {
    const answer = await server.request(tranCode("decimal('2.00')"));
    assert.deepEqual(codesOf(answer), ["TRAN_CODE_ERROR"]);
    assert.match(answer.body.errors[0].message, /entries unbalanced/);
  });

  it("refuses an unbalanced posting", async () => {
    const made = await server.request(`mutation {
      createTranCode(input: {tranCodeId: "${randomUUID()}", code: "SKEWED",
        params: [{name: "a", type: DECIMAL, default: "1"}, {name: "b", type: DECIMAL, default: "1"}]
        transaction: {effective: "date('2026-01-28')"}
        entries: [
          {accountId: "uuid('8cd11607-1104-4270-9482-ae4b8053fd5a')", units: "params.a", currency: "'USD'", direction: "DEBIT"}
          {accountId: "uuid('63e766a5-4a04-4aee-a4d6-aa49350f13c6')", units: "params.b", currency: "'USD'", direction: "CREDIT"}
        ]}) { code } }`);
    assert.equal(made.body.errors, undefined, JSON.stringify(made.body));
    const answer = await server.request(`mutation ($id: UUID!) {
      postTransaction(input: {transactionId: $id, tranCode: "SKEWED", params: {a: "1", b: "2"}}) { transactionId } }`,
      { id: randomUUID() });
    assert.deepEqual(codesOf(answer), ["TRAN_CODE_ERROR"]);
  });

  it("rolls a whole document back when one field fails", async () => {
    const id = randomUUID();
    const answer = await server.request(`mutation {
      ok: createAccount(input: {accountId: "${id}", name: "a", code: "a"}) { accountId }
      bad: createAccount(input: {accountId: "${id}", name: "b", code: "b"}) { accountId }
    }`);
    assert.deepEqual(codesOf(answer), ["UNIQUE_CONSTRAINT_VIOLATION"]);
    const read = await server.request(`{ account(id: "${id}") { accountId } }`);
    assert.equal(read.body.data.account, null);
  });

  it("refuses a policy that is not valid, and stores nothing", async () => {
    for (const policy of [
      '{effect: ALLOW, actions: [SELECT], resources: ["*"], assertions: {broken: "1 +"}}',
      '{effect: ALLOW, actions: [SELECT], resources: ["*"], assertions: {number: "1"}}',
      '{effect: ALLOW, actions: [], resources: ["*"]}',
      '{effect: ALLOW, actions: [SELECT], resources: []}',
    ]) {
      const answer = await server.request(`mutation { auth { createClient(input: {
        principal: "https://bad.example", name: "bad", policies: [${policy}]}) { name } } }`);
      assert.equal(codesOf(answer).length, 1, JSON.stringify(answer.body));
    }
    const read = await server.request('{ auth { client(principal: "https://bad.example") { name } } }');
    assert.deepEqual(read.body, { data: { auth: { client: null } } });
  });

  it("serves no plaintext", async () => {
    const http = await import("node:http");
    const url = new URL(server.graphql);
    const outcome = await new Promise((resolve) => {
      const request = http.get({ host: "127.0.0.1", port: url.port }, (response) => resolve(response.statusCode));
      request.on("error", (error) => resolve(error.code ?? "closed"));
    });
    assert.notEqual(outcome, 200);
  });

  it("has stored nothing of all that", async () => {
    assert.equal((await server.request(readBalance)).text, balance);
  });
});
