// The resolvers of answer_requests.cc, for graphql-js.
import {
  getNamedType, getNullableType, GraphQLError, isAbstractType, isEnumType, isLeafType, isListType,
} from "graphql";

function hash(text) {
  let value = 2166136261; // FNV-1a
  for (const byte of Buffer.from(text, "utf8")) value = Math.imul(value ^ byte, 16777619) >>> 0;
  return value;
}

const next = (value, step) => hash(`${value}/${step}`);

function leaf(type, value) {
  if (isEnumType(type)) return type.getValues()[value % type.getValues().length].value;
  if (type.name === "Int") return value % 1000;
  if (type.name === "Float") return (value % 1000) / 4;
  if (type.name === "Boolean") return value % 2 === 1;
  return `${type.name}${value}`;
}

function made(schema, type, value) {
  if (value % 17 === 3) return new GraphQLError("lost");
  if (value % 11 === 0) return null;
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    return Array.from({ length: value % 3 }, (_, i) => made(schema, nullable.ofType, next(value, i)));
  }
  const named = getNamedType(type);
  if (isLeafType(named)) return leaf(named, value);
  const possible = isAbstractType(named) ? schema.getPossibleTypes(named) : [named];
  const names = possible.map(({ name }) => name);
  names.sort();
  return { __typename: names[value % names.length], seed: value };
}

// Arguments as answer_requests.cc writes them.
function written(type, value) {
  if (value === null) return null;
  const nullable = getNullableType(type);
  if (isListType(nullable)) return value.map((item) => written(nullable.ofType, item));
  if (nullable.name === "Float") return value.toFixed(3);
  if (!nullable.getFields) return value;
  return members(Object.values(nullable.getFields()), value);
}

function members(declared, values) {
  const out = {};
  for (const { name, type } of declared) if (values[name] !== undefined) out[name] = written(type, values[name]);
  return out;
}

export function fieldResolver(source, args, _context, info) {
  const field = info.parentType.getFields()[info.fieldName];
  const value = next(source?.seed ?? 0, `${info.fieldName}/${JSON.stringify(members(field.args, args))}`);
  if (value % 13 === 1) throw new GraphQLError("broken");
  return made(info.schema, field.type, value);
}
