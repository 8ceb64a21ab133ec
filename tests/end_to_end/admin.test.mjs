// The admin listener: over TLS, without a token, telling nothing of tenants.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer } from "../server.mjs";

describe("the admin listener", () => {
  let server;
  before(async () => { server = await startServer(); });
  after(() => server?.stop());
  const get = async (path) => {
    const answer = await server.fetch(server.admin + path);
    return { status: answer.status, text: await answer.text() };
  };

  it("says that the server is alive and ready", async () => {
    assert.equal((await get("/healthz")).status, 200);
    assert.deepEqual(await get("/readyz"), { status: 200, text: '{"status":"ready"}\n' });
  });

  it("counts requests by status", async () => {
    await server.request("{ __typename }");
    await server.request("{ __typename }", {}, { authorization: null });
    const { text } = await get("/metrics");
    assert.match(text, /^strongroom_requests_total\{status="200"\} \d/m);
    assert.match(text, /^strongroom_requests_total\{status="401"\} 1/m);
    assert.match(text, /^strongroom_ready 1$/m);
    assert.ok(!text.includes(server.account_id + '"'));
  });

  it("serves nothing else", async () => {
    assert.equal((await get("/financial/v1/graphql")).status, 404);
  });
});
