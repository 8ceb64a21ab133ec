#include "net/message.h"

#include <gtest/gtest.h>

#include "net/request_builder.h"
#include "net/response_head.h"
#include "net/server.h"

namespace strongroom::net {
namespace {

TEST(Request, KeepsItsViewsWhenItIsMoved) {
  const HeaderView headers[] = {{"Host", "h"}, {"X-Twisp-Account-Id", "A"}, {"accept", "*/*"}};
  Request first = Request::Make("POST", "/a/b?c=d?e", headers, "body");
  Request request = std::move(first);
  EXPECT_EQ(request.method(), "POST");
  EXPECT_EQ(request.target(), "/a/b?c=d?e");
  EXPECT_EQ(request.path(), "/a/b");
  EXPECT_EQ(request.query(), "c=d?e");
  EXPECT_EQ(request.header_count(), 3u);
  EXPECT_EQ(request.header(1).name, "x-twisp-account-id");
  EXPECT_EQ(request.Find("x-twisp-account-id"), "A");
  EXPECT_EQ(request.Find("authorization"), std::nullopt);
  EXPECT_EQ(request.body(), "body");
  EXPECT_EQ(request.peer().port, 0);
}

TEST(Request, CountsHeaders) {
  const HeaderView headers[] = {{"a", "1"}, {"A", "2"}, {"b", ""}};
  const Request request = Request::Make("GET", "/", headers);
  EXPECT_EQ(request.Count("a"), 2u);
  EXPECT_EQ(request.Find("a"), "1");
  EXPECT_EQ(request.Find("b"), "");
  EXPECT_EQ(request.Count("c"), 0u);
  EXPECT_EQ(request.query(), "");
}

TEST(Request, ShowsHeadAsGet) {
  const Request request = Request::Make("HEAD", "/");
  EXPECT_EQ(request.method(), "GET");
  EXPECT_TRUE(request.is_head());
}

TEST(RequestBuilder, JoinsHeadersWhereTheFirstStood) {
  RequestBuilder builder;
  builder.AddHeader("cookie", "a=1");
  builder.AddHeader("x", "y");
  builder.AddHeader("cookie", "b=2");
  builder.JoinHeaders("cookie", "; ");
  const Request request = builder.Finish(nullptr);
  ASSERT_EQ(request.header_count(), 2u);
  EXPECT_EQ(request.header(0).value, "a=1; b=2");
  EXPECT_EQ(request.header(1).value, "y");
}

TEST(Response, IsNotSendableWithHeadersThatSplitIt) {
  Response response;
  EXPECT_TRUE(IsSendable(response));
  response.headers = {{"location", "/x\r\nset-cookie: a=b"}};
  EXPECT_FALSE(IsSendable(response));
  response.headers = {{"bad name", "x"}};
  EXPECT_FALSE(IsSendable(response));
  response.headers.clear();
  response.status = 101;
  EXPECT_FALSE(IsSendable(response));
}

TEST(Response, WritesTheDateOfHttp) {
  EXPECT_EQ(FormatHttpDate(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST(Response, HasNoBodyWithSomeStatuses) {
  Response response;
  response.status = 204;
  response.body = "ignored";
  std::string out;
  AppendHttp1Head(out, response, "D", true);
  EXPECT_EQ(out,
            "HTTP/1.1 204 No Content\r\ndate: D\r\n"
            "strict-transport-security: max-age=31536000\r\nconnection: close\r\n\r\n");
}

TEST(Responder, AnswersOnceAlsoWhenItIsDropped) {
  std::vector<int> statuses;
  const auto record = [&](Response response) { statuses.push_back(response.status); };
  {
    Responder dropped = Responder::ForTest(record);
    EXPECT_TRUE(dropped.pending());
    Responder kept = std::move(dropped);
    EXPECT_FALSE(dropped.pending());
    EXPECT_TRUE(statuses.empty());
  }
  EXPECT_EQ(statuses, std::vector{500});
  Responder sent = Responder::ForTest(record);
  Response response;
  response.status = 201;
  sent.Send(std::move(response));
  EXPECT_FALSE(sent.pending());
  EXPECT_EQ(statuses, (std::vector{500, 201}));
  sent = Responder::ForTest(record);
  sent = Responder();
  EXPECT_EQ(statuses, (std::vector{500, 201, 500}));
}

TEST(DefaultErrorBody, IsAnErrorOfGraphql) {
  EXPECT_EQ(DefaultErrorBody(413, base::MakeError(base::ErrorCode::kLimitExceeded, "a \"b\"")),
            R"({"errors":[{"message":"a \"b\"","extensions":{"code":"LIMIT_EXCEEDED"}}]})");
}

}  // namespace
}  // namespace strongroom::net
