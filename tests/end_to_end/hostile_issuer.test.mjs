// An issuer that misbehaves holds up its own tokens, and nothing else (security §2).
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http2 from "node:http2";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { freePorts, requestLine, startServer } from "../server.mjs";
import { codesOf } from "./book.mjs";
import { startHostileIssuer } from "./hostile_issuer.mjs";

const long = process.env.STRONGROOM_LONG === "1";
const createClient = `mutation ($principal: String!) { auth { createClient(input: {
  principal: $principal name: $principal policies: [{effect: ALLOW, actions: [SELECT], resources: ["financial.*"],
    assertions: {somebody: "context.auth.claims.sub == 'somebody'"}}] }) { name } } }`;
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const until = async (condition, what) => {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await condition()) return;
    await pause(100);
  }
  assert.fail(`never: ${what}`);
};

describe("a hostile issuer", () => {
  let directory;
  let hostile;
  let server;
  let good;
  const sent = [];  // every token that was sent
  const ask = async (token) => {
    sent.push(token);
    return server.request("{ __typename }", {}, { authorization: `Bearer ${token}` });
  };
  const register = async ({ name }) => {
    const made = await server.request(createClient, { principal: name });
    assert.equal(made.body.errors, undefined, made.text);
  };
  const metric = async (name, issuer) => {
    const text = await (await server.fetch(`${server.admin}/metrics`)).text();
    const line = text.split("\n").find((one) => one.startsWith(`${name}{issuer="${issuer}"} `));
    return line === undefined ? undefined : Number(line.split(" ")[1]);
  };
  const residentBytes = () => Number(readFileSync(`/proc/${server.pid}/statm`, "utf8").split(" ")[1]) * 4096;
  const is = async (status, token) => {
    const answer = await ask(token);
    assert.equal(answer.status, status, answer.text);
    return answer;
  };

  const begin = () => startServer({ data: path.join(directory, "data"),
    arguments: ["--issuer-ca", hostile.caFile, "--audit-log", path.join(directory, "audit.log")] });

  before(async () => {
    directory = mkdtempSync(path.join(tmpdir(), "strongroom-hostile-log-"));
    hostile = await startHostileIssuer();
    server = await begin();
    good = hostile.issuer("good");
  });
  after(async () => {
    await server?.stop();
    await hostile?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("security 35: is asked when its client is created, and not before or by a token", async () => {
    await is(401, await good.token());
    assert.deepEqual(good.requests, { discovery: 0, keys: 0, elsewhere: 0 });
    await register(good);
    await until(() => good.requests.keys === 1, "the keys are fetched");
    await until(async () => (await ask(await good.token())).status === 200, "its tokens are good");
    assert.equal(good.requests.keys, 1);
  });

  for (const [what, make] of [
    ["is down", async () => ({ ...hostile.issuer("x"), name: `https://localhost:${(await freePorts(1))[0]}` })],
    ["breaks the connection", () => hostile.issuer("breaks", "down")],
    ["is slow", () => hostile.issuer("slow", "slow")],
    ["answers 500", () => hostile.issuer("500", "500")],
    ["answers garbage", () => hostile.issuer("garbage", "garbage")],
    ["has no keys", () => hostile.issuer("empty", "empty")],
    ["answers 10 MiB", () => hostile.issuer("huge", "huge")],
    ["redirects", () => hostile.issuer("redirecting", "redirecting")],
    ["compresses", () => hostile.issuer("compressed", "compressed")],
    ["says that it is another", () => hostile.issuer("other", "good", { claimed: good.name })],
    ["has its keys on a private address", () => hostile.issuer("private", "good", { jwksUri: "https://10.255.255.1/keys" })],
    ["has its keys in the cloud's metadata", () => hostile.issuer("metadata", "good", { jwksUri: "https://169.254.169.254/latest" })],
    ["has its keys on a mapped loopback address", () =>
      hostile.issuer("mapped", "good", { jwksUri: `https://[::ffff:127.0.0.1]:${hostile.port}/mapped/keys` })],
    ["has its keys without TLS", () => hostile.issuer("plain", "good", { jwksUri: `http://localhost:${hostile.port}/plain/keys` })],
    ["is itself on a private address", () => ({ ...hostile.issuer("y"), name: "https://[fd00:ec2::254]" })],
  ]) {
    it(`security 49: one that ${what} gets 503 for its tokens, and others go on`, async () => {
      const bad = await make();
      await register(bad);
      const token = await bad.token({ iss: bad.name });
      const answer = await is(503, token);
      assert.ok(Number(answer.headers["retry-after"]) >= 1);
      assert.deepEqual(codesOf(answer), ["UNAVAILABLE"]);
      assert.equal(answer.body.errors[0].message, "the token can't be verified now");
      assert.doesNotMatch(answer.text, /garbage|localhost|10\.255|metadata/);
      const line = requestLine(path.join(directory, "audit.log"), answer);
      assert.equal(line.refusal, "keys_unavailable");
      assert.equal(line.issuer, bad.name);
      await is(200, await good.token());
      await until(async () => await metric("strongroom_authn_issuer_failing", bad.name) === 1, "the alarm is raised");
      assert.equal(await metric("strongroom_authn_keys", bad.name), 0);
      assert.equal(bad.requests.elsewhere, 0, "redirects are not followed");
      if (/address|metadata|TLS/.test(what)) assert.equal(bad.requests.keys, 0, "nobody is asked there");
    });
  }

  it("security 42: reads of 10 MiB no more than it has to", async () => {
    const huge = hostile.issuer("huge2", "huge");
    const before = residentBytes();
    await register(huge);
    await until(async () => await metric("strongroom_authn_issuer_failing", huge.name) === 1, "the fetch failed");
    assert.ok(huge.sent < 8 << 20, `${huge.sent} bytes`);
    assert.ok(residentBytes() - before < 64 << 20);
  });

  it("security 52: uses neither of two keys with one kid, and the others", async () => {
    const twins = hostile.issuer("twins");
    const ofTwin = await twins.token();
    const [twin] = twins.keys;
    twins.rotate();
    const other = hostile.issuer("unused").keys[0];
    twins.keys.push(twin, { ...other, kid: twin.kid });
    await register(twins);
    await until(async () => (await ask(await twins.token())).status === 200, "the third key is good");
    await is(401, ofTwin);
  });

  it("security 50: forgets removed keys, and tokens verified with them, on SIGUSR1", async () => {
    const rotating = hostile.issuer("rotating");
    await register(rotating);
    const old = await rotating.token();
    await until(async () => (await ask(old)).status === 200, "the first key is good");
    rotating.rotate();
    await is(200, old);
    process.kill(server.pid, "SIGUSR1");
    await until(async () => (await ask(old)).status === 401, "the old token is refused");
    await is(200, await rotating.token());
    await is(401, old);
  });

  it("security 31: keeps no verdict that another token could use", async () => {
    const token = await good.token();
    const at = token.lastIndexOf(".") + 9;
    const forged = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
    for (const round of [1, 2, 3]) {
      await is(401, forged);
      await is(200, token);
      const [header, , signature] = token.split(".");
      const [, payload] = (await good.token({ sub: "another" })).split(".");
      const answer = await ask(`${header}.${payload}.${signature}`);
      assert.equal(answer.status, 401, `round ${round}`);
    }
  });

  const seconds = long ? 60 : 5;
  it(`security 55: 1,000 unknown kids a second for ${seconds} s cause 3 fetches at most, and good tokens go on`, async () => {
    const flooded = hostile.issuer("flooded");
    await register(flooded);
    await until(async () => (await ask(await flooded.token())).status === 200, "its tokens are good");
    const [tokens, before] = [[await flooded.token(), await good.token()], residentBytes()];
    const fetchesBefore = await metric("strongroom_authn_key_fetches_total", flooded.name);
    const asked = { ...flooded.requests };
    const session = http2.connect(new URL(server.graphql).origin, { ca: server.ca });
    session.on("error", () => {});
    const statuses = {};
    const flood = () => new Promise((done) => {
      const stream = session.request({ ":method": "POST", ":path": "/financial/v1/graphql", "content-type": "application/json",
        authorization: `Bearer ${hostile.forged(flooded)}`, "x-twisp-account-id": server.account_id });
      stream.on("response", (head) => { statuses[head[":status"]] = (statuses[head[":status"]] ?? 0) + 1; });
      stream.on("error", done).on("close", done).resume().end('{"query":"{ __typename }"}');
    });
    const end = Date.now() + seconds * 1000;
    let sentCount = 0;
    const flooders = Array.from({ length: 32 }, async () => {
      while (Date.now() < end) {
        if (sentCount > 1000 * (seconds - (end - Date.now()) / 1000)) await pause(5);
        else { sentCount += 1; await flood(); }
      }
    });
    const times = [];
    while (Date.now() < end) {
      for (const token of [...tokens, await good.token(), await flooded.token()]) {
        const start = performance.now();
        await is(200, token);
        times.push(performance.now() - start);
      }
    }
    await Promise.all(flooders);
    session.close();
    const fetches = await metric("strongroom_authn_key_fetches_total", flooded.name) - fetchesBefore;
    times.sort((a, b) => a - b);
    const grown = residentBytes() - before;
    console.log(`${sentCount} unknown kids in ${seconds} s, answers ${JSON.stringify(statuses)}, ${fetches} fetches; ` +
      `${times.length} good requests, p50 ${times[times.length >> 1].toFixed(1)} ms, ` +
      `p99 ${times[Math.floor(times.length * 0.99)].toFixed(1)} ms; ${(grown / 2 ** 20).toFixed(1)} MiB more memory`);
    assert.ok(sentCount > 0 && Object.keys(statuses).every((status) => ["401", "503"].includes(status)), JSON.stringify(statuses));
    assert.ok(fetches <= 3, `${fetches} fetches`);
    assert.ok(flooded.requests.keys - asked.keys <= 3 && flooded.requests.discovery - asked.discovery <= 3);
    assert.ok(grown < 192 << 20, `${grown} bytes`);
  });

  it("security 54: counts for each issuer", async () => {
    assert.ok(await metric("strongroom_authn_key_fetches_total", good.name) >= 1);
    assert.equal(await metric("strongroom_authn_key_fetch_failures_total", good.name), 0);
    assert.equal(await metric("strongroom_authn_keys", good.name), 1);
    assert.ok(await metric("strongroom_authn_key_set_age_seconds", good.name) >= 0);
    const flooded = good.name.replace("/good", "/flooded");
    assert.ok(await metric("strongroom_authn_unknown_kids_total", flooded) > 100);
    assert.equal(await metric("strongroom_authn_stale_key_uses_total", flooded), 0);
  });

  it("security 30: writes no token to any log", () => {
    const logs = readFileSync(path.join(directory, "audit.log"), "utf8") + server.diagnostics();
    assert.ok(sent.length > 50);
    for (const token of sent) assert.equal(logs.includes(token.split(".")[2]), false);
  });

  it("security 35: is asked at the start too, ahead of the first token", async () => {
    await server.stop();
    const before = good.requests.keys;
    server = await begin();
    await until(() => good.requests.keys === before + 1, "the keys are fetched");
    await is(200, await good.token());
    assert.equal(good.requests.keys, before + 1);
  });
});
