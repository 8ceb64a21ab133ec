// What is no proof of an AWS identity, line by line of security §5: its status, its code, an audit
// line with the reason, and nothing of what STS said.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { decodeJwt } from "jose";
import { requestLine, startServer } from "../server.mjs";
import { presign, startSts } from "./sts.mjs";

const host = "sts.us-east-1.amazonaws.com";
const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const account = "012345678901";
const person = {
  credentials: { accessKeyId: "ASIAEXAMPLE000000001", secretAccessKey: secret, sessionToken: "FwoGZXIvYXdzEXAMPLE//////////w==" },
  account, userId: "AROAEXAMPLE:session-1", arn: `arn:aws:sts::${account}:assumed-role/example-role/session-1`,
};
const marker = "what-sts-said";  // stands in every answer of STS that is refused
const wrap = (url) => `twisp-aws-v1.${Buffer.from(url).toString("base64url")}`;
const replaced = (name, value) => (url) => url.replace(new RegExp(`([?&]${name}=)[^&]*`), `$1${value}`);
const without = (name) => (url) => url.replace(new RegExp(`[?&]${name}=[^&]*`), "").replace(/\/&/, "/?");
const atHost = (other) => (url) => url.replace(host, other);
const plus = (more) => (url) => `${url}${more}`;
const longAgo = (seconds) => new Date(Date.now() - seconds * 1000);

// Before anything is sent: [line, what it is, how a good URL is changed, the refusal].
const ofUrl = [
  ...[`${host}.evil.example`, `evil.example/${host}`, `evil.example`, `${host}@evil.example`, `${host}:444`, `${host}:443`, `${host}.`,
    host.toUpperCase(), "127.0.0.1", "[::1]", "sts.xn--amazonaws-0ve.com", `evil.example\\@${host}`, "sts.us-east-1.amazonaws.com%2eevil.example"]
    .map((other) => [1, `the host ${other}`, atHost(other), "host_refused|url_malformed"]),
  [2, "a region that is none", atHost("sts.s3.amazonaws.com"), "host_refused"],
  [2, "an unlisted region", atHost("sts.us-east-9.amazonaws.com"), "host_refused"],
  [3, "another service", atHost("iam.amazonaws.com"), "host_refused"],
  ...["AssumeRole", "AssumeRoleWithWebIdentity", "GetSessionToken", "getcalleridentity", ""]
    .map((action) => [3, `the action \`${action}\``, replaced("Action", action), "action_refused|parameter_refused|parameter_missing"]),
  [3, "another version", replaced("Version", "2010-05-08"), "action_refused"],
  [4, "another partition", atHost("sts.cn-north-1.amazonaws.com.cn"), "host_refused"],
  [4, "GovCloud", atHost("sts.us-gov-west-1.amazonaws.com"), "host_refused"],
  [5, "a path", (url) => url.replace("/?", "/x?"), "url_malformed"],
  [5, "no path", (url) => url.replace("/?", "?"), "url_malformed|host_refused"],
  [5, "a fragment", plus("#x"), "url_malformed|parameter_refused"],
  [5, "a second question mark", (url) => url.replace("/?", "/??"), "parameter_refused"],
  [5, "no TLS", (url) => url.replace("https:", "http:"), "token_malformed|url_malformed"],
  [6, "an extra parameter", plus("&Foo=1"), "parameter_refused"],
  [6, "a role to assume", plus("&RoleArn=arn"), "parameter_refused"],
  ...["Action=GetCallerIdentity", "action=AssumeRole", "%41ction=AssumeRole", "X-Amz-Date=20270115T080000Z", "x-amz-expires=900", "X-Amz-SignedHeaders=host"]
    .map((again) => [7, `again ${again}`, plus(`&${again}`), "parameter_repeated|parameter_refused"]),
  [8, "semicolons", (url) => url.replaceAll("&", ";"), "parameter_refused|parameter_missing|action_refused"],
  ...["&a[]=1", "&=1", "&Foo=%", "&Foo=%zz", "&Foo=%00", "&Foo=%0d%0aHost:evil", "&Foo=a+b", "&Foo=%ff", "&", "&&Foo=1"]
    .map((more) => [8, `the text ${more}`, plus(more), "parameter_refused|url_malformed"]),
  [8, "a plus in a value", replaced("Version", "2011-06+15"), "parameter_refused|action_refused|url_malformed"],
  ...["host", "x-twisp-aws-id", "host%3Bx-twisp-aws-id-2", "host%3Bxx-twisp-aws-id", "host%3BX-Twisp-Aws-Id", "host%2Cx-twisp-aws-id"]
    .map((signed) => [9, `the signed headers ${signed}`, replaced("X-Amz-SignedHeaders", signed), "signed_headers_refused"]),
  ...["accept%3Bhost%3Bx-twisp-aws-id", "host%3Bx-k8s-aws-id%3Bx-twisp-aws-id", "host%3Bhost%3Bx-twisp-aws-id"]
    .map((signed) => [10, `the signed headers ${signed}`, replaced("X-Amz-SignedHeaders", signed), "signed_headers_refused"]),
  ...["20270230T080000Z", "20270115T250000Z", "2027-01-15", "20270115T080000", ""]
    .map((date) => [12, `the date \`${date}\``, replaced("X-Amz-Date", date), "date_malformed|parameter_refused|parameter_missing|scope_refused"]),
  [13, "no expiry", without("X-Amz-Expires"), "parameter_missing"],
  ...["0", "-1", "901", "1e2", "%2B60", "060", "60.0", ""]
    .map((expires) => [13, `the expiry \`${expires}\``, replaced("X-Amz-Expires", expires), "expires_refused|parameter_refused|parameter_missing"]),
  ...["/us-east-1/sts", "/20270115/us-east-1/sts/aws4_request", "/19700101/us-east-1/sts/aws4_request"]
    .map((scope) => [14, `the scope ${scope}`, replaced("X-Amz-Credential", encodeURIComponent(person.credentials.accessKeyId + scope)), "scope_refused"]),
  [14, "a scope of another region", (url) => url.replace("%2Fus-east-1%2F", "%2Feu-west-1%2F"), "scope_refused"],
  [14, "a scope of another service", (url) => url.replace("%2Fsts%2F", "%2Fiam%2F"), "scope_refused"],
  [15, "another algorithm", replaced("X-Amz-Algorithm", "AWS4-ECDSA-P256-SHA256"), "algorithm_refused"],
  ...["", "00", "g".repeat(64), "A".repeat(64)]
    .map((signature) => [15, `the signature \`${signature.slice(0, 4)}\``, replaced("X-Amz-Signature", signature), "signature_malformed|parameter_missing|parameter_refused"]),
];

