// Random documents for a schema: valid ones, and ones with every kind of mistake.
import {
  getNamedType, getNullableType, isAbstractType, isCompositeType, isInputType, isLeafType,
  isListType, isNonNullType, isRequiredArgument, isUnionType, GraphQLNonNull,
} from "graphql";

import { Values } from "./values.mjs";

const introspection = ["__schema", "__type"];

export class Documents {
  // `withVariables`: operations may have some.
  constructor(schema, random, { withVariables = true } = {}) {
    this.schema = schema;
    this.random = random;
    this.withVariables = withVariables;
    this.values = new Values(random);
    const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith("__"));
    this.composites = types.filter(isCompositeType);
    this.inputs = types.filter(isInputType);
  }

  // Tokens of a document. `sour` is the chance of a mistake at each place where one can be made;
  // `crowded`: the fields have so few response keys that they meet.
  document(sour, crowded = false) {
    const { random } = this;
    this.sour = sour;
    this.crowded = crowded;
    this.fragments = new Map(); // name -> tokens
    this.operation = 0;
    const count = random.chance(0.2) ? random.between(2, 3) : 1;
    const parts = Array.from({ length: count }, () => this.operationTokens(count > 1));
    parts.push(...this.fragments.values());
    if (this.wrong()) parts.push(this.strayDefinition());
    const fragments = [...this.fragments.values()];
    if (this.wrong() && fragments.length > 0) parts.push(random.pick(fragments));
    if (random.chance(0.3)) parts.reverse();
    return parts.flat();
  }

  wrong() {
    return this.random.chance(this.sour);
  }

  name(name) {
    return this.wrong() ? this.random.misspell(name) : name;
  }

  operationTokens(named) {
    const { random, schema } = this;
    const kinds = ["query", "mutation", "subscription"].filter((kind) => schema.getRootType(kind));
    const kind = random.chance(0.6) ? "query" : random.pick(kinds);
    this.kind = kind;
    this.variables = new Map(); // name -> type
    const root = schema.getRootType(kind);
    const directives = this.directives(kind.toUpperCase());
    const set = this.selectionSet(root, 0, kind === "subscription" && !this.wrong());
    const definitions = this.variableDefinitions();
    const name = `Op${this.wrong() ? 0 : this.operation++}`;
    const anonymous = this.wrong() || (!named && random.chance(0.4));
    if (kind === "query" && anonymous && directives.length + definitions.length === 0) return set;
    return [kind, ...(anonymous ? [] : [name]), ...definitions, ...directives, ...set];
  }

  variableDefinitions() {
    const { random } = this;
    const definitions = [...this.variables].flatMap(([name, type]) => {
      if (this.wrong()) return []; // undefined
      const tokens = ["$", this.name(name), ":", ...this.typeTokens(this.variableType(type))];
      if (!isNonNullType(type) && random.chance(0.3)) {
        tokens.push("=", ...this.values.of(type, { sour: this.sour }));
      }
      tokens.push(...this.directives("VARIABLE_DEFINITION", true));
      return this.wrong() ? [...tokens, ...tokens] : tokens;
    });
    const add = (name, type) => definitions.push("$", name, ":", ...this.typeTokens(type));
    if (this.wrong()) add("unused", random.pick(this.inputs));
    if (this.wrong()) add("odd", random.pick(this.composites));
    return definitions.length > 0 ? ["(", ...definitions, ")"] : [];
  }

  variableType(type) {
    if (this.wrong()) return this.random.pick(this.inputs);
    if (!isNonNullType(type) && this.random.chance(0.2)) return new GraphQLNonNull(type);
    return type;
  }

  typeTokens(type) {
    if (isNonNullType(type)) return [...this.typeTokens(type.ofType), "!"];
    if (isListType(type)) return ["[", ...this.typeTokens(type.ofType), "]"];
    return [this.name(type.name)];
  }

  // A variable of that type instead of a literal, now and then.
  variable(type) {
    const { random } = this;
    if (!this.withVariables || !random.chance(0.15)) return undefined;
    const known = [...this.variables].find(([, other]) => String(other) === String(type));
    const name = known && random.chance(0.5) ? known[0] : `v${this.variables.size}`;
    if (!this.variables.has(name)) this.variables.set(name, type);
    return ["$", name];
  }

  argumentTokens(definitions, constant = false) {
    const { random } = this;
    const chosen = definitions.filter(
      (argument) => (isRequiredArgument(argument) && !this.wrong()) || random.chance(0.3),
    );
    const variable = constant ? () => undefined : (type) => this.variable(type);
    const tokens = chosen.flatMap((argument) => {
      const value = this.values.of(argument.type, { sour: this.sour, variable });
      const written = [this.name(argument.name), ":", ...value];
      return this.wrong() ? [...written, ...written] : written;
    });
    if (this.wrong()) tokens.push("stranger", ":", ...this.values.anything());
    return tokens.length > 0 ? ["(", ...tokens, ")"] : [];
  }

  directives(location, constant = false) {
    const { random } = this;
    const tokens = [];
    const fitting = this.schema.getDirectives().filter((directive) =>
      this.wrong() ? directive.name !== "oneOf" : directive.locations.includes(location),
    );
    // graphql-js throws on a variable in the root fields of a subscription.
    constant = constant || this.kind === "subscription";
    if (fitting.length > 0 && random.chance(0.12)) {
      const directive = random.pick(fitting);
      const written = () => [
        "@", this.name(directive.name), ...this.argumentTokens(directive.args, constant),
      ];
      tokens.push(...written());
      if (directive.isRepeatable || this.wrong()) tokens.push(...written());
    }
    return tokens;
  }

  selectionSet(type, depth, single = false) {
    const { random } = this;
    const count = single ? 1 : random.between(1, depth > 3 ? 2 : 4);
    const selections = Array.from({ length: count }, () =>
      !single && random.chance(0.25) ? this.fragment(type, depth) : this.field(type, depth),
    );
    return ["{", ...selections.flat(), "}"];
  }

  field(type, depth) {
    const { random } = this;
    if (isUnionType(type) || random.chance(0.08)) return [this.name("__typename")];
    if (depth === 0 && type === this.schema.getQueryType() && random.chance(0.06)) {
      return this.introspection();
    }
    const fields = Object.values(type.getFields());
    const shallow = fields.filter((field) => isLeafType(getNamedType(field.type)));
    const field = random.pick(depth > 4 && shallow.length > 0 ? shallow : fields);
    const tokens = [this.name(field.name)];
    const argumentsOfField = this.argumentTokens(field.args);
    tokens.push(...argumentsOfField, ...this.directives("FIELD"));
    if (this.wrong() ? random.chance(0.5) : isCompositeType(getNamedType(field.type))) {
      const below = getNamedType(field.type);
      tokens.push(...this.selectionSet(isCompositeType(below) ? below : type, depth + 1));
    }
    if (this.crowded && random.chance(0.6)) {
      return [random.pick(["a", "b", "c"]), ":", ...tokens];
    }
    const alias = argumentsOfField.length > 0 ? 0.85 : 0.1;
    if (random.chance(alias)) {
      const key = this.wrong() || random.chance(0.1) ? random.pick(fields).name : this.freshName();
      tokens.unshift(key, ":");
    }
    return tokens;
  }

  freshName() {
    this.fresh = (this.fresh ?? 0) + 1;
    return `a${this.fresh}`;
  }

  introspection() {
    const { random } = this;
    const lists = ["fields", "interfaces", "possibleTypes", "inputFields"];
    const levels = random.between(0, this.wrong() || random.chance(0.1) ? 4 : 1);
    let tokens = ["name"];
    for (let level = 0; level < levels; ++level) {
      const list = random.pick(lists);
      if (list === "fields" || list === "inputFields") tokens = ["type", "{", ...tokens, "}"];
      tokens = ["kind", list, "{", ...tokens, "}"];
    }
    if (random.pick(introspection) === "__type") {
      const name = this.wrong() ? [] : ["(", "name", ":", '"Query"', ")"];
      return ["__type", ...name, "{", ...tokens, "}"];
    }
    return ["__schema", "{", "types", "{", ...tokens, "}", "}"];
  }

  // A type that a fragment on `type` can narrow to.
  condition(type) {
    const { random, schema } = this;
    if (this.wrong()) return random.pick([...this.composites, ...this.inputs]);
    if (isAbstractType(type) && random.chance(0.7)) {
      return random.pick(schema.getPossibleTypes(type));
    }
    const wider = this.composites.filter(
      (other) => isAbstractType(other) && !isAbstractType(type) && schema.isSubType(other, type),
    );
    return wider.length > 0 && random.chance(0.3) ? random.pick(wider) : type;
  }

  fragment(type, depth) {
    const { random } = this;
    const condition = this.condition(type);
    const inside = isCompositeType(condition) ? condition : type;
    if (random.chance(0.5)) {
      const on = random.chance(0.8) || condition !== type ? ["on", this.name(condition.name)] : [];
      const directives = this.directives("INLINE_FRAGMENT");
      return ["...", ...on, ...directives, ...this.selectionSet(inside, depth + 1)];
    }
    const name = this.name(this.fragmentOn(condition, inside, depth));
    return ["...", name, ...this.directives("FRAGMENT_SPREAD")];
  }

  fragmentOn(condition, inside, depth) {
    const { random } = this;
    const known = [...this.fragments.keys()];
    const fitting = known.filter((name) => name.startsWith(`${condition.name}_`));
    if (this.wrong() && known.length > 0) return random.pick(known); // a cycle, or on another type
    // A fragment of this very operation being made has no tokens yet: it would be a cycle.
    const done = fitting.filter((name) => this.fragments.get(name).length > 0);
    if (done.length > 0 && random.chance(0.4) && this.variables.size === 0) {
      return random.pick(done);
    }
    const name = `${condition.name}_${this.fragments.size}`;
    this.fragments.set(name, []);
    this.fragments.set(name, [
      "fragment", name, "on", this.name(condition.name),
      ...this.directives("FRAGMENT_DEFINITION"),
      ...this.selectionSet(inside, depth + 1),
    ]);
    return name;
  }

  strayDefinition() {
    const { random } = this;
    const type = random.pick(this.composites).name;
    const [known, unknown] = [type, this.name(type)];
    const definition = random.pick([
      `type Stray implements ${unknown} { a : ${unknown} }`,
      "scalar Stray @ unknown",
      `extend type ${known} @ onField { a ( b : [ Int ] = [ 1 ] @ skip ) : Int }`,
      "enum Stray { A @ deprecated @ deprecated B }",
      `union Stray = ${known} | Unknown`,
      "input Stray { a : Unknown = { b : 1 b : 2 } @ skip ( if : 1 ) }",
      "directive @ unknown ( a : Int ! ) on FIELD",
      "schema @ onQuery { query : Unknown }",
      "extend schema @ onQuery",
      "interface Stray { a : String }",
      `fragment Unused on ${known} { __typename }`,
      `fragment Round on ${known} { ... Square }
       fragment Square on ${known} { ... Round ... Square }`,
    ]);
    return definition.split(/\s+/);
  }
}
