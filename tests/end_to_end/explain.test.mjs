// Denials that can be told: every one has a decision id, and whoever has the right to explain turns
// it into the story of each policy, with what is not theirs to see masked.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer } from "../server.mjs";
import { ids, makeBook } from "./book.mjs";
import { startProvider } from "./provider.mjs";

const uuid7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const explain = `query ($id: ID!) { auth { explain(decisionId: $id) {
  id time principal action resource effect deniedByDefault summary reasons errors complete
  policies { policy origin effect outcome
    assertions { name expression outcome error seen { path value masked } } }
} } }`;

const policies = `[
  {effect: ALLOW, actions: [SELECT], resources: ["financial.Account"],
   assertions: {isReader: "context.auth.claims.email == 'reader@example.com'"}}
  {effect: DENY, actions: [SELECT], resources: ["financial.Account.document.code"],
   assertions: {secret: "context.document.code == 'CASH'"}}
  {effect: DENY, actions: [SELECT], resources: ["financial.Account.document.description"],
   assertions: {quoting: "int(context.document.code) == 1"}}
  {effect: ALLOW, actions: [SELECT], resources: ["system.Decision", "financial.Account.document.name"],
   assertions: {isAuditor: "context.auth.claims.email == 'auditor@example.com'"}}
  {effect: ALLOW, actions: [INSERT], resources: ["financial.Account"],
   assertions: {missing: "context.auth.claims.team == 'ops'"}}
]`;