const answer = (result, more = {}) => ({
  GetCallerIdentityResponse: { GetCallerIdentityResult: result, ResponseMetadata: { RequestId: marker } }, ...more,
});
const of = (arn, one = {}) => ({ Account: account, Arn: arn, UserId: "AROAEXAMPLE:session-1", ...one });
const json = (value) => () => ({ body: JSON.stringify(value) });
const xml = `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${person.arn}</Arn><!--${marker}--></GetCallerIdentityResult></GetCallerIdentityResponse>`;
const good = JSON.stringify(answer(of(person.arn)));
const arnOf = (rest, partition = "aws") => `arn:${partition}:${rest}`;

// What STS answers: [line, what it is, the answer, the refusal, the status].
const ofAnswer = [
  [17, "a redirect", () => ({ status: 302, headers: { location: "https://localhost:1/" }, body: good }), "sts_refused"],
  [17, "a redirect for good", () => ({ status: 308, headers: { location: "/" }, body: good }), "sts_refused"],
  [18, "XML", () => ({ type: "text/xml", body: xml }), "answer_refused"],
  [18, "XML that is called JSON", () => ({ body: xml }), "answer_refused"],
  [18, "an identity inside another answer", json({ Error: { Message: marker }, ...answer(of(person.arn)) }), "answer_refused"],
  [18, "an identity as text", json({ GetCallerIdentityResponse: good }), "answer_refused"],
  [19, "JSON that is called something else", () => ({ type: "text/plain", body: good }), "answer_refused"],
  [19, "a member twice", () => ({ body: good.replace('"Arn"', `"Arn":"arn:aws:iam::${account}:user/eve","Arn"`) }), "answer_refused"],
  [19, "trailing data", () => ({ body: `${good}{}` }), "answer_refused"],
  [19, "an array", json([answer(of(person.arn))]), "answer_refused"],
  [19, "more than 16 KiB", () => ({ body: good + " ".repeat(17 << 10) }), "answer_refused"],
  [19, "nothing", () => ({ body: "" }), "answer_refused"],
  [19, "another status", () => ({ status: 201, body: good }), "sts_refused"],
  [20, "another account", json(answer(of(person.arn, { Account: "999999999999" }))), "identity_refused"],
  [20, "an account of 11 digits", json(answer(of(arnOf("iam::01234567890:user/x"), { Account: "01234567890" }))), "identity_refused"],
  [20, "another partition", json(answer(of(arnOf(`iam::${account}:user/x`, "aws-cn")))), "identity_refused"],
  [20, "a region", json(answer(of(arnOf(`iam:us-east-1:${account}:user/x`)))), "identity_refused"],
  [20, "another service", json(answer(of(arnOf(`s3::${account}:user/x`)))), "identity_refused"],
  [21, "a star", json(answer(of(arnOf(`iam::${account}:user/*`)))), "identity_refused"],
  [21, "a question mark", json(answer(of(arnOf(`sts::${account}:assumed-role/a?/s`)))), "identity_refused"],
  [24, "a role in more than three parts", json(answer(of(arnOf(`sts::${account}:assumed-role/team/role/session`)))), "identity_refused"],
  [25, "root", json(answer(of(arnOf(`iam::${account}:root`), { UserId: account }))), "identity_refused"],
  [25, "a federated user, whose name others choose", json(answer(of(arnOf(`sts::${account}:federated-user/Bob`), { UserId: `${account}:Bob` }))), "identity_refused"],
  [30, "throttling", () => ({ status: 400, body: JSON.stringify({ Error: { Code: "Throttling", Message: marker } }) }), "sts_unavailable", 503],
  [30, "too many requests", () => ({ status: 429, body: marker }), "sts_unavailable", 503],
  [30, "a failure", () => ({ status: 500, body: marker }), "sts_unavailable", 503],
  [31, "an error with the identity in it", () => ({ status: 403, body: JSON.stringify({ Error: { Code: "AccessDenied", Message: `${person.arn} ${marker}` } }) }), "sts_refused"],
];

