// The key hierarchy of a running server: AWS KMS and PKCS#11 as its root, rotation, rewrapping, and
// what happens when the key service is down. The stand-in of KMS is driven by AWS's own tools, too.
import { DecryptCommand, DescribeKeyCommand, EncryptCommand, GenerateDataKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createDecipheriv, hkdfSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { binary, freePorts } from "../server.mjs";
import { startKms } from "./kms.mjs";
import { startProvider } from "./provider.mjs";

const arn = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const otherArn = "arn:aws:kms:eu-west-1:111122223333:key/4321abcd-12ab-34cd-56ef-1234567890ab";
const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                      sessionToken: "a-session/token==" };
const awsVariables = {
  AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
};
const outageSecondsMax = 10;

let kms;
let provider;
let directory;
const at = (name) => path.join(directory, name);
const env = { ...process.env, ...awsVariables };
const run = (...args) => spawnSync(binary, args, { encoding: "utf8", timeout: 120_000, env });
// While the stand-in lives in this process, commands that ask it must not block it.
async function runBesides(...args) {
  const child = spawn(binary, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  const [status] = await once(child, "close");
  return { status, stdout, stderr };
}
const kmsOptions = (key = arn) => ["--key-provider", "aws-kms", "--kms-key", key,
                                   "--kms-endpoint", kms.url, "--kms-ca", kms.caFile];
const init = (store, ...keys) => runBesides("init", "--data", at(store), ...keys, "--account-id", "Main",
                                            "--principal", provider.issuer, "--output", "json");

// `strongroom serve` on a store; answers {ask, stop, kill, stderr, failed}.
async function serve(store, ...keys) {
  const ports = await freePorts(2);
  const tls = path.dirname(provider.caFile);
  const child = spawn(binary, ["serve", "--data", at(store), ...keys, "--grpc-port", "0", "--port", ports[0], "--admin-port", ports[1],
    "--tls-certificate", path.join(tls, "tls.pem"), "--tls-key", path.join(tls, "tls.key"),
    "--audience", "urn:ledger:ES256", "--issuer-ca", provider.caFile, "--issuer-network", "127.0.0.0/8",
    "--audit-log", at("audit.log")].map(String), { env, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (more) => (stderr += more));
  const ended = once(child, "exit");
  while (!stderr.includes("is ready") && child.exitCode === null && child.signalCode === null) {
    await new Promise((done) => setTimeout(done, 50));
  }
  const ask = async (query, variables) => {
    const token = await provider.token("ops", "ES256");
    return new Promise((resolve, reject) => {
      const request = https.request(`https://localhost:${ports[0]}/financial/v1/graphql`, {
        method: "POST", ca: readFileSync(provider.caFile), agent: false,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "x-twisp-account-id": "Main" },
      }, async (response) => {
        let text = "";
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode, body: JSON.parse(text) });
      });
      request.on("error", reject);
      request.end(JSON.stringify({ query, variables }));
    });
  };
  const metrics = () => new Promise((resolve, reject) => {
    https.get(`https://localhost:${ports[1]}/metrics`, { ca: readFileSync(provider.caFile), agent: false }, async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      resolve(text);
    }).on("error", reject);
  });
  const end = (signal) => async () => {
    child.kill(signal);
    await ended;
  };
  return { ask, metrics, child, stop: end("SIGTERM"), kill: end("SIGKILL"), stderr: () => stderr,
           failed: child.exitCode !== null };
}

const createTenant = (id, name) => `mutation { admin { createTenant(input: {id: "${id}", accountId: "${name}",
  name: "${name}", description: "d"}) { accountId } } }`;
const createAccount = `mutation ($id: UUID!, $code: String!) {
  createAccount(input: {accountId: $id, name: "a", code: $code}) { code } }`;
const readAccount = (id) => `{ account(id: "${id}") { code } }`;

