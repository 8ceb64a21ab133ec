// Load for `bench/run grpc`: calls of gRPC, or the same over GraphQL, both on HTTP/2 by node, so that
// what the server spends on each can be compared. Prints {"requests","wrong","seconds"}.
import http2 from "node:http2";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

const { MODE, URL_, CA, TOKEN, ACCOUNT, ACCOUNTS_FILE, TRAN_CODE } = process.env;
const seconds = Number(process.env.SECONDS ?? 4);
const [connections, inFlight, batch] = [4, 16, 200];
const ids = readFileSync(ACCOUNTS_FILE, "utf8").trim().split("\n");
const identity = { authorization: `Bearer ${TOKEN}`, "x-twisp-account-id": ACCOUNT };

const varint = (n) => { const out = []; for (; n >= 128; n >>>= 7) out.push((n & 127) | 128); return Buffer.from([...out, n]); };
const part = (number, bytes) => Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
const framed = (message) => { const head = Buffer.alloc(5); head.writeUInt32BE(message.length, 1); return Buffer.concat([head, message]); };
const account = "{ id accountId externalId code name normalBalanceType description status metadata config { enableConcurrentPosting isAccountSet } created modified version _recordId }";
const transaction = "{ id transactionId tranCodeId journalId correlationId externalId effective description metadata voidedBy voidOf created modified version _recordId }";
const read = `query GetAccount($id: UUID!) { account(id: $id) ${account} }`;
const post = `mutation PostTransaction($input: TransactionInput!) { transaction: postTransaction(input: $input) ${transaction} }`;
const posting = () => part(1, Buffer.concat([part(1, Buffer.from(randomUUID())), part(2, Buffer.from(TRAN_CODE)), part(4, Buffer.from("{}"))]));
const any = () => ids[Math.floor(Math.random() * ids.length)];

const modes = {
  "graphql-read": () => JSON.stringify({ query: read, variables: { id: any() } }),
  "graphql-post": () => JSON.stringify({ query: post, variables: { input: { transactionId: randomUUID(), tranCode: TRAN_CODE, params: {} } } }),
  "grpc-read": () => framed(part(1, Buffer.from(any()))),
  "grpc-post": () => framed(posting()),
  "grpc-batch": () => Buffer.concat(Array.from({ length: batch }, () => framed(posting()))),
};
const paths = { "grpc-read": "/strongroom.financial.v1.AccountService/GetAccount",
  "grpc-post": "/strongroom.financial.v1.TransactionService/PostTransaction",
  "grpc-batch": "/strongroom.financial.v1.TransactionService/PostTransactions" };
const grpc = MODE.startsWith("grpc");
const head = { ":method": "POST", ":path": paths[MODE] ?? "/financial/v1/graphql",
  "content-type": grpc ? "application/grpc" : "application/json", ...(grpc ? { te: "trailers" } : {}), ...identity };

let requests = 0;
let wrong = 0;
const start = performance.now();
const one = (session) => new Promise((resolve) => {
  const stream = session.request(head);
  let status;
  let text = "";
  stream.on("response", (headers) => (status = headers["grpc-status"]));
  stream.on("trailers", (trailers) => (status = trailers["grpc-status"]));
  stream.on("data", (chunk) => { if (!grpc) text += chunk; });
  stream.on("error", () => {});
  stream.on("close", () => {
    requests += MODE === "grpc-batch" ? batch : 1;
    if (grpc ? status !== "0" : text.includes('"errors"') || text === "") wrong += 1;
    resolve();
  });
  stream.end(modes[MODE]());
});
const flights = MODE === "grpc-batch" ? 2 : inFlight;
await Promise.all(Array.from({ length: connections }, async () => {
  const session = http2.connect(URL_, { ca: readFileSync(CA) });
  await Promise.all(Array.from({ length: flights }, async () => {
    while (performance.now() - start < seconds * 1000) await one(session);
  }));
  session.close();
}));
console.log(JSON.stringify({ requests, wrong, seconds: (performance.now() - start) / 1000 }));
