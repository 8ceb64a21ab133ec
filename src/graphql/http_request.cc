#include "graphql/http_request.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/json.h"
#include "graphql/media_type.h"

namespace strongroom::graphql {
namespace {

namespace json = boost::json;
using Outcome = std::variant<HttpGraphqlRequest, HttpProblem>;

HttpProblem Problem(int status, MediaType type, base::ErrorCode code, std::string message,
                    std::string hint = {}) {
  return {status, {}, type, {code, std::move(message), std::move(hint), {}}};
}

HttpProblem BadRequest(MediaType type, std::string message) {
  return Problem(400, type, base::ErrorCode::kBadRequest, std::move(message));
}

// `%41+b` to `A b`; nothing when it is no such text.
std::optional<std::string> UrlDecode(std::string_view text) {
  const auto digit = [&](std::size_t at) {
    const char c = at < text.size() ? text[at] : '\0';
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += text[at] == '+' ? ' ' : text[at];
      continue;
    }
    const int high = digit(at + 1), low = digit(at + 2);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
    at += 2;
  }
  if (!base::IsUtf8(out)) return std::nullopt;
  return out;
}

using SharedObject = std::shared_ptr<const json::object>;

// Null and nothing are the same (GraphQL over HTTP 5.1). False: the member is no object.
bool TakeObject(const json::value* member, SharedObject& out) {
  if (member == nullptr || member->is_null()) return true;
  if (!member->is_object()) return false;
  out = std::make_shared<const json::object>(member->get_object());
  return true;
}

Outcome ReadBody(std::string_view body, HttpGraphqlRequest request) {
  auto parsed = base::ParseJson(body);
  if (!parsed.ok()) return BadRequest(request.media_type, parsed.error().message);
  if (!parsed->is_object())
    return BadRequest(request.media_type,
                      parsed->is_array() ? "batches are not supported, send one operation at a time"
                                         : "the body is not a JSON object");
  const json::object& members = parsed->get_object();
  const json::value* query = members.if_contains("query");
  if (query == nullptr || !query->is_string())
    return BadRequest(request.media_type, "`query` is missing or not a string");
  request.query = query->get_string();
  const json::value* name = members.if_contains("operationName");
  if (name != nullptr && !name->is_null()) {
    if (!name->is_string())
      return BadRequest(request.media_type, "`operationName` is not a string");
    request.operation_name = name->get_string();
  }
  if (!TakeObject(members.if_contains("variables"), request.variables))
    return BadRequest(request.media_type, "`variables` is not an object");
  if (!TakeObject(members.if_contains("extensions"), request.extensions))
    return BadRequest(request.media_type, "`extensions` is not an object");
  return request;
}

struct Parameters {
  static constexpr std::array<std::string_view, 4> kNames = {"query", "operationName", "variables",
                                                             "extensions"};
  std::array<std::optional<std::string>, 4> values;
};

// Empty on success, else what is wrong.
std::string ReadParameters(std::string_view text, Parameters& out) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto name = UrlDecode(pair.substr(0, equals));
    const auto value = UrlDecode(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value) return "the query string is not percent-encoded UTF-8";
    const auto* known = std::find(Parameters::kNames.begin(), Parameters::kNames.end(), *name);
    if (known == Parameters::kNames.end()) continue;
    auto& slot = out.values[static_cast<std::size_t>(known - Parameters::kNames.begin())];
    if (slot) return "`" + *name + "` is given twice";
    slot = *value;
  }
  return {};
}

bool ParseObject(const std::optional<std::string>& text, SharedObject& out) {
  if (!text || text->empty()) return true;
  const auto parsed = base::ParseJson(*text);
  return parsed.ok() && TakeObject(&*parsed, out);
}

Outcome ReadQueryString(std::string_view text, HttpGraphqlRequest request) {
  Parameters parameters;
  if (std::string fault = ReadParameters(text, parameters); !fault.empty())
    return BadRequest(request.media_type, std::move(fault));
  auto& [query, name, variables, extensions] = parameters.values;
  if (!query) return BadRequest(request.media_type, "`query` is missing");
  request.query = std::move(*query);
  if (name) request.operation_name = std::move(*name);
  if (!ParseObject(variables, request.variables))
    return BadRequest(request.media_type, "`variables` is not a JSON object");
  if (!ParseObject(extensions, request.extensions))
    return BadRequest(request.media_type, "`extensions` is not a JSON object");
  return request;
}

}  // namespace

std::string_view ContentTypeOf(MediaType type) {
  return type == MediaType::kJson ? "application/json; charset=utf-8"
                                  : "application/graphql-response+json; charset=utf-8";
}

std::variant<HttpGraphqlRequest, HttpProblem> ReadHttpRequest(const HttpInput& input) {
  const std::optional<MediaType> type = Negotiate(input.accept);
  const MediaType answer = type.value_or(MediaType::kJson);
  if (input.method == HttpMethod::kOther) {
    HttpProblem problem =
        Problem(405, answer, base::ErrorCode::kBadRequest, "method is neither GET nor POST");
    problem.allow = "GET, POST";
    return problem;
  }
  if (!type)
    return Problem(406, answer, base::ErrorCode::kBadRequest,
                   "answers are application/graphql-response+json or application/json",
                   "send one of them as `Accept`");
  const bool get = input.method == HttpMethod::kGet;
  // A body that a page of another origin may send unasked is not taken (security 9.10, 9.11).
  if (!(get && input.content_type.empty()) && !IsJsonContentType(input.content_type))
    return Problem(415, answer, base::ErrorCode::kBadRequest,
                   "content type is not application/json in UTF-8",
                   "send `Content-Type: application/json`");
  HttpGraphqlRequest request;
  request.media_type = answer;
  request.is_get = get;
  return get ? ReadQueryString(input.query_string, std::move(request))
             : ReadBody(input.body, std::move(request));
}

std::optional<HttpProblem> CheckMethod(const HttpGraphqlRequest& request, OperationKind kind) {
  if (!request.is_get || kind == OperationKind::kQuery) return std::nullopt;
  HttpProblem problem = Problem(405, request.media_type, base::ErrorCode::kBadRequest,
                                "only queries may be sent by GET", "send it by POST");
  problem.allow = "POST";
  return problem;
}

int StatusOf(MediaType type, const std::vector<RequestError>& refused) {
  if (refused.empty()) return 200;
  const bool limit = std::any_of(refused.begin(), refused.end(), [](const RequestError& error) {
    return error.code == base::ErrorCode::kLimitExceeded;
  });
  return limit || type == MediaType::kGraphqlResponseJson ? 400 : 200;
}

}  // namespace strongroom::graphql
