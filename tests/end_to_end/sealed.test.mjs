// Nothing that was written through the API stands readable in any file (security 7.18).
import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { startServer } from "../server.mjs";
import { makeBook } from "./book.mjs";

const canaries = 1000;

function filesBelow(directory) {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const at = path.join(directory, entry.name);
    return entry.isDirectory() ? filesBelow(at) : entry.isFile() ? [at] : [];
  });
}

// The forms in which a value could lie around.
function formsOf(text) {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].map((shift) =>  // whatever stands before it in an encoded stream
    Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64").slice(4, -4));
  return [text, bytes.toString("hex"), bytes.toString("hex").toUpperCase(), ...base64,
    Buffer.from(text, "utf16le"), Buffer.from(text, "utf16le").swap16()].map((form) => Buffer.from(form));
}

// `needles` of at least 16 bytes: found by a set of their first 8 bytes at every offset.
function hits(haystack, needles) {
  const byStart = new Map();
  for (const needle of needles) {
    const start = needle.readBigUInt64LE(0);
    byStart.set(start, [...(byStart.get(start) ?? []), needle]);
  }
  let found = 0;
  for (let at = 0; at + 8 <= haystack.length; at += 1) {
    for (const needle of byStart.get(haystack.readBigUInt64LE(at)) ?? []) {
      if (haystack.subarray(at, at + needle.length).equals(needle)) found += 1;
    }
  }
  return found;
}

function scan(directory, needles) {
  const files = filesBelow(directory);
  return { files: files.length, found: files.reduce((sum, file) => sum + hits(readFileSync(file), needles), 0) };
}

describe("sealing at rest", () => {
  it("finds the search itself able to see a canary", () => {
    const text = randomBytes(24).toString("hex").slice(0, 32);
    for (const form of formsOf(text)) {
      assert.equal(hits(Buffer.concat([randomBytes(99), form, randomBytes(99)]), formsOf(text)) > 0, true);
    }
  });

  it(`leaves none of ${canaries} canaries in any file, running, killed and started again`, async () => {
    const data = mkdtempSync(path.join(tmpdir(), "strongroom-sealed-"));
    let server = await startServer({ data });
    try {
      assert.equal((await server.request(makeBook)).body.errors, undefined);
      const texts = [];
      const uuids = [];
      const canary = () => { texts.push(randomBytes(24).toString("hex").slice(0, 32)); return texts.at(-1); };
      while (texts.length < canaries) {
        const fields = Array.from({ length: 20 }, (_, i) => {
          uuids.push(randomUUID());
          return `a${i}: createAccount(input: {accountId: "${uuids.at(-1)}", name: "${canary()}", code: "${canary()}",
            externalId: "${canary()}", description: "${canary()}", metadata: {note: "${canary()}"}}) { accountId }`;
        });
        const answer = await server.request(`mutation { ${fields.join("\n")} }`);
        assert.equal(answer.body.errors, undefined, JSON.stringify(answer.body));
      }
      const needles = [
        ...texts.flatMap(formsOf),
        ...uuids.flatMap((id) => [Buffer.from(id), Buffer.from(id.replaceAll("-", ""), "hex")]),
      ];
      const running = scan(data, needles);
      assert.ok(running.files > 5);
      assert.equal(running.found, 0);
      process.kill(server.pid, "SIGKILL");
      await server.stop();
      assert.equal(scan(data, needles).found, 0);
      server = await startServer({ data });
      const read = await server.request(`{ account(id: "${uuids[0]}") { name } }`);
      assert.ok(texts.includes(read.body.data.account.name));
      assert.equal(scan(data, needles).found, 0);
    } finally {
      await server.stop().catch(() => {});
      rmSync(data, { recursive: true, force: true });
    }
  });
});
