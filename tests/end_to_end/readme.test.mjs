// What the README and the tutorial show is what a new user would see: every `sh` block is run, in one shell, and a
// `json` block after it is what it printed. Only ports, paths and the ids of
// decisions differ.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { binary, startServer } from "../server.mjs";
import { startProvider } from "./provider.mjs";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
const startsServer = /^(\.\/run|tools\/demo-issuer|\.\/test|git clone)/m;

// [{commands, expected}], in order.
function stepsOf(markdown) {
  const steps = [];
  for (const [, language, text] of markdown.matchAll(/^```(sh|json)\n(.*?)^```$/gms)) {
    if (language === "json") steps.at(-1).expected = text.trim();
    else if (!startsServer.test(text)) steps.push({ commands: text });
  }
  return steps;
}

// The ids of decisions are new every time.
const anyDecision = (text) => text.replaceAll(/"decisionId":"[0-9a-f-]{36}"/g, '"decisionId":"…"');

const pages = ["README.md", "docs/tutorials/first-ledger.md"];

for (const page of pages) describe(page, () => {
  it("shows what really happens", async () => {
    const provider = await startProvider({
      jarred: { email: "jarred@example.com", email_verified: true },
      michael: { email: "michael@example.com", email_verified: true },
      eve: { email: "eve@example.com", email_verified: true },
    });
    let server;
    try {
      server = await startServer({ arguments: ["--issuer-ca", provider.caFile] });
      const here = (text) => text
        .replaceAll("https://localhost:8443", new URL(server.graphql).origin)
        .replaceAll("https://localhost:9543", provider.issuer)
        .replaceAll(".strongroom/issuer/ca.pem", provider.caFile)
        .replaceAll("build/release/strongroom", `"${binary}"`)
        .replaceAll(".strongroom/data", server.data);
      const steps = stepsOf(readFileSync(path.join(root, page), "utf8"));
      assert.ok(steps.filter(({ expected }) => expected).length >= 8);
      const mark = "@@@ end of step";
      const script = steps.map(({ commands }) => `${here(commands)}\necho; echo "${mark}"`).join("\n");
      const shell = spawn("bash", ["-eu"], { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
      let output = "";
      shell.stdout.setEncoding("utf8").on("data", (text) => (output += text));
      shell.stdin.end(script);
      const [status] = await once(shell, "close");
      assert.equal(status, 0, output);
      const printed = output.split(mark).map((text) => text.trim());
      if (process.env.STRONGROOM_PRINT) console.log(JSON.stringify(printed));
      steps.forEach(({ commands, expected }, index) => {
        if (expected === undefined) return;
        assert.equal(anyDecision(printed[index]), anyDecision(here(expected)), commands);
      });
    } finally {
      await server?.stop();
      await provider.stop();
    }
  });
});
