// Streams: bodies that flow, trailers, and what becomes of those who hold them up.
#include "net/stream.h"

#include <gtest/gtest.h>

#include <atomic>

#include "net/http2_raw_client.h"

namespace strongroom::net {
namespace {

using namespace raw;
using std::chrono::milliseconds;

struct Seen {
  std::atomic<int> closed = 0;
  std::atomic<int> drained = 0;
  std::atomic<int> writable = 0;
  std::atomic<int> timers = 0;
};

// Sends back what it gets; keeps it from the path "/hold", floods at "/flood", waits at "/wait".
class EchoReceiver final : public StreamReceiver {
 public:
  EchoReceiver(std::string path, std::shared_ptr<Stream> stream, Seen& seen)
      : path_(std::move(path)), stream_(std::move(stream)), seen_(seen) {
    Response head;
    head.content_type = "application/x-echo";
    if (path_ == "/refuse")
      stream_->Finish({{"reason", "no"}});
    else
      stream_->SendHead(head);
    if (path_ == "/flood") stream_->Write(std::string(1 << 20, 'f'));
    if (path_ == "/wait") stream_->SetTimer(std::chrono::steady_clock::now() + milliseconds(50));
  }
  void OnData(std::string_view bytes) override {
    if (path_ == "/hold") return;
    stream_->Write(std::string(bytes));
    stream_->Consume(bytes.size());
  }
  void OnEnd() override {
    if (path_ == "/x") stream_->Finish({{"result", "fine"}});
  }
  void OnWritable() override { ++seen_.writable; }
  void OnTimer() override {
    ++seen_.timers;
    stream_->Finish({{"result", "late"}});
  }
  void OnDrain() override {
    ++seen_.drained;
    stream_->Finish({{"result", "stopping"}});
  }
  void OnClosed() override { ++seen_.closed; }

 private:
  const std::string path_;
  const std::shared_ptr<Stream> stream_;
  Seen& seen_;
};

class StreamServer {
 public:
  explicit StreamServer(ServerLimits limits = {}) : loop_(EventLoop::Start(1)) {
    ServerOptions options;
    options.limits = limits;
    options.tls = TestTls();
    server_ = Server::StartStreams(
                  std::move(options),
                  [this](Request head, std::shared_ptr<Stream> stream) {
                    return std::make_shared<EchoReceiver>(std::string(head.path()),
                                                          std::move(stream), seen);
                  },
                  *loop_)
                  .value();
  }
  std::uint16_t port() const { return server_->port(); }
  Server* operator->() { return server_.get(); }
  bool Await(const std::function<bool()>& condition) const {
    for (int i = 0; i < 500 && !condition(); ++i) std::this_thread::sleep_for(milliseconds(10));
    return condition();
  }
  Seen seen;

