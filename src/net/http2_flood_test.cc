// HTTP/2 under attack: each flood at its limit and past it (security 8.19).
#include <gtest/gtest.h>

#include "net/http2_raw_client.h"

namespace strongroom::net {
namespace {

using namespace raw;

TEST(Http2Flood, OfResetsEndsTheConnection) {
  TestServer server;
  const auto storm = [](std::uint32_t count) {
    std::string frames;
    for (std::uint32_t i = 0; i < count; ++i)
      frames += Ask(2 * i + 1) + Frame(kReset, 0, 2 * i + 1, Big32(kCancel));
    return frames;
  };
  RawClient patient(server);
  patient.Send(storm(200) + Frame(kPing, 0, 0, "12345678"));
  EXPECT_TRUE(patient.Await(kPing).has_value());
  EXPECT_EQ(server->Metrics().http2_abuse, 0u);

  RawClient client(server);
  const std::string frames = storm(100000);
  for (std::size_t at = 0; at < frames.size(); at += 16384)
    if (!client.Send(frames.substr(at, 16384))) break;
  EXPECT_TRUE(server.Await([](const ServerMetrics& m) { return m.http2_abuse == 1; }));
  EXPECT_LT(server->Metrics().requests, 1000u);
}

TEST(Http2Flood, OfResetsByMistakesOfTheClientEndsTheConnection) {
  // Each window that overflows makes the server reset the stream (CVE-2025-8671).
  Shelf shelf;
  TestServer server({}, shelf.handler());
  RawClient client(server);
  std::string frames;
  for (std::uint32_t i = 0; i < 90; ++i)
    frames += Ask(2 * i + 1) + Frame(kWindowUpdate, 0, 2 * i + 1, Big32(0x7fffffff));
  client.Send(frames);
  for (std::uint32_t i = 90; i < 400; ++i)
    if (!client.Send(Ask(2 * i + 1) + Frame(kWindowUpdate, 0, 2 * i + 1, Big32(0x7fffffff)))) break;
  EXPECT_TRUE(server.Await([](const ServerMetrics& m) { return m.http2_abuse == 1; }));
  EXPECT_LE(server->Metrics().requests, 100u);
  shelf.AnswerAll("x");
}

TEST(Http2Flood, OfContinuationsEndsTheConnection) {
  TestServer server;
  RawClient client(server);
  client.Send(Frame(kHeaders, kEndStream, 1, Head()));
  const std::string piece = Field("x", std::string(10000, 'a'));
  for (int i = 0; i < 10; ++i)  // 100 KB
    if (!client.Send(Frame(kContinuation, 0, 1, piece))) break;
  client.Goodbye();
  EXPECT_TRUE(server.Await([](const ServerMetrics& m) { return m.connections_open == 0; }));
  EXPECT_EQ(server->Metrics().http2_abuse, 1u);
  EXPECT_EQ(server->Metrics().requests, 0u);
}

TEST(Http2Flood, OfEmptyContinuationsEndsTheConnection) {
  TestServer server;
  RawClient client(server);
  client.Send(Frame(kHeaders, kEndStream, 1, Head()));
  std::string frames;
  for (int i = 0; i < 2000; ++i) frames += Frame(kContinuation, 0, 1);
  client.Send(frames);
  client.Goodbye();
  EXPECT_TRUE(server.Await([](const ServerMetrics& m) { return m.connections_open == 0; }));
  EXPECT_EQ(server->Metrics().requests, 0u);
}

TEST(Http2Flood, OfUnpackedHeadersEndsTheConnection) {
  TestServer server;
  RawClient client(server);
  // One large entry for HPACK's table, and then a byte for each time it is meant.
  std::string bomb = Head() + '\x40' + Field("x", std::string(3000, 'a')).substr(1);
  for (int i = 0; i < 10000; ++i) bomb += '\xbe';
  client.Send(Frame(kHeaders, kEndHeaders | kEndStream, 1, bomb));
  EXPECT_EQ(client.Goodbye(), kEnhanceYourCalm);
  EXPECT_EQ(server->Metrics().http2_abuse, 1u);
}

// security 8.19: heads that never become requests, each of 30 KiB for a few bytes on the wire.
TEST(Http2Flood, OfUnpackedHeadersOverManyConnectionsRunsIntoTheBudget) {
  ServerLimits limits;
  limits.stall_timeout = std::chrono::seconds(60);  // so that no answer is about slowness
  TestServer server(limits);
  const std::string head = Head("POST") + Field("content-length", "9");
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 110; ++i) {
    auto& client = *clients.emplace_back(std::make_unique<RawClient>(server));
    std::string frames = Frame(kHeaders, kEndHeaders, 1,
                               head + '\x40' + Field("x", std::string(2000, 'a')).substr(1));
    for (std::uint32_t stream = 3; stream < 200; stream += 2)
      frames += Frame(kHeaders, kEndHeaders, stream, head + std::string(15, '\xbe'));
    ASSERT_TRUE(client.Send(frames));
  }
  // An answer, though nobody has sent a body. It can take a few reads on a busy machine.
  bool answered = false;
  for (int reads = 0; reads < 8 && !answered; ++reads)
    answered = clients.back()->Await(kHeaders).has_value();
  EXPECT_TRUE(answered);
  EXPECT_EQ(server->Metrics().timeouts, 0u);
}

class Http2ControlFlood : public testing::TestWithParam<std::string> {};

TEST_P(Http2ControlFlood, EndsTheConnectionPastItsBudget) {
  TestServer server;
  const std::string prologue = Frame(kHeaders, kEndHeaders, 1, Head("POST"));
  const auto send = [&](RawClient& client, int count) {
    client.Send(prologue);
    for (int i = 0; i < count; i += 100) {
      std::string frames;
      for (int k = 0; k < 100; ++k) frames += GetParam();
      if (!client.Send(frames)) return;
    }
  };
  RawClient patient(server);
  send(patient, 900);
  patient.Send(Frame(kData, kEndStream, 1, "body"));
  EXPECT_TRUE(patient.Await(kData).has_value());
  EXPECT_EQ(server->Metrics().http2_abuse, 0u);
  RawClient client(server);
  send(client, 20000);
  EXPECT_TRUE(server.Await([](const ServerMetrics& m) { return m.http2_abuse == 1; }));
}

INSTANTIATE_TEST_SUITE_P(Frames, Http2ControlFlood,
                         testing::Values(Frame(kPing, 0, 0, "12345678"), Frame(kSettings, 0, 0),
                                         Frame(kPriority, 0, 1, std::string(4, '\0') + '\x10'),
                                         Frame(kWindowUpdate, 0, 0, Big32(1)), Frame(kData, 0, 1)));

}  // namespace
}  // namespace strongroom::net
