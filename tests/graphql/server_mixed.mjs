// Mutations of the ledger, of clients and of the organization in one document, in any order: each
// writes where the others do not.
//
//   STRONGROOM_BINARY=… node server_mixed.mjs
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import { startServer } from "../server.mjs";

let made = 0;
const name = () => `made${++made}`;
const journal = () =>
  `${name()}: createJournal(input: {journalId: "${randomUUID()}", name: "j"}) { journalId }`;
const client = () => {
  const principal = name();
  return `auth { ${principal}: createClient(input: {
    principal: "https://${principal}.example", name: "${principal}", policies: []
  }) { name } }`;
};
const group = () =>
  `${name()}: createGroup(input: {
    id: "${randomUUID()}", name: "${name()}", description: "", policy: "[]"
  }) { name }`;
const tenant = () =>
  `${name()}: createTenant(input: {
    id: "${randomUUID()}", accountId: "${name()}", name: "t", description: ""
  }) { accountId }`;

const documents = [
  () => `mutation { ${journal()} ${client()} }`,
  () => `mutation { ${client()} ${journal()} }`,
  () => `mutation { ...F ${client()} } fragment F on Mutation { ${journal()} }`,
  () => `mutation { ${journal()} admin { ${tenant()} } ${client()} }`,
  () => `mutation { admin { ${group()} ${tenant()} ${tenant()} } ${journal()} }`,
  () => `mutation { ${journal()} ... { admin { ${group()} ... on AdminMutation { ${tenant()} } } } }`,
];

const server = await startServer();
try {
  for (const make of documents) {
    const document = make();
    const { status, body } = await server.request(document);
    assert.equal(status, 200, document);
    assert.equal(body.errors, undefined, `${JSON.stringify(body.errors)} to ${document}`);
  }
  console.log(`documents: ${documents.length}`);
} finally {
  await server.stop();
}
