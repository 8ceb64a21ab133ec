// A development server for the tests that need the whole program: starts it with a data directory
// and ports of its own, and stops it by its process id. Node's standard library only.
//
//   const server = await startServer();
//   const { status, body } = await server.request("{ __typename }");
//   await server.stop();
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import https from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import readline from "node:readline";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
export const binary =
  process.env.STRONGROOM_BINARY ?? path.join(here, "..", "build", "release", "strongroom");

const startMillisecondsMax = 60_000;
const stopMillisecondsMax = 15_000;

// `count` different ports of the loopback that nobody listens on.
export async function freePorts(count) {
  const holders = await Promise.all(
    Array.from({ length: count }, async () => {
      const holder = net.createServer();
      holder.listen(0, "127.0.0.1");
      await once(holder, "listening");
      return holder;
    }),
  );
  const ports = holders.map((holder) => holder.address().port);
  await Promise.all(holders.map((holder) => new Promise((done) => holder.close(done))));
  return ports;
}

// The one JSON line that says the server is ready; its diagnostics when it ends before.
async function readyLine(child, diagnostics) {
  const lines = readline.createInterface({ input: child.stdout });
  let timer;
  try {
    return await Promise.race([
      once(lines, "line").then(([line]) => JSON.parse(line)),
      once(child, "error").then(([error]) => Promise.reject(error)),
      once(child, "exit").then(([code, signal]) => {
        throw new Error(`the server ended with ${signal ?? code}:\n${diagnostics()}`);
      }),
      new Promise((_, reject) => {
        const late = () => reject(new Error(`the server is not ready:\n${diagnostics()}`));
        timer = setTimeout(late, startMillisecondsMax);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

async function stopProcess(child) {
  const never = child.pid === undefined;  // it could not be started
  if (never || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), stopMillisecondsMax);
  await ended;
  clearTimeout(timer);
}

// One HTTPS exchange. Answers status, headers, the text, and its JSON when it is JSON.
function exchange(url, { method, headers, body, ca, agent }) {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method, headers, ca, agent }, async (response) => {
      try {
        const chunks = [];
        for await (const chunk of response) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString("utf8");
        const json = /[/+]json\b/.test(response.headers["content-type"] ?? "");
        resolve({
          status: response.statusCode,
          headers: response.headers,
          text,
          body: json ? JSON.parse(text) : undefined,
        });
      } catch (error) {
        reject(error);
      }
    });
    request.on("error", reject);
    request.end(body);
  });
}

// The line of a request log that tells of a request, by its answer. It is written soon after that.
export function requestLine(file, { headers }) {
  const until = Date.now() + startMillisecondsMax;
  while (true) {
    const lines = readFileSync(file, "utf8").split("\n").slice(0, -1).map((line) => JSON.parse(line));
    const found = lines.find(({ request_id }) => request_id === headers["x-request-id"]);
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error("the request has no line in the log");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
}

// Starts a server and waits until it is ready.
//   data       directory to use and to keep; without it a temporary one that `stop` removes
//   port       of HTTPS; without it a free one
//   arguments  further arguments of `strongroom dev`
//   env        further environment variables
// Answers
//   graphql, grpc, account_id, token, ca (PEM text), data, pid
//   request(query, variables, headers, operationName)
//                                       POSTs to the GraphQL endpoint, authenticated; a header set
//                                       to null is left out; with STRONGROOM_VIA=grpc it goes
//                                       through GraphqlService/Execute, and looks the same
//   fetch(url, init)                    as the global fetch, but trusting `ca`, authenticated
//   diagnostics()                       what the server wrote to stderr until now
//   stop()
export async function startServer({ data, port: wanted, arguments: more = [], env = {} } = {}) {
  const directory = data ?? (await mkdtemp(path.join(tmpdir(), "strongroom-test-")));
  const [free, grpcPort] = await freePorts(2);
  const port = wanted ?? free;
  const options = ["--data", directory, "--port", port, "--grpc-port", grpcPort, "--output", "json"];
  const child = spawn(binary, ["dev", ...options, ...more].map(String), {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  const killAtExit = () => child.kill("SIGKILL");
  process.once("exit", killAtExit);
  let written = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (written = (written + text).slice(-65536)));

  const stop = async () => {
    await stopProcess(child);
    process.off("exit", killAtExit);
    if (data === undefined) await rm(directory, { recursive: true, force: true });
  };
  const diagnostics = () => written;
  try {
    const ready = await readyLine(child, diagnostics);
    return await connect(ready, { data: directory, pid: child.pid, diagnostics, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

async function connect(ready, server) {
  const ca = ready.ca.startsWith("-----BEGIN") ? ready.ca : await readFile(ready.ca, "utf8");
  const agent = new https.Agent({ keepAlive: true, ca });
  const identity = {
    authorization: `Bearer ${ready.token}`,
    "x-twisp-account-id": ready.account_id,
  };
  const withIdentity = (headers) =>
    Object.fromEntries(
      Object.entries({ ...identity, ...headers }).filter(([, value]) => value !== null),
    );

  const viaGrpc = process.env.STRONGROOM_VIA === "grpc"
    ? (await import("./grpc/as_https.mjs")).requester({ ...ready, ca }) : null;
  const request = (query, variables, headers = {}, operationName) =>
    viaGrpc?.request(query, variables, withIdentity(headers), operationName) ?? exchange(ready.graphql, {
      method: "POST",
      headers: withIdentity({ "content-type": "application/json", ...headers }),
      body: JSON.stringify({ query, variables, operationName }),
      ca,
      agent,
    });
  const fetch = async (url, init = {}) => {
    const { status, headers, text } = await exchange(url, {
      method: init.method ?? "GET",
      headers: withIdentity(Object.fromEntries(new Headers(init.headers))),
      body: init.body,
      ca,
      agent,
    });
    const pairs = Object.entries(headers).flatMap(([name, value]) =>
      [value].flat().map((one) => [name, one]),
    );
    return new Response(text, { status, headers: pairs });
  };
  const stop = async () => {
    agent.destroy();
    viaGrpc?.close();
    await server.stop();
  };
  return { ...ready, ...server, ca, request, fetch, stop };
}
