#include "net/server.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "net/testing.h"

namespace strongroom::net {
namespace {

using std::chrono::milliseconds;

TEST(Server, KeepsTheConnectionAndAddsItsHeaders) {
  TestServer server;
  TestClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    const std::string answer = client.Ask(kGet);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\ndate: ")) << answer;
    EXPECT_NE(answer.find("\r\nstrict-transport-security: max-age=31536000\r\n"), answer.npos);
    EXPECT_TRUE(answer.ends_with("content-length: 6\r\n\r\nGET /x"));
  }
  const ServerMetrics metrics = server->Metrics();
  EXPECT_EQ(metrics.connections_accepted, 1u);
  EXPECT_EQ(metrics.connections_open, 1u);
  EXPECT_EQ(metrics.handshakes_completed, 1u);
  EXPECT_EQ(metrics.requests, 3u);
  EXPECT_EQ(metrics.requests_open, 0u);
  EXPECT_GT(metrics.bytes_received, 300u);
  EXPECT_GT(metrics.bytes_sent, 300u);
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  Shelf shelf;
  TestServer server({}, shelf.handler());
  TestClient client(server.port());
  std::string requests;
  for (int i = 0; i < 50; ++i) requests += kGet;
  client.Send(requests);
  for (int i = 0; i < 50; ++i) shelf.Take().Send(Text("<" + std::to_string(i) + ">"));
  const std::string answers = client.ReadUntil("<49>");
  std::size_t at = 0;
  for (int i = 0; i < 50; ++i) {
    at = answers.find("<" + std::to_string(i) + ">", at);
    ASSERT_NE(at, answers.npos) << i;
  }
}

TEST(Server, TakesAnswersFromOtherThreadsAlsoAfterItsEnd) {
  Shelf shelf;
  auto server = std::make_unique<TestServer>(ServerLimits(), shelf.handler(), TestTls(), 2);
  TestClient first(server->port());
  TestClient second(server->port());
  first.Send(kGet);
  Responder one = shelf.Take();
  second.Send(kGet);
  Responder two = shelf.Take();
  std::thread([&] { one.Send(Text("from afar")); }).join();
  EXPECT_NE(first.ReadUntil("from afar").find("200 OK"), std::string::npos);
  server->Stop();
  server.reset();
  two.Send(Text("too late"));
}

TEST(Server, AnswersDroppedRequestsWith500) {
  TestServer server({}, [](Request, Responder) {});
  TestClient client(server.port());
  EXPECT_TRUE(client.Ask(kGet).starts_with("HTTP/1.1 500 "));
  EXPECT_TRUE(client.Ask(kGet).starts_with("HTTP/1.1 500 "));
}

TEST(Server, AnswersAnUnsendableAnswerWith500) {
  TestServer server({}, [](Request, Responder responder) {
    Response response;
    response.headers = {{"location", "a\r\nb: c"}};
    responder.Send(std::move(response));
  });
  const std::string answer = TestClient(server.port()).Ask(kGet);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 500 "));
  EXPECT_EQ(answer.find("b: c"), answer.npos);
}

TEST(Server, SendsLargeAnswersToSlowReaders) {
  const std::string large(10 << 20, 'x');
  TestServer server({}, [&](Request, Responder responder) { responder.Send(Text(large)); });
  TestClient client(server.port(), "", TestClientContext(), nullptr, 4096);
  const std::string answer = client.Ask(kGet);
  EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, large.size());
}

TEST(Server, LeavesOutTheBodyForHead) {
  TestServer server;
  TestClient client(server.port());
  client.Send("HEAD /x HTTP/1.1\r\nhost: h\r\n\r\n");
  EXPECT_TRUE(client.ReadUntil("\r\n\r\n").ends_with("content-length: 6\r\n\r\n"));
  EXPECT_TRUE(client.Ask(kGet).ends_with("GET /x"));
}

