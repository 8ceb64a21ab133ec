#include "aws/answers.h"

#include <date/date.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <sstream>

#include "aws/limits.h"
#include "base/json.h"

namespace strongroom::aws {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::MakeError;

// They end up in headers and in scopes.
bool IsVisible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

std::optional<base::Timestamp> ParseTime(std::string_view text) {
  std::istringstream in{std::string(text)};
  date::sys_time<std::chrono::nanoseconds> at;
  std::string zone;
  if (!(in >> date::parse("%FT%T", at)) || !(in >> zone) || in.peek() != EOF) return std::nullopt;
  if (zone != "Z" && zone != "UTC" && zone != "+00:00") return std::nullopt;
  return at;
}

std::string TextOf(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

base::Result<json::object> ReadObject(const net::FetchResponse& answer, std::string_view who) {
  if (answer.status == 429 || answer.status >= 500) {
    base::Error error = MakeError(ErrorCode::kUnavailable,
                                  fmt::format("{} answered with status {}", who, answer.status));
    error.retriable = true;
    return error;
  }
  if (answer.status != 200) {
    return MakeError(ErrorCode::kDependencyError,
                     fmt::format("{} answered with status {}", who, answer.status));
  }
  auto parsed = base::ParseJson(answer.body, {8, limits::kAnswerBytesMax});
  if (!parsed.ok() || !parsed->is_object())
    return MakeError(ErrorCode::kDependencyError, fmt::format("{} sent a malformed answer", who));
  return std::move(parsed->as_object());
}

base::Result<Credentials> MakeCredentials(std::string id, std::string_view secret,
                                          std::string session_token, std::string source) {
  if (id.empty() || secret.empty() || !IsVisible(id) || !IsVisible(secret) ||
      !IsVisible(session_token)) {
    return MakeError(ErrorCode::kBadRequest,
                     fmt::format("the AWS credentials of {} are incomplete or malformed", source),
                     "an access key id and a secret access key belong together");
  }
  Credentials made;
  made.keys.access_key_id = std::move(id);
  made.keys.secret_access_key = base::SecretBytes(secret);
  made.keys.session_token = std::move(session_token);
  made.source = std::move(source);
  return made;
}

base::Result<Credentials> ReadMetadataCredentials(const net::FetchResponse& answer,
                                                  std::string source) {
  STRONGROOM_ASSIGN(const json::object object, ReadObject(answer, "the metadata service of AWS"));
  STRONGROOM_ASSIGN(Credentials made, MakeCredentials(TextOf(object, "AccessKeyId"),
                                                      TextOf(object, "SecretAccessKey"),
                                                      TextOf(object, "Token"), std::move(source)));
  made.expires = ParseTime(TextOf(object, "Expiration"));
  if (!made.expires) {
    return MakeError(ErrorCode::kDependencyError,
                     "the metadata service of AWS gave credentials without an end");
  }
  return made;
}

}  // namespace strongroom::aws
