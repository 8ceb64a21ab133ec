"""What a client of Python sees, with Debian's python3-grpcio. Ends with `all of it`."""
import json
import os

import grpc

# The generated package `grpc.health` beside the library of that name.
grpc.__path__.append(os.path.join(os.environ["PYTHONPATH"], "grpc"))
from grpc.health.v1 import health_pb2
from strongroom.graphql.v1 import graphql_pb2

credentials = grpc.ssl_channel_credentials(os.environ["CA"].encode())
identity = (("authorization", "Bearer " + os.environ["TOKEN"]),
            ("x-twisp-account-id", os.environ["ACCOUNT"]))

with grpc.secure_channel(os.environ["TARGET"], credentials) as channel:
    execute = channel.unary_unary(
        "/strongroom.graphql.v1.GraphqlService/Execute",
        request_serializer=graphql_pb2.ExecuteRequest.SerializeToString,
        response_deserializer=graphql_pb2.ExecuteResponse.FromString)
    answer = execute(graphql_pb2.ExecuteRequest(query="{ __typename }"), metadata=identity, timeout=10)
    assert json.loads(answer.response_json) == {"data": {"__typename": "Query"}}

    packed = execute(graphql_pb2.ExecuteRequest(query="{ _service { sdl } }" + "#" * 3000),
                     metadata=identity, timeout=10, compression=grpc.Compression.Gzip)
    assert len(packed.response_json) > 10000

    try:
        execute(graphql_pb2.ExecuteRequest(query="{ __typename }"), timeout=10)
        raise AssertionError("let in without a token")
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.UNAUTHENTICATED, error
        assert any(key == "grpc-status-details-bin" for key, _ in error.trailing_metadata())

    check = channel.unary_unary("/grpc.health.v1.Health/Check",
                                request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
                                response_deserializer=health_pb2.HealthCheckResponse.FromString)
    assert check(health_pb2.HealthCheckRequest(), timeout=10).status == 1

    # The cases of gRPC's interop tests that Python's client is known for: large, timeout, cancel,
    # metadata, a stream that is left.
    question = graphql_pb2.ExecuteRequest(query="{ __typename }")
    large, call = execute.with_call(graphql_pb2.ExecuteRequest(query="#" * (3 << 20)), metadata=identity,
                                    timeout=20)
    assert "LIMIT_EXCEEDED" in large.response_json
    assert len(dict(call.initial_metadata())["x-request-id"]) > 8
    try:
        execute(question, metadata=identity, timeout=-1)
        raise AssertionError("answered after its deadline")
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED, error
    future = execute.future(question, metadata=identity, timeout=10)
    future.cancel()
    assert future.done()
    watch = channel.unary_stream("/grpc.health.v1.Health/Watch",
                                 request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
                                 response_deserializer=health_pb2.HealthCheckResponse.FromString)
    stream = watch(health_pb2.HealthCheckRequest(), timeout=20)
    assert next(stream).status == 1
    stream.cancel()
    assert json.loads(execute(question, metadata=identity, timeout=10).response_json)["data"]
print("all of it")
