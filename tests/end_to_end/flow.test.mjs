// The flow of the public description (security-and-auth), sentence by sentence, against a running
// server and a certified OpenID provider.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer } from "../server.mjs";
import { codesOf, deposit, ids, makeBook, post, readBalance } from "./book.mjs";
import { algorithms, startProvider } from "./provider.mjs";

const createTenants = `mutation CreateTenants {
  admin {
    staging:createTenant(
      input: {
        id: "d9d8f1c0-0299-4d5b-b2b6-85beafdda28b"
        accountId: "TwispStaging"
        name: "staging"
        description: "staging environment for Twisp"
      }
    ) { accountId name }
    production:createTenant(
      input: {
        id: "848df974-4133-4ee4-ab45-86e5e29b6822"
        accountId: "TwispProd"
        name: "production"
        description: "production environment for Twisp"
      }
    ) { accountId name }
  }
}`;

const perUserPolicies = `[
  { actions: [SELECT] resources: ["*"] effect: ALLOW
    assertions: { isMike: "context.auth.claims.email == 'michael@twisp.com'" } }
  { actions: [SELECT, INSERT, UPDATE, DELETE] resources: ["*"] effect: ALLOW
    assertions: { isJarred: "context.auth.claims.email == 'jarred@twisp.com'" } }
]`;

const createGoogleClient = `mutation CreateGoogleCloudClient {
  auth { createClient(input: {
    name: "michael gcloud readonly" principal: "https://accounts.google.com"
    policies: ${perUserPolicies} }) { principal } }
}`;

const createIamClient = `mutation CreateIAMAuthClient {
  auth { createClient(input: {
    principal: "arn:aws:iam::012345678901:role/example-role"
    name: "example role policy"
    policies: [{ effect: ALLOW actions: [SELECT, INSERT, UPDATE, DELETE] resources: ["*"] }]
  }) { principal } }
}`;

const createProviderClient = `mutation ($principal: String!) {
  auth { createClient(input: { name: "our provider" principal: $principal
    policies: ${perUserPolicies} }) { principal } }
}`;

