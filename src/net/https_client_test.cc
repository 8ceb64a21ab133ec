#include "net/https_client.h"

#include <gtest/gtest.h>

#include <future>
#include <map>
#include <mutex>

#include "net/testing.h"

namespace strongroom::net {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using FetchResult = base::Result<FetchResponse>;

IpAddress Ip(std::string_view text) { return IpAddress::Parse(text).value(); }

// Answers each lookup with the next of its lists; the last one stays.
class FakeResolver final : public Resolver {
 public:
  explicit FakeResolver(std::vector<std::vector<std::string>> lists) : lists_(std::move(lists)) {}
  void Resolve(const std::string& host, Done done) override {
    std::vector<IpAddress> addresses;
    {
      std::lock_guard lock(mutex_);
      hosts_.push_back(host);
      for (const std::string& text : lists_.front()) addresses.push_back(Ip(text));
      if (lists_.size() > 1) lists_.erase(lists_.begin());
    }
    done(std::move(addresses));
  }
  std::vector<std::string> hosts() {
    std::lock_guard lock(mutex_);
    return hosts_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::vector<std::string>> lists_;
  std::vector<std::string> hosts_;
};

class SilentResolver final : public Resolver {
 public:
  void Resolve(const std::string&, Done done) override {
    std::lock_guard lock(mutex_);
    kept_.push_back(std::move(done));
  }

 private:
  std::mutex mutex_;
  std::vector<Done> kept_;
};

// A TLS server that sends the same bytes whatever it is asked, for answers that ours never gives.
class RawServer {
 public:
  RawServer(std::string answer, bool say_goodbye = true) {
    listening_.Reset(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    socklen_t size = 0;
    sockaddr_storage address = ToSocketAddress({Ip("127.0.0.1"), 0}, size);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    bind(listening_.get(), generic, size);
    listen(listening_.get(), 16);
    getsockname(listening_.get(), generic, &size);
    port_ = ToEndpoint(generic).port;
    const TlsServerOptions tls = TestTls();
    context_.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(context_.get(), ReadCertificate(tls.certificate_pem).get());
    SSL_CTX_use_PrivateKey(context_.get(), ReadPrivateKey(tls.private_key_pem).get());
    thread_ = std::thread([this, answer = std::move(answer), say_goodbye] {
      while (true) {
        const Descriptor fd(accept(listening_.get(), nullptr, nullptr));
        if (!fd) return;
        const SslHandle ssl(SSL_new(context_.get()));
        SSL_set_fd(ssl.get(), fd.get());
        char buffer[4096];
        if (SSL_accept(ssl.get()) != 1 || SSL_read(ssl.get(), buffer, sizeof buffer) <= 0) continue;
        SSL_write(ssl.get(), answer.data(), static_cast<int>(answer.size()));
        if (say_goodbye) SSL_shutdown(ssl.get());
      }
    });
  }
  ~RawServer() {
    shutdown(listening_.get(), SHUT_RDWR);
    thread_.join();
  }
  std::uint16_t port() const { return port_; }

 private:
  Descriptor listening_;
  std::uint16_t port_ = 0;
  SslContextHandle context_;
  std::thread thread_;
};

class HttpsClientTest : public testing::Test {
 protected:
  static FetchRequest Get(const std::string& host, std::uint16_t port,
                          const std::string& target = "/x") {
    FetchRequest request;
    request.url = "https://" + host + ":" + std::to_string(port) + target;
    request.allow_loopback = true;
    request.ca_pem = TestAuthority().certificate_pem;
    return request;
  }
  FetchResult Fetch(FetchRequest request, std::shared_ptr<Resolver> resolver = nullptr) {
    if (!resolver)
      resolver =
          std::make_shared<FakeResolver>(std::vector<std::vector<std::string>>{{"127.0.0.1"}});
    HttpsClient client(*loop_, resolver);
    std::promise<FetchResult> promise;
    client.Fetch(std::move(request),
                 [&](FetchResult result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
  }
  FetchResult FromRaw(const std::string& answer, bool say_goodbye = true) {
    const RawServer server(answer, say_goodbye);
    return Fetch(Get("localhost", server.port()));
  }
  static void ExpectError(const FetchResult& result, ErrorCode code) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, code) << result.error().message;
    EXPECT_EQ(result.error().retriable, code == ErrorCode::kUnavailable);
  }

