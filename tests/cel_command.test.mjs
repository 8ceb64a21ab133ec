// `strongroom cel eval` and `strongroom cel check`, as somebody uses them at a prompt.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { binary } from "./server.mjs";

const run = (...args) => spawnSync(binary, ["cel", ...args], { encoding: "utf8" });

describe("cel eval", () => {
  it("evaluates over variables that are given as JSON", () => {
    const { status, stdout } = run("eval", "--var", 'claims={"email": "ada@b.example", "groups": ["ops"]}',
      "claims.email.endsWith('@b.example') && 'ops' in claims.groups");
    assert.equal(status, 0);
    assert.equal(stdout, "true\n");
  });

  it("knows the ledger's own types", () => {
    assert.equal(run("eval", "decimal('1.10') + decimal('2.205') == decimal('3.305')").stdout, "true\n");
    assert.equal(run("eval", "--output", "json", "[1, 'a', null]").stdout, '[1,"a",null]\n');
  });

  it("shows an expression's error with its code, and fails", () => {
    const { status, stderr } = run("eval", "--var", "n=0", "1 / n");
    assert.notEqual(status, 0);
    assert.equal(stderr, "error: division by zero (divide_by_zero)\n");
  });

  it("points at what is wrong and names the nearest name", () => {
    const { status, stderr } = run("eval", "--var", "claims={}", "claim.email == 'x'");
    assert.notEqual(status, 0);
    assert.match(stderr, /^ERROR: <input>:1:1: undeclared reference to 'claim'.*\n \| claim\.email == 'x'\n \| \^\n/);
    assert.match(stderr, /hint: did you mean `claims`\?/);
  });

  it("refuses a variable that is not JSON, without its value", () => {
    const { status, stderr } = run("eval", "--var", "k=se cret", "k");
    assert.notEqual(status, 0);
    assert.match(stderr, /the value of `k` is not JSON/);
    assert.doesNotMatch(stderr, /cret/);
  });

  it("stops what costs too much", () => {
    const { status, stderr } = run("eval",
      "lists.range(1000).all(a, lists.range(1000).all(b, a + b >= 0))");
    assert.notEqual(status, 0);
    assert.match(stderr, /costs too much/);
  });
});

describe("cel check", () => {
  it("tells the type", () => {
    const { status, stdout } = run("check", "[1, 2].map(n, n * 2)");
    assert.equal(status, 0);
    assert.equal(stdout, "valid, of type list(int)\n");
  });

  it("lists what is wrong as JSON", () => {
    const { status, stdout } = run("check", "--output", "json", "1 + 'a'");
    assert.notEqual(status, 0);
    const { valid, issues } = JSON.parse(stdout);
    assert.equal(valid, false);
    assert.deepEqual([issues[0].line, issues[0].column], [1, 3]);
    assert.match(issues[0].message, /no matching overload/);
  });
});
