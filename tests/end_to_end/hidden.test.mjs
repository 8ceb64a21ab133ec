// What is invisible answers as what is missing, in bytes and, as far as a caller can measure, in
// time (security 6.20). With STRONGROOM_LONG 10,000 samples of each are timed, and their medians
// have to lie within 5 %.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer } from "../server.mjs";

const long = process.env.STRONGROOM_LONG !== undefined;
const samples = long ? 10_000 : 300;
const triesMax = 5;
const theirs = "b0000000-0000-0000-0000-000000000001";
const missing = "c0000000-0000-0000-0000-000000000001";

const question = `query ($id: UUID!) { account(id: $id) { name code status } }`;

const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];

describe("what is invisible", () => {
  let server;
  const ask = async (id) => (await server.request(question, { id })).body;

  before(async () => {
    server = await startServer();
    const made = await server.request(`mutation {
      createAccount(input: {accountId: "${theirs}", name: "Bob", code: "B", description: "theirs"}) { name } }`);
    assert.equal(made.body.errors, undefined);
    const principal = (await server.request("{ auth { whoami { principal } } }")).body.data.auth.whoami.principal;
    const hidden = await server.request(`mutation { auth { updateClient(principal: "${principal}", input: {policies: [
      {effect: ALLOW, actions: [SELECT, INSERT, UPDATE, DELETE], resources: ["*"]}
      {effect: DENY, actions: [SELECT], resources: ["financial.Account"],
       assertions: {theirs: "context.document.description == 'theirs'"}}]}) { name } } }`);
    assert.equal(hidden.body.errors, undefined);
  });
  after(() => server?.stop());

  it("answers as the missing", async () => {
    assert.deepEqual(await ask(theirs), await ask(missing));
    assert.deepEqual(await ask(theirs), { data: { account: null } });
  });

  it("takes as long as the missing", async (test) => {
    let ratio;
    for (let tries = 0; tries < triesMax; ++tries) {
      const times = { [theirs]: [], [missing]: [] };
      for (let i = 0; i < samples; ++i) {
        for (const id of i % 2 ? [theirs, missing] : [missing, theirs]) {
          const start = process.hrtime.bigint();
          await ask(id);
          times[id].push(Number(process.hrtime.bigint() - start) / 1000);
        }
      }
      const [one, other] = [median(times[theirs]), median(times[missing])];
      ratio = one / other;
      test.diagnostic(`medians of ${samples}: invisible ${one.toFixed(0)} us, missing ${other.toFixed(0)} us`);
      if (Math.abs(ratio - 1) < 0.05) break;
    }
    if (long) assert.ok(Math.abs(ratio - 1) < 0.05, `${ratio}`);
  });
});
