#include "authn/iam/proof.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/encoding.h"
#include "base/limits.h"
#include "crypto/sigv4.h"

namespace strongroom::authn::iam {
namespace {

namespace limits = base::limits;

constexpr std::string_view kPrefix = "twisp-aws-v1.";
constexpr std::string_view kScheme = "https://";
constexpr std::string_view kVersion = "2011-06-15";
constexpr std::string_view kAction = "GetCallerIdentity";
constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kSignedHeaders = "host;x-twisp-aws-id";
constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kAccessKeyBytesMin = 16;
constexpr std::size_t kAccessKeyBytesMax = 128;

// In the order of their names, in which the request to STS is written.
enum Name : std::size_t {
  kNameAction,
  kNameVersion,
  kNameAlgorithm,
  kNameCredential,
  kNameDate,
  kNameExpires,
  kNameSecurityToken,
  kNameSignedHeaders,
  kNameSignature,
  kNames,
};
constexpr std::array<std::string_view, kNames> kNameTexts = {
    "Action",         "Version",       "X-Amz-Algorithm",      "X-Amz-Credential",
    "X-Amz-Date",     "X-Amz-Expires", "X-Amz-Security-Token", "X-Amz-SignedHeaders",
    "X-Amz-Signature"};

using Parameters = std::array<std::optional<std::string>, kNames>;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetterOrDigit(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool IsUnreserved(char c) {  // rfc3986 2.3
  return IsLetterOrDigit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}
bool IsAllDigits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, IsDigit);
}

// The value that a percent-encoded text stands for: visible ASCII, nothing else (security 5.8).
std::optional<std::string> Decode(std::string_view text) {
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (IsUnreserved(text[i])) {
      value += text[i];
      continue;
    }
    if (text[i] != '%' || text.size() - i < 3) return std::nullopt;
    const int high = base::HexDigit(text[i + 1]);
    const int low = base::HexDigit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    const int byte = high * 16 + low;
    if (byte <= 0x20 || byte >= 0x7F) return std::nullopt;
    value += static_cast<char>(byte);
    i += 2;
  }
  if (value.empty()) return std::nullopt;
  return value;
}

OrRefusal<Parameters> ReadParameters(std::string_view query) {
  Parameters found;
  while (true) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals == pair.npos) return Refusal::kParameterRefused;
    const auto* name = std::ranges::find(kNameTexts, pair.substr(0, equals));
    if (name == kNameTexts.end()) return Refusal::kParameterRefused;
    auto& value = found[static_cast<std::size_t>(name - kNameTexts.begin())];
    if (value) return Refusal::kParameterRepeated;  // CVE-2022-2385
    value = Decode(pair.substr(equals + 1));
    if (!value) return Refusal::kParameterRefused;
    if (end == query.npos) break;
    query.remove_prefix(end + 1);
  }
  for (std::size_t i = 0; i < kNames; ++i)
    if (!found[i] && i != kNameSecurityToken) return Refusal::kParameterMissing;
  return found;
}

// YYYYMMDDThhmmssZ, an instant that exists.
std::optional<base::Timestamp> ReadDate(std::string_view text) {
  namespace chrono = std::chrono;
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z' || !IsAllDigits(text.substr(0, 8)) ||
      !IsAllDigits(text.substr(9, 6)))
    return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    std::from_chars(text.data() + at, text.data() + at + size, value);
    return value;
  };
  const chrono::year_month_day day{chrono::year(number(0, 4)),
                                   chrono::month(static_cast<unsigned>(number(4, 2))),
                                   chrono::day(static_cast<unsigned>(number(6, 2)))};
  const int hour = number(9, 2);
  const int minute = number(11, 2);
  const int second = number(13, 2);
  // Years that base::Timestamp holds, and no leap second: STS refuses both as too old or too new.
  if (!day.ok() || number(0, 4) < 1970 || number(0, 4) > 2200) return std::nullopt;
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return base::Timestamp(chrono::sys_days(day)) + chrono::hours(hour) + chrono::minutes(minute) +
         chrono::seconds(second);
}

// <access key id>/<day>/<region>/sts/aws4_request; answers the first part.
std::optional<std::string> ReadCredential(std::string_view credential, const StsEndpoint& endpoint,
                                          std::string_view date) {
  const std::string_view key = credential.substr(0, credential.find('/'));
  const auto is_of_key = [](char c) { return IsLetterOrDigit(c) || c == '_'; };
  if (key.size() < kAccessKeyBytesMin || key.size() > kAccessKeyBytesMax ||
      !std::ranges::all_of(key, is_of_key))
    return std::nullopt;
  std::string scope = "/";
  scope.append(date.substr(0, 8)).append("/").append(endpoint.region).append("/sts/aws4_request");
  if (credential.substr(key.size()) != scope) return std::nullopt;
  return std::string(key);
}

