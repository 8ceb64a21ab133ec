// The recipes of docs/howto/providers: the policy in each page, read as `strongroom policy
// test` reads it, lets in the token of tests/providers and nobody who only resembles it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { binary } from "./server.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const pages = path.join(here, "..", "docs", "howto", "providers");
const names = readdirSync(path.join(here, "providers")).map((file) => path.parse(file).name);
const run = (...args) => spawnSync(binary, args, { encoding: "utf8" });

function claimsOf(provider, changed = {}) {
  const claims = { ...provider.claims, iss: provider.issuer, ...changed };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null));
}

describe("the recipes for providers", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "strongroom-recipes-"));
  after(() => rmSync(directory, { recursive: true, force: true }));

  it("are one for each provider that has data, and one page lists them all", () => {
    const written = readdirSync(pages).map((file) => path.parse(file).name).filter((name) => name !== "README");
    assert.deepEqual(written.sort(), [...names].sort());
    const list = readFileSync(path.join(pages, "README.md"), "utf8");
    for (const name of names) assert.ok(list.includes(`(${name}.md)`), name);
  });

  for (const name of names) {
    it(`have a policy for ${name} that decides as the page says`, () => {
      const provider = JSON.parse(readFileSync(path.join(here, "providers", `${name}.json`), "utf8"));
      const page = readFileSync(path.join(pages, `${name}.md`), "utf8");
      assert.ok(page.includes(`\`principal: "${provider.issuer}"\``), "the issuer to register");
      const [, policies] = page.match(/```json\n(.*?)```/s);
      const file = path.join(directory, `${name}.json`);
      writeFileSync(file, policies);
      const question = { action: "db:Select", resource: "financial.Account.document.name", document: { name: "Cash" } };
      const suite = {
        policies: file, principal: provider.issuer,
        cases: [
          { name: "the one it is for", claims: claimsOf(provider), ...question, expect: "ALLOW", reasons: [0] },
          ...provider.denied.map(({ name: who, claims, errors = [] }) => (
            { name: who, claims: claimsOf(provider, claims), ...question, expect: "DENY", reasons: [], errors })),
        ],
      };
      const suiteFile = path.join(directory, `${name}.test.json`);
      writeFileSync(suiteFile, JSON.stringify(suite));
      const tested = run("policy", "test", suiteFile);
      assert.equal(tested.status, 0, tested.stdout + tested.stderr);
    });
  }
});
