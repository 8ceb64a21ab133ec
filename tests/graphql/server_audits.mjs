// All audits of graphql-http against a running server, over TLS and with its token.
//
//   STRONGROOM_BINARY=… node server_audits.mjs
import { auditServer } from "graphql-http";

import { startServer } from "../server.mjs";

const server = await startServer();
try {
  const results = await auditServer({ url: server.graphql, fetchFn: server.fetch });
  const bad = results.filter(({ status }) => status !== "ok");
  for (const { id, name, reason } of bad) console.log(`${id} ${name}: ${reason}`);
  console.log(`audits ok: ${results.length - bad.length} of ${results.length}`);
  // Of a server that speaks no GraphQL no audit would be bad: all of them have to be there.
  if (bad.length > 0 || results.length < 61) process.exitCode = 1;
} finally {
  await server.stop();
}
