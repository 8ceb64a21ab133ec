// Users of the organization, matched by the verified e-mail of the console's issuer, have the
// policies of all their groups (SPEC 3.4).
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { startServer } from "../server.mjs";
import { codesOf } from "./book.mjs";
import { startProvider } from "./provider.mjs";

const policy = (...policies) => JSON.stringify(policies);
const allow = (actions, resources, assertions) => ({ effect: "ALLOW", actions, resources, ...(assertions && { assertions }) });
const readers = policy(allow(["db:Select"], ["financial.*"]));
const writers = policy(allow(["db:Insert", "db:Select"], ["financial.Journal"]));

describe("users and groups", () => {
  let provider;
  let elsewhere;
  let server;
  const groups = {};  // ids by name

  const as = async (person, from = provider) => ({ authorization: `Bearer ${await from.token(person)}` });
  const run = async (query, variables, headers) => server.request(query, variables, headers);
  const must = async (query, variables, headers) => {
    const answer = await run(query, variables, headers);
    assert.equal(answer.body?.errors, undefined, answer.text);
    return answer.body;
  };
  const createGroup = (name, text) => {
    groups[name] = randomUUID();
    return run("mutation ($input: CreateGroupInput!) { admin { createGroup(input: $input) { name } } }",
      { input: { id: groups[name], name, description: name, policy: text } });
  };
  const updateGroup = (name, text) =>
    must("mutation ($input: UpdateGroupInput!) { admin { updateGroup(input: $input) { name } } }", { input: { name, policy: text } });
  const createUser = (email, ...names) =>
    must("mutation ($input: CreateUserInput!) { admin { createUser(input: $input) { email } } }",
      { input: { id: randomUUID(), email, groupIds: names.map((name) => groups[name]) } });
  const updateUser = (email, ...names) =>
    must("mutation ($input: UpdateUserInput!) { admin { updateUser(input: $input) { email } } }",
      { input: { email, groupIds: names.map((name) => groups[name]) } });
  const whoami = async (headers) => run("{ auth { whoami { principal client groups } } }", {}, headers);
  const statusOf = async (person, from) => (await whoami(await as(person, from))).status;
  const makeJournal = async (headers) => run(`mutation { createJournal(input: {journalId: "${randomUUID()}", name: "j",
    code: "J${randomUUID().slice(0, 8)}"}) { name } }`, {}, headers);

  before(async () => {
    const alice = { email: "alice@example.com", email_verified: true };
    provider = await startProvider({
      alice, bob: { email: "bob@example.com", email_verified: true },
      unverified: { ...alice, email_verified: false }, unsaid: { email: alice.email },
      text: { ...alice, email_verified: "true" }, nameless: { email_verified: true },
      capital: { ...alice, email: "Alice@example.com" }, list: { ...alice, email: [alice.email] },
    });
    elsewhere = await startProvider({ alice });
    server = await startServer({ arguments: ["--issuer-ca", provider.caFile, "--console-issuer", provider.issuer] });
    await must("mutation { auth { createClient(input: {principal: \"https://unused.example\", name: \"x\", policies: []}) { name } } }");
  });
  after(async () => {
    await server?.stop();
    await provider?.stop();
    await elsewhere?.stop();
  });

  it("know the console's issuer without a client, and no user before it was created", async () => {
    assert.equal(await statusOf("alice"), 403);
    assert.equal((await createGroup("readers", readers)).body.errors, undefined);
    assert.equal(await statusOf("alice"), 403);
    await createUser("alice@example.com", "readers");
    const answer = await whoami(await as("alice"));
    assert.deepEqual(answer.body.data.auth.whoami, { principal: provider.issuer, client: null, groups: ["readers"] });
    assert.equal(await statusOf("bob"), 403);
  });

  it("match a verified e-mail of that issuer alone, letter by letter", async () => {
    for (const person of ["unverified", "unsaid", "text", "nameless", "capital", "list"]) {
      assert.equal(await statusOf(person), 403, person);
    }
    assert.equal(await statusOf("alice", elsewhere), 401, "nobody registered this issuer");
  });

  it("have what their group allows, and no more", async () => {
    const headers = await as("alice");
    const read = await must("{ journals(index: {name: CODE}, first: 10) { nodes { name } } }", {}, headers);
    assert.ok(read.data.journals.nodes.length >= 0);
    assert.deepEqual(codesOf(await makeJournal(headers)), ["ACCESS_DENIED"]);
    assert.deepEqual(codesOf(await run('{ auth { clients(first: 1) { nodes { name } } } }', {}, headers)), ["ACCESS_DENIED"]);
  });

  it("have the policies of all their groups, decided together, from the next request on", async () => {
    const headers = await as("alice");
    assert.equal((await createGroup("writers", writers)).body.errors, undefined);
    await updateUser("alice@example.com", "readers", "writers");
    assert.deepEqual((await whoami(headers)).body.data.auth.whoami.groups, ["readers", "writers"]);
    assert.equal((await makeJournal(headers)).body.errors, undefined);
    const deny = { effect: "DENY", actions: ["db:Insert"], resources: ["financial.*"] };
    assert.equal((await createGroup("frozen", policy(deny))).body.errors, undefined);
    await updateUser("alice@example.com", "frozen", "writers", "readers");
    assert.deepEqual(codesOf(await makeJournal(headers)), ["ACCESS_DENIED"], "a DENY of any group wins");
    await updateGroup("frozen", "[]");
    assert.equal((await makeJournal(headers)).body.errors, undefined);
  });

  it("have them in force at once when a group changes, with assertions on claims and documents", async () => {
    const headers = await as("alice");
    await updateUser("alice@example.com", "writers");
    await updateGroup("writers", policy(allow(["*"], ["financial.Journal"], {
      alice: "context.auth.claims.email == 'alice@example.com'", named: "context.document.name == 'j'",
    })));
    assert.equal((await makeJournal(headers)).body.errors, undefined);
    await updateGroup("writers", policy(allow(["*"], ["financial.Journal"], { bob: "context.auth.claims.email == 'bob@example.com'" })));
    assert.deepEqual(codesOf(await makeJournal(headers)), ["ACCESS_DENIED"]);
    await updateGroup("writers", writers);
  });

  it("have them together with those of the issuer's client", async () => {
    const headers = await as("alice");
    const client = (effect) => must(`mutation ($p: String!) { auth { createClient(input: {principal: $p, name: "console",
      policies: [{effect: ${effect}, actions: [INSERT], resources: ["financial.Journal"]}]}) { name } } }`, { p: provider.issuer });
    await client("DENY");
    assert.deepEqual((await whoami(headers)).body.data.auth.whoami, { principal: provider.issuer, client: "console", groups: ["writers"] });
    assert.deepEqual(codesOf(await makeJournal(headers)), ["ACCESS_DENIED"]);
    assert.equal((await whoami(await as("bob"))).status, 200, "the client is everybody's of the issuer");
    await must("mutation ($p: String!) { auth { deleteClient(principal: $p) { name } } }", { p: provider.issuer });
    assert.equal((await makeJournal(headers)).body.errors, undefined);
    assert.equal(await statusOf("bob"), 403);
  });

  it("hold in every tenant of the organization", async () => {
    await must(`mutation { admin { createTenant(input: {id: "${randomUUID()}", accountId: "Second", name: "s", description: "d"}) { name } } }`);
    const answer = await whoami({ ...await as("alice"), "x-twisp-account-id": "Second" });
    assert.deepEqual(answer.body.data.auth.whoami.groups, ["writers"]);
    assert.equal((await whoami({ ...await as("alice"), "x-twisp-account-id": "Third" })).status, 403);
  });

  for (const [what, text, code, message] of [
    ["is no JSON", "{", "JSON_PARSE_ERROR", /./],
    ["is no list", '{"effect":"ALLOW"}', "BAD_REQUEST", /./],
    ["has an unknown effect", policy({ ...allow(["db:Select"], ["*"]), effect: "PERMIT" }), "BAD_REQUEST", /policies\[0\]/],
    ["has an unknown action", policy(allow(["db:Drop"], ["*"])), "BAD_REQUEST", /policies\[0\]/],
    ["has no action", policy(allow([], ["*"])), "BAD_REQUEST", /policies\[0\]/],
    ["has no resource", policy(allow(["*"], ["financial.*"]), allow(["*"], [])), "BAD_REQUEST", /policies\[1\]/],
    ["has an unknown member", policy({ ...allow(["*"], ["*"]), extra: 1 }), "BAD_REQUEST", /./],
    ["has an assertion that does not parse", policy(allow(["*"], ["*"], { broken: "1 +" })), "CEL_EVALUATION_ERROR", /policies\[0\]: assertion `broken`: ERROR: <input>:1:4/],
    ["has an assertion that is not true or false", policy(allow(["*"], ["*"], { number: "1" })), "CEL_EVALUATION_ERROR", /policies\[0\]: assertion `number`: ERROR: <input>:1:1/],
    ["has a member twice", '[{"effect":"ALLOW","effect":"DENY","actions":["*"],"resources":["*"]}]', "JSON_PARSE_ERROR", /./],
  ]) {
    it(`refuse a policy that ${what}, and store nothing`, async () => {
      const answer = await createGroup("bad", text);
      assert.deepEqual(codesOf(answer), [code], answer.text);
      assert.match(answer.body.errors[0].message, message);
      const read = await must("{ admin { groups(first: 100) { nodes { name } } } }");
      assert.ok(read.data.admin.groups.nodes.every(({ name }) => name !== "bad"));
      const update = await run("mutation ($input: UpdateGroupInput!) { admin { updateGroup(input: $input) { name } } }",
        { input: { name: "writers", policy: text } });
      assert.deepEqual(codesOf(update), [code], update.text);
    });
  }

  it("have their policies refused with the words that a client's are refused with", async () => {
    for (const assertions of [{ broken: "1 +" }, { number: "1" }]) {
      const group = await createGroup("bad", policy(allow(["db:Select"], ["*"], assertions)));
      const client = await run(`mutation ($assertions: ExpressionMap) { auth { createClient(input: {principal: "https://x.example", name: "x",
        policies: [{effect: ALLOW, actions: [SELECT], resources: ["*"], assertions: $assertions}]}) { name } } }`, { assertions });
      const words = ({ body }) => body.errors[0].message.replace(/^input: \S+ /, "");
      assert.equal(words(group), words(client));
      assert.deepEqual(codesOf(group), codesOf(client));
    }
  });

  it("warn of a pattern that matches nothing, as clients do", async () => {
    const answer = await createGroup("careless", policy(allow(["db:Select"], ["financial.Acount"])));
    assert.equal(answer.body.errors, undefined);
    assert.deepEqual(answer.body.extensions.warnings.map(({ code }) => code), ["pattern_matches_nothing"]);
  });

  it("are changed by those alone who have the rights on them", async () => {
    const headers = await as("alice");
    for (const query of [
      `mutation { admin { createGroup(input: {id: "${randomUUID()}", name: "mine", description: "d", policy: "[]"}) { name } } }`,
      `mutation { admin { createUser(input: {id: "${randomUUID()}", email: "eve@example.com", groupIds: []}) { email } } }`,
      `mutation { admin { updateUser(input: {email: "alice@example.com", groupIds: []}) { email } } }`,
      `mutation { admin { deleteGroup(name: "readers") { name } } }`,
    ]) assert.deepEqual(codesOf(await run(query, {}, headers)), ["ACCESS_DENIED"], query);
  });

  it("lose it all at once with the group, and with the user", async () => {
    const headers = await as("alice");
    assert.equal((await whoami(headers)).status, 200);
    await must('mutation { admin { deleteGroup(name: "writers") { name } } }');
    assert.equal((await whoami(headers)).status, 403, "the only group is gone");
    await updateUser("alice@example.com", "readers");
    assert.equal((await whoami(headers)).status, 200);
    await must('mutation { admin { deleteUser(email: "alice@example.com") { email } } }');
    assert.equal((await whoami(headers)).status, 403);
  });
});
