// `strongroom policy test`: exit codes and reports.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { binary } from "./server.mjs";

describe("policy test", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "strongroom-policies-"));
  after(() => rmSync(directory, { recursive: true }));
  const suite = (change) => {
    const file = path.join(directory, "suite.json");
    writeFileSync(file, JSON.stringify({
      policies: [{ effect: "ALLOW", actions: ["*"], resources: ["*"],
        assertions: { a: "context.auth.claims.x == '<1>'" } }],
      claims: { one: { x: "<1>" }, two: { x: "2" } },
      cases: [{ name: "<a>", claims: "one", action: "db:Select",
        resource: "financial.Account.document.name", expect: "ALLOW", reasons: [0], ...change }],
    }));
    return file;
  };
  const run = (file, ...more) => {
    const { status, stdout, stderr } = spawnSync(binary, ["policy", "test", file, ...more], { encoding: "utf8" });
    return { status, stdout, stderr };
  };

  it("exits with 0 when all cases pass", () => {
    const { status, stdout } = run(suite());
    assert.equal(status, 0);
    assert.match(stdout, /^ {2}ok {5}<a>\n1 cases, 0 failed\n$/m);
  });

  it("exits with 4 when an effect or a reason differs, and shows what happened", () => {
    const { status, stdout } = run(suite({ claims: "two" }));
    assert.equal(status, 4);
    assert.match(stdout, /expected ALLOW, received DENY\n\s+expected reasons \[0\], received \[\]/);
    assert.match(stdout, /context.auth.claims.x = "2"/);
    assert.equal(run(suite({ reasons: [] })).status, 4);
    assert.equal(run(suite({ errors: [0] })).status, 4);
  });

  it("exits with 3 when a file is not valid", () => {
    for (const change of [{ action: "Select" }, { resource: "financial.Account" }, { expect: "MAYBE" },
      { reasons: [1] }, { reasons: undefined }, { claims: "three" }, { document: { cod: 1 } }, { more: 1 }]) {
      const { status, stdout, stderr } = run(suite(change));
      assert.equal(status, 3, JSON.stringify(change));
      assert.equal(stdout, "");
      assert.match(stderr, /^error: .*suite.json: cases\[0\]: /);
    }
    assert.equal(run(path.join(directory, "missing.json")).status, 3);
  });

  it("exits with 2 on wrong usage", () => {
    assert.equal(run(suite(), "--output", "yaml").status, 2);
  });

  it("reports as JSON and as JUnit, escaped", () => {
    const report = JSON.parse(run(suite({ claims: "two" }), "--output", "json").stdout);
    assert.equal(report.failed, 1);
    assert.equal(report.suites[0].cases[0].effect, "DENY");
    const junit = run(suite({ claims: "two" }), "--output", "junit").stdout;
    assert.match(junit, /<testcase classname=".*suite.json" name="&lt;a&gt;">\n\s+<failure message="expected ALLOW/);
    assert.match(junit, /<testsuite name=".*" tests="1" failures="1">/);
  });
});
