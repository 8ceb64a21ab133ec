#include "net/http1_reader.h"

#include <gtest/gtest.h>

#include <numeric>

namespace strongroom::net {
namespace {

struct Outcome {
  std::vector<std::string> requests;  // "METHOD target body"
  int status = 0;                     // of the refusal
  bool waits = false;                 // for "100 Continue"
  bool operator==(const Outcome&) const = default;
};

// Reads `bytes` in pieces of `piece` bytes.
Outcome ReadInPieces(std::string_view bytes, std::size_t piece, const ServerLimits& limits = {}) {
  Http1Reader reader(limits);
  Outcome outcome;
  while (!bytes.empty()) {
    std::string_view input = bytes.substr(0, piece);
    bytes.remove_prefix(input.size());
    while (!input.empty()) {
      switch (reader.Read(input)) {
        case Http1Reader::Step::kMore: EXPECT_TRUE(input.empty()); break;
        case Http1Reader::Step::kContinue: outcome.waits = true; break;
        case Http1Reader::Step::kRequest: {
          const Request request = reader.Take(nullptr);
          outcome.requests.push_back(std::string(request.method()) + " " +
                                     std::string(request.target()) + " " +
                                     std::string(request.body()));
          break;
        }
        case Http1Reader::Step::kRefused: outcome.status = reader.refusal().status; return outcome;
      }
    }
  }
  return outcome;
}

// The same however the bytes come.
Outcome Read(std::string_view bytes, const ServerLimits& limits = {}) {
  const Outcome whole = ReadInPieces(bytes, bytes.size() + 1, limits);
  for (const std::size_t piece : {1, 2, 3, 7, 64}) {
    Outcome other = ReadInPieces(bytes, piece, limits);
    other.waits = whole.waits;  // depends on what comes together with the head
    EXPECT_EQ(other, whole) << "in pieces of " << piece << ": " << bytes.substr(0, 200);
  }
  return whole;
}

int StatusOf(std::string_view bytes, const ServerLimits& limits = {}) {
  return Read(bytes, limits).status;
}

std::string Get(std::string_view headers, std::string_view target = "/") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nhost: h\r\n" + std::string(headers) + "\r\n";
}

TEST(Http1Reader, ReadsRequestsOneAfterAnother) {
  const Outcome outcome = Read(
      "\r\nPOST /a HTTP/1.1\r\nHost: h:8443\r\nContent-Length: 5\r\n\r\nhello"
      "GET /b?c HTTP/1.1\r\nhost:h\r\n\r\n"
      "PUT /d HTTP/1.1\r\nhost: h\r\ntransfer-encoding: Chunked\r\n\r\n"
      "5;x=y\r\nhello\r\n00A\r\n, world!!!\r\n0\r\ntrailer: x\r\n\r\n"
      "OPTIONS * HTTP/1.1\r\nhost: h\r\n\r\n");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.requests, (std::vector<std::string>{"POST /a hello", "GET /b?c ",
                                                        "PUT /d hello, world!!!", "OPTIONS * "}));
}

