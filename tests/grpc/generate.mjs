// Generates the messages of proto/ for JavaScript (buf with protoc-gen-es) and Python (protoc), into
// tests/grpc/generated/{js,py}, when a proto file is newer than what is there. Test programs that run
// at once may all call it.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, "..", "..");
export const bin = (name) => path.join(here, "..", "node_modules", ".bin", name);
export const generated = path.join(here, "generated");

export function protoFiles() {
  return readdirSync(path.join(root, "proto"), { recursive: true }).filter((f) => f.endsWith(".proto"));
}

export function generate() {
  const newest = Math.max(...protoFiles().map((f) => statSync(path.join(root, "proto", f)).mtimeMs));
  const stamp = path.join(generated, "stamp");
  if (existsSync(stamp) && statSync(stamp).mtimeMs > newest) return;
  const made = mkdtempSync(path.join(here, "generated."));
  try {
    const template = JSON.stringify({ version: "v2", plugins: [
      { local: bin("protoc-gen-es"), out: path.join(made, "js"), opt: ["target=js", "import_extension=js"] },
    ] });
    execFileSync(bin("buf"), ["generate", root, "--template", template], { stdio: "inherit" });
    execFileSync("mkdir", ["-p", path.join(made, "py")]);
    execFileSync("protoc", ["-I", path.join(root, "proto"), "--python_out", path.join(made, "py"),
                            ...protoFiles()], { stdio: "inherit" });
    writeFileSync(path.join(made, "stamp"), "");
    rmSync(generated, { recursive: true, force: true });
    renameSync(made, generated);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    // Another one was faster, and its work is as good.
    if (!existsSync(stamp)) throw error;
  }
}
