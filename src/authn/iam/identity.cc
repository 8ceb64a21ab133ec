#include "authn/iam/identity.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <optional>

#include "base/json.h"
#include "base/limits.h"

namespace strongroom::authn::iam {
namespace {

namespace json = boost::json;
namespace limits = base::limits;

constexpr std::size_t kJsonDepthMax = 8;
constexpr std::size_t kArnBytesMax = 2048;
constexpr std::size_t kNameBytesMax = 64;  // of users, roles and sessions
constexpr std::size_t kUserIdBytesMax = 193;
constexpr std::size_t kRequestIdBytesMax = 64;
constexpr std::string_view kThrottled[] = {"Throttling",
                                           "ThrottlingException",
                                           "Throttled",
                                           "RequestLimitExceeded",
                                           "TooManyRequestsException",
                                           "RequestThrottled",
                                           "RequestThrottledException",
                                           "ServiceUnavailable",
                                           "InternalFailure"};

bool IsLetterOrDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
// What names of users, roles and sessions consist of:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
bool IsOfName(char c) {
  return IsLetterOrDigit(c) || std::string_view("+=,.@_-").find(c) != std::string_view::npos;
}
bool IsName(std::string_view text) {
  return !text.empty() && text.size() <= kNameBytesMax && std::ranges::all_of(text, IsOfName);
}
// A name behind a path: none of the segments is empty.
bool IsPathAndName(std::string_view text) {
  while (true) {
    const std::size_t slash = text.find('/');
    const std::string_view part = text.substr(0, slash);
    if (slash == text.npos) return IsName(part);
    if (part.empty() || !std::ranges::all_of(part, IsOfName)) return false;
    text.remove_prefix(slash + 1);
  }
}
bool IsAccount(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return text.size() == 12 && std::ranges::all_of(text, is_digit);
}

// AIDA…, AROA…:session, 012345678901, 012345678901:name.
bool SplitUserId(std::string_view text, Identity& identity) {
  const std::size_t colon = text.find(':');
  const std::string_view id = text.substr(0, colon);
  if (text.size() > kUserIdBytesMax || id.empty() || !std::ranges::all_of(id, IsLetterOrDigit))
    return false;
  if (colon != text.npos && !IsName(text.substr(colon + 1))) return false;
  identity.user_id = id;
  return true;
}

// The member that is an object; null otherwise.
const json::object* Object(const json::object& of, std::string_view name) {
  const json::value* value = of.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}
std::optional<std::string> Text(const json::object& of, std::string_view name) {
  const json::value* value = of.if_contains(name);
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  if (text == nullptr) return std::nullopt;
  return std::string(text->data(), text->size());
}

bool IsJson(const net::FetchResponse& response) {
  std::string_view type = response.Find("content-type").value_or("");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return type == "application/json";
}

OrRefusal<json::object> ReadBody(const net::FetchResponse& response) {
  if (!IsJson(response)) return Refusal::kAnswerRefused;
  auto parsed = base::ParseJson(response.body, {kJsonDepthMax, limits::kIamAnswerBytesMax});
  if (!parsed.ok() || !parsed->is_object()) return Refusal::kAnswerRefused;
  return std::move(parsed->get_object());
}

// Whether an answer other than 200 says "not now" and not "no".
bool IsForNow(const net::FetchResponse& response) {
  if (response.status >= 500 || response.status == 429) return true;
  const auto body = ReadBody(response);
  const auto* top = std::get_if<json::object>(&body);
  const json::object* error = top == nullptr ? nullptr : Object(*top, "Error");
  const auto code = error == nullptr ? std::nullopt : Text(*error, "Code");
  return code && std::ranges::find(kThrottled, std::string_view(*code)) != std::end(kThrottled);
}

std::string RequestIdOf(const json::object& answer) {
  const json::object* metadata = Object(answer, "ResponseMetadata");
  const auto id = metadata == nullptr ? std::nullopt : Text(*metadata, "RequestId");
  const auto is_of_id = [](char c) { return IsLetterOrDigit(c) || c == '-'; };
  if (!id || id->size() > kRequestIdBytesMax || !std::ranges::all_of(*id, is_of_id)) return {};
  return *id;
}

}  // namespace

OrRefusal<Identity> Canonical(std::string_view arn, std::string_view account,
                              const IdentityRules& rules) {
  const auto refused = Refusal::kIdentityRefused;
  if (arn.size() > kArnBytesMax || !IsAccount(account)) return refused;
  std::array<std::string_view, 6> parts;  // arn:partition:service:region:account:resource
  std::string_view rest = arn;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const std::size_t colon = rest.find(':');
    if (colon == rest.npos) return refused;
    parts[i] = rest.substr(0, colon);
    rest.remove_prefix(colon + 1);
  }
  const auto& [head, partition, service, region, owner, unused] = parts;
  if (head != "arn" || partition != rules.partition || !region.empty() || owner != account)
    return refused;
  Identity identity;
  identity.arn = arn;
  identity.principal = arn;
  identity.account = account;
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view kind = rest.substr(0, slash);
  const std::string_view name = rest.substr(std::min(slash + 1, rest.size()));
  if (service == "iam" && (kind == "user" || kind == "role") && IsPathAndName(name))
    return identity;
  if (service == "iam" && rest == "root" && rules.allow_root) return identity;
  if (service == "sts" && kind == "federated-user" && IsName(name))
    return rules.allow_federated_users ? OrRefusal<Identity>(identity) : refused;
  if (service != "sts" || kind != "assumed-role") return refused;
  // Exactly role/session: STS leaves the path of a role out (security 5.23-5.24).
  const std::size_t split = std::min(name.find('/'), name.size());
  const std::string_view role = name.substr(0, split);
  const std::string_view session = name.substr(std::min(split + 1, name.size()));
  if (!IsName(role) || !IsName(session)) return refused;
  identity.principal = "arn:" + rules.partition + ":iam::" + identity.account + ":role/";
  identity.principal += role;
  identity.session_name = session;
  return identity;
}

OrRefusal<Identity> ReadIdentity(const net::FetchResponse& response, const IdentityRules& rules) {
  if (response.status != 200)
    return IsForNow(response) ? Refusal::kStsUnavailable : Refusal::kStsRefused;
  const auto body = ReadBody(response);
  if (const Refusal* refusal = std::get_if<Refusal>(&body)) return *refusal;
  const auto& top = std::get<json::object>(body);
  const json::object* answer = Object(top, "GetCallerIdentityResponse");
  // Nothing beside it: an error that repeats what a caller wrote is no answer (CVE-2020-16250).
  if (answer == nullptr || top.size() != 1) return Refusal::kAnswerRefused;
  const json::object* result = Object(*answer, "GetCallerIdentityResult");
  if (result == nullptr) return Refusal::kAnswerRefused;
  const auto account = Text(*result, "Account");
  const auto arn = Text(*result, "Arn");
  const auto user_id = Text(*result, "UserId");
  if (!account || !arn || !user_id) return Refusal::kAnswerRefused;
  auto canonical = Canonical(*arn, *account, rules);
  if (Identity* identity = std::get_if<Identity>(&canonical)) {
    if (!SplitUserId(*user_id, *identity)) return Refusal::kIdentityRefused;
    identity->sts_request_id = RequestIdOf(*answer);
  }
  return canonical;
}

}  // namespace strongroom::authn::iam
