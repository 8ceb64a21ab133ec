// Runs the program of check_documents.cc over many requests.
import { spawn } from "node:child_process";

// The answer to every request, in their order.
export function check(program, requests) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const answers = Buffer.concat(chunks).toString("utf8").split("\n").filter(Boolean);
      if (code === 0 && answers.length === requests.length) {
        resolve(answers.map((line) => JSON.parse(line)));
      } else {
        const next = JSON.stringify(requests[answers.length]);
        reject(new Error(`${program} ended with ${signal ?? code}, at ${next}`));
      }
    });
    child.stdin.on("error", () => {}); // the end of the child says why
    child.stdin.end(requests.map((request) => JSON.stringify(request) + "\n").join(""));
  });
}
