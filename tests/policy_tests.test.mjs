// `strongroom policy test`, `lint` and `simulate`: files alone, exit codes and reports.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { binary } from "./server.mjs";

const directory = mkdtempSync(path.join(tmpdir(), "strongroom-policies-"));
after(() => rmSync(directory, { recursive: true }));
const write = (name, content) => {
  const file = path.join(directory, name);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
};
const policy = (...arguments_) => {
  const { status, stdout, stderr } = spawnSync(binary, ["policy", ...arguments_], { encoding: "utf8" });
  return { status, stdout, stderr };
};

describe("policy test", () => {
  const suite = (change) => {
    return write("suite.json", {
      policies: [{ effect: "ALLOW", actions: ["*"], resources: ["*"],
        assertions: { a: "context.auth.claims.x == '<1>'" } }],
      claims: { one: { x: "<1>" }, two: { x: "2" } },
      documents: { "financial.Account": { cash: { code: "CASH" }, vault: { code: "VAULT" } } },
      cases: [{ name: "<a>", claims: "one", action: "db:Select",
        resource: "financial.Account.document.name", expect: "ALLOW", reasons: [0], ...change }],
    });
  };
  const run = (file, ...more) => policy("test", file, ...more);

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
      assert.match(stderr, /^error: .*suite.json:1:\d+: cases\[0\]: /);
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

  it("tells where in a YAML file something is wrong", () => {
    const file = write("bad.test.yaml", "policies: []\ncases:\n  - claims: {}\n    action: db:Select\n    resource: nope\n");
    const { status, stderr } = run(file);
    assert.equal(status, 3);
    assert.match(stderr, /bad.test.yaml:3:5: cases\[0\]: `nope` is not a resource/);
  });

  const lists = (shows, more = {}) => write("lists.json", {
    policies: [
      { effect: "ALLOW", actions: ["db:Select"], resources: ["financial.Account"], assertions: { a: "context.auth.claims.x == '1'" } },
      { effect: "DENY", actions: ["db:Select"], resources: ["financial.Account.document.code", "financial.Account.indexes.code"], assertions: { b: "context.document.code == 'VAULT'" } },
    ],
    claims: { one: { x: "1" }, none: {} },
    documents: { "financial.Account": { cash: { code: "CASH" }, vault: { code: "VAULT" } } },
    cases: [{ claims: "one", list: "financial.Account", index: "code", shows, ...more }],
  });

  it("lists what can be found through an index", () => {
    assert.equal(run(lists(["cash"])).status, 0);
    assert.equal(run(lists(["vault", "cash"], { index: "account_id" })).status, 0, "a hidden code hides from lists by code alone");
    const { status, stdout } = run(lists(["cash", "vault"]));
    assert.equal(status, 4);
    assert.match(stdout, /expected to show \[cash, vault\], received \[cash\]\n\s+document vault: denied by policy 1/);
    assert.equal(run(lists("ACCESS_DENIED", { claims: "none" })).status, 0);
    assert.equal(run(lists([], { claims: "none" })).status, 4, "a denied list is not an empty one");
    for (const change of [{ shows: ["nope"] }, { index: "nope" }, { list: "financial.Nope" }, { shows: "nothing" }])
      assert.equal(run(lists(["cash"], change)).status, 3, JSON.stringify(change));
  });

  it("counts which policies applied and what assertions came to", () => {
    const { coverage } = JSON.parse(run(lists(["cash"]), "--coverage", "--output", "json").stdout);
    assert.deepEqual(coverage.policies.map(({ policy: number, applied, assertions }) => [number, applied, assertions[0]]), [
      [0, true, { name: "a", true: true, false: false, error: false }],
      [1, true, { name: "b", true: true, false: true, error: false }],
    ]);
    assert.equal(coverage.met, 5);
    assert.equal(coverage.points, 6);
    assert.equal(run(lists(["cash"]), "--coverage-min", "83").status, 0);
    const { status, stdout, stderr } = run(lists(["cash"]), "--coverage-min", "84");
    assert.equal(status, 4);
    assert.match(stdout, /a: true, NEVER FALSE/);
    assert.match(stderr, /^error: the coverage is 83.3 %, at least 84 % is wanted/);
  });
});

