// The audits of graphql-http over our reading of requests: all of them have to be ok.
//
//   node audits.mjs ANSWER_REQUESTS
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { createInterface } from "node:readline";

import { auditServer } from "graphql-http";

const child = spawn(process.argv[2], { stdio: ["pipe", "pipe", "inherit"] });
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
let turn = Promise.resolve();

// One request after another: the child answers in their order.
function ask(request) {
  turn = turn.then(async () => {
    child.stdin.write(JSON.stringify(request) + "\n");
    return JSON.parse((await lines.next()).value);
  });
  return turn;
}

await ask({ schema: "type Query { a: Int }" });
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const answer = await ask({
    method: request.method,
    contentType: request.headers["content-type"] ?? "",
    accept: request.headers.accept ?? "",
    queryString: new URL(request.url, "http://localhost").search.slice(1),
    body: Buffer.concat(chunks).toString("utf8"),
  });
  const allow = answer.allow ? { allow: answer.allow } : {};
  response.writeHead(answer.status, { "content-type": answer.contentType, ...allow }).end(answer.body);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const results = await auditServer({ url: `http://127.0.0.1:${server.address().port}/graphql` });
const bad = results.filter(({ status }) => status !== "ok");
for (const { id, name, reason } of bad) console.log(`${id} ${name}: ${reason}`);
console.log(`audits ok: ${results.length - bad.length} of ${results.length}`);
// A server that is no GraphQL server would have "no errors" too: all of them have to be there.
if (bad.length > 0 || results.length < 61) process.exitCode = 1;
server.close();
server.closeAllConnections();
child.stdin.end();
