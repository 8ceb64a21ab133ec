#include <gtest/gtest.h>

#include "net/fetch_url.h"
#include "net/response_reader.h"

namespace strongroom::net {
namespace {

TEST(FetchUrl, SplitsIntoItsParts) {
  const auto url = FetchUrl::Parse("HTTPS://Issuer.Example/a/b?c=d").value();
  EXPECT_EQ(url.host, "issuer.example");
  EXPECT_EQ(url.port, 443);
  EXPECT_EQ(url.authority, "issuer.example");
  EXPECT_EQ(url.target, "/a/b?c=d");
  EXPECT_FALSE(url.address);
  const auto port = FetchUrl::Parse("https://a-b.example:8443?x").value();
  EXPECT_EQ(port.authority, "a-b.example:8443");
  EXPECT_EQ(port.target, "/?x");
  const auto v6 = FetchUrl::Parse("https://[2001:DB8:0::1]:444").value();
  EXPECT_EQ(v6.host, "2001:db8::1");
  EXPECT_EQ(v6.authority, "[2001:db8::1]:444");
  EXPECT_TRUE(v6.address);
  EXPECT_TRUE(FetchUrl::Parse("https://10.0.0.1/").value().address);
}

TEST(FetchUrl, RefusesWhatOthersMightReadDifferently) {
  for (const char* text : {"",
                           "http://a/",
                           "https:/a",
                           "https://",
                           "https:///a",
                           "https://u@a/",
                           "https://u:p@a/",
                           "https://a@b@c/",
                           "https://a#f",
                           "https://a/#f",
                           "https://a:0/",
                           "https://a:65536/",
                           "https://a:/",
                           "https://a:8 0/",
                           "https://a b/",
                           "https://a/ b",
                           "https://a/\r\nx: y",
                           "https://a..b/",
                           "https://.a/",
                           "https://a./",
                           "https://-a/",
                           "https://\xc3\xa4/",
                           "https://127.1/",
                           "https://2130706433/",
                           "https://0x7f.0.0.1/",
                           "https://0177.0.0.1/",
                           "https://a.123/",
                           "https://[127.0.0.1]/",
                           "https://::1/",
                           "https://[::1",
                           "https://[::1]x/",
                           "https://a\\b/",
                           "https://a%2eb/"})
    EXPECT_FALSE(FetchUrl::Parse(text).ok()) << text;
}

TEST(FetchUrl, NeverRepeatsTheUrlInAnError) {
  const auto url = FetchUrl::Parse("http://sts/?signature=secret");
  EXPECT_EQ(url.error().message.find("secret"), std::string::npos);
}

using Step = ResponseReader::Step;

struct Read {
  Step step;
  FetchResponse response;
  std::string why;
};

Read ReadInPieces(std::string_view bytes, std::size_t piece, bool end, bool to_head) {
  ResponseReader reader(100, to_head);
  Step step = Step::kMore;
  while (!bytes.empty() && step == Step::kMore) {
    step = reader.Read(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  if (end && step == Step::kMore) step = reader.ReadEnd();
  return {step, reader.Take(), reader.why()};
}

Read ReadAnswer(std::string_view bytes, bool end = false, bool to_head = false) {
  Read whole = ReadInPieces(bytes, bytes.size(), end, to_head);
  for (const std::size_t piece : {1, 3, 10}) {
    const Read other = ReadInPieces(bytes, piece, end, to_head);
    EXPECT_EQ(other.step, whole.step) << bytes;
    if (whole.step == Step::kDone) {
      EXPECT_EQ(other.response.body, whole.response.body);
    }
  }
  return whole;
}

TEST(ResponseReader, ReadsEveryKindOfBody) {
  const Read length = ReadAnswer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-A:  b \r\n\r\nabc");
  EXPECT_EQ(length.step, Step::kDone);
  EXPECT_EQ(length.response.status, 200);
  EXPECT_EQ(length.response.body, "abc");
  EXPECT_EQ(length.response.Find("x-a"), "b");
  EXPECT_EQ(ReadAnswer("HTTP/1.1 200\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n")
                .response.body,
            "ab");
  EXPECT_EQ(ReadAnswer("HTTP/1.0 200 OK\r\n\r\nabc", true).response.body, "abc");
  EXPECT_EQ(ReadAnswer("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n", false, true).step,
            Step::kDone);
  EXPECT_EQ(ReadAnswer("HTTP/1.1 304 Not Modified\r\n\r\n").step, Step::kDone);
  EXPECT_EQ(ReadAnswer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 x\r\na: b\r\n\r\n"
                       "HTTP/1.1 204 x\r\n\r\n")
                .response.status,
            204);
}

TEST(ResponseReader, WaitsForTheEnd) {
  EXPECT_EQ(ReadAnswer("HTTP/1.1 200 OK\r\n\r\nabc").step, Step::kMore);
  EXPECT_EQ(ReadAnswer("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nabc", true).step,
            Step::kFailed);
  EXPECT_EQ(ReadAnswer("HTTP/1.1 200 OK\r\n", true).step, Step::kFailed);
  EXPECT_EQ(ReadAnswer("HTTP/1.1 200 O\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n", true).step,
            Step::kFailed);
}

TEST(ResponseReader, HoldsItsLimits) {
  const std::string body(100, 'a');
  const std::string chunk = "HTTP/1.1 200 O\r\ntransfer-encoding: chunked\r\n\r\n";
  EXPECT_EQ(ReadAnswer("HTTP/1.1 200 O\r\ncontent-length: 100\r\n\r\n" + body).step, Step::kDone);
  EXPECT_EQ(ReadAnswer("HTTP/1.1 200 O\r\ncontent-length: 101\r\n\r\n").step, Step::kFailed);
  EXPECT_EQ(ReadAnswer("HTTP/1.1 200 O\r\n\r\n" + body, true).step, Step::kDone);
  EXPECT_EQ(ReadAnswer("HTTP/1.1 200 O\r\n\r\na" + body, true).step, Step::kFailed);
  EXPECT_EQ(ReadAnswer(chunk + "64\r\n" + body + "\r\n0\r\n\r\n").step, Step::kDone);
  EXPECT_EQ(ReadAnswer(chunk + "65\r\na" + body + "\r\n0\r\n\r\n").step, Step::kFailed);
  EXPECT_EQ(ReadAnswer("HTTP/1.1 200 O\r\na: " + std::string(33 << 10, 'b')).step, Step::kFailed);
}

TEST(ResponseReader, RefusesWhatIsMalformed) {
  for (const char* text :
       {"HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 99 x\r\n\r\n", "HTTP/1.1 2000 x\r\n\r\n",
        "HTTP/1.1 101 x\r\n\r\n", "ICY 200 OK\r\n\r\n", "HTTP/1.1 200 x\r\na b: c\r\n\r\n",
        "HTTP/1.1 200 x\r\n folded\r\n\r\n",
        "HTTP/1.1 200 x\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\na",
        "HTTP/1.1 200 x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 x\r\ntransfer-encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 x\r\ncontent-length: -1\r\n\r\n",
        "HTTP/1.1 200 x\r\ncontent-encoding: gzip\r\ncontent-length: 1\r\n\r\na"})
    EXPECT_EQ(ReadAnswer(text).step, Step::kFailed) << text;
}

}  // namespace
}  // namespace strongroom::net