describe("explaining a denial", () => {
  let provider;
  let server;
  const tokens = {};
  const as = (person) => ({ authorization: `Bearer ${tokens[person]}` });
  const tell = async (id, headers) => (await server.request(explain, { id }, headers)).body.data.auth.explain;
  // The one error of the answer.
  const denial = async (query, person = "reader") => {
    const { body } = await server.request(query, {}, as(person));
    assert.equal(body.errors?.length, 1, JSON.stringify(body));
    const { extensions } = body.errors[0];
    assert.equal(extensions.code, "ACCESS_DENIED");
    assert.match(extensions.decisionId, uuid7);
    return { ...extensions, data: body.data };
  };

  before(async () => {
    const person = (name) => ({ email: `${name}@example.com`, email_verified: true });
    provider = await startProvider({
      reader: person("reader"), auditor: person("auditor"), nobody: person("nobody"),
    });
    server = await startServer({ arguments: ["--issuer-ca", provider.caFile] });
    await server.request(makeBook);
    const made = await server.request(`mutation { auth { createClient(input: {
      name: "people" principal: "${provider.issuer}" policies: ${policies} }) { name } } }`);
    assert.equal(made.body.errors, undefined);
    for (const name of ["reader", "auditor", "nobody"]) tokens[name] = await provider.token(name);
  });
  after(async () => {
    await server?.stop();
    await provider?.stop();
  });

  it("tells of a denied property which policy denied it, and what it saw", async () => {
    const denied = await denial(`{ account(id: "${ids.cash}") { name code } }`);
    assert.equal(denied.action, "db:Select");
    assert.equal(denied.resource, "financial.Account.document.code");
    const story = await tell(denied.decisionId);
    assert.equal(story.id, denied.decisionId);
    assert.equal(story.principal, provider.issuer);
    assert.equal(story.action, "SELECT");
    assert.equal(story.effect, "DENY");
    assert.equal(story.deniedByDefault, false);
    assert.equal(story.complete, true);
    assert.deepEqual(story.reasons, [1]);
    assert.equal(story.summary, 'denied by policy 1 of client "people"');
    assert.deepEqual(story.policies.map(({ outcome }) => outcome),
      ["APPLICABLE", "APPLICABLE", "OTHER_RESOURCE", "OTHER_RESOURCE", "OTHER_ACTION"]);
    assert.deepEqual(story.policies[1].assertions, [{
      name: "secret", expression: "context.document.code == 'CASH'", outcome: "TRUE", error: null,
      seen: [{ path: "context.document.code", value: '"CASH"', masked: false }],
    }]);
  });

  it("masks properties that the asker may not see on every document, and errors that quote them", async () => {
    const code = await denial(`{ account(id: "${ids.cash}") { code } }`);
    const masked = await tell(code.decisionId, as("auditor"));
    assert.deepEqual(masked.policies[1].assertions[0].seen,
      [{ path: "context.document.code", value: null, masked: true }]);
    const claims = masked.policies[0].assertions[0].seen;
    assert.deepEqual(claims, [{ path: "context.auth.claims.email", value: '"reader@example.com"', masked: false }]);

    const description = await denial(`{ account(id: "${ids.cash}") { description } }`);
    const shown = (await tell(description.decisionId)).policies[2].assertions[0];
    assert.equal(shown.outcome, "ERROR");
    const hidden = await tell(description.decisionId, as("auditor"));
    assert.equal(hidden.policies[2].assertions[0].error, "masked: it may quote a value");
    assert.ok(!JSON.stringify(hidden).includes('"CASH'));
  });

  it("has an assertion that fails as a third outcome", async () => {
    const denied = await denial(`{ account(id: "${ids.cash}") { description } }`);
    const story = await tell(denied.decisionId);
    assert.equal(story.policies[2].outcome, "FAILED");
    assert.equal(story.policies[2].assertions[0].outcome, "ERROR");
    assert.deepEqual([story.reasons, story.errors], [[2], [2]]);
    assert.match(story.summary, /^denied by policy 2 of client "people", which failed$/);
  });

  it("tells of a denied list that nothing allows it", async () => {
    const denied = await denial(`{ journals(index: {name: NAME}, first: 1) { nodes { name } } }`);
    assert.equal(denied.resource, "financial.Journal");
    const story = await tell(denied.decisionId);
    assert.equal(story.deniedByDefault, true);
    assert.deepEqual(story.reasons, []);
    assert.equal(story.summary, "denied by default: no ALLOW applies; no ALLOW covers this action and resource");
  });

  it("tells of a denied mutation what would have allowed it", async () => {
    const denied = await denial(`mutation { createAccount(input:
      {accountId: "0a2fb5cf-6b0c-4c0b-9d0b-6b2a4ab1d2ff", name: "x", code: "x"}) { __typename } }`);
    assert.equal(denied.action, "db:Insert");
    const story = await tell(denied.decisionId);
    assert.equal(story.deniedByDefault, true);
    assert.match(story.summary, /policy 4 of client "people" would allow it, but `missing` failed$/);
    assert.match(story.policies[4].assertions[0].error, /team/);
  });

  it("keeps them over requests, and needs the right on system.Decision", async () => {
    const denied = await denial(`{ account(id: "${ids.cash}") { name } }`, "nobody");
    await new Promise((done) => setTimeout(done, 500));
    assert.equal((await tell(denied.decisionId)).id, denied.decisionId);
    const refused = await denial(`{ auth { explain(decisionId: "${denied.decisionId}") { id } } }`);
    assert.equal(refused.resource, "system.Decision.document.decision_id");
    assert.deepEqual(refused.data, { auth: { explain: null } });
    const simulated = `{ auth { simulate(input: {claims: {}, policies: [], action: SELECT,
      resource: "financial.Account.document.name"}) { effect } } }`;
    assert.equal((await denial(simulated)).resource, "system.Decision.document.decision_id");
  });

  it("finds no decision of another tenant, and none that never was", async () => {
    const denied = await denial(`{ account(id: "${ids.cash}") { code } }`);
    await server.request(`mutation { admin { createTenant(input: {
      id: "d9d8f1c0-0299-4d5b-b2b6-85beafdda28b", accountId: "Other", name: "other", description: ""
    }) { accountId } } }`);
    assert.equal(await tell(denied.decisionId, { "x-twisp-account-id": "Other" }), null);
    assert.equal(await tell("019c03a1-5d1c-7c3e-9a55-3f0f6f0c2b7e"), null);
    const bad = await server.request(explain, { id: "x" });
    assert.equal(bad.body.errors[0].extensions.code, "BAD_REQUEST");
  });

  it("answers can with a document as a read would be, and with a decision", async () => {
    const can = (code) => `{ auth { can(action: SELECT, resource: "financial.Account.document.code",
      document: {code: "${code}"}) { verdict decisionId } } }`;
    const cash = (await server.request(can("CASH"), {}, as("reader"))).body.data.auth.can;
    assert.equal(cash.verdict, "DENY");
    assert.equal((await tell(cash.decisionId)).summary, 'denied by policy 1 of client "people"');
    const other = (await server.request(can("OTHER"), {}, as("reader"))).body.data.auth.can;
    assert.equal(other.verdict, "ALLOW");
    assert.equal((await tell(other.decisionId)).effect, "ALLOW");
    const unknown = await server.request(`{ auth { can(action: SELECT,
      resource: "financial.Account.document.code", document: {cod: 1}) { verdict } } }`);
    assert.match(unknown.body.errors[0].message, /financial.Account has no property `cod`$/);
  });

  it("simulates policies before they are saved", async () => {
    const simulate = `query { auth { simulate(input: {
      claims: {email: "ada@example.com"}, action: UPDATE, resource: "financial.Account.document.name"
      policies: [{effect: ALLOW, actions: [UPDATE], resources: ["financial.Account"], assertions: {
        own: "context.document.metadata.owner == context.auth.claims.email"}}]
      document: {name: "Cash", metadata: {owner: "ada@example.com"}}
    }) { id effect summary policies { outcome assertions { seen { path value masked } } } } } }`;
    const { body } = await server.request(simulate);
    assert.equal(body.errors, undefined, JSON.stringify(body.errors));
    const { simulate: decision } = body.data.auth;
    assert.equal(decision.id, null);
    assert.equal(decision.effect, "ALLOW");
    assert.equal(decision.summary, "allowed by policy 0 of the simulation");
    assert.deepEqual(decision.policies[0].assertions[0].seen.map(({ value, masked }) => [value, masked]),
      [['"ada@example.com"', false], ['"ada@example.com"', false]]);
    const bad = await server.request(simulate.replace("own:", "bad:").replace("context.document.metadata.owner", "context.nothing"));
    assert.equal(bad.body.errors[0].extensions.code, "CEL_EVALUATION_ERROR");
  });
});
