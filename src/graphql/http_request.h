// GraphQL over HTTP without the HTTP: from the strings of a request to what it asks for, and from
// the outcome to status and content type. https://graphql.github.io/graphql-over-http/draft/
#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "graphql/ast.h"
#include "graphql/source.h"

namespace strongroom::graphql {

enum class HttpMethod { kGet, kPost, kOther };

// Header values as they came; empty when the header is missing. `query_string` without the `?`.
struct HttpInput {
  HttpMethod method = HttpMethod::kPost;
  std::string_view content_type;
  std::string_view accept;
  std::string_view query_string;
  std::string_view body;
};

// What the answer is written in.
enum class MediaType { kJson, kGraphqlResponseJson };

// `application/json; charset=utf-8` and so on.
std::string_view ContentTypeOf(MediaType type);

struct HttpGraphqlRequest {
  MediaType media_type = MediaType::kJson;
  bool is_get = false;
  std::string query;
  std::string operation_name;                             // empty: not given
  std::shared_ptr<const boost::json::object> variables;   // null: not given
  std::shared_ptr<const boost::json::object> extensions;  // null: not given
};

// A refusal before GraphQL: status, the `Allow` header when it is not empty, and the body.
struct HttpProblem {
  int status = 400;
  std::string_view allow;
  MediaType media_type = MediaType::kJson;
  RequestError error;
};

// 405 for other methods; 406 when `accept` takes neither media type; 415 for a POST that is not
// application/json in UTF-8, and for a GET with another content type (security 9.10-9.13); 400 for
// a body that is no JSON object (a batch included, security 9.9), has duplicate members, no string
// `query`, or `variables`, `operationName`, `extensions` of a wrong type. Unknown members are
// ignored.
std::variant<HttpGraphqlRequest, HttpProblem> ReadHttpRequest(const HttpInput& input);

// Only queries may come by GET: 405 with `Allow: POST` for others (security 9.11).
std::optional<HttpProblem> CheckMethod(const HttpGraphqlRequest& request, OperationKind kind);

// The status of an answer whose request was refused (not executed) or executed. 200 for
// application/json; 400 for application/graphql-response+json when refused. Passing a limit is 400
// in both (security 9.3).
int StatusOf(MediaType type, const std::vector<RequestError>& refused);

}  // namespace strongroom::graphql
