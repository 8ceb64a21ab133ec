// The GraphQL endpoint as seen through gRPC: so that every test of what callers may do can be run
// through either, and has to come to the same verdicts (STRONGROOM_VIA=grpc).
import { connect, detailsOf, grpc, load, unary } from "./client.mjs";

const http = { [grpc.status.UNAUTHENTICATED]: 401, [grpc.status.PERMISSION_DENIED]: 403,
               [grpc.status.INVALID_ARGUMENT]: 400, [grpc.status.RESOURCE_EXHAUSTED]: 429,
               [grpc.status.UNAVAILABLE]: 503 };

export function requester(server) {
  const ready = load("strongroom/graphql/v1/graphql").then(({ GraphqlService }) => connect(server, GraphqlService));
  const request = async (query, variables, headers, operationName) => {
    const metadata = new grpc.Metadata();
    for (const [name, value] of Object.entries(headers)) {
      if (name === "authorization" || name.startsWith("x-")) metadata.set(name, value);
    }
    const { response, status, error, headers: sent } = await unary(await ready, "execute", {
      query, operationName, variablesJson: variables === undefined ? undefined : JSON.stringify(variables),
    }, metadata);
    if (status === grpc.status.OK) {
      return { status: 200, headers: sent.getMap(), text: response.responseJson, body: JSON.parse(response.responseJson) };
    }
    const { ErrorInfo, message } = await detailsOf(error);
    const body = { errors: [{ message, extensions: { code: ErrorInfo.reason, ...ErrorInfo.metadata } }], data: null };
    return { status: http[status] ?? status, headers: error.metadata.getMap(), text: JSON.stringify(body), body };
  };
  return { request, close: () => ready.then((client) => client.close()) };
}
