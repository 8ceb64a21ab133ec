#include "authn/refusal.h"

namespace strongroom::authn {

std::string_view RefusalName(Refusal refusal) {
  switch (refusal) {
    case Refusal::kTokenMissing: return "token_missing";
    case Refusal::kAuthorizationMalformed: return "authorization_malformed";
    case Refusal::kAuthorizationRepeated: return "authorization_repeated";
    case Refusal::kTokenTooLarge: return "token_too_large";
    case Refusal::kTokenMalformed: return "token_malformed";
    case Refusal::kHeaderMalformed: return "header_malformed";
    case Refusal::kAlgorithmRefused: return "algorithm_refused";
    case Refusal::kHeaderParameterRefused: return "header_parameter_refused";
    case Refusal::kPayloadMalformed: return "payload_malformed";
    case Refusal::kIssuerMissing: return "issuer_missing";
    case Refusal::kIssuerUnknown: return "issuer_unknown";
    case Refusal::kKeyUnknown: return "key_unknown";
    case Refusal::kKeyMismatch: return "key_mismatch";
    case Refusal::kSignatureWrong: return "signature_wrong";
    case Refusal::kSubjectMalformed: return "subject_malformed";
    case Refusal::kAudienceWrong: return "audience_wrong";
    case Refusal::kExpiryMissing: return "expiry_missing";
    case Refusal::kTimeMalformed: return "time_malformed";
    case Refusal::kExpired: return "expired";
    case Refusal::kNotYetValid: return "not_yet_valid";
    case Refusal::kIssuedInFuture: return "issued_in_future";
    case Refusal::kLifetimeTooLong: return "lifetime_too_long";
    case Refusal::kKeysUnavailable: return "keys_unavailable";
    case Refusal::kTooManyWaiting: return "too_many_waiting";
    case Refusal::kTooManyFailures: return "too_many_failures";
  }
  return "unknown";
}

Answer AnswerFor(Refusal refusal) {
  switch (refusal) {
    case Refusal::kAuthorizationRepeated: return Answer::kBadRequest;
    case Refusal::kKeysUnavailable:
    case Refusal::kTooManyWaiting: return Answer::kUnavailable;
    case Refusal::kTooManyFailures: return Answer::kRateLimited;
    default: return Answer::kInvalid;
  }
}

}  // namespace strongroom::authn
