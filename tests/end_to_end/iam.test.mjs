// AWS identities exchanged for tokens (SPEC 5): presigned by AWS's own signers, checked by a
// stand-in of STS with a verifier that is not ours, verified by npm's jose from discovery alone.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import * as openid from "openid-client";
import { createRemoteJWKSet, customFetch, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { binary, requestLine, startServer } from "../server.mjs";
import { codesOf } from "./book.mjs";
import { presign, startSts } from "./sts.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const host = "sts.us-east-1.amazonaws.com";
const region = "us-east-1";
const role = "arn:aws:iam::012345678901:role/example-role";
const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

const lambda = {
  credentials: { accessKeyId: "ASIAEXAMPLE000000001", secretAccessKey: secret, sessionToken: "FwoGZXIvYXdzEXAMPLE//////////w==" },
  account: "012345678901", userId: "AROAEXAMPLE:session-1",
  arn: "arn:aws:sts::012345678901:assumed-role/example-role/session-1",
};
const user = {
  credentials: { accessKeyId: "AKIAEXAMPLE000000002", secretAccessKey: `${secret}2` },
  account: "012345678901", userId: "AIDAEXAMPLE",
  arn: "arn:aws:iam::012345678901:user/team/Bob",
};
const root = {
  credentials: { accessKeyId: "AKIAEXAMPLE000000003", secretAccessKey: `${secret}3` },
  account: "012345678901", userId: "012345678901", arn: "arn:aws:iam::012345678901:root",
};

const createClient = `mutation ($principal: String!) {
  auth { createClient(input: { principal: $principal name: "example role policy"
    policies: [{ effect: ALLOW actions: [SELECT, INSERT, UPDATE, DELETE] resources: ["*"]
      assertions: { account: "context.auth.claims.aws.account == '012345678901'"
                    session: "context.auth.claims.aws.session_name == 'session-1'" } }]
  }) { principal } }
}`;

const token = (url) => `twisp-aws-v1.${Buffer.from(url).toString("base64url")}`;

const variablesOf = ({ credentials }) => ({ AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey, AWS_SESSION_TOKEN: credentials.sessionToken ?? "" });

// The stand-in lives in this process, so programs that make it work must not block it.
function run(program, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: { ...process.env, ...env } });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
    child.on("close", (status) => resolve({ status, output, errors }));
  });
}