before(async () => {
  directory = mkdtempSync(path.join(tmpdir(), "strongroom-keys-"));
  kms = await startKms({ credentials, keys: [arn, otherArn] });
  provider = await startProvider({ ops: { email: "ops@example.com", email_verified: true } });
});
after(async () => {
  await provider?.stop();
  await kms?.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe("the stand-in of AWS KMS", () => {
  const client = (own = credentials) => new KMSClient({
    region: "eu-west-1", endpoint: kms.url, credentials: own, maxAttempts: 1,
    requestHandler: { httpsAgent: new https.Agent({ ca: readFileSync(kms.caFile) }) },
  });

  it("does for AWS's SDK what KMS does", async () => {
    const sdk = client();
    const context = { a: "1", b: "2" };
    const described = await sdk.send(new DescribeKeyCommand({ KeyId: arn }));
    assert.equal(described.KeyMetadata.Arn, arn);
    const sealed = await sdk.send(new EncryptCommand({ KeyId: arn, Plaintext: Buffer.from("key"), EncryptionContext: context }));
    const opened = await sdk.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: { b: "2", a: "1" } }));
    assert.equal(Buffer.from(opened.Plaintext).toString(), "key");
    assert.equal(opened.KeyId, arn);
    await assert.rejects(sdk.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: { a: "1" } })),
                         { name: "InvalidCiphertextException" });
    await assert.rejects(sdk.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: context, KeyId: otherArn })),
                         { name: "IncorrectKeyException" });
    const made = await sdk.send(new GenerateDataKeyCommand({ KeyId: arn, KeySpec: "AES_256", EncryptionContext: context }));
    assert.equal(made.Plaintext.length, 32);
    sdk.destroy();
  });

  it("refuses a wrong signature", async () => {
    const sdk = client({ ...credentials, secretAccessKey: "another" });
    await assert.rejects(sdk.send(new DescribeKeyCommand({ KeyId: arn })), { name: "InvalidSignatureException" });
    sdk.destroy();
  });

  it("does for the AWS command line what KMS does", async () => {
    const child = spawn("aws", ["kms", "generate-data-key", "--key-id", arn, "--key-spec", "AES_256",
      "--encryption-context", "purpose=files", "--region", "eu-west-1", "--endpoint-url", kms.url,
      "--ca-bundle", kms.caFile, "--output", "json"], { env: { ...env, AWS_CONFIG_FILE: "/dev/null" } });
    let [out, problems] = ["", ""];
    child.stdout.on("data", (text) => (out += text));
    child.stderr.on("data", (text) => (problems += text));
    const [code] = await once(child, "close");
    assert.equal(code, 0, problems);
    const made = JSON.parse(out);
    assert.equal(made.KeyId, arn);
    assert.equal(Buffer.from(made.Plaintext, "base64").length, 32);
  });
});

