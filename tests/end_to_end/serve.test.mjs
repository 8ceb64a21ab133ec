// The way to a production server: key create, init, serve, recover; and what each refuses.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { binary, freePorts, requestLine } from "../server.mjs";
import { startProvider } from "./provider.mjs";

describe("serve", () => {
  let provider;
  let directory;
  let child;
  let ports;
  const at = (name) => path.join(directory, name);
  const run = (...args) => spawnSync(binary, args, { encoding: "utf8", timeout: 30000 });
  const config = (lines = "") => {
    writeFileSync(at("strongroom.toml"), `data = "${at("store")}"
root-key = "${at("root.key")}"
allow-file-root-key = true
port = ${ports[0]}
admin-port = ${ports[1]}
grpc-port = 0
tls-certificate = "${path.join(path.dirname(provider.caFile), "tls.pem")}"
tls-key = "${path.join(path.dirname(provider.caFile), "tls.key")}"
issuer-ca = "${provider.caFile}"
issuer-network = ["127.0.0.0/8"]
audit-log = "${at("audit.log")}"
${lines}`);
    return at("strongroom.toml");
  };
  const start = async (lines = 'audience = ["urn:ledger:ES256"]') => {
    child = spawn(binary, ["serve", "--config", config(lines)],
                  { stdio: ["ignore", "inherit", "pipe"] });
    let text = "";
    child.stderr.setEncoding("utf8").on("data", (more) => (text += more));
    for (let tries = 0; tries < 300 && !text.includes("is ready"); tries += 1) {
      assert.equal(child.exitCode, null, text);
      await new Promise((done) => setTimeout(done, 100));
    }
    assert.match(text, /is ready/);
    return text;
  };
  const stop = async () => {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  };
  // Of a token that is refused: the reason, which the request log alone tells.
  const refusalOf = async (token) => {
    const answer = await ask(token);
    assert.equal(answer.status, 401);
    return requestLine(at("audit.log"), answer).refusal;
  };
  const ask = (token, query = "{ auth { whoami { principal client accountId } } }") =>
    new Promise((resolve, reject) => {
      const request = https.request(`https://localhost:${ports[0]}/financial/v1/graphql`, {
        method: "POST", ca: readFileSync(provider.caFile), agent: false,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json",
                   "x-twisp-account-id": "Main" },
      }, async (response) => {
        let text = "";
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode, headers: response.headers, body: JSON.parse(text) });
      });
      request.on("error", reject);
      request.end(JSON.stringify({ query }));
    });

  before(async () => {
    provider = await startProvider({
      ops: { email: "ops@example.com", email_verified: true },
      other: { email: "other@example.com", email_verified: true },
    });
    directory = mkdtempSync(path.join(tmpdir(), "strongroom-serve-"));
    ports = await freePorts(2);
  });
  after(async () => {
    child?.kill("SIGKILL");
    await provider?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("makes a root key once, for its owner alone", () => {
    assert.equal(run("key", "create", at("root.key")).status, 0);
    assert.equal(statSync(at("root.key")).mode & 0o777, 0o600);
    const again = run("key", "create", at("root.key"));
    assert.equal(again.status, 1);
    assert.match(again.stderr, /^error: /m);
  });

  it("does not serve a store that has no organization", () => {
    const refused = run("serve", "--config", config('audience = ["any"]'));
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /hint: /);
  });

  it("makes the first tenant and client once", () => {
    const init = () => run("init", "--data", at("store"), "--root-key", at("root.key"),
      "--account-id", "Main", "--principal", provider.issuer, "--assert",
      "admin=context.auth.claims.email == 'ops@example.com'", "--output", "json");
    const first = init();
    assert.equal(first.status, 0, first.stderr);
    assert.deepEqual(JSON.parse(first.stdout), { made: true, account_id: "Main" });
    const second = init();
    assert.equal(second.status, 0, second.stderr);
    assert.equal(JSON.parse(second.stdout).made, false);
  });

  for (const [what, lines, pattern] of [
    ["no audience was chosen", "", /audience/],
    ["`any` is one audience of many", 'audience = ["any", "ledger"]', /any/],
    ["the audience of an issuer is malformed", 'audience = ["any"]\nissuer-audience = ["x"]', /issuer-audience/],
    ["clocks may differ too much", 'audience = ["any"]\ntoken-skew-seconds = 301', /300/],
    ["an algorithm is unknown", 'audience = ["any"]\ntoken-algorithm = ["HS256"]', /HS256/],
    ["the CA of an issuer is not there", 'audience = ["any"]\nissuer-own-ca = ["https://x.example=/nowhere"]', /nowhere|read/],
    ["a key of the configuration is unknown", 'audience = ["any"]\nadmin = true', /admin/],
  ]) {
    it(`refuses to start when ${what}`, () => {
      const refused = run("serve", "--config", config(lines));
      assert.notEqual(refused.status, 0);
      assert.match(refused.stderr, pattern);
    });
  }

  it("security 18: warns at the start of tokens that are taken for any audience", async () => {
    const any = await start('audience = ["any"]');
    assert.match(any, /"level":"warning".*whatever audience.*every one without a list of its own/);
    assert.equal((await ask(await provider.token("ops", "RS256"))).status, 200);
    await stop();
    const one = await start(`audience = ["none"]\nissuer-audience = ["${provider.issuer}=any", "https://other.example=x"]`);
    assert.match(one, new RegExp(`whatever audience.*${provider.issuer}`));
    assert.doesNotMatch(one, /other\.example|every one/);
    assert.equal((await ask(await provider.token("ops", "RS256"))).status, 200);
    await stop();
    assert.doesNotMatch(await start(), /whatever audience/);
    await stop();
  });

  it("gives an issuer its own audiences and its own longest lifetime, and asks those on the list alone", async () => {
    await start(`audience = ["urn:ledger:ES256"]\nissuer-audience = ["${provider.issuer}=urn:ledger:RS256"]`);
    assert.equal((await ask(await provider.token("ops", "RS256"))).status, 200);
    assert.equal(await refusalOf(await provider.token("ops", "ES256")), "audience_wrong");
    await stop();
    await start(`audience = ["any"]\nissuer-token-seconds-max = ["${provider.issuer}=599"]`);
    assert.equal(await refusalOf(await provider.token("ops")), "lifetime_too_long");
    await stop();
    await start('audience = ["any"]\ntoken-algorithm = ["ES256", "PS256"]');
    assert.equal((await ask(await provider.token("ops", "PS256"))).status, 200);
    assert.equal(await refusalOf(await provider.token("ops", "RS256")), "algorithm_refused");
    await stop();
    const before = provider.state.requests;
    await start('audience = ["any"]\nissuer-pattern = ["https://*.example.com/*"]');
    assert.equal(await refusalOf(await provider.token("ops")), "issuer_unknown");
    assert.equal(provider.state.requests, before);
    await stop();
  });

  it("counts the bodies of requests that wait or run, and gives back what they held", async () => {
    await start('audience = ["any"]\nrequest-bytes-max = 65536');
    const token = await provider.token("ops");
    const padded = (bytes) => ask(token, `#${"x".repeat(bytes)}\n{ auth { whoami { client } } }`);
    const tooMuch = await padded(100_000);
    assert.equal(tooMuch.status, 503);
    assert.equal(tooMuch.body.errors[0].extensions.code, "UNAVAILABLE");
    for (let i = 0; i < 10; i += 1) assert.equal((await padded(60_000)).status, 200);
    const together = await Promise.all(Array.from({ length: 5 }, () => padded(4_000)));
    assert.ok(together.every(({ status }) => status === 200), "the first bytes are free");
    await stop();
  });

  it("serves whom the assertion names, with the audience it was given", async () => {
    await start();
    const good = await ask(await provider.token("ops", "ES256"));
    assert.equal(good.status, 200);
    assert.deepEqual(good.body.data.auth.whoami,
                     { principal: provider.issuer, client: "administrator", accountId: "Main" });
    assert.equal((await ask(await provider.token("ops", "RS256"))).status, 401);
    const create = 'mutation { createAccount(input: {accountId: "8cd11607-1104-4270-9482-ae4b8053fd5a", name: "a", code: "a"}) { code } }';
    const other = await ask(await provider.token("other", "ES256"), create);
    assert.equal(other.body.errors[0].extensions.code, "ACCESS_DENIED");
    assert.equal((await ask(await provider.token("ops", "ES256"), create)).body.data.createAccount.code, "a");
  });

  it("knows no token of a development issuer", () => {
    assert.notEqual(run("token", "dev", "--data", at("store")).status, 0);
  });

  it("writes an audit line for each request, without the token", async () => {
    const token = await provider.token("ops", "ES256");
    requestLine(at("audit.log"), await ask(token));
    const lines = readFileSync(at("audit.log"), "utf8").split("\n").slice(0, -1).map((line) => JSON.parse(line));
    assert.ok(lines.some(({ refusal }) => refusal === "audience_wrong"));
    assert.ok(lines.some(({ principal, client, status }) =>
      principal === provider.issuer && client === "administrator" && status === 200));
    assert.ok(!JSON.stringify(lines).includes(token.split(".")[2]));
    assert.equal(statSync(at("audit.log")).mode & 0o777, 0o600);
  });

  it("is the only one to use its store", () => {
    const second = run("recover", "--data", at("store"), "--root-key", at("root.key"),
      "--account-id", "Main", "--principal", "https://new.example");
    assert.equal(second.status, 1);
  });

  it("stops within its time and keeps what it acknowledged", async () => {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    const [code] = await ended;
    assert.equal(code, 0);
    await start();
    const read = await ask(await provider.token("ops", "ES256"),
                           '{ account(id: "8cd11607-1104-4270-9482-ae4b8053fd5a") { code } }');
    assert.deepEqual(read.body, { data: { account: { code: "a" } } });
  });

  it("gives access back on the host", async () => {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
    const recovered = run("recover", "--data", at("store"), "--root-key", at("root.key"),
      "--account-id", "Main", "--principal", provider.issuer, "--assert",
      "admin=context.auth.claims.email == 'other@example.com'");
    assert.equal(recovered.status, 0, recovered.stderr);
    await start();
    const other = await ask(await provider.token("other", "ES256"),
                            '{ account(id: "8cd11607-1104-4270-9482-ae4b8053fd5a") { code } }');
    assert.deepEqual(other.body, { data: { account: { code: "a" } } });
  });

  it("refuses to open the store with another root key", () => {
    child.kill("SIGKILL");
    assert.equal(run("key", "create", at("other.key")).status, 0);
    const refused = run("recover", "--data", at("store"), "--root-key", at("other.key"),
      "--account-id", "Main", "--principal", "https://new.example");
    assert.equal(refused.status, 1);
    assert.ok(!refused.stderr.includes("Main"));
  });
});
