// Why a token was refused. The reason goes to the audit log; callers learn the Answer alone
// (SPEC 3, security 1.29).
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

namespace strongroom::authn {

enum class Refusal : std::uint8_t {
  kTokenMissing,
  kAuthorizationMalformed,  // not `Bearer <token>`
  kAuthorizationRepeated,   // more than one field
  kTokenTooLarge,
  kTokenMalformed,  // dots or base64url
  kHeaderMalformed,
  kAlgorithmRefused,
  kHeaderParameterRefused,  // crit, b64, zip, cty, typ, kid
  kPayloadMalformed,
  kIssuerMissing,
  kIssuerUnknown,  // no client has it, or it is no URL that may be asked
  kKeyUnknown,     // no usable key of the issuer has the kid, or the kid is missing
  kKeyMismatch,    // the key may not verify this algorithm
  kSignatureWrong,
  kSubjectMalformed,
  kAudienceWrong,
  kExpiryMissing,
  kTimeMalformed,  // exp, nbf or iat is no number in range
  kExpired,
  kNotYetValid,
  kIssuedInFuture,
  kLifetimeTooLong,
  kKeysUnavailable,  // the issuer doesn't answer and no usable keys are kept
  kTooManyWaiting,
  kTooManyFailures,  // this source sent too many wrong signatures
};

// "token_missing" …: for logs and metrics.
std::string_view RefusalName(Refusal refusal);

// What the caller is told.
enum class Answer : std::uint8_t {
  kInvalid,      // 401, `WWW-Authenticate: Bearer error="invalid_token"`
  kBadRequest,   // 400: two Authorization fields
  kUnavailable,  // 503 with Retry-After
  kRateLimited,  // 429 with Retry-After
};
Answer AnswerFor(Refusal refusal);

// A value, or why there is none.
template <typename T>
using OrRefusal = std::variant<T, Refusal>;

}  // namespace strongroom::authn
