// The schemas that documents are made for.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const read = (path) => readFileSync(path, "utf8");
const beside = (name) => fileURLToPath(new URL(`schemas/${name}`, import.meta.url));

// Pairs of a name and SDL. `reference` (a path, may be missing) is the public interface.
export function schemas(reference) {
  const list = ["pets", "films"].map((name) => [name, read(beside(`${name}.graphql`))]);
  if (reference && existsSync(reference)) list.push(["reference", read(reference)]);
  return list;
}