TEST(Server, ContinuesWhenItIsAskedTo) {
  TestServer server;
  TestClient client(server.port());
  client.Send("PUT / HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_TRUE(client.Ask("body").ends_with("\r\n\r\nbody"));
  const std::string refused = client.Ask(
      "PUT / HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\ncontent-length: 4000000\r\n\r\n");
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 413 ")) << refused;
}

TEST(Server, RefusesAndCloses) {
  TestServer server;
  struct Case {
    std::string request;
    const char* status;
    const char* code;
  };
  const Case cases[] = {
      {"GET / HTTP/1.1\r\n\r\n", "400", "BAD_REQUEST"},
      {"POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 1048577\r\n\r\n", "413", "LIMIT_EXCEEDED"},
      {"GET /" + std::string(8192, 'a') + " HTTP/1.1\r\nhost: h\r\n\r\n", "414", "LIMIT_EXCEEDED"},
      {"GET / HTTP/1.1\r\nx: " + std::string(32 << 10, 'a') + "\r\n\r\n", "431", "LIMIT_EXCEEDED"},
      {"GET / HTTP/3.0\r\n\r\n", "505", "NOT_SUPPORTED"}};
  for (const Case& each : cases) {
    TestClient client(server.port());
    client.Send(each.request);
    client.Send(kGet);  // never answered
    const std::string answer = client.ReadAll();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + std::string(each.status))) << answer;
    EXPECT_NE(answer.find(each.code), answer.npos) << answer;
    EXPECT_NE(answer.find("connection: close\r\n"), answer.npos);
    EXPECT_EQ(answer.find("GET /x"), answer.npos);
  }
  EXPECT_EQ(server->Metrics().requests, 0u);
}

TEST(Server, TellsASenderOfTooMuchWhy) {
  TestServer server;
  TestClient client(server.port());
  client.Send("POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 8000000\r\n\r\n");
  // The refusal must survive what is still under way.
  for (int i = 0; i < 64; ++i) client.Send(std::string(16384, 'x'));
  EXPECT_TRUE(client.ReadAll().starts_with("HTTP/1.1 413 "));
}

TEST(Server, TellsTheHandlerWhoAsks) {
  TestServer server({}, [](Request request, Responder responder) {
    responder.Send(Text(request.peer().address + "|" + request.peer().certificate_subject));
  });
  EXPECT_TRUE(TestClient(server.port()).Ask(kGet).ends_with("127.0.0.1|"));
}

TEST(Server, ServesTheLastRequestOfAClientThatHasFinished) {
  TestServer server;
  TestClient client(server.port());
  client.Send(std::string(kGet) + std::string(kGet));
  SSL_shutdown(client.ssl());
  shutdown(client.fd(), SHUT_WR);
  const std::string answers = client.ReadAll();
  const std::size_t first = answers.find("GET /x");
  ASSERT_NE(first, answers.npos);
  EXPECT_NE(answers.find("GET /x", first + 1), answers.npos);
}

// --- admission ---

TEST(ServerAdmission, HoldsTheCapPerSource) {
  ServerLimits limits;
  limits.connections_per_source_max = 2;
  TestServer server(limits);
  TestClient one(server.port());
  auto two = std::make_unique<TestClient>(server.port());
  EXPECT_TRUE(one.connected() && two->connected());
  EXPECT_FALSE(TestClient(server.port()).connected());
  EXPECT_EQ(server->Metrics().connections_refused, 1u);
  two.reset();
  EXPECT_TRUE(server.Await([](const ServerMetrics& m) { return m.connections_open == 1; }));
  EXPECT_TRUE(TestClient(server.port()).connected());
}

TEST(ServerAdmission, HoldsTheCapInAll) {
  ServerLimits limits;
  limits.connections_max = 3;
  TestServer server(limits);
  std::vector<std::unique_ptr<TestClient>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<TestClient>(server.port()));
    EXPECT_TRUE(clients.back()->connected());
  }
  EXPECT_FALSE(TestClient(server.port()).connected());
}

