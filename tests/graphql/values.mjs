// Random literals: mostly of a type, sometimes of none.
import {
  getNullableType, isEnumType, isInputObjectType, isListType, isNonNullType, isRequiredInputField,
} from "graphql";

const texts = ['""', '"text"', '"a \\"b\\" \\\\ \\n \\u00e9"', '"\u00e9\u{1f600}"', '"\\u{1F600}"',
  '"""block"""', '"""\n  two\n    lines\n"""', '"""ends in \\""""""', '""" led"""', '"tab \\t"',
  '"\\u0007\\u0085"'];

// Literals that custom scalars take.
const customs = {
  CurrencyCode: ['"USD"', '"JPY"'],
  Date: ['"2024-02-29"'],
  Decimal: ['"1.50"', '"-0"', "7", "0.001"],
  Expression: ['"1 + 1"', "DEBIT"],
  Timestamp: ['"2026-01-28T06:24:05.540808Z"'],
  UUID: ['"00000000-0000-0000-0000-000000000000"', '"3EA12E45-7DF2-4293-9434-FEB792AFFC91"'],
};

export class Values {
  constructor(random) {
    this.random = random;
  }

  // Tokens of a literal of `type`. `variable(type)` may answer the tokens of a variable instead;
  // `sour` is the chance that something is wrong.
  of(type, { sour = 0, depth = 0, variable = () => undefined } = {}) {
    const { random } = this;
    const options = { sour, depth: depth + 1, variable };
    if (random.chance(sour)) return this.anything(depth);
    const named = variable(type);
    if (named !== undefined) return named;
    if (!isNonNullType(type) && random.chance(0.08)) return ["null"];
    const nullable = getNullableType(type);
    if (isListType(nullable)) return this.list(nullable, options);
    if (isInputObjectType(nullable)) return this.object(nullable, options);
    if (isEnumType(nullable)) {
      const value = random.pick(nullable.getValues()).name;
      return [random.chance(sour) ? random.misspell(value) : value];
    }
    return this.scalar(nullable.name, depth);
  }

  list(type, options) {
    const { random } = this;
    if (random.chance(0.15)) return this.of(type.ofType, options); // one value is a list of one
    const items = Array.from({ length: random.between(0, options.depth > 3 ? 1 : 3) }, () =>
      this.of(type.ofType, options),
    );
    return ["[", ...items.flat(), "]"];
  }

  object(type, options) {
    const { random } = this;
    const fields = Object.values(type.getFields());
    const required = fields.filter(isRequiredInputField);
    const optional = options.depth > 4 ? [] : random.some(fields, random.between(0, 3));
    const names = new Set([...required, ...optional].map((field) => field.name));
    if (random.chance(options.sour)) names.delete(random.pick([...names, ""]));
    const written = [...names];
    if (random.chance(options.sour) && written.length > 0) written.push(random.pick(written));
    const tokens = written.flatMap((name) => [
      random.chance(options.sour) ? random.misspell(name) : name,
      ":",
      ...this.of(type.getFields()[name].type, options),
    ]);
    return ["{", ...tokens, "}"];
  }

  scalar(name, depth) {
    const { random } = this;
    const int = () => String(random.between(-100, 100));
    switch (name) {
      case "Int":
        return [random.pick([int(), "0", "-0", "2147483647", "-2147483648"])];
      case "Float":
        return [random.pick([int(), "1.5", "-0.25e3", "2E-2", "9007199254740993"])];
      case "Boolean":
        return [random.pick(["true", "false"])];
      case "ID":
        return [random.pick([int(), '"id"', "99999999999999999999"])];
      case "String":
        return [random.pick(texts)];
      default:
        if (name in customs && random.chance(0.8)) return [random.pick(customs[name])];
        return this.anything(depth);
    }
  }

  anything(depth = 0) {
    const { random } = this;
    const deeper = depth < 3 ? 8 : 6;
    switch (random.between(0, deeper)) {
      case 0:
        return [random.pick(texts)];
      case 1:
        return [random.pick(["7", "-1", "2147483648", "123456789012345678901"])];
      case 2:
        return [random.pick(["0.5", "1e10", "-3.25E+2"])];
      case 3:
        return [random.pick(["true", "false"])];
      case 4:
        return ["null"];
      case 5:
      case 6:
        return [random.pick(["SMALL", "DRAMA", "LARGEST", "Smal", "word"])];
      case 7:
        return ["[", ...this.anything(depth + 1), ...this.anything(depth + 1), "]"];
      default: {
        const [a, size] = [this.anything(depth + 1), this.anything(depth + 1)];
        return ["{", "a", ":", ...a, "size", ":", ...size, "}"];
      }
    }
  }
}