// Plain digits without a leading zero, 1 to 900.
bool IsGoodExpiry(std::string_view text) {
  int seconds = 0;
  if (text.size() > 3 || !IsAllDigits(text) || text[0] == '0') return false;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return seconds <= limits::kIamProofAgeMax.count();
}

bool IsSignature(std::string_view text) {
  const auto is_hex = [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); };
  return text.size() == kSignatureBytes && std::ranges::all_of(text, is_hex);
}

OrRefusal<Proof> Check(Parameters found, const StsEndpoint& endpoint, base::Timestamp now) {
  if (found[kNameAction] != kAction || found[kNameVersion] != kVersion)
    return Refusal::kActionRefused;
  if (found[kNameAlgorithm] != kAlgorithm) return Refusal::kAlgorithmRefused;
  if (found[kNameSignedHeaders] != kSignedHeaders) return Refusal::kSignedHeadersRefused;
  if (!IsSignature(*found[kNameSignature])) return Refusal::kSignatureMalformed;
  if (!IsGoodExpiry(*found[kNameExpires])) return Refusal::kExpiresRefused;
  Proof proof;
  proof.endpoint = &endpoint;
  proof.date = *std::move(found[kNameDate]);
  proof.expires = *std::move(found[kNameExpires]);
  proof.signature = *std::move(found[kNameSignature]);
  proof.security_token = std::move(found[kNameSecurityToken]).value_or("");
  const auto signed_at = ReadDate(proof.date);
  if (!signed_at) return Refusal::kDateMalformed;
  proof.signed_at = *signed_at;
  auto key = ReadCredential(*found[kNameCredential], endpoint, proof.date);
  if (!key) return Refusal::kScopeRefused;
  proof.access_key_id = *std::move(key);
  // security 5.12. How long the URL itself would last says nothing of its age: STS looks at that.
  if (*signed_at < now - limits::kIamProofAgeMax || *signed_at > now + limits::kIamProofAheadMax)
    return Refusal::kDateOutside;
  return proof;
}

}  // namespace

OrRefusal<std::string> UrlOfToken(std::string_view token) {
  if (token.size() > limits::kIamTokenBytesMax) return Refusal::kTokenTooLarge;
  if (token.starts_with(kScheme)) return std::string(token);
  if (!token.starts_with(kPrefix)) return Refusal::kTokenMalformed;
  auto url = base::DecodeBase64Url(token.substr(kPrefix.size()));
  if (!url.ok()) return Refusal::kTokenMalformed;
  return std::move(url).value();
}

OrRefusal<Proof> ParseProof(std::string_view url, const StsEndpoints& endpoints,
                            base::Timestamp now) {
  if (url.size() > limits::kIamTokenBytesMax) return Refusal::kTokenTooLarge;
  if (!url.starts_with(kScheme)) return Refusal::kUrlMalformed;
  url.remove_prefix(kScheme.size());
  const std::size_t slash = url.find_first_of("/?#");
  if (slash == url.npos) return Refusal::kUrlMalformed;
  // Compared whole, so userinfo, ports, escapes and other spellings are no hosts (security 5.1).
  const StsEndpoint* endpoint = endpoints.Find(url.substr(0, slash));
  if (endpoint == nullptr) return Refusal::kHostRefused;
  if (url.substr(slash, 2) != "/?") return Refusal::kUrlMalformed;
  auto parameters = ReadParameters(url.substr(slash + 2));
  if (const Refusal* refusal = std::get_if<Refusal>(&parameters)) return *refusal;
  return Check(std::get<Parameters>(std::move(parameters)), *endpoint, now);
}

std::string Proof::Query() const {
  const std::string credential =
      access_key_id + "/" + date.substr(0, 8) + "/" + endpoint->region + "/sts/aws4_request";
  const std::array<std::string_view, kNames> values = {kAction,        kVersion,       kAlgorithm,
                                                       credential,     date,           expires,
                                                       security_token, kSignedHeaders, signature};
  std::string query;
  for (std::size_t i = 0; i < kNames; ++i) {
    if (values[i].empty()) continue;
    if (!query.empty()) query += '&';
    query.append(kNameTexts[i]).append("=").append(crypto::AwsPercentEncode(values[i]));
  }
  return query;
}

}  // namespace strongroom::authn::iam