TEST(ServerAdmission, SurvivesRunningOutOfDescriptors) {
  TestServer server;
  TestClient before(server.port());
  before.Ask(kGet);
  rlimit old{};
  getrlimit(RLIMIT_NOFILE, &old);
  // Room for a few more only; the clients here need descriptors too.
  const Descriptor lowest(dup(0));
  std::vector<Descriptor> waiting;
  for (int i = 0; i < 6; ++i) waiting.emplace_back(socket(AF_INET, SOCK_STREAM, 0));
  const rlimit tight{static_cast<rlim_t>(waiting.back().get()) + 1, old.rlim_max};
  setrlimit(RLIMIT_NOFILE, &tight);
  socklen_t size = 0;
  const auto address = ToSocketAddress({IpAddress::V4({127, 0, 0, 1}), server.port()}, size);
  for (const Descriptor& fd : waiting)
    connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), size);
  EXPECT_TRUE(server.Await([](const ServerMetrics& m) { return m.connections_refused == 6; }));
  EXPECT_TRUE(before.Ask(kGet).ends_with("GET /x"));
  setrlimit(RLIMIT_NOFILE, &old);
  EXPECT_TRUE(TestClient(server.port()).Ask(kGet).ends_with("GET /x"));
}

// --- end ---

TEST(ServerDrain, LetsRequestsInFlightFinish) {
  Shelf shelf;
  TestServer server({}, shelf.handler());
  TestClient idle(server.port());
  TestClient busy(server.port());
  busy.Send(kGet);
  Responder responder = shelf.Take();
  std::thread later([&] {
    std::this_thread::sleep_for(milliseconds(100));
    responder.Send(Text("done"));
  });
  EXPECT_EQ(server->Drain(std::chrono::seconds(5)), 0u);
  later.join();
  const std::string answer = busy.ReadAll();
  EXPECT_TRUE(answer.ends_with("done"));
  EXPECT_NE(answer.find("connection: close"), answer.npos);
  EXPECT_EQ(idle.ReadAll(), "");
  EXPECT_FALSE(TestClient(server.port()).connected());
}

TEST(ServerDrain, ClosesConnectionsThatHaveNotSpokenYet) {
  TestServer server;
  std::vector<Descriptor> silent;
  for (int i = 0; i < 20; ++i) silent.push_back(ConnectTo(server.port()));
  ASSERT_TRUE(server.Await([](const ServerMetrics& m) { return m.connections_accepted == 20; }));
  EXPECT_EQ(server->Drain(std::chrono::seconds(5)), 0u);
  EXPECT_EQ(server->Metrics().connections_open, 0u);
}

TEST(ServerDrain, CutsOffWhatTakesTooLong) {
  Shelf shelf;
  TestServer server({}, shelf.handler());
  TestClient client(server.port());
  client.Send(kGet);
  Responder responder = shelf.Take();
  EXPECT_EQ(server->Drain(milliseconds(50)), 1u);
  EXPECT_EQ(client.ReadAll(), "");
  EXPECT_EQ(server->Drain(milliseconds(50)), 0u);
}

TEST(ServerStart, RefusesWhatCannotBeBound) {
  TestServer server;
  const auto loop = EventLoop::Start(1);
  for (const auto& [host, port] : std::initializer_list<std::pair<const char*, std::uint16_t>>{
           {"127.0.0.1", server.port()}, {"localhost", 0}, {"192.0.2.1", 0}}) {
    ServerOptions options;
    options.host = host;
    options.port = port;
    options.tls = TestTls();
    EXPECT_FALSE(Server::Start(std::move(options), Echo, *loop).ok()) << host;
  }
}

TEST(ServerStart, ListensOnBothFamilies) {
  const auto loop = EventLoop::Start(1);
  ServerOptions options;
  options.host = "::";
  options.tls = TestTls();
  auto server = Server::Start(
      std::move(options),
      [](Request request, Responder responder) { responder.Send(Text(request.peer().address)); },
      *loop);
  if (!server) GTEST_SKIP() << "no IPv6 here";
  EXPECT_TRUE(TestClient((*server)->port()).Ask(kGet).ends_with("\r\n\r\n127.0.0.1"));
}

}  // namespace
}  // namespace strongroom::net
