// Why an exchange was refused. The audit log gets the name. The caller is told what is wrong with
// what it sent, and nothing of what STS answered (security 5.31).
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

namespace strongroom::authn::iam {

enum class Refusal : std::uint8_t {
  // The request: 400, or 415 for the media type.
  kMediaTypeWrong,
  kBodyMalformed,
  kTokenTooLarge,
  kTokenMalformed,  // prefix or base64url
  kUrlMalformed,    // characters, scheme, path, fragment, port
  kHostRefused,     // no STS host of the configured partitions
  kParameterRefused,
  kParameterRepeated,
  kParameterMissing,
  kActionRefused,
  kAlgorithmRefused,
  kScopeRefused,
  kDateMalformed,
  kExpiresRefused,
  kSignedHeadersRefused,
  kSignatureMalformed,
  // The proof: 401.
  kDateOutside,  // too old, or too far ahead
  kReplayed,
  kStsRefused,       // any answer but 200
  kAnswerRefused,    // 200 with something else than one identity in JSON
  kIdentityRefused,  // an identity of another partition or kind, or root
  // For now: 503 with Retry-After.
  kStsUnavailable,
  kTooManyExchanges,
};

// "url_malformed" …: for logs.
std::string_view RefusalName(Refusal refusal);

// What the caller is told. Both texts are fixed; nothing of the request stands in them.
struct Answer {
  int status = 400;
  std::string_view message;
  std::string_view hint;
};
Answer AnswerFor(Refusal refusal);

// A value, or why there is none.
template <typename T>
using OrRefusal = std::variant<T, Refusal>;

}  // namespace strongroom::authn::iam
