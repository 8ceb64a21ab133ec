// Clients of @grpc/grpc-js for services that protoc-gen-es has generated.
import { fromBinary, toBinary, create } from "@bufbuild/protobuf";
import grpc from "@grpc/grpc-js";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { generate, generated } from "./generate.mjs";

export { grpc };

// The generated module of a proto file: `strongroom/graphql/v1/graphql`.
export async function load(name) {
  generate();
  return import(pathToFileURL(path.join(generated, "js", `${name}_pb.js`)));
}

// A class of clients, as grpc-js's own generator would make it. Requests are plain objects.
export function clientOf(service) {
  const methods = Object.fromEntries(service.methods.map((method) => [method.localName, {
    path: `/${service.typeName}/${method.name}`,
    requestStream: method.methodKind === "client_streaming" || method.methodKind === "bidi_streaming",
    responseStream: method.methodKind === "server_streaming" || method.methodKind === "bidi_streaming",
    requestSerialize: (message) => Buffer.from(toBinary(method.input, create(method.input, message))),
    requestDeserialize: (bytes) => fromBinary(method.input, bytes),
    responseSerialize: (message) => Buffer.from(toBinary(method.output, message)),
    responseDeserialize: (bytes) => fromBinary(method.output, bytes),
  }]));
  return grpc.makeClientConstructor(methods, service.typeName);
}

// A client of a started server (tests/server.mjs) and the metadata of its first caller.
export function connect(server, service, options = {}) {
  const Client = clientOf(service);
  return new Client(server.grpc, grpc.credentials.createSsl(Buffer.from(server.ca)), options);
}

export function identity(server, more = {}) {
  const metadata = new grpc.Metadata();
  const all = { authorization: `Bearer ${server.token}`, "x-twisp-account-id": server.account_id, ...more };
  for (const [name, value] of Object.entries(all)) if (value !== null) metadata.set(name, value);
  return metadata;
}

// A unary call as a promise: {response} or {error}, with {headers, trailers}.
export function unary(client, method, request, metadata = new grpc.Metadata(), options = {}) {
  return new Promise((resolve) => {
    const result = {};
    const call = client[method](request, metadata, options, (error, response) => {
      Object.assign(result, { error, response });
    });
    call.on("metadata", (headers) => (result.headers = headers));
    call.on("status", (status) => resolve({ ...result, status: status.code, trailers: status.metadata }));
  });
}

// The details of an error, unpacked: {ErrorInfo: {…}, BadRequest: {…}, …}.
export async function detailsOf(error) {
  const { StatusSchema } = await load("google/rpc/status");
  const schemas = await load("google/rpc/error_details");
  const bytes = error.metadata.get("grpc-status-details-bin")[0];
  const status = fromBinary(StatusSchema, bytes);
  const entries = status.details.map((any) => {
    const name = any.typeUrl.split(".").pop();
    return [name, fromBinary(schemas[`${name}Schema`], any.value)];
  });
  return { code: status.code, message: status.message, ...Object.fromEntries(entries) };
}