describe("the flow of the description", () => {
  let provider;
  let server;
  const inStaging = { "x-twisp-account-id": "TwispStaging" };
  const as = async (person, alg) => ({
    ...inStaging, authorization: `Bearer ${await provider.token(person, alg)}`,
  });

  before(async () => {
    provider = await startProvider({
      jarred: { email: "jarred@twisp.com", email_verified: true },
      michael: { email: "michael@twisp.com", email_verified: true },
      stranger: { email: "eve@example.com", email_verified: true },
    });
    server = await startServer({ arguments: ["--issuer-ca", provider.caFile] });
  });
  after(async () => {
    await server?.stop();
    await provider?.stop();
  });

  it("creates tenants from an existing account", async () => {
    const answer = await server.request(createTenants);
    assert.deepEqual(answer.body, {
      data: { admin: {
        staging: { accountId: "TwispStaging", name: "staging" },
        production: { accountId: "TwispProd", name: "production" },
      } },
    });
  });

  it("does not contact an issuer that no client has", async () => {
    const answer = await server.request("{ __typename }", {}, await as("jarred"));
    assert.equal(answer.status, 401);
    assert.equal(answer.headers["www-authenticate"], 'Bearer error="invalid_token"');
    assert.deepEqual(codesOf(answer), ["ACCESS_DENIED"]);
    assert.equal(provider.state.requests, 0);
  });

  it("creates clients as the description writes them", async () => {
    const google = await server.request(createGoogleClient, {}, inStaging);
    assert.equal(google.body.data.auth.createClient.principal, "https://accounts.google.com");
    const role = await server.request(createIamClient, {}, inStaging);
    assert.equal(role.body.data.auth.createClient.principal,
                 "arn:aws:iam::012345678901:role/example-role");
    assert.equal(role.body.errors, undefined);
    const ours = await server.request(createProviderClient, { principal: provider.issuer }, inStaging);
    assert.equal(ours.body.data.auth.createClient.principal, provider.issuer);
  });

  it("warns of a shared issuer whose people nobody tells apart", async () => {
    const answer = await server.request(`mutation { auth { createClient(input: {
      name: "careless" principal: "https://shared.example"
      policies: [{ effect: ALLOW actions: [SELECT] resources: ["financial.*", "financial.Acount"] }]
    }) { name } } }`, {}, inStaging);
    assert.equal(answer.body.errors, undefined);
    assert.deepEqual(answer.body.extensions.warnings.map(({ code }) => code).sort(),
                     ["issuer_without_subject", "pattern_matches_nothing"]);
  });

  for (const alg of algorithms) {
    it(`takes a token of the provider signed with ${alg}`, async () => {
      const answer = await server.request("{ auth { whoami { principal accountId client } } }", {},
                                          await as("jarred", alg));
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.body.data.auth.whoami, {
        principal: provider.issuer, accountId: "TwispStaging", client: "our provider",
      });
    });
  }

  it("lets the one with full rights keep a book and post", async () => {
    const made = await server.request(makeBook, {}, await as("jarred"));
    assert.equal(made.body.errors, undefined, JSON.stringify(made.body));
    const posted = await server.request(post, deposit("18.45"), await as("jarred"));
    assert.deepEqual(posted.body.data.postTransaction.entries.nodes, [
      { direction: "DEBIT", units: "18.45", currency: "USD", sequence: 1 },
      { direction: "CREDIT", units: "18.45", currency: "USD", sequence: 2 },
    ]);
    await server.request(post, deposit("100"), await as("jarred"));
    const balance = await server.request(readBalance, {}, await as("jarred"));
    assert.deepEqual(balance.body.data.balance, {
      version: 2,
      settled: { crBalance: { units: "118.45" }, drBalance: { units: "0" },
                 normalBalance: { units: "118.45", formatted: "$118.45" } },
    });
  });

  it("lets the reader read, and refuses the posting", async () => {
    const balance = await server.request(readBalance, {}, await as("michael"));
    assert.equal(balance.body.data.balance.settled.normalBalance.units, "118.45");
    const refused = await server.request(post, deposit("1.00"), await as("michael"));
    assert.equal(refused.status, 200);
    assert.equal(refused.body.data, null);
    assert.deepEqual(codesOf(refused), ["ACCESS_DENIED"]);
    const again = await server.request(readBalance, {}, await as("michael"));
    assert.deepEqual(again.body, balance.body);
  });

  it("shows a third user of the issuer nothing", async () => {
    const answer = await server.request(readBalance, {}, await as("stranger"));
    assert.equal(answer.status, 200);
    assert.equal(answer.body.data.balance, null);
    assert.deepEqual(codesOf(answer), ["ACCESS_DENIED"]);
  });

  it("keeps tenants apart", async () => {
    const prod = { "x-twisp-account-id": "TwispProd" };
    const empty = await server.request(
      `{ account(id: "${ids.customer}") { accountId }
         accounts(index: {name: NAME}, first: 10) { nodes { accountId } } }`, {}, prod);
    assert.deepEqual(empty.body.data, { account: null, accounts: { nodes: [] } });
    const foreign = { authorization: `Bearer ${await provider.token("jarred")}` };
    const noClient = await server.request("{ __typename }", {}, { ...prod, ...foreign });
    const noTenant = await server.request("{ __typename }", {},
                                          { "x-twisp-account-id": "Nobody", ...foreign });
    assert.equal(noClient.status, 403);
    assert.equal(noTenant.status, 403);
    assert.equal(noClient.text, noTenant.text);
  });

  it("goes on after the provider has rotated its keys", async () => {
    provider.rotate();
    const headers = await as("jarred");
    // An issuer is asked for an unknown key at most once in 30 seconds (security 2.44).
    let status = 401;
    for (let tries = 0; status === 401 && tries < 40; tries += 1) {
      ({ status } = await server.request("{ __typename }", {}, headers));
      if (status === 401) await new Promise((done) => setTimeout(done, 1000));
    }
    assert.equal(status, 200);
    assert.ok(provider.state.requests <= 6, `${provider.state.requests} requests`);
  });

  it("keeps verifying while the provider is down, and after it is back", async () => {
    const headers = await as("jarred");
    const fresh = await as("michael");
    await provider.down();
    for (const held of [headers, fresh]) {
      assert.equal((await server.request("{ __typename }", {}, held)).status, 200);
    }
    await provider.up();
    assert.equal((await server.request("{ __typename }", {}, await as("michael"))).status, 200);
  });

  it("refuses at once what a deleted client could do", async () => {
    const headers = await as("jarred");
    assert.equal((await server.request("{ __typename }", {}, headers)).status, 200);
    const deleted = await server.request(
      "mutation ($p: String!) { auth { deleteClient(principal: $p) { principal } } }",
      { p: provider.issuer }, inStaging);
    assert.equal(deleted.body.errors, undefined);
    assert.notEqual((await server.request("{ __typename }", {}, headers)).status, 200);
  });
});
