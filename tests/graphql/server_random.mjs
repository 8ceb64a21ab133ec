// Random documents for the schema of a running server, mostly valid: whatever they ask, the server
// answers by the rules of GraphQL over HTTP, knows why it refuses, and goes on.
//
//   STRONGROOM_BINARY=… node server_random.mjs     SEED=7 COUNT=5000 to vary
import { buildClientSchema, getIntrospectionQuery } from "graphql";

import { startServer } from "../server.mjs";
import { Documents } from "./documents.mjs";
import { Random } from "./random.mjs";
import { write } from "./tokens.mjs";

const seed = Number(process.env.SEED ?? 20261125);
const count = Number(process.env.COUNT ?? (process.env.STRONGROOM_LONG === "1" ? 10_000 : 600));
const unexplained = new Set(["INTERNAL_SERVER_ERROR", "UNKNOWN_ERROR", undefined]);

// What is wrong with the answer; undefined when nothing is.
function fault({ status, body }) {
  if (status !== 200 && status !== 400) return `status ${status}`;
  if (body?.data === undefined) return "no data, not even null";
  const bad = (body.errors ?? []).find(({ extensions }) => unexplained.has(extensions?.code));
  return bad && JSON.stringify(bad);
}

console.log(`seed ${seed}`);
const random = new Random(seed);
const server = await startServer();
try {
  const introspected = await server.request(getIntrospectionQuery());
  const schema = buildClientSchema(introspected.body.data);
  const documents = new Documents(schema, random, { withVariables: false });
  const outcomes = {};
  for (let index = 0; index < count; ++index) {
    const text = write(documents.document(index % 4 === 0 ? 0.02 : 0), random);
    const answer = await server.request(text, undefined, {}, /\bOp\d+\b/.exec(text)?.[0]);
    const wrong = fault(answer);
    if (wrong !== undefined) {
      console.log(`\n${wrong}\n  ${JSON.stringify(text)}`);
      process.exitCode = 1;
    }
    const codes = new Set((answer.body?.errors ?? []).map(({ extensions }) => extensions?.code));
    for (const code of codes.size > 0 ? codes : ["answered"]) {
      outcomes[code] = (outcomes[code] ?? 0) + 1;
    }
  }
  console.log(`documents: ${count}, ${JSON.stringify(outcomes)}`);
} catch (error) {
  console.log(server.diagnostics());
  throw error;
} finally {
  await server.stop();
}
