// Security 34: every token of the corpus gets the same verdict from the real server over every
// transport, with cold caches and with warm ones; and so does every way to send one.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import http2 from "node:http2";
import https from "node:https";
import path from "node:path";
import readline from "node:readline";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const binary = process.env.STRONGROOM_CORPUS_SERVER ??
  path.join(here, "..", "..", "build", "release", "corpus_server");
const file = process.env.STRONGROOM_CORPUS ??
  path.join(here, "..", "..", "..", "shared", "conformance", "jose", "jwt_cases.json");
const query = JSON.stringify({ query: "{ __typename }" });

const invalidToken = 'Bearer error="invalid_token"';

const claimsOf = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));

describe("the corpus of tokens", { skip: !existsSync(file) && "the corpus is not there" }, () => {
  const corpus = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { cases: [], http_cases: [] };
  const good = corpus.cases.find(({ id }) => id === "ok-rs256")?.token;
  let child;
  let lines;
  let ready;
  let ca;
  let agent;
  let session;
  let calls;

  const overHttp1 = (headers) => new Promise((resolve, reject) => {
    const request = https.request(ready.graphql, {
      method: "POST", agent, headers: { "content-type": "application/json", ...headers },
    }, async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode, challenge: response.headers["www-authenticate"], text });
    });
    request.on("error", reject);
    request.end(query);
  });
  const overHttp2 = (headers) => new Promise((resolve, reject) => {
    const stream = session.request({
      ":method": "POST", ":path": new URL(ready.graphql).pathname, "content-type": "application/json", ...headers,
    });
    let head;
    let text = "";
    stream.setEncoding("utf8").on("response", (received) => (head = received))
      .on("data", (more) => (text += more)).on("error", reject)
      .on("end", () => resolve({ status: head[":status"], challenge: head["www-authenticate"], text }));
    stream.end(query);
  });
  // gRPC as it is on the wire: a length, and a message whose first field is the document.
  const inHttp = { 0: 200, 3: 400, 7: 403, 8: 429, 14: 503, 16: 401 };
  const overGrpc = (headers) => new Promise((resolve, reject) => {
    const stream = calls.request({
      ":method": "POST", ":path": "/strongroom.graphql.v1.GraphqlService/Execute",
      "content-type": "application/grpc", te: "trailers", ...headers,
    });
    const document = Buffer.from("{ __typename }");
    const message = Buffer.concat([Buffer.from([0x0a, document.length]), document]);
    let end = {};
    stream.on("response", (head) => (end = head)).on("trailers", (trailers) => (end = trailers))
      .on("error", reject).resume().on("close", () => {
        const status = inHttp[end["grpc-status"]];
        const errors = [{ message: decodeURIComponent(end["grpc-message"] ?? "") }];
        resolve({ status, text: JSON.stringify({ errors }), challenge: status === 401 ? invalidToken : undefined });
      });
    stream.end(Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]));
  });
  // Each takes headers and answers { status, challenge, text }, in the words of HTTP.
  const transports = { "HTTP/1.1": overHttp1, "HTTP/2": overHttp2, gRPC: overGrpc };

  // The verdict; asked again when too many wrong signatures came within one second. What no header
  // may hold never becomes a request: the client can't send it, or the connection refuses it.
  const isHeaderText = (text) => /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
  const verdict = async (send, token) => {
    for (;;) {
      const authorization = `Bearer ${token}`.replace(/ +$/, "");  // HTTP/2 forbids it, HTTP/1.1 strips it
      const sent = send({ authorization, "x-twisp-account-id": "Corpus" });
      const answer = await sent.catch((error) => ({ status: isHeaderText(token) ? error.code : 400 }));
      if (answer.status !== 429) return answer;
      await new Promise((done) => setTimeout(done, 300));
    }
  };
  const flush = async () => {
    const answered = once(lines, "line");
    child.stdin.write("flush\n");
    assert.deepEqual(await answered, ["flushed"]);
  };
  const mutate = async (text, account = "Root") => {
    const answer = await new Promise((resolve, reject) => {
      const request = https.request(ready.graphql, { method: "POST", agent, headers: {
        authorization: `Bearer ${ready.token}`, "x-twisp-account-id": account, "content-type": "application/json",
      } }, async (response) => {
        let body = "";
        for await (const chunk of response) body += chunk;
        resolve(JSON.parse(body));
      });
      request.on("error", reject);
      request.end(JSON.stringify({ query: text }));
    });
    assert.equal(answer.errors, undefined, JSON.stringify(answer));
  };

  before(async () => {
    child = spawn(binary, [file], { stdio: ["pipe", "pipe", "inherit"] });
    lines = readline.createInterface({ input: child.stdout });
    [ready] = (await once(lines, "line")).map((line) => JSON.parse(line));
    ca = readFileSync(ready.ca);
    agent = new https.Agent({ keepAlive: true, ca });
    session = http2.connect(new URL(ready.graphql).origin, { ca });
    calls = http2.connect(ready.grpc, { ca });
    for (const one of [session, calls]) one.on("error", () => {});
    const { own_issuer: own, registered_issuers: issuers } = corpus.settings;
    const roles = corpus.cases.filter(({ expect }) => expect === "accept").map(({ token }) => claimsOf(token))
      .filter(({ iss }) => iss === own).map(({ sub }) => sub);
    await mutate(`mutation { admin { createTenant(input: {id: "d9d8f1c0-0299-4d5b-b2b6-85beafdda28b",
      accountId: "Corpus", name: "corpus", description: "of tokens"}) { name } } }`);
    for (const principal of new Set([...issuers.filter((one) => one !== own), ...roles])) {
      await mutate(`mutation { auth { createClient(input: {principal: "${principal}", name: "${principal}",
        policies: [{effect: ALLOW, actions: [SELECT], resources: ["financial.*"]}]}) { name } } }`, "Corpus");
    }
  });
  after(async () => {
    session?.close();
    calls?.close();
    agent?.destroy();
    child?.stdin.end();
    if (child?.exitCode === null) await once(child, "exit");
  });

  for (const [transport, send] of Object.entries(transports)) {
    it(`security 34: every verdict over ${transport} is the corpus's, with cold and with warm caches`, async () => {
      const wrong = [];
      for (const { id, expect, token } of corpus.cases) {
        await flush();
        for (const caches of ["cold", "warm"]) {
          const { status, challenge, text } = await verdict(send, token);
          const agrees = expect === "accept" ? status === 200
            : isHeaderText(token) ? status === 401 && challenge === invalidToken
            : status === 400;
          if (!agrees) wrong.push(`${id}, ${caches}: ${status}`);
          if (status === 401) assert.equal(JSON.parse(text).errors[0].message, "access denied");
        }
      }
      assert.deepEqual(wrong, []);
      assert.ok(corpus.cases.length >= 158);
    });
  }

  // curl, for it sends whatever headers it is told to.
  const curl = (protocol, url, headers) => new Promise((resolve, reject) => {
    const args = ["-sS", protocol, "--cacert", ready.ca, "-X", "POST", "--data-binary", query, "-w", "\n%{http_code}",
      ...headers.flatMap(([name, value]) => ["-H", `${name}: ${value}`]), url];
    execFile("curl", args, (error, output) => {
      if (error) return reject(error);
      const at = output.lastIndexOf("\n");
      resolve({ status: Number(output.slice(at + 1)), text: output.slice(0, at) });
    });
  });
  const check = async (protocol, one) => {
    const fill = (text) => text.replace("$GOOD", good);
    const headers = one.headers.map(([name, value]) => [name, fill(value)]);
    const named = headers.some(([name]) => name.toLowerCase() === "x-twisp-account-id");
    if (!named && !one.no_account) headers.push(["x-twisp-account-id", "Corpus"]);
    headers.push(["content-type", "application/json"]);
    const url = new URL(fill(one.path ?? ""), ready.graphql).href;
    const answer = await curl(protocol, url, headers);
    if (one.expect === "accept" || one.expect === "either") assert.equal(answer.status, 200, answer.text);
    else if (one.expect === "same-as-no-client") {
      const unregistered = headers.map(([name, value]) => [name, name === "x-twisp-account-id" ? "Root" : value]);
      assert.deepEqual(answer, await curl(protocol, url, unregistered));
      assert.equal(answer.status, 403);
    } else assert.equal(answer.status, one.expect, answer.text);
  };
  const isOfAccount = ({ id }) => id.startsWith("account-");
  for (const [transport, protocol] of [["HTTP/1.1", "--http1.1"], ["HTTP/2", "--http2"]]) {
    for (const one of corpus.http_cases.filter((each) => !isOfAccount(each))) {
      it(`security 28: ${one.id} over ${transport}`, () => check(protocol, one));
    }
    for (const one of corpus.http_cases.filter(isOfAccount)) {
      it(`security 33: ${one.id} over ${transport}`, () => check(protocol, one));
    }
  }
});
