// HTTP/2 as it should be used, and its limits.
#include <gtest/gtest.h>

#include "net/http2_raw_client.h"

namespace strongroom::net {
namespace {

using namespace raw;
using std::chrono::milliseconds;

TEST(Http2, AnswersOneRequest) {
  TestServer server;
  RawClient client(server);
  client.Send(Ask(1));
  const auto head = client.Await(kHeaders);
  ASSERT_TRUE(head);
  EXPECT_TRUE(HasStatus(*head, 200));
  EXPECT_EQ(client.Await(kData)->payload, "GET /x");
}

TEST(Http2, TakesABodyInPieces) {
  TestServer server;
  RawClient client(server);
  client.Send(Frame(kHeaders, kEndHeaders, 1, Head("POST")) + Frame(kData, 0, 1, "ab"));
  client.Send(Frame(kData, 0, 1, "cd") +
              Frame(kHeaders, kEndHeaders | kEndStream, 1, Field("trailer", "dropped")));
  EXPECT_EQ(client.Await(kData)->payload, "abcd");
}

TEST(Http2, JoinsCookiesAndShowsTheAuthorityAsHost) {
  TestServer server({}, [](Request request, Responder responder) {
    Response response;
    response.body = std::string(*request.Find("host")) + "|" +
                    std::string(*request.Find("cookie")) + "|" +
                    std::to_string(request.Count("host"));
    responder.Send(std::move(response));
  });
  RawClient client(server);
  client.Send(Ask(1, Field("cookie", "a=1") + Field("cookie", "b=2") + Field("host", "localhost")));
  EXPECT_EQ(client.Await(kData)->payload, "localhost|a=1; b=2|1");
}

TEST(Http2, RefusesHostsThatContradict) {
  TestServer server;
  RawClient client(server);
  client.Send(Ask(1, Field("host", "other")));
  EXPECT_TRUE(HasStatus(client.Await(kHeaders).value(), 400));
  EXPECT_EQ(server->Metrics().requests, 0u);
}

TEST(Http2, ResetsMalformedRequests) {
  TestServer server;
  for (const std::string& bad :
       {Head() + Field("Upper", "x"), Head() + Field("connection", "close"),
        Head() + Field("transfer-encoding", "chunked"), Head() + Field("x", "a\r\nb: c"),
        Head() + Field(":path", "/y"), Field(":method", "GET") + Field(":path", "/"),
        Head() + Field("te", "gzip")}) {
    RawClient client(server);
    client.Send(Frame(kHeaders, kEndHeaders | kEndStream, 1, bad));
    const auto frame = client.Await(kReset);
    EXPECT_TRUE(frame.has_value());
  }
  EXPECT_EQ(server->Metrics().requests, 0u);
}

TEST(Http2, ResetsABodyThatIsNotAsLongAsItSays) {
  TestServer server;
  RawClient client(server);
  client.Send(Frame(kHeaders, kEndHeaders, 1, Head("POST") + Field("content-length", "5")) +
              Frame(kData, kEndStream, 1, "four"));
  EXPECT_TRUE(client.Await(kReset).has_value());
  EXPECT_EQ(server->Metrics().requests, 0u);
}

TEST(Http2, HoldsTheHeaderLimits) {
  ServerLimits limits;
  limits.header_bytes_max = 1000;
  limits.header_count_max = 10;
  TestServer server(limits);
  // :method GET 42, :path /x 39, :scheme https 44, :authority localhost 51, x 33 + its value.
  const std::size_t room = 1000 - 42 - 39 - 44 - 51 - 33;
  RawClient client(server);
  client.Send(Ask(1, Field("x", std::string(room, 'a'))));
  EXPECT_TRUE(HasStatus(client.Await(kHeaders).value(), 200));
  client.Send(Ask(3, Field("x", std::string(room + 1, 'a'))));
  EXPECT_FALSE(HasStatus(client.Await(kHeaders).value(), 200));
  std::string ten;
  for (int i = 0; i < 10; ++i) ten += Field("a", "b");
  client.Send(Ask(5, ten));
  EXPECT_TRUE(HasStatus(client.Await(kHeaders).value(), 200));
  client.Send(Ask(7, ten + Field("a", "b")));
  EXPECT_FALSE(HasStatus(client.Await(kHeaders).value(), 200));
  EXPECT_EQ(server->Metrics().requests, 2u);
  EXPECT_EQ(server->Metrics().requests_refused, 2u);
}

TEST(Http2, HoldsTheBodyLimit) {
  ServerLimits limits;
  limits.body_bytes_max = 100;
  TestServer server(limits);
  RawClient client(server);
  const std::string head = Head("POST");
  client.Send(Frame(kHeaders, kEndHeaders, 1, head) +
              Frame(kData, kEndStream, 1, std::string(100, 'x')));
  EXPECT_TRUE(HasStatus(client.Await(kHeaders).value(), 200));
  client.Send(Frame(kHeaders, kEndHeaders, 3, head) +
              Frame(kData, kEndStream, 3, std::string(101, 'x')));
  EXPECT_FALSE(HasStatus(client.Await(kHeaders).value(), 200));
  client.Send(Frame(kHeaders, kEndHeaders, 5, head + Field("content-length", "101")));
  EXPECT_FALSE(HasStatus(client.Await(kHeaders).value(), 200));
  EXPECT_EQ(server->Metrics().requests, 1u);
}

TEST(Http2, HoldsTheLimitOfStreams) {
  ServerLimits limits;
  limits.http2_streams_max = 5;
  Shelf shelf;
  TestServer server(limits, shelf.handler());
  RawClient client(server);
  for (std::uint32_t i = 0; i < 6; ++i) client.Send(Ask(2 * i + 1));
  const auto reset = client.Await(kReset);
  ASSERT_TRUE(reset);
  EXPECT_EQ(reset->stream, 11u);
  EXPECT_EQ(reset->error(), kRefusedStream);
  EXPECT_TRUE(server.Await([](const ServerMetrics& m) { return m.requests == 5; }));
  shelf.AnswerAll("x");
}

TEST(Http2, ResettingAStreamDoesNotMakeRoomForMoreWork) {
  ServerLimits limits;
  limits.http2_streams_max = 5;
  Shelf shelf;
  TestServer server(limits, shelf.handler());
  RawClient client(server);
  std::string frames;
  for (std::uint32_t i = 0; i < 20; ++i)
    frames += Ask(2 * i + 1) + Frame(kReset, 0, 2 * i + 1, Big32(kCancel));
  client.Send(frames + Frame(kPing, 0, 0, "12345678"));
  EXPECT_TRUE(client.Await(kPing).has_value());
  EXPECT_EQ(server->Metrics().requests, 5u);
  shelf.AnswerAll("x");
}

// --- time ---

TEST(Http2Time, EndsAConnectionThatDoesNotBegin) {
  TestServer server(Impatient());
  TestClient client(server.port(), "\x02h2");
  client.ReadAll();
  EXPECT_TRUE(server.Await([](const ServerMetrics& m) { return m.timeouts == 1; }));
}

TEST(Http2Time, EndsIdleConnectionsPolitely) {
  TestServer server(Impatient());
  RawClient client(server);
  client.Send(Ask(1));
  EXPECT_EQ(client.Goodbye(), kNoError);
}

TEST(Http2Time, EndsHeadersThatDoNotComeToAnEnd) {
  TestServer server(Impatient());
  RawClient client(server);
  client.Send(Frame(kHeaders, kEndStream, 1, Head()));
  client.Goodbye();
  EXPECT_EQ(server->Metrics().timeouts, 1u);
  EXPECT_EQ(server->Metrics().requests, 0u);
}

TEST(Http2Time, RefusesBodiesBelowTheMinimumRateAndServesOthersMeanwhile) {
  TestServer server(Impatient());
  RawClient client(server);
  client.Send(Frame(kHeaders, kEndHeaders, 1, Head("POST")) + Frame(kData, 0, 1, "x"));
  client.Send(Ask(3));
  const auto served = client.Await(kHeaders);
  EXPECT_EQ(served->stream, 3u);
  const auto refused = client.Await(kHeaders);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->stream, 1u);
  EXPECT_FALSE(HasStatus(*refused, 200));
  EXPECT_EQ(server->Metrics().requests_refused, 1u);
}

TEST(Http2Time, GivesUpStreamsWhoseWindowStaysShut) {
  TestServer server(Impatient());
  const std::string no_window = std::string("\0\4", 2) + Big32(0);
  RawClient client(server, no_window);
  client.Send(Ask(1));
  EXPECT_TRUE(client.Await(kHeaders).has_value());
  const auto reset = client.Await(kReset);
  ASSERT_TRUE(reset);
  EXPECT_EQ(reset->error(), kCancel);
  EXPECT_EQ(server->Metrics().timeouts, 1u);
}

TEST(Http2Time, WaitsForWindowsThatOpenInTime) {
  TestServer server;
  RawClient client(server, std::string("\0\4", 2) + Big32(0));
  client.Send(Ask(1));
  EXPECT_TRUE(client.Await(kHeaders).has_value());
  client.Send(Frame(kWindowUpdate, 0, 1, Big32(4)));
  EXPECT_EQ(client.Await(kData)->payload, "GET ");
  client.Send(Frame(kWindowUpdate, 0, 1, Big32(4)));
  EXPECT_EQ(client.Await(kData)->payload, "/x");
}

// --- end ---

TEST(Http2Drain, SaysGoodbyeAndFinishesStreams) {
  Shelf shelf;
  TestServer server({}, shelf.handler());
  RawClient idle(server);
  RawClient busy(server);
  idle.Send(Frame(kPing, 0, 0, "12345678"));
  EXPECT_TRUE(idle.Await(kPing).has_value());
  busy.Send(Ask(1));
  EXPECT_TRUE(server.Await([](const ServerMetrics& m) { return m.requests_open == 1; }));
  std::thread drain([&] { EXPECT_EQ(server->Drain(std::chrono::seconds(5)), 0u); });
  EXPECT_EQ(idle.Goodbye(), kNoError);
  const auto goaway = busy.Await(kGoaway);
  ASSERT_TRUE(goaway);
  EXPECT_EQ(goaway->error(), kNoError);
  busy.Send(Ask(3));  // too late
  shelf.AnswerAll("done");
  EXPECT_EQ(busy.Await(kData)->payload, "done");
  EXPECT_FALSE(busy.Await(kData));
  drain.join();
  EXPECT_EQ(server->Metrics().requests, 1u);
}

TEST(Http2, EndsConnectionsOfOtherProtocols) {
  TestServer server;
  TestClient client(server.port(), "\x02h2");
  client.Send("GET / HTTP/1.1\r\nhost: h\r\n\r\n");
  EXPECT_EQ(client.ReadAll().find("HTTP/1"), std::string::npos);
}

}  // namespace
}  // namespace strongroom::net