describe("policy lint", () => {
  const file = () => write("tenant.yaml", `clients:
  - principal: https://shared.example
    name: people
    policies:
      - {effect: ALLOW, actions: [db:Select], resources: [financial.Acount]}
      - effect: ALLOW
        actions: [db:select]
        resources: ["*"]
      - effect: DENY
        actions: ["*"]
        resources: [financial.Account]
        assertions:
          eu: context.document.metadata.region == 'eu'
          bad: "1 +"
  - principal: arn:aws:iam::012345678901:role/path/name
    name: role
    policies: []
`);

  it("lists every refusal and every warning with its place and hint", () => {
    const { status, stdout } = policy("lint", file(), "--output", "json");
    assert.equal(status, 3);
    const { valid, errors, warnings } = JSON.parse(stdout);
    assert.equal(valid, false);
    const where = ({ place, code }) => [place.replace(/^.*tenant/, "tenant"), code];
    assert.deepEqual(errors.map(where), [["tenant.yaml:7:18", "BAD_REQUEST"], ["tenant.yaml:14:16", "CEL_EVALUATION_ERROR"]]);
    assert.deepEqual(warnings.map(where), [
      ["tenant.yaml:5:59", "pattern_matches_nothing"], ["tenant.yaml:5:9", "issuer_without_subject"],
      ["tenant.yaml:15:16", "principal_never_matches"]]);
    for (const { message, hint } of [...errors, ...warnings]) assert.ok(message && hint, message);
  });

  it("exits with 0 for warnings, with 4 when it is strict", () => {
    const list = write("list.json", [{ effect: "ALLOW", actions: ["db:Select"], resources: ["financial.*"] }]);
    assert.equal(policy("lint", list).status, 0);
    assert.equal(policy("lint", list, "--strict").status, 0, "for a list no principal is known");
    const { status, stdout } = policy("lint", list, "--principal", "https://shared.example", "--strict");
    assert.equal(status, 4);
    assert.match(stdout, /list.json:1:2: warning: .* \(issuer_without_subject\)\n {2}hint: assert/);
  });
});

describe("policy simulate", () => {
  const simulate = (...more) => policy("simulate", "--policies", write("people.yaml", `
clients:
  - principal: https://a.example
    name: people
    policies:
      - {effect: ALLOW, actions: [db:Select], resources: [financial.Account], assertions: {mine: "context.document.code == context.auth.claims.code"}}
`), "--resource", "financial.Account.document.name", ...(more.includes("--principal") ? [] : ["--principal", "https://a.example"]), ...more);

  it("tells a decision in full", () => {
    const { status, stdout } = simulate("--action", "db:Select", "--claims", '{"code": "A"}', "--document", '{"code": "B"}');
    assert.equal(status, 0);
    assert.match(stdout, /^denied by default/);
    assert.match(stdout, /mine FALSE\n {4}context.auth.claims.code = "A"\n {4}context.document.code = "B"/);
    const allowed = JSON.parse(simulate("--action", "db:Select", "--claims", '{"code": "A"}', "--document", '{"code": "A"}', "--output", "json").stdout);
    assert.deepEqual([allowed.effect, allowed.reasons], ["ALLOW", [0]]);
  });

  it("exits with 3 when it can't be decided", () => {
    assert.equal(simulate("--action", "select").status, 3);
    assert.equal(simulate("--action", "db:Select", "--document", '{"nope": 1}').status, 3);
    assert.equal(simulate("--action", "db:Select", "--principal", "https://b.example").status, 3);
  });
});

describe("the example project", () => {
  const project = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "docs", "howto", "policies-as-code");
  it("is valid, passes, and is covered", () => {
    assert.equal(policy("lint", path.join(project, "tenant.yaml")).status, 0);
    const { status, stdout } = policy("test", path.join(project, "google-users.test.yaml"), path.join(project, "example-role.test.yaml"), "--coverage-min", "100");
    assert.equal(status, 0, stdout);
  });
});
