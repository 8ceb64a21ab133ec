// What is refused and what is warned of when policies are written: every rule, through every way to
// write them, with its place and a hint. What is refused stores nothing.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { startServer } from "../server.mjs";

const allow = (change) => ({ effect: "ALLOW", actions: ["db:Select"], resources: ["financial.*"], ...change });
const deny = (change) => allow({ effect: "DENY", ...change });
const asserting = (expression) => ({ assertions: { a: expression } });

// [what, policy, where in the policy, in the message, in the hint; of groups alone]
const refusals = [
  ["an unknown effect", allow({ effect: "MAYBE" }), ["effect"], /MAYBE/, /ALLOW/, true],
  ["an unknown action", allow({ actions: ["db:select"] }), ["actions"], /`db:select`/, /`db:Select`/, true],
  ["no actions", allow({ actions: [] }), ["actions"], /`actions` is empty/, /at least one/],
  ["no resources", allow({ resources: [] }), ["resources"], /`resources` is empty/, /at least one/],
  ["an expression that isn't one", allow(asserting("1 +")), ["assertions", "a"], /1:4/, /./],
  ["an unknown name", allow(asserting("contxt.auth.principal == 'x'")), ["assertions", "a"], /1:1/, /context/],
  ["an assertion that is no boolean", allow(asserting("context.auth.principal")), ["assertions", "a"], /bool/, /./],
  ["a property that the ledger lacks", allow({ resources: ["financial.Account"], ...asserting("context.document.nope == 'x'") }),
    ["assertions", "a"], /financial.Account.*nope/s, /./],
  ["an enum against a text", allow({ resources: ["financial.Account"], ...asserting("context.document.status == 'ACTIVE'") }),
    ["assertions", "a"], /status|no matching/s, /ACTIVE/],
  ["an assertion that costs too much", allow(asserting(`[${"1,".repeat(300)}1].all(a, [${"1,".repeat(300)}1].all(b, a == b))`)),
    ["assertions", "a"], /cost/, /./],
  ["a text that is too long", allow(asserting(`'${"x".repeat(5000)}' == 'x'`)), ["assertions", "a"], /size exceeds limit/, /./],
];

// [code, policy, where in the policy, in the hint]
const warnings = [
  ["pattern_matches_nothing", allow({ resources: ["financial.Acount"], ...asserting("context.auth.claims.sub == 'x'") }),
    ["resources", 0], /snake_case/],
  ["assertion_fails_on_ledger", allow(asserting("context.auth.claims.sub == 'x' && context.document.external_id == 'x'")),
    ["assertions", "a"], /policy of their own/],
  ["assertion_is_constant", allow({ assertions: { a: "1 == 2", b: "context.auth.claims.sub == 'x'" } }), ["assertions", "a"], /leave it out/],
  ["client_administration", allow({ actions: ["db:Update"], resources: ["system.*"], ...asserting("context.auth.claims.sub == 'x'") }),
    ["resources"], /deny `system.Client`/],
  ["email_not_verified", allow(asserting("context.auth.claims.email == 'a@b.example'")), ["assertions"], /email_verified == true/],
  ["deny_fails_without_key", deny({ resources: ["financial.Account"], ...asserting("context.document.metadata.region == 'eu'") }),
    ["assertions", "a"], /has\(context.document.metadata\) && has\(context.document.metadata.region\)/],
  ["deny_fails_without_key", deny(asserting("context.auth.claims.team == 'x'")), ["assertions", "a"], /has\(context.auth.claims.team\)/],
];

const graphql = (policy) => ({ ...policy, actions: policy.actions.map((name) => name.slice(3).toUpperCase()) });
const outside = "https://shared.example";

