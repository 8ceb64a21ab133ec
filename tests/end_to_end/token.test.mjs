// `strongroom token aws` and `token oidc` against what they ask: a running server, STS, the metadata
// services of instances and containers, a certified OpenID provider and a person at its pages.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { decodeJwt } from "jose";
import { binary, startServer } from "../server.mjs";
import { browse } from "./person.mjs";
import { secret, startProvider } from "./provider.mjs";
import { startSts } from "./sts.mjs";

const host = "sts.eu-west-1.amazonaws.com";
const person = (name) => ({
  credentials: { accessKeyId: `ASIAEXAMPLE${name.toUpperCase()}`, secretAccessKey: `secretOf/${name}+EXAMPLE`, sessionToken: `session/of+${name}==` },
  account: "012345678901", userId: `AROAEXAMPLE:${name}`, arn: `arn:aws:sts::012345678901:assumed-role/${name}/session`,
});
const roleOf = (name) => `arn:aws:iam::012345678901:role/${name}`;
const [environment, profile, instance, container, ledger] = ["environment", "profile", "instance", "container", "ledger"].map(person);
const variablesOf = ({ credentials }) => ({ AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey, AWS_SESSION_TOKEN: credentials.sessionToken });

// The metadata services of an EC2 instance (version 2 alone) and of a container, over plain HTTP.
async function startMetadata() {
  const answer = ({ credentials }) => JSON.stringify({ Code: "Success", Type: "AWS-HMAC",
    AccessKeyId: credentials.accessKeyId, SecretAccessKey: credentials.secretAccessKey, Token: credentials.sessionToken,
    Expiration: new Date(Date.now() + 3600_000).toISOString() });
  const roles = "/latest/meta-data/iam/security-credentials/";
  const server = http.createServer((request, response) => {
    const { method, url, headers } = request;
    const session = headers["x-aws-ec2-metadata-token"] === "a session";
    if (method === "PUT" && url === "/latest/api/token" && headers["x-aws-ec2-metadata-token-ttl-seconds"]) response.end("a session");
    else if (session && url === roles) response.end("instance");
    else if (session && url === `${roles}instance`) response.end(answer(instance));
    else if (session && url === "/latest/meta-data/placement/region") response.end("eu-west-1");
    else if (url === "/container" && headers.authorization === "the container's") response.end(answer(container));
    else response.writeHead(401).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => new Promise((done) => server.close(done)) };
}

describe("strongroom token", () => {
  let directory;
  let sts;
  let metadata;
  let provider;
  let server;
  let authUrl;
  const at = (name) => path.join(directory, name);

  // Only what a test names stands in the environment. `on` sees stderr as it grows.
  async function run(args, env = {}, on = () => {}) {
    const child = spawn(binary, ["token", ...args], {
      env: { PATH: process.env.PATH, HOME: directory, AWS_EC2_METADATA_DISABLED: "true", ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => on(stderr += text));
    const [status] = await once(child, "close");
    return { status, stdout, stderr };
  }
  const aws = async (env, ...more) => {
    await new Promise((done) => setTimeout(done, 250));  // five exchanges a second are taken from one source
    return run(["aws", "--auth-url", authUrl, "--ca", path.join(server.data, "ca.pem"), ...more], env);
  };
  const subjectOf = ({ status, stdout, stderr }) => {
    assert.equal(status, 0, stderr);
    return decodeJwt(stdout.trim()).sub;
  };
  const whoami = async (token) => {
    const answer = await server.request("{ auth { whoami { principal } } }", {}, { authorization: `Bearer ${token}` });
    return answer.body.data?.auth.whoami.principal;
  };
  const region = { AWS_REGION: "eu-west-1" };

  before(async () => {
    directory = mkdtempSync(path.join(tmpdir(), "strongroom-token-"));
    sts = await startSts([host], Object.fromEntries(
      [environment, profile, instance, container, ledger].map((one) => [one.credentials.accessKeyId, one])),
    { [roleOf("ledger")]: ledger.credentials.accessKeyId });
    metadata = await startMetadata();
    provider = await startProvider({ billing: { email: "billing@example.com" }, jarred: { email: "jarred@example.com" } });
    server = await startServer({ arguments: ["--issuer-ca", provider.caFile, "--sts-ca", sts.caFile,
      ...sts.endpoints.flatMap((endpoint) => ["--sts-endpoint", endpoint])] });
    authUrl = new URL("/", server.graphql).href;
    for (const principal of [roleOf("environment"), provider.issuer]) {
      const made = await server.request(`mutation ($principal: String!, $name: String!) { auth { createClient(input: { principal: $principal
        name: $name policies: [{ effect: ALLOW actions: [SELECT] resources: ["*"] assertions: { any: "has(context.auth.claims.sub)" } }]
      }) { principal } } }`, { principal, name: principal });
      assert.equal(made.body.errors, undefined, made.text);
    }
  });
  after(async () => {
    await server?.stop();
    await provider?.stop();
    await metadata?.stop();
    await sts?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  describe("aws", () => {
    it("gets a token with the keys of the environment, and the server takes it", async () => {
      const answer = await aws({ ...variablesOf(environment), ...region });
      assert.equal(subjectOf(answer), roleOf("environment"));
      assert.equal(await whoami(answer.stdout.trim()), roleOf("environment"));
      assert.ok(sts.state.requests.at(-1).accepted);
    });

    it("signs anew each time: two tokens within a second", async () => {
      const both = [await run(["aws", "--auth-url", authUrl, "--ca", path.join(server.data, "ca.pem")], { ...variablesOf(environment), ...region }),
        await aws({ ...variablesOf(environment), ...region })];
      for (const answer of both) assert.equal(subjectOf(answer), roleOf("environment"));
    });

    it("takes a profile that is named before the keys of the environment", async () => {
      const { credentials } = profile;
      writeFileSync(at("config"), "[profile billing]\nregion = eu-west-1\n");
      writeFileSync(at("credentials"), `[billing]\naws_access_key_id = ${credentials.accessKeyId}\n` +
        `aws_secret_access_key = ${credentials.secretAccessKey}\naws_session_token = ${credentials.sessionToken}\n`);
      const files = { AWS_CONFIG_FILE: at("config"), AWS_SHARED_CREDENTIALS_FILE: at("credentials") };
      assert.equal(subjectOf(await aws({ ...files, ...variablesOf(environment) }, "--profile", "billing")), roleOf("profile"));
      const missing = await aws({ ...files, ...variablesOf(environment) }, "--profile", "other");
      assert.notEqual(missing.status, 0);
      assert.match(missing.stderr, /`other`/);
    });

    it("takes the role of an instance, with version 2 of its metadata service, and of a container", async () => {
      const imds = { AWS_EC2_METADATA_DISABLED: "false", AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url };
      assert.equal(subjectOf(await aws(imds)), roleOf("instance"));
      const ecs = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${metadata.url}/container`, ...region };
      assert.equal(subjectOf(await aws({ ...ecs, AWS_CONTAINER_AUTHORIZATION_TOKEN: "the container's" })), roleOf("container"));
      assert.notEqual((await aws({ ...ecs, AWS_CONTAINER_AUTHORIZATION_TOKEN: "another's" })).status, 0);
    });

    it("takes the role of a profile, and AWS's own signer signs the request for it alike", async () => {
      writeFileSync(at("config"), `[profile ledger]\nregion = eu-west-1\nrole_arn = ${roleOf("ledger")}\ncredential_source = Environment\n`);
      const env = { AWS_CONFIG_FILE: at("config"), AWS_ENDPOINT_URL_STS: sts.url, AWS_CA_BUNDLE: sts.caFile };
      assert.equal(subjectOf(await aws({ ...env, ...variablesOf(environment) }, "--profile", "ledger")), roleOf("ledger"));
      assert.equal(sts.state.requests.find(({ form }) => form !== undefined).accepted, true);
      const wrong = { ...environment.credentials, secretAccessKey: "anotherSecret" };
      const refused = await aws({ ...env, ...variablesOf({ credentials: wrong }) }, "--profile", "ledger");
      assert.match(refused.stderr, /^error: AWS STS answered with status 403\nhint: /);
    });

    it("asks metadata services that botocore and the AWS command line understand alike", async () => {
      const others = async (program, args, env) => {
        const child = spawn(program, args, { env: { PATH: "/usr/bin:/bin", HOME: directory, ...env }, stdio: ["ignore", "pipe", "pipe"] });
        let output = "";
        for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
        await once(child, "close");
        return output;
      };
      const code = "import botocore.session; c = botocore.session.get_session().get_credentials(); print(c.method, c.access_key)";
      const imds = { AWS_EC2_METADATA_SERVICE_ENDPOINT: `${metadata.url}/`, ...region };
      const ecs = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${metadata.url}/container`, AWS_CONTAINER_AUTHORIZATION_TOKEN: "the container's", ...region };
      assert.equal(await others("python3", ["-c", code], imds), `iam-role ${instance.credentials.accessKeyId}\n`);
      assert.equal(await others("python3", ["-c", code], ecs), `container-role ${container.credentials.accessKeyId}\n`);
      assert.match(await others("aws", ["configure", "list"], imds), /access_key +\*+ANCE +iam-role/);
      assert.match(await others("aws", ["configure", "list"], ecs), /access_key +\*+INER +container-role/);
    });

    it("keeps a token for one identity, in a file that is its owner's alone", async () => {
      const cached = async (who) => {
        const answer = await aws({ ...variablesOf(who), ...region }, "--cache", "--output", "json");
        assert.equal(answer.status, 0, answer.stderr);
        return JSON.parse(answer.stdout);
      };
      const first = await cached(environment);
      const second = await cached(environment);
      assert.deepEqual([first.cached, second.cached, second.token], [false, true, first.token]);
      assert.equal(second.expires, first.expires);
      const cache = at(".cache/strongroom");
      const file = path.join(cache, readdirSync(cache)[0]);
      assert.deepEqual([statSync(cache).mode & 0o777, statSync(file).mode & 0o777], [0o700, 0o600]);
      assert.equal((await cached(profile)).cached, false);
      chmodSync(file, 0o644);
      assert.equal((await cached(environment)).cached, false, "others could have written it");
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), expires: new Date(Date.now() + 30_000).toISOString() }));
      assert.equal((await cached(environment)).cached, false, "too old to be sent");
    });

    it("says what the server refused, and shows no secret", async () => {
      const wrong = { ...environment.credentials, secretAccessKey: "anotherSecret" };
      const answer = await aws({ ...variablesOf({ credentials: wrong }), ...region });
      assert.equal(answer.status === 0, false);
      assert.match(answer.stderr, /401/);
      assert.equal(answer.stdout, "");
      for (const hidden of ["anotherSecret", "session/of", "X-Amz-Signature"]) assert.equal(answer.stderr.includes(hidden), false);
      const slash = await run(["aws", "--auth-url", authUrl.slice(0, -1)], { ...variablesOf(environment), ...region });
      assert.notEqual(slash.status, 0);
      assert.match(slash.stderr, /slash/);
    });
  });

  describe("oidc", () => {
    const oidc = (args, env, on) => run(["oidc", "--issuer", provider.issuer, "--ca", provider.caFile, ...args], env, on);
    const claimsOf = ({ status, stdout, stderr }) => {
      assert.equal(status, 0, stderr);
      return decodeJwt(stdout.trim());
    };

    it("gets a token for a client with a secret, and the server takes it", async () => {
      writeFileSync(at("secret.txt"), `${secret}\n`);
      const answer = await oidc(["--client-id", "billing", "--client-secret-file", at("secret.txt"), "--scope", "ledger"]);
      const claims = claimsOf(answer);
      assert.equal(claims.email, "billing@example.com");
      assert.equal(await whoami(answer.stdout.trim()), provider.issuer);
      const other = await oidc(["--client-id", "billing", "--resource", "urn:ledger:ES256", "--cache"], { STRONGROOM_CLIENT_SECRET: secret });
      assert.equal(claimsOf(other).aud, "urn:ledger:ES256");
      const kept = await oidc(["--client-id", "billing", "--resource", "urn:ledger:ES256", "--cache"], { STRONGROOM_CLIENT_SECRET: secret });
      assert.equal(kept.stdout, other.stdout);
    });

    it("gets a token for a person who says yes in a browser", async () => {
      let visited;
      const answer = await oidc(["--client-id", "terminal", "--device", "--scope", "openid ledger"], {}, (stderr) => {
        const told = stderr.match(/open (https:\S+) and enter (\S+)\n/);
        if (told === null || visited !== undefined) return;
        visited = browse(told[1], { ca: readFileSync(provider.caFile), answers: { user_code: told[2], login: "jarred", password: "any" } });
      });
      const { page } = await visited;
      const claims = claimsOf(answer);
      assert.match(page, /Sign-in Success/);
      assert.equal(claims.sub, "jarred");
      assert.equal(claims.email, "jarred@example.com");
      assert.equal(await whoami(answer.stdout.trim()), provider.issuer);
    });

    it("says what the provider refused", async () => {
      const wrong = await oidc(["--client-id", "billing"], { STRONGROOM_CLIENT_SECRET: "not the secret" });
      assert.notEqual(wrong.status, 0);
      assert.match(wrong.stderr, /invalid_client/);
      assert.equal(wrong.stderr.includes("not the secret"), false);
      const slash = await run(["oidc", "--issuer", `${provider.issuer}/`, "--ca", provider.caFile, "--client-id", "billing"],
        { STRONGROOM_CLIENT_SECRET: secret });
      assert.match(slash.stderr, /calls itself/);
      assert.match((await oidc(["--client-id", "billing"])).stderr, /no secret/);
    });
  });
});
