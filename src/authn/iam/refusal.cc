#include "authn/iam/refusal.h"

#include <array>

#include "base/check.h"

namespace strongroom::authn::iam {
namespace {

struct Row {
  Refusal refusal;
  std::string_view name;
  Answer answer;
};

constexpr std::string_view kPresign =
    "presign GetCallerIdentity of STS with an AWS SDK and change nothing of the URL";
constexpr std::string_view kNotAccepted = "the proof of identity was not accepted";
constexpr std::string_view kAgain = "sign a new request, for this server's auth URL, and try again";

constexpr std::array kRows = std::to_array<Row>({
    {Refusal::kMediaTypeWrong,
     "media_type_wrong",
     {415, "the body has to be JSON", "send `content-type: application/json`"}},
    {Refusal::kBodyMalformed,
     "body_malformed",
     {400, "the body has to be one JSON object with the string `Token`",
      "send {\"Token\":\"twisp-aws-v1.…\"}"}},
    {Refusal::kTokenTooLarge,
     "token_too_large",
     {400, "the token is longer than 4096 bytes", kPresign}},
    {Refusal::kTokenMalformed,
     "token_malformed",
     {400, "the token is not `twisp-aws-v1.` and base64url without padding",
      "encode the presigned URL so, or send it as it is"}},
    {Refusal::kUrlMalformed,
     "url_malformed",
     {400, "the presigned URL is not `https://<host of STS>/?<parameters>`", kPresign}},
    {Refusal::kHostRefused,
     "host_refused",
     {400, "the presigned URL names no STS host that this server takes",
      "presign for a regional endpoint of STS in a partition of this server"}},
    {Refusal::kParameterRefused,
     "parameter_refused",
     {400, "the presigned URL has a parameter that is unknown or malformed", kPresign}},
    {Refusal::kParameterRepeated,
     "parameter_repeated",
     {400, "the presigned URL has a parameter twice", kPresign}},
    {Refusal::kParameterMissing,
     "parameter_missing",
     {400, "the presigned URL lacks a parameter", kPresign}},
    {Refusal::kActionRefused,
     "action_refused",
     {400, "the presigned URL is not for GetCallerIdentity of 2011-06-15", kPresign}},
    {Refusal::kAlgorithmRefused,
     "algorithm_refused",
     {400, "the presigned URL is not signed with AWS4-HMAC-SHA256", kPresign}},
    {Refusal::kScopeRefused,
     "scope_refused",
     {400, "the credential is not for the day, the region of the host and sts",
      "sign with the region of the STS host that the URL names"}},
    {Refusal::kDateMalformed,
     "date_malformed",
     {400, "the date of the presigned URL is not YYYYMMDDThhmmssZ", kPresign}},
    {Refusal::kExpiresRefused,
     "expires_refused",
     {400, "the presigned URL has to expire after 1 to 900 seconds", kPresign}},
    {Refusal::kSignedHeadersRefused,
     "signed_headers_refused",
     {400, "the signed headers have to be host and x-twisp-aws-id, and no others",
      "sign the header x-twisp-aws-id with this server's auth URL as its value"}},
    {Refusal::kSignatureMalformed,
     "signature_malformed",
     {400, "the signature is not 64 lower-case hexadecimal digits", kPresign}},
    {Refusal::kDateOutside,
     "date_outside",
     {401, "the presigned URL is too old, or from the future",
      "sign a new request; if that is refused too, set the clock"}},
    {Refusal::kReplayed,
     "replayed",
     {401, "the presigned URL was used already", "sign a new request for every exchange"}},
    {Refusal::kStsRefused, "sts_refused", {401, kNotAccepted, kAgain}},
    {Refusal::kAnswerRefused, "answer_refused", {401, kNotAccepted, kAgain}},
    {Refusal::kIdentityRefused, "identity_refused", {401, kNotAccepted, kAgain}},
    {Refusal::kStsUnavailable,
     "sts_unavailable",
     {503, "the proof of identity can't be checked now", "try again later"}},
    {Refusal::kTooManyExchanges,
     "too_many_exchanges",
     {503, "too many tokens are asked for at once", "keep a token until it expires"}},
});

const Row& RowOf(Refusal refusal) {
  const Row& row = kRows[static_cast<std::size_t>(refusal)];
  STRONGROOM_CHECK(row.refusal == refusal);
  return row;
}

}  // namespace

std::string_view RefusalName(Refusal refusal) { return RowOf(refusal).name; }
Answer AnswerFor(Refusal refusal) { return RowOf(refusal).answer; }

}  // namespace strongroom::authn::iam