  std::unique_ptr<EventLoop> loop_ = EventLoop::Start(1);
};

TEST_F(HttpsClientTest, SendsTheRequestAndBringsTheAnswer) {
  TestServer server({}, [](Request request, Responder responder) {
    Response response;
    response.status = 201;
    response.headers = {{"x-host", std::string(*request.Find("host"))},
                        {"x-accept", std::string(*request.Find("accept-encoding"))},
                        {"x-own", std::string(*request.Find("x-own"))}};
    response.body = std::string(request.method()) + " " + std::string(request.target()) + " " +
                    std::string(request.body());
    responder.Send(std::move(response));
  });
  FetchRequest request = Get("LocalHost", server.port(), "/a?b=c");
  request.method = "POST";
  request.headers = {{"x-own", "y"}};
  request.body = "body";
  const FetchResult result = Fetch(std::move(request));
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->status, 201);
  EXPECT_EQ(result->body, "POST /a?b=c body");
  EXPECT_EQ(result->Find("x-host"), "localhost:" + std::to_string(server.port()));
  EXPECT_EQ(result->Find("x-accept"), "identity");
  EXPECT_EQ(result->Find("x-own"), "y");
}

TEST_F(HttpsClientTest, TakesAddressesInUrls) {
  TestServer server;
  EXPECT_TRUE(Fetch(Get("127.0.0.1", server.port())).ok());
}

TEST_F(HttpsClientTest, Security37_TrustsNoOtherAuthority) {
  TestServer server;
  FetchRequest request = Get("localhost", server.port());
  request.ca_pem.clear();
  ExpectError(Fetch(request), ErrorCode::kDependencyError);
  request.ca_pem =
      MakeAuthority("other", std::chrono::hours(1), base::SystemClock())->certificate_pem;
  ExpectError(Fetch(request), ErrorCode::kDependencyError);
  request.ca_pem = "nonsense";
  ExpectError(Fetch(request), ErrorCode::kBadRequest);
}

TEST_F(HttpsClientTest, Security37_ChecksTheName) {
  TestServer server({}, Echo, TestTls({"issuer.example", "*.wild.example"}));
  EXPECT_TRUE(Fetch(Get("issuer.example", server.port())).ok());
  EXPECT_TRUE(Fetch(Get("a.wild.example", server.port())).ok());
  for (const char* name : {"localhost", "other.example", "a.issuer.example", "wild.example",
                           "a.b.wild.example", "127.0.0.1"})
    ExpectError(Fetch(Get(name, server.port())), ErrorCode::kDependencyError);
}

TEST_F(HttpsClientTest, RefusesExpiredCertificates) {
  const base::ManualClock past{base::SystemClock().Now() - std::chrono::hours(48)};
  CertificatePair pair =
      MakeServerCertificate(TestAuthority(), LocalNames(), std::chrono::hours(1), past).value();
  TlsServerOptions tls;
  tls.certificate_pem = pair.certificate_pem;
  tls.private_key_pem = std::move(pair.private_key_pem);
  TestServer server({}, Echo, std::move(tls));
  ExpectError(Fetch(Get("localhost", server.port())), ErrorCode::kDependencyError);
}

// security 2.41
TEST_F(HttpsClientTest, Security41_ReachesNoAddressThatIsNotAllowed) {
  TestServer server;
  FetchRequest request = Get("localhost", server.port());
  request.allow_loopback = false;
  ExpectError(Fetch(request), ErrorCode::kDependencyError);
  request.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/";
  ExpectError(Fetch(request), ErrorCode::kDependencyError);
  request.url = "https://[::ffff:127.0.0.1]:" + std::to_string(server.port()) + "/";
  ExpectError(Fetch(request), ErrorCode::kDependencyError);
  request = Get("localhost", server.port());
  request.allow_loopback = false;
  request.allowed_networks = {Cidr::Parse("127.0.0.0/30").value()};
  EXPECT_TRUE(Fetch(request).ok());
  request.allowed_networks = {Cidr::Parse("127.0.1.0/24").value()};
  ExpectError(Fetch(request), ErrorCode::kDependencyError);
  // Loopback is not the private network.
  request = Get("internal.example", server.port());
  for (const char* address : {"10.0.0.1", "169.254.169.254", "fd00:ec2::254", "0.0.0.0"})
    ExpectError(Fetch(request, std::make_shared<FakeResolver>(
                                   std::vector<std::vector<std::string>>{{address}})),
                ErrorCode::kDependencyError);
  EXPECT_EQ(server->Metrics().connections_accepted, 1u);
}

TEST_F(HttpsClientTest, Security41_ConnectsToTheVeryAddressThatPassed) {
  TestServer server;
  // A name that changes its mind between check and use would need a second lookup.
  const auto resolver = std::make_shared<FakeResolver>(
      std::vector<std::vector<std::string>>{{"10.0.0.1", "127.0.0.1"}, {"10.0.0.1"}});
  const FetchResult result = Fetch(Get("localhost", server.port()), resolver);
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(resolver->hosts(), std::vector<std::string>{"localhost"});
  ExpectError(Fetch(Get("localhost", server.port()), resolver), ErrorCode::kDependencyError);
}

TEST_F(HttpsClientTest, TriesTheNextAddress) {
  TestServer server;
  EXPECT_TRUE(Fetch(Get("localhost", server.port()),
                    std::make_shared<FakeResolver>(
                        std::vector<std::vector<std::string>>{{"127.0.0.9", "127.0.0.1"}}))
                  .ok());
}

TEST_F(HttpsClientTest, Security40_FollowsNoRedirect) {
  const FetchResult result =
      FromRaw("HTTP/1.1 302 Found\r\nlocation: https://localhost/y\r\ncontent-length: 0\r\n\r\n");
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->status, 302);
  EXPECT_EQ(result->Find("location"), "https://localhost/y");
}

TEST_F(HttpsClientTest, Security42_HoldsTheSizeOfTheAnswer) {
  TestServer server;
  FetchRequest request = Get("localhost", server.port());
  request.method = "POST";
  request.body = std::string(1000, 'x');
  request.response_bytes_max = 1000;
  EXPECT_EQ(Fetch(request)->body.size(), 1000u);
  request.response_bytes_max = 999;
  ExpectError(Fetch(request), ErrorCode::kDependencyError);
}

TEST_F(HttpsClientTest, RefusesMalformedAnswers) {
  ExpectError(FromRaw("nonsense\r\n\r\n"), ErrorCode::kDependencyError);
  ExpectError(FromRaw("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 1\r\n\r\nx"),
              ErrorCode::kDependencyError);
  ExpectError(FromRaw("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc"),
              ErrorCode::kDependencyError);
  ExpectError(FromRaw("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc", false),
              ErrorCode::kUnavailable);
}

TEST_F(HttpsClientTest, BelievesTheEndOfAnAnswerOnlyIfItIsSigned) {
  EXPECT_EQ(FromRaw("HTTP/1.1 200 OK\r\n\r\nabc")->body, "abc");
  ExpectError(FromRaw("HTTP/1.1 200 OK\r\n\r\nabc", false), ErrorCode::kUnavailable);
}

TEST_F(HttpsClientTest, RefusesUnusableRequests) {
  TestServer server;
  const auto with = [&](const std::function<void(FetchRequest&)>& spoil) {
    FetchRequest request = Get("localhost", server.port());
    spoil(request);
    ExpectError(Fetch(request), ErrorCode::kBadRequest);
  };
  with([](FetchRequest& r) { r.url = "http://localhost/"; });
  with([](FetchRequest& r) { r.method = "get"; });
  with([](FetchRequest& r) { r.method = "GET / HTTP/1.1\r\nx:"; });
  with([](FetchRequest& r) { r.headers = {{"a", "b\r\nc: d"}}; });
  with([](FetchRequest& r) { r.headers = {{"a b", "c"}}; });
  with([](FetchRequest& r) { r.headers = {{"host", "c"}}; });
  with([](FetchRequest& r) { r.headers = {{"content-length", "1"}}; });
  EXPECT_EQ(server->Metrics().connections_accepted, 0u);
}

TEST_F(HttpsClientTest, EndsInTime) {
  TestServer server({}, [](Request, Responder responder) {
    static std::vector<Responder> kept;
    kept.push_back(std::move(responder));
  });
  FetchRequest request = Get("localhost", server.port());
  request.total_timeout = milliseconds(100);
  const auto begin = std::chrono::steady_clock::now();
  ExpectError(Fetch(request), ErrorCode::kUnavailable);
  // A lookup that never ends, and a server that never shakes hands.
  request.connect_timeout = milliseconds(50);
  ExpectError(Fetch(request, std::make_shared<SilentResolver>()), ErrorCode::kUnavailable);
  const Descriptor silent(socket(AF_INET, SOCK_STREAM, 0));
  listen(silent.get(), 1);
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  getsockname(silent.get(), reinterpret_cast<sockaddr*>(&address), &size);
  request.url = "https://localhost:" +
                std::to_string(ToEndpoint(reinterpret_cast<sockaddr*>(&address)).port) + "/";
  ExpectError(Fetch(request), ErrorCode::kUnavailable);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
}

TEST_F(HttpsClientTest, FailsWhereNobodyListens) {
  ExpectError(Fetch(Get("localhost", 1)), ErrorCode::kUnavailable);
}

TEST_F(HttpsClientTest, EndsWhatStillRunsWhenItGoes) {
  auto client = std::make_unique<HttpsClient>(*loop_, std::make_shared<SilentResolver>());
  std::atomic<int> unavailable{0};
  for (int i = 0; i < 20; ++i)
    client->Fetch(Get("localhost", 1), [&](FetchResult result) {
      unavailable += result.error().code == ErrorCode::kUnavailable ? 1 : 0;
    });
  client.reset();
  EXPECT_EQ(unavailable, 20);
}

TEST(SystemResolver, FindsThisMachineAndNotWhatDoesNotExist) {
  const auto resolver = MakeSystemResolver();
  const auto resolve = [&](const std::string& host) {
    std::promise<base::Result<std::vector<IpAddress>>> promise;
    resolver->Resolve(host, [&](auto result) { promise.set_value(std::move(result)); });
    return promise.get_future().get();
  };
  const auto found = resolve("localhost");
  ASSERT_TRUE(found.ok());
  for (const IpAddress& address : *found) EXPECT_TRUE(IsLoopback(address));
  EXPECT_EQ(resolve("does-not-exist.invalid").error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace strongroom::net
