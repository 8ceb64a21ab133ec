// graphql-js's words for syntax errors in the form that existing clients know: no prefix, no quotes,
// no text of tokens, nothing that is said to explain, and no full stop.
//
//   Syntax Error: Expected "{", found Int "10".  ->  Expected {, found Int

// `Name "on"` -> `Name`, `"{"` -> `{`
function token(description) {
  const kind = /^(Name|Int|Float|String|BlockString|Comment) ".*"$/s.exec(description);
  if (kind) return kind[1];
  const punctuator = /^"(.*)"$/s.exec(description);
  return punctuator ? punctuator[1] : description;
}

export function recordedWording(message) {
  const text = message.replace(/^Syntax Error: /, "").replace(/\.$/, "");
  const expected = /^Expected (.+?), found (.+)$/s.exec(text);
  if (expected) return `Expected ${token(expected[1])}, found ${token(expected[2])}`;
  if (/^Unexpected variable /.test(text)) return "Unexpected $";
  if (/^Unexpected (description|single quote character)/.test(text)) {
    return text.replace(/( \('\))?,.*$/s, "");
  }
  if (/ is reserved and cannot be used/.test(text)) return text.replace(/^Name ".*?"/s, "Name");
  // What follows is the character, escape or digit that was met.
  if (/^(Invalid|Unexpected character)/.test(text)) return text.replace(/( but got)?: .*$/s, "");
  const unexpected = /^Unexpected (.+)$/s.exec(text);
  return unexpected ? `Unexpected ${token(unexpected[1])}` : text;
}
