// An issuer on loopback that misbehaves as it is told to, over TLS under a CA of its own. One server
// stands for many issuers: `https://localhost:PORT/NAME` is the one called NAME.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { SignJWT } from "jose";
import { makeCertificate } from "./provider.mjs";

const makeKey = () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const kid = randomUUID();
  return { kid, privateKey, jwk: { ...publicKey.export({ format: "jwk" }), kid, alg: "ES256", use: "sig" } };
};

const send = (response, status, body, headers = {}) =>
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
const tenMegabytes = 10 << 20;

// What an issuer does with a request for `document` (discovery or its keys), instead of serving it.
const behaviours = {
  good: (_, response, document) => send(response, 200, document()),
  down: (request) => request.socket.destroy(),
  slow: (_, response, document) => setTimeout(() => send(response, 200, document()), 10_000).unref(),
  500: (_, response, document) => send(response, 500, document()),
  garbage: (_, response) => send(response, 200, "<html>garbage-of-the-issuer</html>"),
  empty: (_, response, document, kind) => send(response, 200, kind === "keys" ? '{"keys":[]}' : document()),
  huge: (request, response, document, kind, issuer) => {
    if (kind !== "keys") return send(response, 200, document());
    response.writeHead(200, { "content-type": "application/json" });
    const chunk = Buffer.alloc(1 << 16, " ");
    const more = () => {
      issuer.sent += chunk.length;
      if (issuer.sent >= tenMegabytes || response.destroyed) return response.end();
      response.write(chunk, more);
    };
    more();
  },
  redirecting: (_, response, document, kind, issuer) => kind === "keys"
    ? send(response, 302, "", { location: `${issuer.name}/elsewhere` }) : send(response, 200, document()),
  compressed: (_, response, document, kind) => send(response, 200, document(),
    kind === "keys" ? { "content-encoding": "gzip" } : {}),
};

// Answers
//   caFile
//   issuer(name, behaviour, options)  a new issuer; `behaviour` is one of those above, and may be
//                      changed. Options: jwks_uri and claimed (the `issuer` of its discovery document)
//     .name            its URL
//     .token(claims)   a token that it signed with its current key
//     .rotate()        from now on it has another key, and this one alone
//     .keys            that it publishes, as JWKs
//     .requests        {discovery, keys, elsewhere}: how many came
//     .sent            bytes of the huge answer that went out
//   forged(issuer)     a token that names an unknown key of the issuer
//   stop()
export async function startHostileIssuer() {
  const directory = mkdtempSync(path.join(tmpdir(), "strongroom-hostile-"));
  makeCertificate(directory);
  const read = (name) => readFileSync(path.join(directory, name), "utf8");
  const issuers = new Map();
  const server = https.createServer({ cert: read("tls.pem"), key: read("tls.key") }, (request, response) => {
    const [, name, ...rest] = request.url.split("/");
    const issuer = issuers.get(name);
    const kind = { ".well-known/openid-configuration": "discovery", keys: "keys", elsewhere: "elsewhere" }[rest.join("/")];
    if (issuer === undefined || kind === undefined) return send(response, 404, "{}");
    issuer.requests[kind] += 1;
    const documents = {
      discovery: () => JSON.stringify({ issuer: issuer.claimed, jwks_uri: issuer.jwksUri }),
      keys: () => JSON.stringify({ keys: issuer.keys }),
      elsewhere: () => JSON.stringify({ keys: issuer.keys }),
    };
    behaviours[issuer.behaviour](request, response, documents[kind], kind, issuer);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = server.address().port;
  const now = () => Math.floor(Date.now() / 1000);

  const issuer = (path_, behaviour = "good", { jwksUri, claimed } = {}) => {
    const name = `https://localhost:${port}/${path_}`;
    let key = makeKey();
    const one = {
      name, behaviour, sent: 0, requests: { discovery: 0, keys: 0, elsewhere: 0 }, keys: [key.jwk],
      jwksUri: jwksUri ?? `${name}/keys`, claimed: claimed ?? name,
      rotate: () => { key = makeKey(); one.keys = [key.jwk]; },
      token: (claims = {}) => new SignJWT({ iss: name, sub: "somebody", iat: now(), exp: now() + 600, jti: randomUUID(), ...claims })
        .setProtectedHeader({ alg: "ES256", kid: key.kid, typ: "JWT" }).sign(key.privateKey),
    };
    issuers.set(path_, one);
    return one;
  };
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signature = Buffer.alloc(64, 7).toString("base64url");
  const forged = ({ name }) =>
    `${part({ alg: "ES256", kid: randomUUID() })}.${part({ iss: name, exp: now() + 600 })}.${signature}`;
  return {
    port, issuer, forged,
    caFile: path.join(directory, "ca.pem"),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