describe("no proof of an AWS identity", () => {
  let directory;
  let sts;
  let server;
  let authUrl;
  let source = 1;

  // Each from a source of its own: five a second are taken from one.
  const send = (body, type = "application/json") => new Promise((resolve, reject) => {
    source = source % 250 + 1;
    const request = https.request(new URL("token/iam", authUrl), {
      method: "POST", headers: { "content-type": type }, ca: server.ca, agent: false, localAddress: `127.0.0.${source + 1}`,
    }, async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode, headers: response.headers, text });
    });
    request.on("error", reject);
    request.end(body);
  });
  // 30 a second are taken of strangers.
  const exchange = async (text) => {
    await new Promise((done) => setTimeout(done, 40));
    return send(JSON.stringify({ Token: text }));
  };
  let signed = 0;
  const sign = (more) => {
    signed += 1;
    return presign({ credentials: person.credentials, audience: authUrl, host, region: "us-east-1", expires: 60 + signed % 800, ...more });
  };
  const auditLine = (answer) => requestLine(path.join(directory, "audit.log"), answer);

  // The one shape of every refusal: status and code, a fixed text, an audit line with the reason.
  const isRefused = (got, refusals, statuses = [400, 401]) => {
    assert.ok(statuses.includes(got.status), `${got.status} ${got.text}`);
    const { message, extensions } = JSON.parse(got.text).errors[0];
    assert.equal(extensions.code, { 400: "BAD_REQUEST", 401: "ACCESS_DENIED", 503: "UNAVAILABLE" }[got.status]);
    assert.equal(got.headers["www-authenticate"], got.status === 401 ? 'Bearer error="invalid_token"' : undefined);
    assert.equal(got.headers["retry-after"], got.status === 503 ? "1" : undefined);
    for (const hidden of [marker, account, "AKIA", "ASIA", "amazonaws.com"]) assert.equal(got.text.includes(hidden), false, got.text);
    assert.ok(message.length > 10);
    const line = auditLine(got);
    assert.equal(line.operation, "/token/iam");
    assert.equal(line.status, got.status);
    assert.match(line.refusal, new RegExp(`^(${refusals})$`));
    assert.deepEqual(line.codes, [extensions.code]);
    assert.equal(line.principal, undefined);
    assert.equal(JSON.stringify(line).includes(marker), false);
    return line;
  };

  before(async () => {
    directory = mkdtempSync(path.join(tmpdir(), "strongroom-refusals-"));
    sts = await startSts([host], { [person.credentials.accessKeyId]: person });
    server = await startServer({ arguments: ["--sts-ca", sts.caFile, "--audit-log", path.join(directory, "audit.log"),
      ...sts.endpoints.flatMap((endpoint) => ["--sts-endpoint", endpoint])] });
    authUrl = new URL("/", server.graphql).href;
  });
  after(async () => {
    await server?.stop();
    await sts?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  for (const [line, what, change, refusals] of ofUrl) {
    it(`security 5.${line}: ${what} is refused, and nothing is sent`, async () => {
      const url = change(await sign());
      isRefused(await exchange(wrap(url)), refusals);
      assert.equal(sts.state.requests.length, 0);
    });
  }

  for (const [line, what, make, refusals] of [
    [12, "a date of 901 seconds ago", async () => wrap(await sign({ date: longAgo(901) })), "date_outside"],
    [12, "a date 310 seconds ahead", async () => wrap(await sign({ date: longAgo(-310) })), "date_outside"],
    [16, "more than 4096 bytes", async () => wrap(`${await sign()}&Foo=${"x".repeat(4096)}`), "token_too_large"],
    [16, "another prefix", async () => wrap(await sign()).replace("twisp-aws-v1", "k8s-aws-v1"), "token_malformed"],
    [16, "no prefix", async () => wrap(await sign()).replace("twisp-aws-v1.", ""), "token_malformed"],
    [16, "padding", async () => `${wrap(await sign())}=`, "token_malformed"],
    [16, "another alphabet", async () => wrap(await sign()).replace(/.$/, "+"), "token_malformed"],
    [27, "a token of ours in place of a proof", async () => server.token, "token_malformed"],
  ]) {
    it(`security 5.${line}: ${what} is refused, and nothing is sent`, async () => {
      isRefused(await exchange(await make()), refusals);
      assert.equal(sts.state.requests.length, 0);
    });
  }

  it("security 5.27: a proof is no bearer token", async () => {
    const got = await server.request("{ __typename }", {}, { authorization: `Bearer ${wrap(await sign())}` });
    assert.equal(got.status, 401);
  });

  for (const [line, what, reply, refusals, status = 401] of ofAnswer) {
    it(`security 5.${line}: STS that answers ${what} is not believed`, async () => {
      sts.state.answer = reply;
      const before = sts.state.requests.length;
      const got = await exchange(wrap(await sign()));
      sts.state.answer = undefined;
      const audit = isRefused(got, refusals, [status]);
      assert.equal(audit.aws_access_key_id, person.credentials.accessKeyId);
      assert.equal(audit.sts_host, host);
      assert.equal(sts.state.requests.length, before + 1, "it is asked once");
    });
  }

  it("security 5.11: a proof that was signed for another service is refused by STS", async () => {
    isRefused(await exchange(wrap(await sign({ audience: "https://other.example/" }))), "sts_refused", [401]);
  });

  it("security 5.22: the session's name is no part of the principal, and 5.26: the unique id is a claim", async () => {
    const got = await exchange(wrap(await sign()));
    assert.equal(got.status, 200, got.text);
    const claims = decodeJwt(got.text);
    assert.equal(claims.sub, `arn:aws:iam::${account}:role/example-role`);
    assert.equal(claims.aws.user_id, "AROAEXAMPLE");
  });

  it("security 5.23: a client for a role with a path is warned of", async () => {
    const made = await server.request(`mutation { auth { createClient(input: {principal: "arn:aws:iam::${account}:role/team/example",
      name: "never", policies: []}) { name } } }`);
    assert.deepEqual(made.body.extensions.warnings.map(({ code }) => code), ["principal_never_matches"]);
  });

  it("security 5.28: STS gets nine parameters in one order, a GET without a body, and our headers alone", async () => {
    const url = await sign();
    const [start, query] = url.split("?");
    const got = await exchange(wrap(`${start}?${query.split("&").reverse().join("&")}`));
    assert.equal(got.status, 200, got.text);
    assert.deepEqual(Object.keys(sts.state.requests.at(-1).query), ["Action", "Version", "X-Amz-Algorithm", "X-Amz-Credential",
      "X-Amz-Date", "X-Amz-Expires", "X-Amz-Security-Token", "X-Amz-SignedHeaders", "X-Amz-Signature"]);
  });

  it("security 5.29: a proof is taken once", async () => {
    const url = await sign();
    assert.equal((await exchange(wrap(url))).status, 200);
    isRefused(await exchange(wrap(url)), "replayed", [401]);
    isRefused(await exchange(url), "replayed", [401]);
  });

  it("security 5.32: a success has its audit line", async () => {
    const got = await exchange(wrap(await sign()));
    const line = auditLine(got);
    assert.equal(line.jti, decodeJwt(got.text).jti);
    assert.equal(line.aws_arn, person.arn);
    assert.equal(line.aws_account, account);
    assert.equal(line.aws_session_name, "session-1");
    assert.equal(line.sts_host, host);
    assert.equal(line.aws_access_key_id, person.credentials.accessKeyId);
    assert.ok(line.sts_request_id);
  });

  it("wants JSON, and a body that holds a token once", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""]) {
      assert.equal((await send("{}", type)).status, 415, type);
    }
    for (const body of ["", "{", "[]", "{}", '{"Token":1}', '{"Token":"a","Token":"b"}', '{"Token":""}', "null"]) {
      isRefused(await send(body), "body_malformed|token_malformed|url_malformed", [400]);
    }
  });
});
