// Documents as lists of tokens: written out with all the freedom of the grammar, and spoiled.

const spaces = [" ", " ", " ", "\n", "\n  ", "\r\n", "\r", "\t", ", ", " # a comment, {\n", "  "];
const strangers = [
  "{", "}", "(", ")", "[", "]", ":", "=", "!", "|", "&", "$", "@", "...", "x", "on", "true", "null",
  "fragment", "query", "mutation", "12", "-3.5e2", '"text"', '"""block"""', "$v", "@skip", "?", "%",
  "0123", "1.", "1e", ".5", '"open', '"bad \\q escape"', '"\\u12"', "'", "\u00e9", "~", "-", "1x", "..",
  '"""open', "\u{1f600}", "input", "type", "extend", "subscription", "\u0007", "&&",
];

const isWord = (token) => /^[_0-9A-Za-z$@.-]/.test(token);

// The text of the document. `plain`: one space between tokens that need one.
export function write(tokens, random, plain = false) {
  let text = "";
  if (!plain && random.chance(0.03)) text += "\uFEFF";
  for (const [index, token] of tokens.entries()) {
    if (index > 0) {
      const needed = isWord(token) || /[_0-9A-Za-z"]$/.test(tokens[index - 1]);
      if (needed) text += plain ? " " : random.pick(spaces);
      else if (!plain && random.chance(0.2)) text += random.pick(spaces);
    }
    text += token;
  }
  if (!plain && random.chance(0.1)) text += random.pick(spaces);
  return text;
}

// The tokens with a few of them lost, doubled, swapped, replaced or added.
export function spoil(tokens, random) {
  const spoiled = [...tokens];
  for (let count = random.between(1, 2); count > 0 && spoiled.length > 1; --count) {
    const at = random.between(0, spoiled.length - 1);
    switch (random.between(0, 5)) {
      case 0:
        spoiled.splice(at, 1);
        break;
      case 1:
        spoiled.splice(at, 0, spoiled[at]);
        break;
      case 2: {
        const other = random.between(0, spoiled.length - 1);
        [spoiled[at], spoiled[other]] = [spoiled[other], spoiled[at]];
        break;
      }
      case 3:
        spoiled[at] = random.pick(strangers);
        break;
      case 4:
        spoiled.splice(at, 0, random.pick(strangers));
        break;
      default:
        spoiled.length = at || 1; // cut off
    }
  }
  return spoiled;
}
