// A certified OpenID provider (npm oidc-provider) on loopback, over TLS under a CA of its own. Its
// clients stand for people: the access tokens of client `jarred` carry jarred's e-mail. People can
// come themselves, too, through two public clients that have no secret (person.mjs is their browser):
// `terminal` for devices, and `console` for browsers.
import { execFileSync } from "node:child_process";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { Provider } from "oidc-provider";

export const algorithms = ["RS256", "PS256", "ES256", "EdDSA"];
export const consoleCallback = "https://console.example.com/callback";
export const secret = "demo";  // of every client: this provider is for loopback only

function openssl(...args) {
  execFileSync("openssl", args, { stdio: "ignore" });
}

// A CA and a certificate for localhost: ca.pem, tls.pem and tls.key in `directory`.
export function makeCertificate(directory) {
  const at = (name) => path.join(directory, name);
  openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
    "-days", "2", "-subj", "/CN=test issuer CA", "-addext", "basicConstraints=critical,CA:TRUE",
    "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    "-keyout", at("ca.key"), "-out", at("ca.pem"));
  openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
    "-subj", "/CN=localhost", "-keyout", at("tls.key"), "-out", at("tls.csr"));
  writeFileSync(at("ext"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n" +
    "extendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n");
  openssl("x509", "-req", "-in", at("tls.csr"), "-CA", at("ca.pem"), "-CAkey", at("ca.key"),
    "-CAcreateserial", "-days", "2", "-extfile", at("ext"), "-out", at("tls.pem"));
}

function makeKeys() {
  const key = (type, options, extra) => ({
    ...generateKeyPairSync(type, options).privateKey.export({ format: "jwk" }),
    kid: randomUUID(), use: "sig", ...extra,
  });
  return {
    keys: [
      key("rsa", { modulusLength: 2048 }, { alg: "RS256" }),
      key("rsa", { modulusLength: 2048 }, { alg: "PS256" }),
      key("ec", { namedCurve: "P-256" }, { alg: "ES256" }),
      key("ed25519", {}, { alg: "EdDSA" }),
    ],
  };
}

function makeProvider(issuer, people) {
  return new Provider(issuer, {
    jwks: makeKeys(),
    clients: [
      ...Object.keys(people).map((name) => ({
        client_id: name, client_secret: secret, grant_types: ["client_credentials"],
        redirect_uris: [], response_types: [],
      })),
      { client_id: "terminal", token_endpoint_auth_method: "none", redirect_uris: [], response_types: [],
        grant_types: ["urn:ietf:params:oauth:grant-type:device_code"] },
      { client_id: "console", token_endpoint_auth_method: "none", redirect_uris: [consoleCallback],
        response_types: ["code"], grant_types: ["authorization_code"] },
    ],
    features: {
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      devInteractions: { enabled: true },  // its pages take any password
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        // The resource `urn:ledger:<alg>` asks for a token that is signed so.
        defaultResource: () => "urn:ledger:RS256",
        getResourceServerInfo: (_, resource) => ({
          scope: "ledger", audience: resource, accessTokenTTL: 600, accessTokenFormat: "jwt",
          jwt: { sign: { alg: resource.split(":").at(-1) } },
        }),
      },
    },
    extraTokenClaims: (_, token) => people[token.accountId ?? token.clientId],
  });
}

// people: {name: {claims…}}. By itself it takes a free port, and a directory that `stop` removes.
// Answers
//   issuer, caFile        for the client's principal and for --issuer-ca
//   token(name, alg)      a fresh access token
//   rotate()              from now on all keys are new
//   down(), up()          stop and start answering, on the same port
//   requests              how many requests came for discovery or keys
//   stop()
export async function startProvider(people, { port: wanted = 0, directory: kept } = {}) {
  const directory = kept ?? mkdtempSync(path.join(tmpdir(), "strongroom-issuer-"));
  mkdirSync(directory, { recursive: true });
  makeCertificate(directory);
  const read = (name) => readFileSync(path.join(directory, name), "utf8");
  const tls = { cert: read("tls.pem"), key: read("tls.key") };
  let handler;
  let server;
  const state = { requests: 0 };
  const listen = async (port) => {
    server = https.createServer(tls, (request, response) => {
      if (/well-known|jwks/.test(request.url)) state.requests += 1;
      handler(request, response);
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return server.address().port;
  };
  const close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  const port = await listen(wanted);
  const issuer = `https://localhost:${port}`;
  const rotate = () => { handler = makeProvider(issuer, people).callback(); };
  rotate();

  const post = (body) => new Promise((resolve, reject) => {
    const request = https.request(`${issuer}/token`, {
      method: "POST", ca: read("ca.pem"), agent: false,
      headers: { "content-type": "application/x-www-form-urlencoded" },
    }, async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      if (response.statusCode === 200) resolve(JSON.parse(text));
      else reject(new Error(`the provider answered ${response.statusCode}: ${text}`));
    });
    request.on("error", reject);
    request.end(body);
  });
  const token = async (name, alg = "RS256") => {
    const answer = await post(new URLSearchParams({
      grant_type: "client_credentials", client_id: name, client_secret: secret,
      resource: `urn:ledger:${alg}`, scope: "ledger",
    }).toString());
    return answer.access_token;
  };
  return {
    issuer, token, rotate, state,
    caFile: path.join(directory, "ca.pem"),
    down: close,
    up: () => listen(port),
    stop: async () => {
      if (server.listening) await close();
      if (kept === undefined) rmSync(directory, { recursive: true, force: true });
    },
  };
}