 private:
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<Server> server_;
};

std::string Post(std::uint32_t stream, std::string_view path, std::uint8_t flags = kEndHeaders) {
  return Frame(kHeaders, flags, stream, Head("POST", path));
}

TEST(Stream, EchoesWhileTheClientStillSendsAndEndsInTrailers) {
  StreamServer server;
  RawClient client(server.port());
  client.Send(Post(1, "/x") + Frame(kData, 0, 1, "one"));
  EXPECT_TRUE(HasStatus(client.Await(kHeaders).value(), 200));
  EXPECT_EQ(client.Await(kData)->payload, "one");
  client.Send(Frame(kData, kEndStream, 1, "two"));
  EXPECT_EQ(client.Await(kData)->payload, "two");
  const auto trailers = client.Await(kHeaders);
  ASSERT_TRUE(trailers);
  EXPECT_EQ(trailers->flags & kEndStream, kEndStream);
  EXPECT_TRUE(server.Await([&] { return server.seen.closed == 1; }));
  EXPECT_EQ(server->Metrics().requests_open, 0u);
}

TEST(Stream, AnswersWithTrailersAlone) {
  StreamServer server;
  RawClient client(server.port());
  client.Send(Post(1, "/refuse"));
  const auto head = client.Await(kHeaders);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->flags & kEndStream, kEndStream);
}

TEST(Stream, GivesTheWindowBackOnlyForWhatWasConsumed) {
  StreamServer server;
  RawClient client(server.port());
  const std::string piece(16384, 'p');
  client.Send(Post(1, "/hold"));
  for (int i = 0; i < 3; ++i) client.Send(Frame(kData, 0, 1, piece));
  // The connection's window is for the others.
  client.Send(Post(3, "/x") + Frame(kData, kEndStream, 3, "other"));
  while (const auto frame = client.Next()) {
    EXPECT_FALSE(frame->type == kWindowUpdate && frame->stream == 1);
    if (frame->type == kData && frame->payload == "other") break;
  }
  // rfc9113 6.9.1: more than the window is an error of the stream.
  client.Send(Frame(kData, 0, 1, piece) + Frame(kData, 0, 1, "x"));
  EXPECT_TRUE(client.Await(kReset).has_value());
}

TEST(Stream, CutsOffAClientThatTakesNothing) {
  ServerLimits limits;
  limits.stall_timeout = milliseconds(300);
  StreamServer server(limits);
  RawClient client(server.port());
  client.Send(Post(1, "/flood"));
  const auto reset = client.Await(kReset);
  ASSERT_TRUE(reset);
  EXPECT_EQ(reset->error(), kCancel);
  EXPECT_TRUE(server.Await([&] { return server.seen.closed == 1; }));
  EXPECT_GE(server->Metrics().timeouts, 1u);
}

TEST(Stream, TellsTheHandlerOfResetsAndOfTheEndOfTheConnection) {
  StreamServer server;
  {
    RawClient client(server.port());
    client.Send(Post(1, "/hold") + Frame(kReset, 0, 1, Big32(kCancel)) + Post(3, "/hold"));
    EXPECT_TRUE(server.Await([&] { return server.seen.closed == 1; }));
  }
  EXPECT_TRUE(server.Await([&] { return server.seen.closed == 2; }));
  EXPECT_TRUE(server.Await([&] { return server->Metrics().requests_open == 0; }));
}

TEST(Stream, EndsWhenTheClientSaysThatItWillSendNoMore) {
  StreamServer server;
  TestClient client(server.port(), "\x02h2");
  client.Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(kSettings, 0, 0) + Post(1, "/hold"));
  EXPECT_TRUE(server.Await([&] { return server->Metrics().requests_open == 1; }));
  SSL_shutdown(client.ssl());
  EXPECT_TRUE(server.Await([&] { return server.seen.closed == 1; }));
  EXPECT_TRUE(server.Await([&] { return server->Metrics().connections_open == 0; }));
}

TEST(Stream, RunsTheTimerOfAStream) {
  StreamServer server;
  RawClient client(server.port());
  client.Send(Post(1, "/wait"));
  EXPECT_TRUE(HasStatus(client.Await(kHeaders).value(), 200));
  EXPECT_TRUE(client.Await(kHeaders).has_value());
  EXPECT_EQ(server.seen.timers, 1);
}

TEST(Stream, EndsConnectionsThatPingTooOften) {
  StreamServer server;
  RawClient client(server.port());
  for (int i = 0; i < 4; ++i) client.Send(Frame(kPing, 0, 0, "12345678"));
  const auto goaway = client.Await(kGoaway);
  ASSERT_TRUE(goaway);
  EXPECT_EQ(goaway->error(), kEnhanceYourCalm);
  EXPECT_NE(goaway->payload.find("too_many_pings"), std::string::npos);
  EXPECT_FALSE(client.Next().has_value());
}

TEST(Stream, LetsPingsBeWhileAnswersFlow) {
  StreamServer server;
  RawClient client(server.port());
  client.Send(Post(1, "/x"));
  for (int i = 0; i < 10; ++i) {
    client.Send(Frame(kPing, 0, 0, "12345678") + Frame(kData, 0, 1, "more"));
    EXPECT_EQ(client.Await(kData)->payload, "more");
  }
}

TEST(Stream, DrainsInTwoStepsAndTellsStreams) {
  StreamServer server;
  RawClient client(server.port());
  client.Send(Post(1, "/hold"));
  EXPECT_TRUE(client.Await(kHeaders).has_value());
  std::thread draining([&] { EXPECT_EQ(server->Drain(std::chrono::seconds(5)), 0u); });
  const auto first = client.Await(kGoaway);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->error(), kNoError);
  EXPECT_EQ(first->payload.substr(0, 4), "\x7f\xff\xff\xff");
  client.Send(Frame(kPing, kAck, 0, "12345678") + Frame(kData, kEndStream, 1));
  const auto last = client.Await(kGoaway);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->payload.substr(0, 4), Big32(1));
  draining.join();
  EXPECT_EQ(server.seen.drained, 1);
}

TEST(Stream, SpeaksNothingButHttp2) {
  StreamServer server;
  TestClient other(server.port(), "\x08http/1.1");
  EXPECT_FALSE(other.connected());
  TestClient silent(server.port());
  EXPECT_TRUE(silent.AtEnd());
}

}  // namespace
}  // namespace strongroom::net
