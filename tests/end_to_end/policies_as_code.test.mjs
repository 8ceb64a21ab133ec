// The example of docs/howto/policies-as-code.md against a real server: export, apply, diff, dry run.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { binary, startServer } from "../server.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const example = path.join(here, "..", "..", "docs", "howto", "policies-as-code");

describe("policies as code", () => {
  let server;
  let directory;
  let connect;
  before(async () => {
    server = await startServer();
    directory = mkdtempSync(path.join(tmpdir(), "strongroom-as-code-"));
    cpSync(example, directory, { recursive: true });
    writeFileSync(path.join(directory, "ca.pem"), server.ca);
    writeFileSync(path.join(directory, "token"), server.token);
    connect = ["--server", new URL(server.graphql).origin, "--account-id", server.account_id,
      "--ca", path.join(directory, "ca.pem"), "--token-file", path.join(directory, "token")];
  });
  after(async () => {
    await server?.stop();
    if (directory) rmSync(directory, { recursive: true });
  });
  const run = (...words) => {
    const { status, stdout, stderr } = spawnSync(binary, ["policy", ...words], { encoding: "utf8", cwd: directory });
    return { status, stdout, stderr };
  };
  const good = (...words) => {
    const { status, stdout, stderr } = run(...words);
    assert.equal(status, 0, stderr + stdout);
    return stdout;
  };
  const json = (...words) => JSON.parse(good(...words, "--output", "json"));
  const clients = async () => (await server.request("{ auth { clients(first: 50) { nodes { name principal policies { effect actions resources assertions } } } } }")).body.data.auth.clients.nodes;
  const file = (name) => path.join(directory, name);
  const edit = (name, from, to) => {
    const text = readFileSync(file(name), "utf8");
    assert.ok(text.includes(from), `${name} has no ${from}`);
    writeFileSync(file(name), text.replace(from, to));
  };

  it("refuses files that would leave their own user without the right to manage clients", async () => {
    const was = await clients();
    const { status, stderr } = run("apply", "tenant.yaml", ...connect);
    assert.equal(status, 1);
    assert.match(stderr, /you could not write the clients of this tenant any more/);
    assert.deepEqual(await clients(), was);
  });

  it("exports what a server holds, in a form that differs from it in nothing", () => {
    const text = good("export", ...connect);
    writeFileSync(file("exported.yaml"), text);
    assert.equal(good("diff", "exported.yaml", ...connect), "");
    assert.deepEqual(json("diff", "exported.yaml", ...connect), { equal: true, changes: [] });
    assert.match(good("apply", "exported.yaml", ...connect), /^0 changes, applied$/m);
    writeFileSync(file("exported.json"), good("export", ...connect, "--output", "json"));
    assert.equal(good("diff", "exported.json", ...connect), "");
    writeFileSync(file("admin.yaml"), good("export", ...connect, "--only", "clients"));
  });

  it("applies the example beside the administrator's client, and then nothing differs", async () => {
    assert.equal(run("diff", "admin.yaml", "tenant.yaml", ...connect).status, 4);
    const dry = good("apply", "admin.yaml", "tenant.yaml", ...connect, "--dry-run");
    assert.match(dry, /^\+ client https:\/\/accounts.google.com$/m);
    assert.match(dry, /client arn:aws:iam::012345678901:role\/example-role\n {4}gains db:Delete on \*$/m);
    assert.match(dry, /2 changes, nothing was stored/);
    assert.equal((await clients()).length, 1);
    const { warnings } = json("apply", "admin.yaml", "tenant.yaml", ...connect);
    assert.ok(warnings.some(({ code, path: way }) => code === "client_administration" && way[1].startsWith("c")));
    assert.equal(good("diff", "admin.yaml", "tenant.yaml", ...connect), "");
    assert.match(good("apply", "admin.yaml", "tenant.yaml", ...connect), /^0 changes, applied$/m);
    const google = (await clients()).find(({ principal }) => principal === "https://accounts.google.com");
    assert.equal(google.name, "michael gcloud readonly");
    assert.equal(google.policies[0].assertions.isMike, "context.auth.claims.email == 'michael@twisp.com'");
  });

  it("shows whom a change would change, before it is applied", async () => {
    edit("google-users.yaml", "actions: [db:Select]", "actions: [db:Select, db:Update]");
    const was = await clients();
    const { applied, changes, effects } = json("apply", "admin.yaml", "tenant.yaml", ...connect, "--dry-run", "--suite", "google-users.test.yaml");
    assert.equal(applied, false);
    assert.deepEqual(changes.map(({ change, what, name }) => [change, what, name]), [["update", "client", "https://accounts.google.com"]]);
    const mike = effects.filter(({ who }) => who === "mike of google-users.test.yaml");
    assert.ok(mike.some(({ change, action, document }) => change === "may gain" && action === "db:Update" && document === null), JSON.stringify(effects));
    assert.ok(mike.some(({ change, action, document, resources }) => change === "gains" && action === "db:Update" && document === "cash" &&
      resources.includes("financial.Account")), JSON.stringify(mike));
    assert.ok(!mike.some(({ document }) => document === "vault"), "the DENY still protects it");
    assert.ok(!effects.some(({ who }) => who.startsWith("jarred")), "he could before");
    assert.deepEqual(await clients(), was);
    good("apply", "admin.yaml", "tenant.yaml", ...connect);
    assert.deepEqual((await clients()).find(({ principal }) => principal === "https://accounts.google.com").policies[0].actions, ["SELECT", "UPDATE"]);
    assert.equal(good("diff", "admin.yaml", "tenant.yaml", ...connect), "");
  });

  it("renames, removes and makes, groups and users too, all or nothing", async () => {
    edit("tenant.yaml", "name: example role policy", "name: the role");
    writeFileSync(file("people.yaml"), `groups:
  - {name: readers, description: they read, policies: [{effect: ALLOW, actions: [db:Select], resources: [financial.*]}]}
users:
  - {email: ada@example.com, groups: [readers]}
`);
    const files = ["admin.yaml", "tenant.yaml", "people.yaml"];
    good("apply", ...files, ...connect);
    assert.equal(good("diff", ...files, ...connect), "");
    assert.ok((await clients()).some(({ name }) => name === "the role"));
    // A bad policy beside a good change: nothing of both.
    writeFileSync(file("people.yaml"), "groups: []\nusers: []\n");
    edit("google-users.yaml", "email_verified == true", "email_verified ==");
    const refused = run("apply", ...files, ...connect);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /assertion `verified`/);
    const { changes } = JSON.parse(run("diff", ...files, ...connect, "--output", "json").stdout);
    assert.deepEqual(changes.map(({ change, what }) => `${change} ${what}`), ["delete group", "delete user", "update client"]);
    edit("google-users.yaml", "email_verified ==", "email_verified == true");
    good("apply", ...files, ...connect);
    assert.equal(good("diff", ...files, ...connect), "");
    // A section that is left out is left as it is.
    assert.equal(good("diff", "people.yaml", ...connect), "");
  });

  it("simulates on the server what it simulates from files", async () => {
    const asked = ["--principal", "https://accounts.google.com", "--claims", '{"email": "jarred@twisp.com", "email_verified": true}',
      "--action", "db:Update", "--resource", "financial.Account.document.name", "--document", '{"metadata": {"protected": true}}'];
    const offline = json("simulate", "--policies", "tenant.yaml", ...asked);
    assert.deepEqual(offline.reasons, [2]);
    const { summary, ...byServer } = json("simulate", "--policies", "tenant.yaml", ...asked, ...connect);
    assert.match(summary, /^denied by policy 2/);
    delete offline.summary;
    assert.deepEqual(byServer, offline);
    assert.deepEqual(json("simulate", ...asked, ...connect).reasons, [2]);
  });

  it("says what to do when the server can't be asked", () => {
    const without = (option) => connect.filter((_, i) => connect[i] !== option && connect[i - 1] !== option);
    for (const [words, message] of [
      [without("--ca"), /certificate/], [without("--token-file"), /there is no token/], [without("--account-id"), /the tenant is not named/]]) {
      const { status, stderr } = run("export", ...words);
      assert.equal(status, 1);
      assert.match(stderr, message);
      assert.match(stderr, /^hint: /m);
    }
    writeFileSync(file("token"), "wrong");
    const { status, stderr } = run("export", ...connect);
    assert.equal(status, 1);
    assert.match(stderr, /does not accept the token/);
    writeFileSync(file("token"), server.token);
  });

  it("locks out when it is forced, and warns", async () => {
    writeFileSync(file("nobody.yaml"), "clients: []\n");
    const { warnings } = json("apply", "nobody.yaml", ...connect, "--force", "--dry-run");
    assert.ok(warnings.some(({ code }) => code === "nobody_manages_clients"));
  });
});
