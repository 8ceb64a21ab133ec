// Our schema beside the public interface: whatever both declare is declared alike; what only we
// declare is on the list of extensions.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { buildSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType, isRequiredArgument } from "graphql";
import { startServer } from "../server.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const shared = process.env.STRONGROOM_SHARED ?? path.join(here, "..", "..", "..", "shared");

const extensions = new Set(["Whoami", "Can", "Verdict", "AuthQuery.whoami", "AuthQuery.can",
  "AuthQuery.explain", "AuthQuery.simulate", "AuthQuery.auditLog", "AuditRecord", "Decision", "PolicyTrace", "PolicyOutcome", "AssertionTrace",
  "AssertionOutcome", "SeenValue", "SimulateInput",
  // Clients can be renamed.
  "UpdateClientInput.name",
  // Every key of an index takes a filter.
  "TransactionFilterInput.created", "EntryFilterInput.sequence",
  "Index.status", "Index.progress", "IndexStatus", "Query.trialBalance", "TrialBalance", "TrialBalanceTotal",
  "Query.accountStatement", "AccountStatement"]);

function differences(ours, theirs) {
  const found = [];
  const differ = (where, a, b) => { if (String(a) !== String(b)) found.push(`${where}: ${a}, not ${b}`); };
  for (const type of Object.values(ours.getTypeMap())) {
    if (type.name.startsWith("__") || extensions.has(type.name)) continue;
    const other = theirs.getType(type.name);
    if (other === undefined) { found.push(`${type.name} is unknown`); continue; }
    if (isEnumType(type)) {
      for (const { name } of type.getValues()) {
        if (other.getValue(name) === undefined) found.push(`${type.name}.${name} is unknown`);
      }
    }
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    if (isInputObjectType(type)) {
      for (const field of Object.values(other.getFields())) {
        const optional = isRequiredArgument(field) === false;
        if (!optional && !(field.name in type.getFields())) found.push(`${type.name}.${field.name} is missing`);
      }
    }
    for (const field of Object.values(type.getFields())) {
      const where = `${type.name}.${field.name}`;
      if (extensions.has(where)) continue;
      const known = other.getFields()[field.name];
      if (known === undefined) { found.push(`${where} is unknown`); continue; }
      differ(where, field.type, known.type);
      differ(`default of ${where}`, JSON.stringify(field.defaultValue), JSON.stringify(known.defaultValue));
      for (const argument of field.args ?? []) {
        const its = known.args.find(({ name }) => name === argument.name);
        if (its === undefined) { found.push(`${where}(${argument.name}:) is unknown`); continue; }
        differ(`${where}(${argument.name}:)`, argument.type, its.type);
        differ(`default of ${where}(${argument.name}:)`, JSON.stringify(argument.defaultValue), JSON.stringify(its.defaultValue));
      }
      for (const needed of (known.args ?? []).filter(isRequiredArgument)) {
        if (!(field.args ?? []).some(({ name }) => name === needed.name)) found.push(`${where} lacks ${needed.name}`);
      }
    }
  }
  return found;
}

describe("the schema", () => {
  let server;
  let sdl;
  before(async () => {
    server = await startServer();
    const url = server.graphql.replace(/graphql$/, "schema.graphql");
    const answer = await server.fetch(url);
    assert.equal(answer.status, 200);
    sdl = await answer.text();
  });
  after(() => server?.stop());

  it("declares what the public interface declares, alike", () => {
    const reference = readFileSync(path.join(shared, "reference", "schema.graphql"), "utf8");
    assert.deepEqual(differences(buildSchema(sdl), buildSchema(reference, { assumeValidSDL: true })), []);
  });

  it("describes every type, field, argumentless enum value and input in our own words", () => {
    const ours = buildSchema(sdl);
    const bare = [];
    for (const type of Object.values(ours.getTypeMap())) {
      if (type.name.startsWith("__")) continue;
      if (!type.description) bare.push(type.name);
      const members = type.getFields ? Object.values(type.getFields()) : type.getValues?.() ?? [];
      for (const member of members) if (!member.description) bare.push(`${type.name}.${member.name}`);
    }
    assert.deepEqual(bare, []);
  });

  it("is what { _service { sdl } } answers", async () => {
    const answer = await server.request("{ _service { sdl } }");
    assert.equal(answer.body.data._service.sdl, sdl);
  });

  it("is not shown without a token", async () => {
    const url = server.graphql.replace(/graphql$/, "schema.graphql");
    const refused = await server.fetch(url, { headers: { authorization: "Bearer x" } });
    assert.equal(refused.status, 401);
  });
});
