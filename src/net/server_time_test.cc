// The server's patience.
#include <gtest/gtest.h>

#include "net/testing.h"

namespace strongroom::net {
namespace {

using std::chrono::milliseconds;

TEST(ServerTime, EndsHandshakesThatDoNotComeToAnEnd) {
  TestServer server(Impatient());
  const Descriptor silent = ConnectTo(server.port());
  char byte = 0;
  EXPECT_LE(recv(silent.get(), &byte, 1, 0), 0);
  EXPECT_TRUE(server.Await([](const ServerMetrics& m) { return m.handshakes_failed == 1; }));
  EXPECT_EQ(server->Metrics().timeouts, 1u);
}

TEST(ServerTime, EndsIdleConnections) {
  TestServer server(Impatient());
  TestClient client(server.port());
  client.Ask(kGet);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(client.ReadAll(), "");
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(550));
  EXPECT_TRUE(client.AtEnd());
}

TEST(ServerTime, RefusesSlowHeadersHoweverSteadily) {
  TestServer server(Impatient());
  TestClient client(server.port());
  const auto begin = std::chrono::steady_clock::now();
  client.Send("GET / HTTP/1.1\r\nhost: h\r\n");
  for (int i = 0; i < 20; ++i) {
    client.Send("a: b\r\n");
    std::this_thread::sleep_for(milliseconds(10));
  }
  const std::string answer = client.ReadAll();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 ")) << answer;
  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(2500));
}

TEST(ServerTime, RefusesBodiesBelowTheMinimumRate) {
  TestServer server(Impatient());
  TestClient slow(server.port());
  slow.Send("POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 4000\r\n\r\n");
  for (int i = 0; i < 20; ++i) {
    slow.Send("x");
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_TRUE(slow.ReadAll().starts_with("HTTP/1.1 408 "));
}

TEST(ServerTime, TakesSlowBodiesAboveTheMinimumRate) {
  ServerLimits limits = Impatient();
  limits.body_bytes_per_second_min = 200;
  TestServer server(limits);
  TestClient steady(server.port());
  steady.Send("POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 800\r\n\r\n");
  for (int i = 0; i < 40; ++i) {  // longer than the grace
    steady.Send(std::string(20, 'x'));
    std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_TRUE(steady.ReadUntil("xxx").starts_with("HTTP/1.1 200 "));
}

TEST(ServerTime, CutsOffClientsThatTakeNothing) {
  const std::string large(10 << 20, 'x');
  TestServer server(Impatient(),
                    [&](Request, Responder responder) { responder.Send(Text(large)); });
  TestClient client(server.port(), "", TestClientContext(), nullptr, 4096);
  client.Send(kGet);
  EXPECT_TRUE(server.Await([](const ServerMetrics& m) { return m.connections_open == 0; }));
  EXPECT_EQ(server->Metrics().timeouts, 1u);
}

TEST(ServerTime, NeverHurriesTheHandler) {
  Shelf shelf;
  TestServer server(Impatient(), shelf.handler());
  TestClient client(server.port());
  client.Send(kGet);
  Responder responder = shelf.Take();
  std::this_thread::sleep_for(milliseconds(800));
  responder.Send(Text("at last"));
  EXPECT_NE(client.ReadUntil("at last").find("at last"), std::string::npos);
}

}  // namespace
}  // namespace strongroom::net