describe("a root key in AWS KMS", () => {
  let server;
  const account = randomUUID();
  after(async () => server?.kill());

  it("wraps each key under installation, tenant and purpose", async () => {
    kms.state.calls = [];
    const made = await init("store", ...kmsOptions());
    assert.equal(made.status, 0, made.stderr);
    const contexts = kms.state.calls.filter(({ operation }) => operation === "GenerateDataKey").map(({ context }) => context);
    assert.equal(contexts.length, 3);
    assert.equal(new Set(contexts.map((context) => context["strongroom:installation"])).size, 1);
    assert.deepEqual(contexts.map((context) => context["strongroom:purpose"]), ["files", "space", "space"]);
    assert.match(contexts[2]["strongroom:tenant"], /^[0-9a-f-]{36}$/);
    assert.notEqual(contexts[2]["strongroom:tenant"], contexts[1]["strongroom:tenant"]);
  });

  it("serves without asking KMS for any request", async () => {
    server = await serve("store", ...kmsOptions());
    assert.equal(server.failed, false, server.stderr());
    const calls = kms.state.calls.length;
    const made = await server.ask(createAccount, { id: account, code: "first" });
    assert.deepEqual(made.body.data, { createAccount: { code: "first" } });
    for (let i = 0; i < 50; i += 1) assert.equal((await server.ask(readAccount(account))).status, 200);
    assert.equal(kms.state.calls.length, calls);
  });

  it("makes the key of a new tenant with one call", async () => {
    kms.state.calls = [];
    const id = randomUUID();
    const made = await server.ask(createTenant(id, "Second"));
    assert.deepEqual(made.body.data.admin.createTenant, { accountId: "Second" }, JSON.stringify(made.body));
    assert.deepEqual(kms.state.calls.map(({ operation, context }) => [operation, context["strongroom:tenant"]]),
                     [["GenerateDataKey", id]]);
  });

  for (const mode of ["silent", "throttled", "failing", "down"]) {
    it(`goes on when KMS is ${mode}, and refuses new tenants in time`, async () => {
      mode === "down" ? await kms.down() : (kms.state.mode = mode);
      try {
        const began = Date.now();
        const refused = await server.ask(createTenant(randomUUID(), `Tenant${mode}`));
        assert.ok(Date.now() - began < outageSecondsMax * 1000, `${Date.now() - began} ms`);
        assert.equal(refused.body.errors[0].extensions.code, "UNAVAILABLE", JSON.stringify(refused.body));
        assert.match(refused.body.errors[0].message, /KMS/);
        const again = Date.now();
        await server.ask(createTenant(randomUUID(), `Again${mode}`));
        assert.ok(Date.now() - again < outageSecondsMax * 1000);
        assert.deepEqual((await server.ask(readAccount(account))).body.data, { account: { code: "first" } });
        const id = randomUUID();
        assert.deepEqual((await server.ask(createAccount, { id, code: id })).body.data, { createAccount: { code: id } });
      } finally {
        mode === "down" ? await kms.up() : (kms.state.mode = "up");
      }
    });
  }

  it("makes tenants again once KMS is back", async () => {
    for (let tries = 0; tries < 20; tries += 1) {
      const made = await server.ask(createTenant(randomUUID(), `Back${tries}`));
      if (made.body.errors === undefined) return;
      await new Promise((done) => setTimeout(done, 500));
    }
    assert.fail("still refused");
  });

  it("does not start without KMS, and says so in time", async () => {
    await server.stop();
    for (const mode of ["down", "silent"]) {
      mode === "down" ? await kms.down() : (kms.state.mode = mode);
      try {
        const began = Date.now();
        const refused = await serve("store", ...kmsOptions());
        assert.ok(Date.now() - began < outageSecondsMax * 1000, `${Date.now() - began} ms`);
        assert.equal(refused.failed, true);
        assert.match(refused.stderr(), /^error: .*KMS/m);
        assert.match(refused.stderr(), /^hint: /m);
      } finally {
        mode === "down" ? await kms.up() : (kms.state.mode = "up");
      }
    }
  });

  for (const [what, keys, pattern, prepare] of [
    ["the key is disabled", () => kmsOptions(), /not enabled/, () => kms.state.disabled.add(arn)],
    ["another key answers", () => kmsOptions(), /another key/, () => (kms.state.mode = "anotherKey")],
    ["the key is not the store's", () => kmsOptions(otherArn), /wrapped by the root key/, () => {}],
    ["the key is named by an alias", () => kmsOptions("alias/ledger"), /not the ARN/, () => {}],
    ["the certificate is not trusted", () => kmsOptions().slice(0, -2), /KMS can't be asked/, () => {}],
  ]) {
    it(`does not start when ${what}`, async () => {
      prepare();
      try {
        const refused = await serve("store", ...keys());
        assert.equal(refused.failed, true);
        assert.match(refused.stderr(), pattern);
      } finally {
        kms.state.disabled.clear();
        kms.state.mode = "up";
      }
    });
  }

  it("starts again when all is well", async () => {
    server = await serve("store", ...kmsOptions());
    assert.equal(server.failed, false, server.stderr());
    assert.deepEqual((await server.ask(readAccount(account))).body.data, { account: { code: "first" } });
    assert.match(await server.metrics(), /^strongroom_root_key_reachable 1$/m);
  });

  it("is asked about, verified, rotated and rewrapped while the server runs", async () => {
    const status = JSON.parse(run("key", "status", "--data", at("store"), "--output", "json").stdout);
    assert.equal(status.root_key, `aws-kms:${arn}`);
    assert.equal(status.root_key_reachable, true);
    assert.ok(status.tenants.some(({ tenant }) => tenant === "installation"));
    assert.match(run("key", "status", "--data", at("store")).stdout, /aws-kms:/);
    const verified = await runBesides("key", "verify", "--data", at("store"));
    assert.equal(verified.status, 0, verified.stderr);
    assert.match(verified.stdout, /^all \d+ keys unwrap/);
    const dry = JSON.parse(run("key", "rotate", "data", "--data", at("store"), "--all", "--dry-run", "--output", "json").stdout);
    assert.ok(dry.records > 10 && dry.dry_run);
    const rotated = run("key", "rotate", "data", "--data", at("store"), "--all", "--wait", "--output", "json");
    assert.equal(rotated.status, 0, rotated.stderr);
    const now = JSON.parse(run("key", "status", "--data", at("store"), "--output", "json").stdout);
    assert.equal(now.old_seals.records, 0);
    for (const tenant of now.tenants) {
      const before = status.tenants.find((one) => one.tenant === tenant.tenant);
      assert.equal(tenant.epoch, before.epoch + 1);
    }
    assert.equal(run("key", "rotate", "data", "--data", at("store"), "--tenant", randomUUID()).status, 1);
    assert.equal(run("key", "rotate", "data", "--data", at("store")).status, 1);
    const rewrapped = await runBesides("key", "rewrap", "--data", at("store"),
      ...kmsOptions(otherArn).map((word) => word.replace(/^--/, "--new-")));
    assert.equal(rewrapped.status, 0, rewrapped.stderr);
    assert.deepEqual((await server.ask(readAccount(account))).body.data, { account: { code: "first" } });
    await server.stop();
    assert.equal((await serve("store", ...kmsOptions())).failed, true);
    server = await serve("store", ...kmsOptions(otherArn));
    assert.deepEqual((await server.ask(readAccount(account))).body.data, { account: { code: "first" } });
  });

  it("pauses and resumes a rotation", async () => {
    const paused = JSON.parse(run("key", "rotate", "data", "--data", at("store"), "--pause", "--output", "json").stdout);
    assert.equal(paused.rotation.paused, true);
    run("key", "rotate", "data", "--data", at("store"), "--all");
    const waiting = JSON.parse(run("key", "status", "--data", at("store"), "--output", "json").stdout);
    assert.ok(waiting.rotation.tenants_left > 0 && waiting.old_seals.records > 0);
    assert.equal(run("key", "rotate", "data", "--data", at("store"), "--resume", "--wait").status, 0);
    const done = JSON.parse(run("key", "status", "--data", at("store"), "--output", "json").stdout);
    assert.equal(done.rotation.tenants_left, 0);
    assert.equal(done.old_seals.records, 0);
  });
});

describe("a root key in a file", () => {
  it("is refused by serve unless it is accepted in so many words", async () => {
    assert.equal(run("key", "create", at("root.key")).status, 0);
    assert.equal((await init("filed", "--root-key", at("root.key"))).status, 0);
    const refused = await serve("filed", "--root-key", at("root.key"));
    assert.equal(refused.failed, true);
    assert.match(refused.stderr(), /for development/);
    const server = await serve("filed", "--root-key", at("root.key"), "--allow-file-root-key");
    assert.equal(server.failed, false, server.stderr());
    await server.stop();
  });

  it("can be sealed under a passphrase", async () => {
    writeFileSync(at("words"), "six random words\n", { mode: 0o600 });
    const passphrase = ["--root-key-passphrase-file", at("words")];
    assert.equal(run("key", "create", at("sealed.key"), ...passphrase).status, 0);
    assert.equal((await init("sealed", "--root-key", at("sealed.key"), ...passphrase)).status, 0);
    const without = await init("sealed", "--root-key", at("sealed.key"));
    assert.equal(without.status, 1);
    assert.match(without.stderr, /passphrase/);
  });

  it("gives way to another one with the server stopped", async () => {
    assert.equal(run("key", "create", at("next.key")).status, 0);
    const moved = run("key", "rewrap", "--data", at("filed"), "--root-key", at("root.key"), "--new-root-key", at("next.key"));
    assert.equal(moved.status, 0, moved.stderr);
    const old = run("key", "verify", "--data", at("filed"), "--root-key", at("root.key"));
    assert.equal(old.status, 1);
    assert.match(old.stderr, /wrapped by the root key/);
    assert.equal(run("key", "verify", "--data", at("filed"), "--root-key", at("next.key")).status, 0);
  });
});

describe("a root key in a PKCS#11 module", () => {
  it("is made in it, and opens the store from there", async () => {
    mkdirSync(at("tokens"), { mode: 0o700 });
    writeFileSync(at("softhsm.conf"), `directories.tokendir = ${at("tokens")}\nobjectstore.backend = file\n`);
    env.SOFTHSM2_CONF = at("softhsm.conf");
    const made = spawnSync("softhsm2-util", ["--init-token", "--free", "--label", "ledger", "--pin", "1234", "--so-pin", "5678"], { env });
    assert.equal(made.status, 0);
    writeFileSync(at("pin"), "1234\n", { mode: 0o600 });
    const keys = ["--key-provider", "pkcs11", "--pkcs11-module", "/usr/lib/softhsm/libsofthsm2.so",
                  "--pkcs11-token", "ledger", "--pkcs11-key", "root", "--pkcs11-pin-file", at("pin")];
    assert.equal((await init("hsm", ...keys)).status, 1, "there is no key yet");
    const created = run("key", "create", ...keys);
    assert.equal(created.status, 0, created.stderr);
    assert.equal((await init("hsm", ...keys)).status, 0);
    const server = await serve("hsm", ...keys);
    assert.equal(server.failed, false, server.stderr());
    assert.equal((await server.ask("{ auth { whoami { client } } }")).status, 200);
    await server.stop();
  });
});

// What docs/reference/storage-format.md says of KEYRING, read once more.
function openKeyring(file, root) {
  let [bytes, at] = [readFileSync(file), 0];
  const raw = (size) => bytes.subarray(at, (at += size));
  const text = () => {
    const out = [];
    for (;;) {
      if (bytes[at] !== 0) out.push(bytes[at++]);
      else if (bytes[at + 1] === 0xff) { out.push(0); at += 2; }
      else { at += 2; return Buffer.from(out); }
    }
  };
  const derive = (key, salt, info, size = 32) => Buffer.from(hkdfSync("sha256", key, salt, info, size));
  const open = (key, nonce, associated, sealed) => {
    const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAAD(associated).setAuthTag(sealed.subarray(-16));
    return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  };
  assert.equal(raw(9).toString("latin1"), "STRONGRM\x02");
  const store = Buffer.from(raw(16));
  const unwrap = (wrapped, space, purpose) => {
    const [salt, nonce, sealed] = [wrapped.subarray(1, 33), wrapped.subarray(65, 77), wrapped.subarray(77)];
    assert.deepEqual(derive(root, salt, "strongroom root commitment"), wrapped.subarray(33, 65));
    return open(derive(root, salt, "strongroom root wrapping key"), nonce,
                Buffer.concat([Buffer.from("strongroom wrapped key"), store, space, Buffer.from(purpose)]), sealed);
  };
  text();
  const fileKey = unwrap(text(), Buffer.alloc(16), "files");
  assert.deepEqual(raw(32), derive(fileKey, "", "strongroom commitment"));
  const [salt, nonce] = [text(), text()];
  const body = open(derive(fileKey, salt, "strongroom keyring"), nonce, bytes.subarray(0, at), bytes.subarray(at));
  const spaces = [];
  const count = Number(body.readBigUInt64BE(10));
  [bytes, at] = [body, 18];
  for (let i = 0; i < count; i += 1) {
    const id = raw(16);
    const key = unwrap(text(), id, "space");
    raw(32 + 8);
    const info = Buffer.concat([Buffer.from("strongroom data key"), id, Buffer.from([1, 1, 0, 0, 0, 0])]);
    spaces.push({ id, key, dataKey: derive(key, store, info) });
  }
  return { store, fileKey, spaces };
}

describe("the memory of a running server", () => {
  it("gives no key to a core dump", async () => {
    assert.equal(run("key", "create", at("dumped.key")).status, 0);
    assert.equal((await init("dumped", "--root-key", at("dumped.key"))).status, 0);
    const server = await serve("dumped", "--root-key", at("dumped.key"), "--allow-file-root-key");
    const code = `marker-${randomUUID()}`;
    assert.equal((await server.ask(createAccount, { id: randomUUID(), code })).body.errors, undefined);
    const limits = readFileSync(`/proc/${server.child.pid}/limits`, "utf8");
    assert.match(limits, /^Max core file size +0 +0 /m, "the kernel writes none at all");
    const dumped = spawnSync("gdb", ["-nx", "-batch", "--readnever", "-p", String(server.child.pid),
      "-ex", `generate-core-file ${at("core")}`, "-ex", "detach"], { encoding: "utf8", timeout: 60_000 });
    if (process.geteuid() !== 0) {  // nobody but root may even look at the process
      assert.equal(existsSync(at("core")), false);
      return server.stop();
    }
    const core = readFileSync(at("core"));
    rmSync(at("core"));
    const root = readFileSync(at("dumped.key"));
    const keyring = openKeyring(at("dumped/KEYRING"), root);
    await server.stop();
    assert.ok(core.includes(keyring.store), `this is no dump of the server: ${dumped.stderr}`);
    const keys = { root, file: keyring.fileKey };
    keyring.spaces.forEach(({ key, dataKey }, i) => Object.assign(keys, { [`space ${i}`]: key, [`data ${i}`]: dataKey }));
    assert.ok(Object.keys(keys).length >= 6);
    for (const [name, key] of Object.entries(keys)) assert.equal(core.includes(key), false, `the key ${name} is in the dump`);
  });
});

describe("rotation under load with kill -9", () => {
  const rounds = process.env.STRONGROOM_LONG ? 100 : 5;
  it(`loses nothing acknowledged in ${rounds} rounds`, async () => {
    const keys = ["--root-key", at("next.key"), "--allow-file-root-key"];
    const acknowledged = [];
    let server = await serve("filed", ...keys);
    for (let round = 0; round < rounds; round += 1) {
      const stopped = { now: false };
      const writers = Array.from({ length: 4 }, async () => {
        while (!stopped.now) {
          const id = randomUUID();
          try {
            if ((await server.ask(createAccount, { id, code: id })).body.errors === undefined) acknowledged.push(id);
          } catch {
            return;
          }
        }
      });
      await new Promise((done) => setTimeout(done, 200));
      const ordered = await runBesides("key", "rotate", "data", "--data", at("filed"), "--all", "--output", "json");
      assert.equal(ordered.status, 0, ordered.stderr);
      await new Promise((done) => setTimeout(done, Math.random() * 300));
      stopped.now = true;
      await server.kill();
      await Promise.all(writers);
      server = await serve("filed", ...keys);
      assert.equal(server.failed, false, server.stderr());
    }
    for (const id of acknowledged)
      assert.deepEqual((await server.ask(readAccount(id))).body.data, { account: { code: id } });
    assert.ok(acknowledged.length > rounds);
    await server.stop();
    const verified = run("verify", "--data", at("filed"), "--root-key", at("next.key"));
    assert.equal(verified.status, 0, verified.stdout + verified.stderr);
  });
});