TEST(Http1Reader, ReducesTheAbsoluteForm) {
  EXPECT_EQ(Read("GET https://h/a?b HTTP/1.1\r\nhost: h\r\n\r\n").requests,
            std::vector<std::string>{"GET /a?b "});
  EXPECT_EQ(Read("GET HTTPS://h HTTP/1.1\r\nhost: h\r\n\r\n").requests,
            std::vector<std::string>{"GET / "});
  EXPECT_EQ(StatusOf("GET https://other/ HTTP/1.1\r\nhost: h\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf("GET http://h/ HTTP/1.1\r\nhost: h\r\n\r\n"), 400);
}

TEST(Http1Reader, TrimsValuesAndLowersNames) {
  ServerLimits limits;
  Http1Reader reader(limits);
  std::string_view input = "GET / HTTP/1.1\r\nHOST: h\r\nX-A: \t b c \t\r\nx-e:\r\n\r\n";
  ASSERT_EQ(reader.Read(input), Http1Reader::Step::kRequest);
  const Request request = reader.Take(nullptr);
  EXPECT_EQ(request.Find("x-a"), "b c");
  EXPECT_EQ(request.Find("x-e"), "");
  EXPECT_EQ(request.version(), HttpVersion::kHttp11);
}

TEST(Http1Reader, KnowsWhenTheConnectionEnds) {
  const auto keep_alive = [](std::string_view text) {
    ServerLimits limits;
    Http1Reader reader(limits);
    EXPECT_EQ(reader.Read(text), Http1Reader::Step::kRequest);
    return reader.keep_alive();
  };
  EXPECT_TRUE(keep_alive("GET / HTTP/1.1\r\nhost: h\r\n\r\n"));
  EXPECT_TRUE(keep_alive("GET / HTTP/1.1\r\nhost: h\r\nconnection: keep-alive\r\n\r\n"));
  EXPECT_FALSE(keep_alive("GET / HTTP/1.1\r\nhost: h\r\nconnection: x , Close\r\n\r\n"));
  EXPECT_FALSE(keep_alive("GET / HTTP/1.0\r\n\r\n"));
}

TEST(Http1Reader, AsksForTheBodyThatAClientHoldsBack) {
  const std::string head = "PUT / HTTP/1.1\r\nhost: h\r\nexpect: 100-Continue\r\n";
  EXPECT_TRUE(Read(head + "content-length: 3\r\n\r\n").waits);
  EXPECT_FALSE(Read(head + "content-length: 3\r\n\r\nabc").waits);
  EXPECT_FALSE(Read(head + "content-length: 0\r\n\r\n").waits);
  EXPECT_EQ(StatusOf("PUT / HTTP/1.1\r\nhost: h\r\nexpect: miracles\r\n\r\n"), 417);
}

struct Refused {
  const char* why;
  std::string_view bytes;
  int status;
};

class Http1Refusals : public testing::TestWithParam<Refused> {};

TEST_P(Http1Refusals, AreOfOneMindHoweverTheBytesCome) {
  EXPECT_EQ(StatusOf(GetParam().bytes), GetParam().status) << GetParam().why;
  EXPECT_TRUE(Read(GetParam().bytes).requests.empty()) << GetParam().why;
}

using namespace std::string_view_literals;
#define HOST "host: h\r\n"
INSTANTIATE_TEST_SUITE_P(
    Smuggling, Http1Refusals,
    testing::Values(
        Refused{"both lengths",
                "POST / HTTP/1.1\r\n" HOST "content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n"
                "0\r\n\r\n",
                400},
        Refused{"both lengths, the other way round",
                "POST / HTTP/1.1\r\n" HOST "transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n"
                "0\r\n\r\n",
                400},
        Refused{"two equal lengths",
                "POST / HTTP/1.1\r\n" HOST "content-length: 3\r\ncontent-length: 3\r\n\r\nabc",
                400},
        Refused{"a list of lengths", "POST / HTTP/1.1\r\n" HOST "content-length: 3, 3\r\n\r\nabc",
                400},
        Refused{"a signed length", "POST / HTTP/1.1\r\n" HOST "content-length: +3\r\n\r\nabc", 400},
        Refused{"a negative length", "POST / HTTP/1.1\r\n" HOST "content-length: -1\r\n\r\n", 400},
        Refused{"a hexadecimal length", "POST / HTTP/1.1\r\n" HOST "content-length: 0x3\r\n\r\n",
                400},
        Refused{"an empty length", "POST / HTTP/1.1\r\n" HOST "content-length:\r\n\r\n", 400},
        Refused{"a length that overflows",
                "POST / HTTP/1.1\r\n" HOST "content-length: 18446744073709551619\r\n\r\nabc", 400},
        Refused{"another coding", "POST / HTTP/1.1\r\n" HOST "transfer-encoding: gzip\r\n\r\n",
                501},
        Refused{"two codings",
                "POST / HTTP/1.1\r\n" HOST "transfer-encoding: gzip, chunked\r\n\r\n", 501},
        Refused{"chunked twice",
                "POST / HTTP/1.1\r\n" HOST
                "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n",
                400},
        Refused{"a coding with a vertical tab",
                "POST / HTTP/1.1\r\n" HOST "transfer-encoding: \vchunked\r\n\r\n", 400},
        Refused{"chunks in HTTP/1.0",
                "POST / HTTP/1.0\r\n" HOST "transfer-encoding: chunked\r\n\r\n", 400},
        Refused{"a blank before the colon",
                "POST / HTTP/1.1\r\n" HOST "content-length : 3\r\n\r\nabc", 400},
        Refused{"a folded line",
                "POST / HTTP/1.1\r\n" HOST "transfer-encoding:\r\n chunked\r\n\r\n", 400},
        Refused{"a header before the first", "GET / HTTP/1.1\r\n a: b\r\n" HOST "\r\n", 400},
        Refused{"bare line feeds", "GET / HTTP/1.1\n" HOST "\r\n", 400},
        Refused{"a bare line feed in a header", "GET / HTTP/1.1\r\n" HOST "a: b\nc: d\r\n\r\n",
                400},
        Refused{"a bare carriage return", "GET / HTTP/1.1\r\n" HOST "a: b\rc: d\r\n\r\n", 400},
        Refused{"a NUL in a value", "GET / HTTP/1.1\r\n" HOST "a: b\0c\r\n\r\n"sv, 400},
        Refused{"a NUL in a name", "GET / HTTP/1.1\r\n" HOST "a\0: b\r\n\r\n"sv, 400},
        Refused{"no colon", "GET / HTTP/1.1\r\n" HOST "abc\r\n\r\n", 400},
        Refused{"no name", "GET / HTTP/1.1\r\n" HOST ": b\r\n\r\n", 400}));

INSTANTIATE_TEST_SUITE_P(
    Chunks, Http1Refusals,
    testing::Values(
        Refused{"no size",
                "POST / HTTP/1.1\r\n" HOST "transfer-encoding: chunked\r\n\r\n\r\nabc\r\n", 400},
        Refused{"a prefix",
                "POST / HTTP/1.1\r\n" HOST "transfer-encoding: chunked\r\n\r\n0x3\r\nabc\r\n", 400},
        Refused{"a sign",
                "POST / HTTP/1.1\r\n" HOST "transfer-encoding: chunked\r\n\r\n+3\r\nabc\r\n", 400},
        Refused{"a blank after the size",
                "POST / HTTP/1.1\r\n" HOST "transfer-encoding: chunked\r\n\r\n3 \r\nabc\r\n", 400},
        Refused{"a bare line feed",
                "POST / HTTP/1.1\r\n" HOST "transfer-encoding: chunked\r\n\r\n3\nabc\r\n", 400},
        Refused{"a bare line feed in an extension",
                "POST / HTTP/1.1\r\n" HOST "transfer-encoding: chunked\r\n\r\n3;\nx\r\nabc\r\n",
                400},
        Refused{"data that goes on",
                "POST / HTTP/1.1\r\n" HOST "transfer-encoding: chunked\r\n\r\n3\r\nabcd\r\n", 400},
        Refused{"a size of nine digits",
                "POST / HTTP/1.1\r\n" HOST "transfer-encoding: chunked\r\n\r\n000000003\r\nabc\r\n",
                400},
        Refused{"a malformed trailer",
                "POST / HTTP/1.1\r\n" HOST "transfer-encoding: chunked\r\n\r\n0\r\nabc\r\n\r\n",
                400}));

INSTANTIATE_TEST_SUITE_P(
    Lines, Http1Refusals,
    testing::Values(Refused{"no host", "GET / HTTP/1.1\r\na: b\r\n\r\n", 400},
                    Refused{"two hosts", "GET / HTTP/1.1\r\nhost: a\r\nhost: a\r\n\r\n", 400},
                    Refused{"a host with a path", "GET / HTTP/1.1\r\nhost: a/b\r\n\r\n", 400},
                    Refused{"a host with a user", "GET / HTTP/1.1\r\nhost: u@a\r\n\r\n", 400},
                    Refused{"an empty host", "GET / HTTP/1.1\r\nhost:\r\n\r\n", 400},
                    Refused{"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
                    Refused{"version 1.2", "GET / HTTP/1.2\r\n" HOST "\r\n", 505},
                    Refused{"version 0.9", "GET /\r\n\r\n", 400},
                    Refused{"a version in lower case", "GET / http/1.1\r\n" HOST "\r\n", 400},
                    Refused{"two blanks", "GET  / HTTP/1.1\r\n" HOST "\r\n", 400},
                    Refused{"a tab", "GET\t/ HTTP/1.1\r\n" HOST "\r\n", 400},
                    Refused{"a method in lower case", "get / HTTP/1.1\r\n" HOST "\r\n", 400},
                    Refused{"a fragment", "GET /#a HTTP/1.1\r\n" HOST "\r\n", 400},
                    Refused{"a relative target", "GET a HTTP/1.1\r\n" HOST "\r\n", 400},
                    Refused{"a target beyond ASCII", "GET /\xc3\xa4 HTTP/1.1\r\n" HOST "\r\n", 400},
                    Refused{"a proxy", "CONNECT h:443 HTTP/1.1\r\n" HOST "\r\n", 501},
                    Refused{"three empty lines", "\r\n\r\n\r\n", 400}));

TEST(Http1Limits, HoldForTheTarget) {
  const std::string at_limit = "/" + std::string(8191, 'a');
  EXPECT_EQ(StatusOf(Get("", at_limit)), 0);
  EXPECT_EQ(StatusOf(Get("", at_limit + "a")), 414);
  // Without waiting for its end.
  EXPECT_EQ(StatusOf("GET /" + std::string(9000, 'a')), 414);
}

TEST(Http1Limits, HoldForTheSizeOfTheHeaders) {
  // The whole section: "host: h\r\n", this one with its line end.
  const std::string at_limit = "x: " + std::string((32 << 10) - 9 - 5, 'a') + "\r\n";
  EXPECT_EQ(StatusOf(Get(at_limit)), 0);
  EXPECT_EQ(StatusOf(Get("y" + at_limit)), 431);
  EXPECT_EQ(StatusOf("GET / HTTP/1.1\r\nx: " + std::string(33 << 10, 'a')), 431);
}

TEST(Http1Limits, HoldForTheNumberOfHeaders) {
  std::string at_limit;
  for (int i = 0; i < 99; ++i) at_limit += "a: b\r\n";
  EXPECT_EQ(StatusOf(Get(at_limit)), 0);
  EXPECT_EQ(StatusOf(Get(at_limit + "a: b\r\n")), 431);
}

TEST(Http1Limits, HoldForTheBody) {
  ServerLimits limits;
  limits.body_bytes_max = 100;
  const std::string head = "POST / HTTP/1.1\r\nhost: h\r\n";
  const auto chunked = [&](std::size_t bytes) {
    std::string text = head + "transfer-encoding: chunked\r\n\r\n";
    for (std::size_t i = 0; i < bytes; ++i) text += "1\r\na\r\n";
    return text + "0\r\n\r\n";
  };
  const std::string body(100, 'a');
  EXPECT_EQ(Read(head + "content-length: 100\r\n\r\n" + body, limits).requests.size(), 1u);
  EXPECT_EQ(StatusOf(head + "content-length: 101\r\n\r\n", limits), 413);
  EXPECT_EQ(Read(chunked(100), limits).requests.size(), 1u);
  EXPECT_EQ(StatusOf(chunked(101), limits), 413);
}

TEST(Http1Limits, HoldForWhatSurroundsChunks) {
  const std::string head = "POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n";
  EXPECT_EQ(StatusOf(head + "1;" + std::string(4000, 'x') + "\r\na\r\n0\r\n\r\n"), 0);
  EXPECT_EQ(StatusOf(head + "1;" + std::string(4200, 'x') + "\r\na\r\n0\r\n\r\n"), 400);
  std::string many = head;
  for (int i = 0; i < 2000; ++i) many += "1;xxxxxxxxxxxx\r\na\r\n";
  EXPECT_EQ(StatusOf(many), 400);
  EXPECT_EQ(StatusOf(head + "0\r\na: " + std::string(4200, 'x') + "\r\n\r\n"), 400);
}

}  // namespace
}  // namespace strongroom::net
