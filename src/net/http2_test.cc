// HTTP/2 against a client that writes raw frames, for what no honest library would send.
#include <gtest/gtest.h>

#include <mutex>
#include <optional>

#include "net/testing.h"

namespace strongroom::net {
namespace {

using std::chrono::milliseconds;

enum : std::uint8_t {
  kData = 0,
  kHeaders = 1,
  kPriority = 2,
  kReset = 3,
  kSettings = 4,
  kPing = 6,
  kGoaway = 7,
  kWindowUpdate = 8,
  kContinuation = 9
};
enum : std::uint8_t { kEndStream = 1, kAck = 1, kEndHeaders = 4 };
enum : std::uint32_t { kNoError = 0, kRefusedStream = 7, kCancel = 8, kEnhanceYourCalm = 11 };

std::string Big32(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift);
  return bytes;
}

std::string Frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
                  std::string_view payload = {}) {
  std::string frame = Big32(static_cast<std::uint32_t>(payload.size())).substr(1);
  frame += static_cast<char>(type);
  frame += static_cast<char>(flags);
  return frame + Big32(stream) + std::string(payload);
}

// One header field, not indexed, in HPACK without Huffman coding.
std::string Field(std::string_view name, std::string_view value) {
  const auto text = [](std::string_view bytes) {
    std::string out;
    if (bytes.size() < 127) {
      out += static_cast<char>(bytes.size());
    } else {
      out += '\x7f';
      std::size_t rest = bytes.size() - 127;
      for (; rest >= 128; rest /= 128) out += static_cast<char>(rest % 128 + 128);
      out += static_cast<char>(rest);
    }
    return out.append(bytes);
  };
  return '\0' + text(name) + text(value);
}

std::string Head(std::string_view method = "GET", std::string_view path = "/x") {
  return Field(":method", method) + Field(":path", path) + Field(":scheme", "https") +
         Field(":authority", "localhost");
}

std::string Ask(std::uint32_t stream, std::string_view more = {}) {
  return Frame(kHeaders, kEndHeaders | kEndStream, stream, Head() + std::string(more));
}

struct Received {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::uint32_t stream = 0;
  std::string payload;
  // The error code of a reset or a goaway.
  std::uint32_t error() const {
    const std::string_view code = std::string_view(payload).substr(type == kGoaway ? 4 : 0, 4);
    std::uint32_t number = 0;
    for (const char c : code) number = number << 8 | static_cast<unsigned char>(c);
    return number;
  }
};

class RawClient {
 public:
  explicit RawClient(const TestServer& server, std::string_view settings = {})
      : client_(server.port(), "\x02h2") {
    Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(kSettings, 0, 0, settings));
  }
  bool Send(std::string_view frames) { return client_.Send(frames); }
  // The next frame; nothing at the end of the connection.
  std::optional<Received> Next() {
    while (buffer_.size() < 9 || buffer_.size() < 9 + Size()) {
      const std::string piece = client_.Read();
      if (piece.empty()) return std::nullopt;
      buffer_ += piece;
    }
    Received frame;
    frame.type = static_cast<std::uint8_t>(buffer_[3]);
    frame.flags = static_cast<std::uint8_t>(buffer_[4]);
    for (std::size_t i = 5; i < 9; ++i)
      frame.stream = frame.stream << 8 | static_cast<unsigned char>(buffer_[i]);
    frame.payload = buffer_.substr(9, Size());
    buffer_.erase(0, 9 + Size());
    return frame;
  }
  // The next frame of a type.
  std::optional<Received> Await(std::uint8_t type) {
    while (auto frame = Next())
      if (frame->type == type) return frame;
    return std::nullopt;
  }
  // The error with which the server ends the connection; nothing if it just goes.
  std::optional<std::uint32_t> Goodbye() {
    const auto goaway = Await(kGoaway);
    if (!goaway) return std::nullopt;
    while (Next()) {
    }
    return goaway->error();
  }

 private:
  std::size_t Size() const {
    std::size_t size = 0;
    for (std::size_t i = 0; i < 3; ++i) size = size << 8 | static_cast<unsigned char>(buffer_[i]);
    return size;
  }
  TestClient client_;
  std::string buffer_;
};

// `:status` of an answer, which HPACK may write as an index or as text.
bool HasStatus(const Received& headers, int status) {
  if (status == 200) return headers.payload.find('\x88') == 0;
  if (status == 400) return headers.payload.find('\x8c') == 0;
  return headers.payload.find(std::to_string(status)) != std::string::npos ||
         (headers.payload[0] & 0x0f) == 8;
}

ServerLimits Impatient() {
  ServerLimits limits;
  limits.header_timeout = milliseconds(150);
  limits.idle_timeout = milliseconds(300);
  limits.stall_timeout = milliseconds(150);
  return limits;
}

// Never answers, but keeps what it owes.
class Shelf {
 public:
  Handler handler() {
    return [this](Request, Responder responder) {
      std::lock_guard lock(mutex_);
      shelf_.push_back(std::move(responder));
    };
  }
  void AnswerAll(const std::string& body) {
    std::lock_guard lock(mutex_);
    for (Responder& responder : shelf_) {
      Response response;
      response.body = body;
      responder.Send(std::move(response));
    }
    shelf_.clear();
  }

 private:
  std::mutex mutex_;
  std::vector<Responder> shelf_;
};

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

// --- floods: at the limit, and one past it ---

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
