// Thousands of documents, valid and not, judged by our parser and rules and by graphql-js: the same
// verdict, the same messages in the same order, the same positions.
//
//   node differential.mjs CHECK_DOCUMENTS [REFERENCE_SCHEMA]     SEED=7 COUNT=5000 to vary
import { buildSchema, GraphQLError, parse, validate } from "graphql";

import { cases } from "./cases.mjs";
import { check } from "./checker.mjs";
import { Documents } from "./documents.mjs";
import { Random } from "./random.mjs";
import { schemas } from "./schemas.mjs";
import { spoil, write } from "./tokens.mjs";
import { recordedWording } from "./wording.mjs";

const seed = Number(process.env.SEED ?? 20261125);
const count = Number(process.env.COUNT ?? 4500);

// Every rule has to be broken by some document, or the comparison would say nothing of it.
const rules = {
  ExecutableDefinitions: /definition is not executable/,
  UniqueOperationNames: /only one operation named/,
  LoneAnonymousOperation: /anonymous operation must be the only/,
  SingleFieldSubscriptions: /must select only one top level field|introspection top level field/,
  KnownTypeNames: /^Unknown type/,
  FragmentsOnCompositeTypes: /cannot condition on non composite type/,
  VariablesAreInputTypes: /cannot be non-input type/,
  ScalarLeafs: /must not have a selection|must have a selection/,
  FieldsOnCorrectType: /^Cannot query field/,
  UniqueFragmentNames: /only one fragment named/,
  KnownFragmentNames: /^Unknown fragment/,
  NoUnusedFragments: /^Fragment .* is never used/,
  PossibleFragmentSpreads: /cannot be spread here/,
  NoFragmentCycles: /^Cannot spread fragment .* within itself/,
  UniqueVariableNames: /only one variable named/,
  NoUndefinedVariables: /^Variable .* is not defined/,
  NoUnusedVariables: /^Variable .* is never used/,
  KnownDirectives: /^Unknown directive|may not be used on/,
  UniqueDirectivesPerLocation: /can only be used once at this location/,
  KnownArgumentNames: /^Unknown argument/,
  UniqueArgumentNames: /only one argument named/,
  ValuesOfCorrectType:
    /cannot represent|^Expected value of type|does not exist in|not provided\.$|not defined by type/,
  ProvidedRequiredArguments: /is required, but it was not provided/,
  VariablesInAllowedPosition: /used in position expecting type/,
  OverlappingFieldsCanBeMerged: /conflict because/,
  UniqueInputFieldNames: /only one input field named/,
  MaxIntrospectionDepth: /Maximum introspection depth/,
};

// What graphql-js says, in the form of check_documents. Undefined where it throws inside a rule.
function judge(schema, { document, suggestions }) {
  const shown = (errors, wording) =>
    errors.map((error) => ({
      message: wording(error.message),
      locations: (error.locations ?? []).map(({ line, column }) => [line, column]),
    }));
  let parsed;
  try {
    parsed = parse(document);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { verdict: "unparsable", errors: shown([error], recordedWording) };
  }
  try {
    const errors = validate(schema, parsed, undefined, { hideSuggestions: !suggestions });
    if (errors.length === 0) return { verdict: "valid" };
    return { verdict: "invalid", errors: shown(errors, (message) => message) };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return undefined;
  }
}

function generate(schema, random, amount) {
  const documents = new Documents(schema, random);
  return Array.from({ length: amount }, (_, index) => {
    const kind = index % 5; // valid; slightly wrong; quite wrong; spoiled; crowded
    const tokens = documents.document([0, 0.01, 0.04, 0, 0][kind], kind === 4);
    const text = write(kind === 3 ? spoil(tokens, random) : tokens, random, random.chance(0.3));
    return { document: text, suggestions: random.chance(0.5) };
  });
}

const [program, reference] = process.argv.slice(2);
console.log(`seed ${seed}`);
const random = new Random(seed);
const list = schemas(reference);
const requests = [];
const expected = [];
for (const [name, sdl] of list) {
  const schema = buildSchema(sdl);
  const documents = generate(schema, random, Math.ceil(count / list.length));
  if (name === "pets") {
    for (const document of cases) {
      documents.push({ document, suggestions: true }, { document, suggestions: false });
    }
  }
  requests.push({ schema: sdl });
  expected.push({ ok: true });
  for (const document of documents) {
    const verdict = judge(schema, document);
    if (verdict === undefined) continue;
    requests.push(document);
    expected.push(verdict);
  }
}

const answers = await check(program, requests);
const different = answers.flatMap((answer, index) =>
  JSON.stringify(answer) === JSON.stringify(expected[index]) ? [] : [index],
);
for (const index of different.slice(0, 10)) {
  console.log(`\nrequest ${index}: ${JSON.stringify(requests[index]).slice(0, 4000)}`);
  console.log(`  graphql-js ${JSON.stringify(expected[index]).slice(0, 2000)}`);
  console.log(`  ours       ${JSON.stringify(answers[index]).slice(0, 2000)}`);
}

const verdicts = expected.reduce((sums, { verdict }) => {
  if (verdict) sums[verdict] = (sums[verdict] ?? 0) + 1;
  return sums;
}, {});
const messages = expected
  .filter(({ verdict }) => verdict === "invalid")
  .flatMap(({ errors }) => errors.map(({ message }) => message));
const unbroken = Object.entries(rules).filter(([, words]) => !messages.some((m) => words.test(m)));
console.log(`documents: ${JSON.stringify(verdicts)}, errors of rules: ${messages.length}`);
for (const [name] of unbroken) console.log(`no document broke the rule ${name}`);
console.log(`differences: ${different.length}`);
if (different.length > 0 || unbroken.length > 0 || expected.length < 2000) process.exitCode = 1;
