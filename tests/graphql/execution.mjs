// Random valid documents with random variables, executed by our engine and by graphql-js over the
// same resolvers: the same data, the same errors at the same paths.
//
//   node execution.mjs ANSWER_REQUESTS [REFERENCE_SCHEMA]     SEED=7 COUNT=5000 to vary
import {
  buildSchema, execute, getNullableType, getVariableValues, isEnumType, isInputObjectType,
  isListType, isNonNullType, parse, typeFromAST, validate,
} from "graphql";

import { check } from "./checker.mjs";
import { Documents } from "./documents.mjs";
import { Random } from "./random.mjs";
import { schemas } from "./schemas.mjs";
import { fieldResolver } from "./stand_in.mjs";
import { write } from "./tokens.mjs";

const seed = Number(process.env.SEED ?? 20261125);
const count = Number(process.env.COUNT ?? 3000);

function scalar(name, random) {
  const wrong = random.chance(0.01);
  if (wrong) return random.pick([1.5, "x", true, [{}], { a: 1 }]);
  if (name === "Int") return random.between(-5, 20);
  if (name === "Float") return random.between(-40, 40) / 8;
  if (name === "Boolean") return random.chance(0.5);
  return random.pick(["a", "b\n", "é😀", ""]);
}

function value(type, random, depth = 0) {
  const nullable = getNullableType(type);
  if (!isNonNullType(type) && random.chance(0.15)) return null;
  if (isListType(nullable)) {
    if (random.chance(0.2)) return value(nullable.ofType, random, depth);
    return Array.from({ length: random.between(0, 2) }, () => value(nullable.ofType, random, depth));
  }
  if (isEnumType(nullable)) return random.pick(nullable.getValues()).name;
  if (!isInputObjectType(nullable)) return scalar(nullable.name, random);
  const object = {};
  for (const field of Object.values(nullable.getFields())) {
    const needed = isNonNullType(field.type) && field.defaultValue === undefined;
    if (needed || (depth < 3 && random.chance(0.5))) object[field.name] = value(field.type, random, depth + 1);
  }
  return object;
}

function variables(schema, operation, random) {
  const values = {};
  for (const { variable, type, defaultValue } of operation.variableDefinitions) {
    const declared = typeFromAST(schema, type);
    if ((!isNonNullType(declared) || defaultValue) && random.chance(0.3)) continue;
    values[variable.name.value] = value(declared, random);
  }
  return values;
}

const shownErrors = (errors = []) => errors.map(({ message, path }) => ({ message, path }));

// What graphql-js answers; undefined where it is no measure.
function expectation(schema, parsed, operation, sent) {
  if (operation.operation === "subscription") return undefined;
  // Arguments of an operation's own directives have to be constant with us.
  const own = operation.directives.flatMap((directive) => directive.arguments);
  if (own.some((argument) => argument.value.kind === "Variable")) return undefined;
  const coerced = getVariableValues(schema, operation.variableDefinitions, sent);
  if (coerced.errors) return { refused: coerced.errors.map(({ locations }) => locations) };
  const result = execute({
    schema, document: parsed, variableValues: sent, operationName: operation.name?.value, fieldResolver,
  });
  if (!("data" in result)) return undefined;
  return { data: JSON.stringify(result.data), errors: shownErrors(result.errors) };
}

function same(expected, { answer, refused }) {
  const ours = JSON.parse(answer);
  if (refused !== Boolean(expected.refused)) return false;
  if (refused) {
    return JSON.stringify(ours.errors.map(({ locations }) => locations)) === JSON.stringify(expected.refused);
  }
  if (JSON.stringify(ours.data) !== expected.data) return false;
  const errors = shownErrors(ours.errors);
  // When a root field makes everything null, graphql-js stops there and we go on (behaviour §2).
  const known = expected.data === "null" ? errors.slice(0, expected.errors.length) : errors;
  return JSON.stringify(known) === JSON.stringify(expected.errors);
}

const [program, reference] = process.argv.slice(2);
console.log(`seed ${seed}`);
const random = new Random(seed);
const list = schemas(reference);
const requests = [];
const expectations = [];
for (const [, sdl] of list) {
  const schema = buildSchema(sdl);
  const documents = new Documents(schema, random);
  requests.push({ schema: sdl });
  expectations.push(undefined);
  for (let made = 0; made < count / list.length; ++made) {
    const document = write(documents.document(0), random, false);
    // The introspection of graphql-js knows of more than October 2021.
    if (/__schema|__type\b/.test(document)) continue;
    // JavaScript has no integers that long, and writes them in its own way.
    if (/\d{16}/.test(document)) continue;
    const parsed = parse(document);
    if (validate(schema, parsed).length > 0) continue;
    const operation = random.pick(parsed.definitions.filter(({ kind }) => kind === "OperationDefinition"));
    const sent = variables(schema, operation, random);
    const expected = expectation(schema, parsed, operation, sent);
    if (expected === undefined) continue;
    requests.push({ document, operation: operation.name?.value ?? "", variables: sent });
    expectations.push(expected);
  }
}

const answers = await check(program, requests);
const different = answers.flatMap((answer, index) => {
  const expected = expectations[index];
  return (expected === undefined ? answer.ok : same(expected, answer)) ? [] : [index];
});
for (const index of different.slice(0, 5)) {
  console.log(`\nrequest ${index}: ${JSON.stringify(requests[index]).slice(0, 4000)}`);
  console.log(`  graphql-js ${JSON.stringify(expectations[index])?.slice(0, 3000)}`);
  console.log(`  ours       ${JSON.stringify(answers[index]).slice(0, 3000)}`);
}
const executed = expectations.filter((each) => each?.data);
console.log(`executed: ${executed.length}, with errors: ${executed.filter(({ errors }) => errors.length).length}, ` +
  `variables refused: ${expectations.filter((each) => each?.refused).length}, differences: ${different.length}`);
if (different.length > 0 || executed.length < count / 3) process.exitCode = 1;
