#include "server/door.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "authn/credentials.h"
#include "base/encoding.h"

namespace strongroom::server {
namespace {

using base::ErrorCode;
using base::MakeError;

// Nothing secret, so that many of them can be drawn at once.
std::string NewRequestId(base::Random& random) {
  constexpr std::size_t kIdBytes = 12;
  thread_local std::array<std::uint8_t, 64 * kIdBytes> drawn;
  thread_local std::size_t used = drawn.size();
  if (used == drawn.size()) {
    random.Fill(drawn);
    used = 0;
  }
  used += kIdBytes;
  return base::EncodeBase64Url(base::AsChars(drawn).substr(used - kIdBytes, kIdBytes));
}

TurnedAway Refusal(authn::Refusal refusal, std::chrono::seconds retry_after) {
  TurnedAway away;
  away.error =
      MakeError(ErrorCode::kAccessDenied, "access denied",
                "send a valid token of a registered issuer as `Authorization: Bearer <token>`");
  switch (authn::AnswerFor(refusal)) {
    case authn::Answer::kInvalid: away.status = 401; break;
    case authn::Answer::kBadRequest: away.status = 400; break;
    case authn::Answer::kUnavailable:
      away.status = 503;
      away.error =
          MakeError(ErrorCode::kUnavailable, "the token can't be verified now", "try again later");
      away.error.retriable = true;
      break;
    case authn::Answer::kRateLimited: away.status = 429; break;
  }
  if (away.status == 503 || away.status == 429) {
    away.retry_after = std::max(std::chrono::seconds(1), retry_after);
  }
  return away;
}

}  // namespace

AuditRecord Door::Record(const net::Request& request) const {
  AuditRecord record;
  record.request_id = NewRequestId(parts_.random);
  record.source = request.peer().address;
  return record;
}

void Door::Enter(const net::Request& head, AuditRecord& audit, Done done) const {
  const auto token = authn::BearerToken(head);
  if (const auto* refusal = std::get_if<authn::Refusal>(&token)) {
    audit.refusal = authn::RefusalName(*refusal);
    return done(Refusal(*refusal, {}));
  }
  parts_.verifier.Verify(std::get<std::string_view>(token), audit.source,
                         [&audit, done = std::move(done)](authn::Verification verification) {
                           audit.issuer = verification.issuer;
                           audit.key_id = verification.key_id;
                           if (!verification.ok()) {
                             audit.refusal = authn::RefusalName(verification.refusal);
                             return done(Refusal(verification.refusal, verification.retry_after));
                           }
                           Entered entered{std::move(verification.claims)};
                           audit.issuer = entered.claims->issuer();
                           audit.principal = entered.claims->principal();
                           audit.subject = entered.claims->subject();
                           audit.jwt_id = entered.claims->jwt_id();
                           audit.key_id = entered.claims->key_id();
                           done(std::move(entered));
                         });
}

std::optional<TurnedAway> Door::Address(const net::Request& head, AuditRecord& audit) const {
  const authn::AccountId account = authn::AddressedAccount(head);
  if (!account.present) {
    return TurnedAway{400,
                      MakeError(ErrorCode::kBadRequest, "one x-twisp-account-id header is required",
                                "send the tenant's accountId in it"),
                      {}};
  }
  audit.account_id = account.value;
  return std::nullopt;
}

std::string Door::VerifiedEmail(const authn::VerifiedClaims& claims) const {
  if (parts_.console_issuer.empty() || claims.issuer() != parts_.console_issuer) return {};
  const auto* verified = claims.claims()->if_contains("email_verified");
  const auto* email = claims.claims()->if_contains("email");
  if (verified == nullptr || !verified->is_bool() || !verified->get_bool()) return {};
  return email != nullptr && email->is_string() ? std::string(email->get_string()) : std::string();
}

}  // namespace strongroom::server