describe("writing policies", () => {
  let server;
  before(async () => {
    server = await startServer();
    await ask(`mutation ($id: UUID!) { auth { createClient(input: {principal: "https://kept.example", name: "kept", policies: []}) { name } }
      admin { createGroup(input: {id: $id, name: "kept", description: "", policy: "[]"}) { name } } }`, { id: randomUUID() });
  });
  after(() => server?.stop());
  const ask = async (query, variables) => {
    const { body } = await server.request(query, variables);
    assert.equal(body.errors, undefined, JSON.stringify(body.errors));
    return body;
  };
  const stored = async () => (await ask(`{ auth { clients(first: 50) { nodes { principal policies { effect actions resources assertions } } } }
    admin { groups(first: 50) { nodes { name policy } } } }`)).data;

  const ways = {
    createClient: (policies) => ["auth", `mutation ($input: CreateClientInput!) @dryRun { auth { createClient(input: $input) { name } } }`,
      { input: { principal: outside, name: "new", policies: policies.map(graphql) } }],
    updateClient: (policies) => ["auth", `mutation ($input: UpdateClientInput!) { auth { updateClient(principal: "https://kept.example", input: $input) { name } } }`,
      { input: { policies: policies.map(graphql) } }],
    createGroup: (policies) => ["admin", `mutation ($input: CreateGroupInput!) @dryRun { admin { createGroup(input: $input) { name } } }`,
      { input: { id: randomUUID(), name: "new", description: "", policy: JSON.stringify(policies) } }],
    updateGroup: (policies) => ["admin", `mutation ($input: UpdateGroupInput!) { admin { updateGroup(input: $input) { name } } }`,
      { input: { name: "kept", policy: JSON.stringify(policies) } }],
  };
  const fine = allow(asserting("context.auth.claims.sub == 'x'"));

  for (const [way, request] of Object.entries(ways)) {
    const ofGroup = way.endsWith("Group");
    it(`${way} refuses every bad policy with its place and a hint, and stores nothing`, async () => {
      const was = await stored();
      for (const [what, policy, where, message, hint, groupsAlone] of refusals) {
        if (groupsAlone && !ofGroup) continue;
        const [root, query, variables] = request([fine, policy]);
        const { body } = await server.request(query, variables);
        assert.equal(body.errors?.length, 1, `${what}: ${JSON.stringify(body)}`);
        const [error] = body.errors;
        const place = ofGroup ? ["policy"] : ["policies", 1, ...where];
        assert.deepEqual(error.path, [root, way, "input", ...place], what);
        if (ofGroup) assert.match(error.message, /policies\[1\]/, what);
        assert.match(error.message, message, what);
        assert.match(error.extensions.hint ?? "", hint, what);
      }
      assert.deepEqual(await stored(), was);
    });

    it(`${way} warns of every policy that is probably not meant`, async () => {
      for (const [code, policy, where, hint] of warnings) {
        const [root, query, variables] = request([fine, policy]);
        const { extensions } = await ask(query, variables);
        assert.deepEqual(extensions?.warnings?.map((warning) => warning.code), [code], JSON.stringify(extensions));
        const [warning] = extensions.warnings;
        assert.equal(warning.policy, 1);
        assert.deepEqual(warning.path, [root, way, "input", ...(ofGroup ? ["policy"] : ["policies", 1, ...where])]);
        assert.match(warning.hint, hint);
      }
      const [, query, variables] = request([fine]);
      assert.equal((await ask(query, variables)).extensions, undefined);
    });
  }

  it("warns of a shared issuer whose tokens are told apart by nothing", async () => {
    const bound = ["aud == 'x'", "sub == 'x'", "hd == 'a.example'", "email == 'a@b.example' && context.auth.claims.email_verified"];
    for (const [policy, expected] of [[allow({}), "issuer_without_subject"], [allow(asserting("context.auth.claims.azp == 'x'")), "issuer_without_subject"],
      ...bound.map((claim) => [allow(asserting(`context.auth.claims.${claim}`)), undefined])]) {
      const [, query, variables] = ways.createClient([policy]);
      const { extensions } = await ask(query, variables);
      assert.equal(extensions?.warnings[0].code, expected, JSON.stringify(policy));
    }
  });

  it("warns of a role with a path and of a session, which no token names", async () => {
    for (const principal of ["arn:aws:iam::012345678901:role/path/name", "arn:aws:sts::012345678901:assumed-role/name/session"]) {
      const [, query, variables] = ways.createClient([]);
      const { extensions } = await ask(query, { input: { ...variables.input, principal } });
      assert.deepEqual(extensions.warnings.map(({ code, path }) => [code, path]),
        [["principal_never_matches", ["auth", "createClient", "input", "principal"]]]);
    }
  });

  it("refuses what leaves nobody able to write clients, unless it is forced", async () => {
    const { principal } = (await ask("{ auth { whoami { principal } } }")).data.auth.whoami;
    const remove = (directives) => [`mutation ($principal: String!) ${directives} { auth { deleteClient(principal: $principal) { __typename } } }`, { principal }];
    const update = (directives) => [`mutation ($principal: String!) ${directives} { auth { updateClient(principal: $principal, input: {policies: []}) { __typename } } }`, { principal }];
    const was = await stored();
    for (const change of [remove, update]) {
      const { body } = await server.request(...change(""));
      assert.match(body.errors[0].message, /nobody could write the clients of this tenant any more/);
      assert.match(body.errors[0].extensions.hint, /@force/);
      const { extensions } = await ask(...change("@force @dryRun"));
      assert.deepEqual(extensions.warnings.map(({ code, path }) => [code, path[1]]), [["nobody_manages_clients", change === remove ? "deleteClient" : "updateClient"]]);
    }
    assert.deepEqual(await stored(), was);
    await ask(...remove("@force"));
    assert.equal((await server.request("{ __typename }")).status, 401);  // its issuer has no client left
  });
});
