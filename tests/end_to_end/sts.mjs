// A stand-in of AWS STS on loopback, over TLS under a CA of its own. It verifies signatures with
// AWS's own signer (npm @smithy/signature-v4): it signs what it received again and compares.
import { Sha256 } from "@aws-crypto/sha256-js";
import { HttpRequest } from "@smithy/protocol-http";
import { SignatureV4 } from "@smithy/signature-v4";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { makeCertificate } from "./provider.mjs";

// The presigned URL of a GetCallerIdentity request, as AWS's SDK for JavaScript makes it.
export async function presign({ credentials, audience, host, region, date = new Date(), expires = 60 }) {
  const signer = new SignatureV4({ credentials, region, service: "sts", sha256: Sha256 });
  const signed = await signer.presign(new HttpRequest({
    method: "GET", protocol: "https:", hostname: host, path: "/",
    headers: { host, "x-twisp-aws-id": audience },
    query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
  }), { signingDate: date, expiresIn: expires });
  const query = Object.entries(signed.query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
  return `https://${host}/?${query}`;
}

// Whether a POST was signed in its headers by the one whose access key it names: AWS's own signer
// signs the same headers and body again.
async function isSignedBy(people, request, body) {
  const authorization = request.headers.authorization ?? "";
  const [, keyId, region, names] = authorization.match(
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([^/]+)\/sts\/aws4_request, SignedHeaders=([^,]+), /) ?? [];
  if (people[keyId] === undefined) return false;
  const signer = new SignatureV4({ credentials: people[keyId].credentials, region, service: "sts", sha256: Sha256 });
  const headers = Object.fromEntries(names.split(";").filter((name) => !/^x-amz-(date|security-token)$/.test(name))
    .map((name) => [name, request.headers[name]]));
  const again = await signer.sign(new HttpRequest({
    method: "POST", protocol: "https:", hostname: request.headers.host, path: "/", headers, body,
  }), { signingDate: dateOf(request.headers["x-amz-date"]), unsignableHeaders: new Set(["x-amz-content-sha256"]),
        signableHeaders: new Set(names.split(";")) });
  return again.headers.authorization.split("Signature=")[1] === authorization.split("Signature=")[1];
}

const dateOf = (text) => new Date(text.replace(
  /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));

// roles: {ARN: accessKeyId of the person that it becomes}. hosts: the names it stands for. people: {accessKeyId: {credentials, account, arn, userId}}
// Answers
//   caFile, endpoints    for --sts-ca and --sts-endpoint
//   state.requests       {query, headers, accepted} of every request that came
//   state.down           while true, it answers 500
//   state.answer         (person) => ({status, type, headers, body}), instead of the identity
//   stop()
export async function startSts(hosts, people, roles = {}) {
  const directory = mkdtempSync(path.join(tmpdir(), "strongroom-sts-"));
  makeCertificate(directory);
  const read = (name) => readFileSync(path.join(directory, name), "utf8");
  const state = { requests: [], down: false, answer: undefined };

  // A caller's identity if the signature is right for one of the hosts.
  const verify = async (query, headers) => {
    const [keyId, , region] = (query["X-Amz-Credential"] ?? "").split("/");
    const person = people[keyId];
    if (person === undefined) return undefined;
    for (const host of hosts) {
      const again = await presign({
        credentials: person.credentials, audience: headers["x-twisp-aws-id"] ?? "", host, region,
        date: dateOf(query["X-Amz-Date"]), expires: Number(query["X-Amz-Expires"]),
      });
      const wanted = new URL(again).searchParams;
      const same = (name) => wanted.get(name) === (query[name] ?? null);
      if ([...wanted.keys()].every(same) && Object.keys(query).every(same)) return person;
    }
    return undefined;
  };

  // AssumeRole: whoever has signed it gets the keys of the person `roles` names for the ARN.
  const assumeRole = async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const form = new URLSearchParams(body);
    const as = people[roles[form.get("RoleArn")]];
    const known = form.get("Action") === "AssumeRole" && as !== undefined && await isSignedBy(people, request, body);
    state.requests.push({ form: Object.fromEntries(form), headers: request.headers, accepted: known });
    response.writeHead(known ? 200 : 403, { "content-type": "application/json" }).end(JSON.stringify(known
      ? { AssumeRoleResponse: { AssumeRoleResult: { Credentials: {
          AccessKeyId: as.credentials.accessKeyId, SecretAccessKey: as.credentials.secretAccessKey,
          SessionToken: as.credentials.sessionToken, Expiration: Math.floor(Date.now() / 1000) + 3600 } } } }
      : { Error: { Code: "AccessDenied", Message: "stand-in", Type: "Sender" } }));
  };

  const server = https.createServer({ cert: read("tls.pem"), key: read("tls.key") },
    async (request, response) => {
      if (request.method === "POST") return assumeRole(request, response);
      const query = Object.fromEntries(new URL(request.url, "https://sts").searchParams);
      const person = await verify(query, request.headers);
      state.requests.push({ query, headers: request.headers, accepted: person !== undefined });
      const send = (status, body) => response
        .writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      if (state.down) return send(500, {});
      if (person === undefined) {
        return send(403, { Error: { Code: "SignatureDoesNotMatch", Message: "stand-in", Type: "Sender" } });
      }
      if (state.answer !== undefined) {
        const { status = 200, type = "application/json", headers = {}, body = "" } = state.answer(person);
        return response.writeHead(status, { "content-type": type, ...headers }).end(body);
      }
      return send(200, { GetCallerIdentityResponse: {
        GetCallerIdentityResult: { Account: person.account, Arn: person.arn, UserId: person.userId },
        ResponseMetadata: { RequestId: "01234567-89ab-cdef-0123-456789abcdef" },
      } });
    });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `https://localhost:${server.address().port}`;
  return {
    state,
    url,
    caFile: path.join(directory, "ca.pem"),
    endpoints: hosts.map((host) => `${host}=${url}`),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
