#include "graphql/http_request.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace strongroom::graphql {
namespace {

constexpr const char* kJson = "application/json";
constexpr const char* kResponse = "application/graphql-response+json";

HttpInput Post(std::string_view body) { return {HttpMethod::kPost, kJson, kJson, "", body}; }
HttpInput Get(std::string_view query) { return {HttpMethod::kGet, "", kJson, query, ""}; }

HttpGraphqlRequest Taken(const HttpInput& input) {
  auto outcome = ReadHttpRequest(input);
  if (const auto* problem = std::get_if<HttpProblem>(&outcome)) {
    ADD_FAILURE() << problem->status << ' ' << problem->error.message;
    return {};
  }
  return std::get<HttpGraphqlRequest>(outcome);
}

HttpProblem Refused(const HttpInput& input) {
  auto outcome = ReadHttpRequest(input);
  if (const auto* problem = std::get_if<HttpProblem>(&outcome)) return *problem;
  ADD_FAILURE() << "was taken: " << input.body << input.query_string;
  return {.status = 0, .allow = {}, .media_type = {}, .error = {}};
}

TEST(HttpRequest, ReadsAPost) {
  const auto request = Taken(Post(
      R"({"query":"{a}","operationName":"A","variables":{"x":1},"extensions":{"y":2},"z":3})"));
  EXPECT_FALSE(request.is_get);
  EXPECT_EQ(request.query, "{a}");
  EXPECT_EQ(request.operation_name, "A");
  EXPECT_EQ(request.variables->at("x").as_int64(), 1);
  EXPECT_EQ(request.extensions->at("y").as_int64(), 2);
  const auto plain =
      Taken(Post(R"({"query":"","operationName":null,"variables":null,"extensions":null})"));
  EXPECT_EQ(plain.operation_name, "");
  EXPECT_EQ(plain.variables, nullptr);
}

TEST(HttpRequest, ReadsAGet) {
  const auto request = Taken(Get(
      "query=query+A%28%24x%3AInt%29%7Ba%7D&operationName=A&variables=%7B%22x%22%3A%22%C3%A9%22%7D"
      "&other=1"));
  EXPECT_TRUE(request.is_get);
  EXPECT_EQ(request.query, "query A($x:Int){a}");
  EXPECT_EQ(request.operation_name, "A");
  EXPECT_EQ(request.variables->at("x").as_string(), "\xC3\xA9");
  EXPECT_EQ(Taken(Get("query={a}&variables=&operationName=")).variables, nullptr);
}

TEST(HttpRequest, RefusesBodiesThatAreNoRequest) {
  for (const char* body :
       {"", "{", "1", "\"{a}\"", "null", R"([{"query":"{a}"}])", "{}", R"({"query":null})",
        R"({"query":1})", R"({"query":{}})", R"({"query":"{a}","query":"{b}"})",
        R"({"query":"{a}","variables":[]})", R"({"query":"{a}","variables":"{}"})",
        R"({"query":"{a}","operationName":1})", R"({"query":"{a}","extensions":0})",
        "{\"query\":\"\xFF\"}", R"({"query":"{a}"} x)"})
    EXPECT_EQ(Refused(Post(body)).status, 400) << body;
  EXPECT_EQ(Refused(Post("[]")).error.message,
            "batches are not supported, send one operation at a time");
}

TEST(HttpRequest, RefusesQueryStringsThatAreNoRequest) {
  for (const char* query :
       {"", "a=1", "query=%7", "query=%zz", "query=%FF", "query=a&query=b", "query={a}&variables=1",
        "query={a}&variables={", "query={a}&extensions=[]"})
    EXPECT_EQ(Refused(Get(query)).status, 400) << query;
}

TEST(HttpRequest, TakesOtherMethodsAndContentTypesAmiss) {  // security 9.10-9.13
  HttpInput input = Post(R"({"query":"{a}"})");
  input.method = HttpMethod::kOther;
  EXPECT_EQ(Refused(input).status, 405);
  EXPECT_EQ(Refused(input).allow, "GET, POST");
  input.method = HttpMethod::kPost;
  for (const char* type :
       {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
        "application/json; charset=utf-16", "application/jsonx", "application/graphql"}) {
    input.content_type = type;
    EXPECT_EQ(Refused(input).status, 415) << type;
  }
  for (const char* type : {"application/json", "Application/JSON ; charset=\"UTF-8\"",
                           "application/json;charset=utf-8"}) {
    input.content_type = type;
    EXPECT_EQ(Taken(input).query, "{a}");
  }
  HttpInput get = Get("query={a}");
  get.content_type = "text/plain";
  EXPECT_EQ(Refused(get).status, 415);
}

TEST(HttpRequest, NegotiatesTheAnswer) {
  const std::pair<const char*, MediaType> cases[] = {
      {"", MediaType::kJson},
      {"*/*", MediaType::kJson},
      {"application/*;q=0.1", MediaType::kJson},
      {kJson, MediaType::kJson},
      {kResponse, MediaType::kGraphqlResponseJson},
      {"application/graphql-response+json; charset=utf-8, application/json; charset=utf-8",
       MediaType::kGraphqlResponseJson},
      {"application/json, application/graphql-response+json", MediaType::kJson},
      {"application/json;q=0.5,application/graphql-response+json;q=0.9",
       MediaType::kGraphqlResponseJson},
      {"text/html, */*;q=0.1", MediaType::kJson},
      {"application/json;charset=latin1, */*", MediaType::kJson},
  };
  HttpInput input = Post(R"({"query":"{a}"})");
  for (const auto& [accept, type] : cases) {
    input.accept = accept;
    EXPECT_EQ(Taken(input).media_type, type) << accept;
  }
  for (const char* accept :
       {"text/html", "application/json;q=0", "application/json;charset=latin1"}) {
    input.accept = accept;
    EXPECT_EQ(Refused(input).status, 406) << accept;
  }
  EXPECT_EQ(ContentTypeOf(MediaType::kGraphqlResponseJson),
            "application/graphql-response+json; charset=utf-8");
}

TEST(HttpRequest, SendsMutationsByPostOnly) {
  const auto get = Taken(Get("query={a}"));
  EXPECT_FALSE(CheckMethod(get, OperationKind::kQuery));
  EXPECT_EQ(CheckMethod(get, OperationKind::kMutation)->status, 405);
  EXPECT_EQ(CheckMethod(get, OperationKind::kMutation)->allow, "POST");
  EXPECT_FALSE(CheckMethod(Taken(Post(R"({"query":"{a}"})")), OperationKind::kMutation));
}

TEST(HttpRequest, GivesTheStatusOfAnAnswer) {
  const auto status = [](MediaType type, base::ErrorCode code) {
    return StatusOf(type, {RequestError{code, "", "", {}}});
  };
  const auto invalid = base::ErrorCode::kGraphqlValidationFailed;
  EXPECT_EQ(StatusOf(MediaType::kJson, {}), 200);
  EXPECT_EQ(StatusOf(MediaType::kGraphqlResponseJson, {}), 200);
  EXPECT_EQ(status(MediaType::kJson, invalid), 200);
  EXPECT_EQ(status(MediaType::kGraphqlResponseJson, invalid), 400);
  EXPECT_EQ(status(MediaType::kJson, base::ErrorCode::kLimitExceeded), 400);
  EXPECT_EQ(status(MediaType::kGraphqlResponseJson, base::ErrorCode::kLimitExceeded), 400);
}

}  // namespace
}  // namespace strongroom::graphql