describe("the IAM exchange", () => {
  let directory;
  let sts;
  let server;
  let authUrl;
  let issuer;

  const send = (target, { method = "POST", type = "application/json", body } = {}) =>
    new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { "content-type": type };
      const request = https.request(new URL(target, authUrl), { method, headers, ca: server.ca, agent: false },
        async (response) => {
          let text = "";
          for await (const chunk of response) text += chunk;
          resolve({ status: response.statusCode, headers: response.headers, text });
        });
      request.on("error", reject);
      request.end(body);
    });
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  const exchangeAtOnce = (text) =>
    send("token/iam", { body: JSON.stringify({ Token: text, Expiration: "2027-01-15T08:14:00Z" }) });
  // Five a second are taken from one source.
  const exchange = async (text) => {
    await pause(250);
    return exchangeAtOnce(text);
  };
  // Two proofs of one second are the same proof, unless they last differently.
  let signed = 0;
  const sign = (person, more) => {
    signed += 1;
    return presign({ credentials: person.credentials, audience: authUrl, host, region, expires: 60 + signed, ...more });
  };
  const auditLine = (answer) => requestLine(path.join(directory, "audit.log"), answer);
  const as = (jwt) => ({ authorization: `Bearer ${jwt}` });

  before(async () => {
    directory = mkdtempSync(path.join(tmpdir(), "strongroom-iam-"));
    const people = Object.fromEntries([lambda, user, root].map((one) => [one.credentials.accessKeyId, one]));
    sts = await startSts([host, "sts.amazonaws.com"], people);
    server = await startServer({ arguments: ["--sts-ca", sts.caFile, "--audit-log", path.join(directory, "audit.log"),
      ...sts.endpoints.flatMap((endpoint) => ["--sts-endpoint", endpoint])] });
    authUrl = new URL("/", server.graphql).href;
    issuer = `${authUrl}token/iam`;
  });
  after(async () => {
    await server?.stop();
    await sts?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("vends a token for a role, as bare text, and STS sees a request of our own making", async () => {
    const url = await sign(lambda);
    const answer = await exchange(token(url));
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.text, /^[\w-]+\.[\w-]+\.[\w-]+$/);
    assert.equal(answer.headers["cache-control"], "no-store");
    const [seen] = sts.state.requests;
    assert.equal(sts.state.requests.length, 1);
    assert.equal(seen.accepted, true);
    assert.equal(seen.headers["x-twisp-aws-id"], authUrl);
    assert.deepEqual(Object.keys(seen.headers).sort(),
      ["accept", "accept-encoding", "connection", "host", "x-twisp-aws-id"]);
    const line = auditLine(answer);
    assert.equal(line.operation, "/token/iam");
    assert.equal(line.principal, role);
    assert.equal(line.aws_arn, lambda.arn);
    assert.equal(line.aws_access_key_id, lambda.credentials.accessKeyId);
    assert.equal(line.sts_host, host);
    assert.equal(line.sts_request_id, "01234567-89ab-cdef-0123-456789abcdef");
    assert.ok(line.jti);
    const log = readFileSync(path.join(directory, "audit.log"), "utf8");
    for (const hidden of [answer.text, lambda.credentials.sessionToken, new URL(url).searchParams.get("X-Amz-Signature")]) {
      assert.equal(log.includes(hidden), false);
    }
  });

  it("has its token verified by jose from discovery alone", async () => {
    const answer = await exchange(token(await sign(lambda)));
    const discovery = await send(`${issuer}/.well-known/openid-configuration`, { method: "GET" });
    assert.equal(discovery.status, 200);
    assert.equal(discovery.headers["cache-control"], "max-age=300");
    const document = JSON.parse(discovery.text);
    assert.equal(document.issuer, issuer);
    const keys = createRemoteJWKSet(new URL(document.jwks_uri), {
      [customFetch]: async (url) => {
        const { status, text, headers } = await send(url, { method: "GET" });
        assert.equal(headers["cache-control"], "max-age=300");
        return new Response(text, { status });
      },
    });
    const { payload, protectedHeader } = await jwtVerify(answer.text, keys, { issuer, audience: authUrl, subject: role });
    assert.equal(protectedHeader.alg, "ES256");
    for (const time of ["iat", "nbf", "exp"]) assert.ok(Number.isInteger(payload[time]));
    assert.equal(payload.exp - payload.iat, 900);
    assert.deepEqual(payload.aws, { account: "012345678901", arn: lambda.arn, user_id: "AROAEXAMPLE", session_name: "session-1" });
  });

  it("lets the role in where it has a client, and nowhere else", async () => {
    const vended = (await exchange(token(await sign(lambda)))).text;
    assert.equal((await server.request("{ __typename }", {}, as(vended))).status, 403);
    const made = await server.request(createClient, { principal: role });
    assert.equal(made.body.errors, undefined, made.text);
    const whoami = await server.request("{ auth { whoami { principal client } } }", {}, as(vended));
    assert.deepEqual(whoami.body.data?.auth.whoami, { principal: role, client: "example role policy" }, whoami.text);
    const wrote = await server.request(
      `mutation { createJournal(input: {journalId: "822cb59f-ce51-4837-8391-2af3b7a5fc51", name: "General ledger", code: "GL"}) { code } }`,
      {}, as(vended));
    assert.deepEqual(wrote.body, { data: { createJournal: { code: "GL" } } });
    const other = (await exchange(token(await sign(user)))).text;
    assert.equal((await server.request("{ __typename }", {}, as(other))).status, 403);
  });

  it("takes no client whose principal is our own issuer", async () => {
    const refused = await server.request(createClient, { principal: issuer });
    assert.deepEqual(codesOf(refused), ["BAD_REQUEST"]);
  });

  it("vends a token to the Python of the manual, which presigns with botocore (its own, and the one of awscli), and takes the plain URL", async () => {
    const page = readFileSync(path.join(here, "..", "..", "docs", "howto", "aws-iam.md"), "utf8");
    const [, code] = page.match(/```python\n(.*?)```/s);
    for (const imported of ["import botocore.session", "import awscli.botocore.session; from awscli import botocore"]) {
      const program = code.replace("https://auth.example.com/", authUrl).replace("import botocore.session", imported);
      const ran = await run("/usr/bin/python3", ["-c", `${program}\nprint(token(), end="")`],
        { ...variablesOf(lambda), AWS_EC2_METADATA_DISABLED: "true", SSL_CERT_FILE: path.join(server.data, "ca.pem") });
      assert.equal(ran.status, 0, ran.errors);
      assert.equal(decodeJwt(ran.output).sub, role);
      await pause(1000);
    }
    const plain = await exchange(await sign(lambda));
    assert.equal(plain.status, 200, plain.text);
  });

  it("vends a token to the JavaScript of the manual", async () => {
    const copy = path.join(here, `token.${process.pid}.mjs`);  // where its packages are found
    copyFileSync(path.join(here, "..", "..", "docs", "howto", "aws-iam", "token.mjs"), copy);
    try {
      const ran = await run(process.execPath, [copy], { AUTH_URL: authUrl, AWS_REGION: region, ...variablesOf(user),
        NODE_EXTRA_CA_CERTS: path.join(server.data, "ca.pem") });
      assert.equal(ran.status, 0, ran.errors);
      assert.equal(decodeJwt(ran.output.trim()).sub, user.arn);
    } finally {
      rmSync(copy);
    }
  });

  it("publishes the next key of a running server at once, and signs with the old one still", async () => {
    const keysOf = async () => JSON.parse((await send("token/iam/.well-known/jwks.json", { method: "GET" })).text).keys;
    const old = (await exchange(token(await sign(lambda)))).text;
    assert.equal((await keysOf()).length, 1);
    const rotate = () => run(binary, ["key", "rotate", "issuer", "--data", path.join(server.data, "store"), "--output", "json"]);
    const rotated = await rotate();
    assert.equal(rotated.output, '{"made":true}\n', rotated.errors);
    assert.equal((await keysOf()).length, 2);
    assert.equal((await rotate()).output, '{"made":false}\n');
    const fresh = (await exchange(token(await sign(lambda)))).text;
    assert.equal(decodeProtectedHeader(fresh).kid, decodeProtectedHeader(old).kid);
    for (const jwt of [old, fresh]) {
      const whoami = await server.request("{ auth { whoami { principal } } }", {}, as(jwt));
      assert.equal(whoami.body.data?.auth.whoami.principal, role, whoami.text);
    }
  });

  it("takes a proof once", async () => {
    const url = await sign(user);
    assert.equal((await exchange(token(url))).status, 200);
    const again = await exchange(token(url));
    assert.equal(again.status, 401);
    assert.equal(auditLine(again).refusal, "replayed");
  });

  it("refuses a proof that was made for another service, and passes on nothing that STS said", async () => {
    for (const audience of ["https://other.example/", authUrl.slice(0, -1)]) {
      const answer = await exchange(token(await sign(user, { audience })));
      assert.equal(answer.status, 401);
      assert.equal(answer.headers["www-authenticate"], 'Bearer error="invalid_token"');
      assert.doesNotMatch(answer.text, /SignatureDoesNotMatch|stand-in/);
      assert.equal(auditLine(answer).refusal, "sts_refused");
    }
    const asRoot = await exchange(token(await sign(root)));
    assert.equal(asRoot.status, 401);
    assert.equal(auditLine(asRoot).refusal, "identity_refused");
  });

  it("sends nothing for a request that is no proof", async () => {
    const before = sts.state.requests.length;
    const url = await sign(user);
    const bad = {
      host_refused: url.replace(host, "sts.s3.amazonaws.com"),
      parameter_refused: `${url}&Foo=1`,
      parameter_repeated: `${url}&Action=AssumeRole`,
      date_outside: await sign(user, { date: new Date(Date.now() - 901_000) }),
    };
    for (const [refusal, wrong] of Object.entries(bad)) {
      const answer = await exchange(token(wrong));
      assert.ok([400, 401].includes(answer.status), answer.text);
      assert.ok(JSON.parse(answer.text).errors[0].extensions.code);
      assert.equal(auditLine(answer).refusal, refusal);
    }
    assert.equal((await send("token/iam", { type: "text/plain", body: url })).status, 415);
    assert.equal((await send("token/iam", { body: "{" })).status, 400);
    assert.equal((await send("token/iam", { method: "GET" })).status, 405);
    assert.equal(sts.state.requests.length, before);
  });

  it("opens these paths alone, in this spelling alone", async () => {
    for (const target of ["/token/iam/", "//token/iam", "/token/iam?x", "/token/IAM", "/token/iam/.well-known/jwks.json?x",
      "/.well-known/openid-configuration"]) {
      const answer = await send(`${authUrl.slice(0, -1)}${target}`, { body: "{}" });
      assert.equal(answer.status, 401, target);
    }
  });

  it("says 503 while STS is down, and takes the same proof afterwards", async () => {
    const url = await sign(user);
    sts.state.down = true;
    const answer = await exchange(token(url));
    sts.state.down = false;
    assert.equal(answer.status, 503);
    assert.equal(answer.headers["retry-after"], "1");
    assert.equal((await exchange(token(url))).status, 200);
  });

  it("asks STS at most five times a second for one source", async () => {
    await pause(1000);
    const before = sts.state.requests.length;
    const urls = await Promise.all(Array.from({ length: 30 }, () => sign(user)));
    const start = Date.now();
    const answers = await Promise.all(urls.map((url) => exchangeAtOnce(token(url))));
    const seconds = Math.ceil((Date.now() - start) / 1000) + 1;
    const served = answers.filter(({ status }) => status === 200).length;
    assert.ok(served >= 5 && served <= 5 * seconds, `${served} in ${seconds} s`);
    assert.equal(sts.state.requests.length - before, served);
    for (const { status, headers } of answers) if (status !== 200) assert.equal(status + headers["retry-after"], "5031");
  });

  it("signs with RS256 if set so, and openid-client verifies that from discovery alone", async () => {
    await pause(1000);
    const kept = mkdtempSync(path.join(tmpdir(), "strongroom-iam-rs256-"));
    const port = new URL(authUrl).port;
    await server.stop();
    try {
      server = await startServer({ data: kept, port, arguments: ["--iam-algorithm", "RS256", "--sts-ca", sts.caFile,
        ...sts.endpoints.flatMap((endpoint) => ["--sts-endpoint", endpoint])] });
      const answer = await exchange(token(await sign(lambda)));
      assert.equal(answer.status, 200, answer.text);
      assert.equal(decodeProtectedHeader(answer.text).alg, "RS256");
      const trusting = async (url, init) => {
        const { status, text, headers } = await send(url, { method: init.method });
        return new Response(text, { status, headers: { "content-type": headers["content-type"] } });
      };
      const found = await openid.discovery(new URL(issuer), authUrl, undefined, openid.None(), { [openid.customFetch]: trusting });
      // It verifies ID tokens that it gets from a token endpoint. Ours is none, so one is put before it.
      const token_endpoint = `${issuer}/stand-in`;
      const client = new openid.Configuration({ ...found.serverMetadata(), token_endpoint }, authUrl, undefined, openid.None());
      openid.enableNonRepudiationChecks(client);
      const grant = (jwt) => {
        client[openid.customFetch] = async (url, init) => (url === token_endpoint
          ? Response.json({ access_token: "none", token_type: "Bearer", id_token: jwt }) : trusting(url, init));
        return openid.genericGrantRequest(client, "urn:example:any", {});
      };
      assert.equal((await grant(answer.text)).claims().sub, role);
      const [head, payload, signature] = answer.text.split(".");
      const forged = `${head}.${payload}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
      await assert.rejects(grant(forged), { code: "OAUTH_INVALID_RESPONSE" });
    } finally {
      await server.stop();
      rmSync(kept, { recursive: true, force: true });
    }
  });

  it("verifies its tokens after a restart, and publishes a new key before it signs", async () => {
    await pause(1000);
    const kept = mkdtempSync(path.join(tmpdir(), "strongroom-iam-data-"));
    const port = new URL(authUrl).port;
    await server.stop();
    const begin = () => startServer({ data: kept, port, arguments: ["--sts-ca", sts.caFile,
      ...sts.endpoints.flatMap((endpoint) => ["--sts-endpoint", endpoint])] });
    try {
      server = await begin();
      await server.request(createClient, { principal: role });
      const vended = (await exchange(token(await sign(lambda)))).text;
      await server.stop();
      const rotated = spawnSync(binary, ["key", "rotate", "issuer", "--data", path.join(kept, "store"),
        "--root-key", path.join(kept, "root.key")], { encoding: "utf8" });
      assert.equal(rotated.stdout, "made the next key; it signs in an hour\n", rotated.stderr);
      server = await begin();
      const { keys } = JSON.parse((await send("token/iam/.well-known/jwks.json", { method: "GET" })).text);
      assert.equal(keys.length, 2);
      const fresh = (await exchange(token(await sign(lambda)))).text;
      assert.equal(decodeProtectedHeader(fresh).kid, decodeProtectedHeader(vended).kid);
      const answer = await server.request("{ auth { whoami { principal } } }", {}, as(vended));
      assert.equal(answer.body.data?.auth.whoami.principal, role, answer.text);
    } finally {
      await server.stop();
      rmSync(kept, { recursive: true, force: true });
    }
  });
});
