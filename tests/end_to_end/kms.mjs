// A stand-in of AWS KMS on loopback, over TLS under a CA of its own, for the calls that a key
// provider makes (awsJson1_1). It verifies signatures with AWS's own signer (npm
// @smithy/signature-v4): it signs what it received again and compares.
import { Sha256 } from "@aws-crypto/sha256-js";
import { HttpRequest } from "@smithy/protocol-http";
import { SignatureV4 } from "@smithy/signature-v4";
import { createCipheriv, createDecipheriv, randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { makeCertificate } from "./provider.mjs";

const clockSkewMax = 5 * 60_000;
const dateOf = (text) => new Date(text.replace(
  /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));

// What KMS binds a ciphertext to: the order of the context's members does not matter.
const contextBytes = (context = {}) =>
  Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))));

class Refusal extends Error {
  constructor(type, message) {
    super(message);
    this.type = type;
  }
}

// credentials: {accessKeyId, secretAccessKey, sessionToken?}; keys: ARNs that exist
// Answers
//   url, caFile          for --kms-endpoint and --kms-ca
//   state.calls          {operation, input, context} of every call whose signature was right
//   state.refused        how many had a wrong one
//   state.mode           "up"; "throttled" and "failing" answer so; "silent" never answers;
//                        "anotherKey" answers in the name of another key
//   state.disabled       ARNs of keys that are disabled
//   down(), up()         stops and starts listening on the same port
//   stop()
export async function startKms({ credentials, keys }) {
  const directory = mkdtempSync(path.join(tmpdir(), "strongroom-kms-"));
  makeCertificate(directory);
  const read = (name) => readFileSync(path.join(directory, name), "utf8");
  const state = { calls: [], refused: 0, mode: "up", disabled: new Set() };
  const material = new Map(keys.map((arn) => [arn, randomBytes(32)]));

  const checkSignature = async (request, body) => {
    const authorization = request.headers.authorization ?? "";
    const found = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/kms\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/
      .exec(authorization);
    if (found === null) throw new Refusal("IncompleteSignatureException", "no signature");
    const [, keyId, day, region, names, signature] = found;
    const signed = names.split(";");
    const date = dateOf(request.headers["x-amz-date"] ?? "");
    const needed = ["host", "x-amz-date", "x-amz-target"];
    if (credentials.sessionToken !== undefined) needed.push("x-amz-security-token");
    if (!(Math.abs(Date.now() - date) < clockSkewMax) || !needed.every((name) => signed.includes(name)) ||
        request.headers["x-amz-date"].slice(0, 8) !== day || keyId !== credentials.accessKeyId ||
        (request.headers["x-amz-security-token"] ?? undefined) !== credentials.sessionToken) {
      throw new Refusal("InvalidSignatureException", "not signed as it has to be");
    }
    const headers = Object.fromEntries(signed.filter((name) => name !== "x-amz-date" && name !== "x-amz-security-token")
      .map((name) => [name, request.headers[name]]));
    const signer = new SignatureV4({ credentials, region, service: "kms", sha256: Sha256,
                                     applyChecksum: signed.includes("x-amz-content-sha256") });
    const again = await signer.sign(new HttpRequest({
      method: request.method, protocol: "https:", path: request.url, headers, body,
    }), { signingDate: date, signableHeaders: new Set(signed) });
    const own = /Signature=([0-9a-f]{64})$/.exec(again.headers.authorization)[1];
    if (!timingSafeEqual(Buffer.from(own), Buffer.from(signature))) {
      throw new Refusal("InvalidSignatureException", "the signature does not match");
    }
    return region;
  };

  const keyOf = (id, region) => {
    const arn = keys.find((one) => one === id || one.endsWith(`:key/${id}`));
    if (arn === undefined || arn.split(":")[3] !== region) throw new Refusal("NotFoundException", "no such key");
    return arn;
  };
  const usable = (arn) => {
    if (state.disabled.has(arn)) throw new Refusal("DisabledException", "the key is disabled");
    return arn;
  };
  const seal = (arn, plaintext, context) => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", material.get(arn), nonce).setAAD(contextBytes(context));
    const name = Buffer.from(arn);
    const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    return Buffer.concat([Buffer.from([name.length]), name, nonce, cipher.getAuthTag(), sealed]);
  };
  const open = (blob, context) => {
    try {
      const arn = blob.subarray(1, 1 + blob[0]).toString();
      const rest = blob.subarray(1 + blob[0]);
      const decipher = createDecipheriv("aes-256-gcm", material.get(arn), rest.subarray(0, 12))
        .setAAD(contextBytes(context)).setAuthTag(rest.subarray(12, 28));
      return { arn, plaintext: Buffer.concat([decipher.update(rest.subarray(28)), decipher.final()]) };
    } catch {
      throw new Refusal("InvalidCiphertextException", "");
    }
  };

  const operations = {
    DescribeKey: ({ KeyId }, region) => {
      const arn = keyOf(KeyId, region);
      return { KeyMetadata: { Arn: arn, KeyId: arn.split("/")[1], AWSAccountId: arn.split(":")[4],
        Enabled: !state.disabled.has(arn), KeyState: state.disabled.has(arn) ? "Disabled" : "Enabled",
        KeySpec: "SYMMETRIC_DEFAULT", KeyUsage: "ENCRYPT_DECRYPT", Origin: "AWS_KMS" } };
    },
    GenerateDataKey: ({ KeyId, KeySpec, EncryptionContext }, region) => {
      if (KeySpec !== "AES_256") throw new Refusal("ValidationException", "KeySpec");
      const arn = usable(keyOf(KeyId, region));
      const plaintext = randomBytes(32);
      return { KeyId: arn, Plaintext: plaintext.toString("base64"),
               CiphertextBlob: seal(arn, plaintext, EncryptionContext).toString("base64") };
    },
    Encrypt: ({ KeyId, Plaintext, EncryptionContext }, region) => {
      const arn = usable(keyOf(KeyId, region));
      return { KeyId: arn, EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
               CiphertextBlob: seal(arn, Buffer.from(Plaintext, "base64"), EncryptionContext).toString("base64") };
    },
    Decrypt: ({ KeyId, CiphertextBlob, EncryptionContext }, region) => {
      const { arn, plaintext } = open(Buffer.from(CiphertextBlob, "base64"), EncryptionContext);
      if (KeyId !== undefined && keyOf(KeyId, region) !== arn) throw new Refusal("IncorrectKeyException", "");
      return { KeyId: usable(arn), EncryptionAlgorithm: "SYMMETRIC_DEFAULT", Plaintext: plaintext.toString("base64") };
    },
  };

  const answer = async (request, response) => {
    const send = (status, body) => response
      .writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (state.mode === "silent") return;
    if (state.mode === "throttled") return send(400, { __type: "ThrottlingException" });
    if (state.mode === "failing") return send(500, { __type: "com.amazonaws.kms#KMSInternalException" });
    try {
      const region = await checkSignature(request, body);
      const operation = (request.headers["x-amz-target"] ?? "").replace("TrentService.", "");
      const input = JSON.parse(body.toString());
      state.calls.push({ operation, context: input.EncryptionContext, input });
      if (operations[operation] === undefined) throw new Refusal("UnknownOperationException", "");
      const output = operations[operation](input, region);
      const another = (arn) => `${arn.slice(0, -1)}${arn.endsWith("0") ? "1" : "0"}`;
      if (state.mode === "anotherKey" && output.KeyId) output.KeyId = another(output.KeyId);
      if (state.mode === "anotherKey" && output.KeyMetadata) output.KeyMetadata.Arn = another(output.KeyMetadata.Arn);
      send(200, output);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) return send(500, { __type: "KMSInternalException" });
      if (/Signature/.test(refusal.type)) state.refused += 1;
      send(400, { __type: refusal.type, message: refusal.message });
    }
  };

  let server;
  let port = 0;
  const up = async () => {
    server = https.createServer({ cert: read("tls.pem"), key: read("tls.key") }, answer);
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    port = server.address().port;
  };
  const down = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  await up();
  return {
    state, up, down,
    url: `https://localhost:${port}`,
    caFile: path.join(directory, "ca.pem"),
    stop: async () => {
      if (server.listening) await down();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
