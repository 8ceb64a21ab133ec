#include "authn/verifier.h"

#include <algorithm>
#include <limits>
#include <map>
#include <shared_mutex>

#include "authn/claims.h"
#include "authn/failure_limit.h"
#include "authn/jws.h"
#include "authn/token_cache.h"
#include "base/check.h"
#include "crypto/hash.h"

namespace strongroom::authn {
namespace {

using crypto::Sha256Digest;

constexpr std::size_t kLoggedBytesMax = 256;

// A token whose form is good, and nothing more: its claims are not to be believed.
struct Unverified {
  Jws jws;
  std::shared_ptr<const boost::json::object> claims;
  std::string issuer;
  Sha256Digest hash{};
};

OrRefusal<Unverified> Read(std::string_view token, const Sha256Digest& hash,
                           const std::vector<crypto::SignatureAlgorithm>& algorithms) {
  OrRefusal<Jws> jws = ParseJws(token);
  if (const Refusal* refusal = std::get_if<Refusal>(&jws)) return *refusal;
  Unverified read{std::move(std::get<Jws>(jws)), nullptr, {}, hash};
  if (!algorithms.empty() && std::ranges::find(algorithms, read.jws.algorithm) == algorithms.end())
    return Refusal::kAlgorithmRefused;
  auto claims = ParseClaims(read.jws.payload);
  if (const Refusal* refusal = std::get_if<Refusal>(&claims)) return *refusal;
  read.claims = std::move(std::get<0>(claims));
  const auto issuer = StringClaim(*read.claims, "iss");
  if (!issuer || issuer->empty()) return Refusal::kIssuerMissing;
  read.issuer = *issuer;
  return read;
}

Verification Refused(Refusal refusal) {
  Verification refused;
  refused.refusal = refusal;
  return refused;
}

}  // namespace

class TokenVerifier::State : public std::enable_shared_from_this<State> {
 public:
  State(VerifierOptions options, net::HttpFetcher& fetcher, const base::Clock& clock)
      : options_(std::move(options)),
        clock_(clock),
        keys_(options_.keys, fetcher, clock),
        cache_(options_.cache_entries_max, options_.cache_bytes_max),
        failures_(options_.failures_per_second_max, base::limits::kTokenFailureSourcesMax) {
    STRONGROOM_CHECK(options_.is_registered != nullptr);
    STRONGROOM_CHECK(options_.skew.count() >= 0 && options_.skew <= base::limits::kTokenSkewMax);
    for (LocalIssuer& local : options_.local_issuers) {
      STRONGROOM_CHECK(local.keys != nullptr);
      SetLocalKeys(local.issuer, std::move(local.keys), local.principal_is_subject);
    }
  }

  void Verify(std::string_view token, std::string_view source, Done done);
  void SetLocalKeys(std::string_view issuer, std::shared_ptr<const KeySet> keys,
                    std::optional<bool> principal_is_subject = std::nullopt);
  void Warm(std::string_view principal) {
    if (!FindLocal(principal)) keys_.Warm(principal);
  }
  KeyCache& keys() { return keys_; }
  void Tick() {
    keys_.ForgetUnless(options_.is_registered);  // whose last client went
    keys_.Tick();
  }

 private:
  struct Local {
    std::shared_ptr<const KeySet> keys;
    bool principal_is_subject = false;
    std::shared_ptr<KeyEpoch> epoch;
    std::uint64_t epoch_number = 0;  // that of `keys`
  };

  bool IsAccepted(std::string_view issuer, const std::optional<Local>& local) const;
  std::optional<Local> FindLocal(std::string_view issuer) const;
  std::shared_ptr<const CachedToken> FindCached(const Sha256Digest& hash, Refusal& refusal);
  KeyLookup FindLocalKey(const Local& local, const Jws& jws) const;
  // The last steps: signature, claims, into the cache.
  Verification Finish(const Unverified& token, std::string_view signing_input,
                      std::string_view source, bool principal_is_subject, const KeyLookup& lookup);
  OrRefusal<std::shared_ptr<const CachedToken>> CheckAndMake(const Unverified& token,
                                                             const FoundKey& found,
                                                             bool principal_is_subject) const;
  const IssuerRules& RulesOf(const std::string& issuer) const;

  VerifierOptions options_;
  const base::Clock& clock_;
  KeyCache keys_;
  TokenCache cache_;
  FailureLimit failures_;
  mutable std::shared_mutex locals_mutex_;
  std::map<std::string, Local, std::less<>> locals_;
};

void TokenVerifier::State::SetLocalKeys(std::string_view issuer, std::shared_ptr<const KeySet> keys,
                                        std::optional<bool> principal_is_subject) {
  const std::unique_lock lock(locals_mutex_);
  auto at = locals_.find(issuer);
  if (at == locals_.end()) {
    STRONGROOM_CHECK(principal_is_subject.has_value());
    at = locals_.emplace(std::string(issuer), Local{}).first;
    at->second.principal_is_subject = *principal_is_subject;
    at->second.epoch = std::make_shared<KeyEpoch>();
  }
  Local& local = at->second;
  local.keys = std::move(keys);
  local.epoch->Set(++local.epoch_number, std::chrono::steady_clock::time_point::max());
}

std::optional<TokenVerifier::State::Local> TokenVerifier::State::FindLocal(
    std::string_view issuer) const {
  const std::shared_lock lock(locals_mutex_);
  const auto at = locals_.find(issuer);
  if (at == locals_.end()) return std::nullopt;
  return at->second;
}

// SPEC 3.2. The IAM exchange's own tokens name their principal in `sub`; whether that one has a
// client is asked where tenants are known.
bool TokenVerifier::State::IsAccepted(std::string_view issuer,
                                      const std::optional<Local>& local) const {
  return (local && local->principal_is_subject) || options_.is_registered(issuer);
}

const IssuerRules& TokenVerifier::State::RulesOf(const std::string& issuer) const {
  const auto own = options_.rules_of_issuer.find(issuer);
  return own == options_.rules_of_issuer.end() ? options_.rules : own->second;
}

// The cached token, if it is still good; null if it has to be verified anew. A cached token whose
// time is over sets `refusal`.
std::shared_ptr<const CachedToken> TokenVerifier::State::FindCached(const Sha256Digest& hash,
                                                                    Refusal& refusal) {
  auto cached = cache_.Find(hash);
  if (cached == nullptr) return nullptr;
  if (!cached->epoch->IsFresh(clock_.Steady())) return nullptr;
  const auto late = cached->times.Check(clock_.Now(), options_.skew);
  if (late || cached->epoch->number() != cached->epoch_number) {
    cache_.Erase(hash);
    if (late) refusal = *late;
    return nullptr;
  }
  if (!cached->claims->from_iam_exchange() && !options_.is_registered(cached->claims->issuer())) {
    refusal = Refusal::kIssuerUnknown;
    return nullptr;
  }
  return cached;
}

KeyLookup TokenVerifier::State::FindLocalKey(const Local& local, const Jws& jws) const {
  const auto found = local.keys->Find(jws.kid, jws.algorithm);
  if (const Refusal* refusal = std::get_if<Refusal>(&found)) return {*refusal};
  return {FoundKey{local.keys, std::get<const crypto::VerificationKey*>(found), local.epoch,
                   local.epoch_number}};
}

void TokenVerifier::State::Verify(std::string_view token, std::string_view source, Done done) {
  if (token.empty()) return done(Refused(Refusal::kTokenMissing));
  if (token.size() > base::limits::kTokenBytesMax) return done(Refused(Refusal::kTokenTooLarge));
  const Sha256Digest hash = crypto::Sha256(token);
  auto refusal = Refusal::kTokenMissing;
  if (const auto cached = FindCached(hash, refusal)) {
    Verification verified;
    verified.claims = cached->claims;
    return done(std::move(verified));
  }
  auto read = Read(token, hash, options_.algorithms);
  if (const Refusal* malformed = std::get_if<Refusal>(&read)) return done(Refused(*malformed));
  Unverified unverified = std::move(std::get<Unverified>(read));
  const auto refuse = [&](Refusal why) {
    Verification refused = Refused(why);
    refused.issuer = unverified.issuer.substr(0, kLoggedBytesMax);
    refused.key_id = unverified.jws.kid.value_or("");
    done(std::move(refused));
  };
  if (refusal != Refusal::kTokenMissing) return refuse(refusal);
  const std::optional<Local> local = FindLocal(unverified.issuer);
  if (!IsAccepted(unverified.issuer, local)) return refuse(Refusal::kIssuerUnknown);
  if (local)
    return done(Finish(unverified, unverified.jws.signing_input, source,
                       local->principal_is_subject, FindLocalKey(*local, unverified.jws)));
  // The token's bytes are gone when the keys have to be fetched first, so the signed part is
  // copied.
  auto waiting = std::make_shared<Unverified>(std::move(unverified));
  std::string input(waiting->jws.signing_input);
  waiting->jws.signing_input = {};
  keys_.Find(waiting->issuer, waiting->jws.kid, waiting->jws.algorithm,
             [self = shared_from_this(), waiting, input = std::move(input),
              from = std::string(source), done = std::move(done)](const KeyLookup& lookup) {
               done(self->Finish(*waiting, input, from, false, lookup));
             });
}

Verification TokenVerifier::State::Finish(const Unverified& token, std::string_view signing_input,
                                          std::string_view source, bool principal_is_subject,
                                          const KeyLookup& lookup) {
  Verification outcome;
  outcome.issuer = token.issuer.substr(0, kLoggedBytesMax);
  outcome.key_id = token.jws.kid.value_or("");
  outcome.retry_after = lookup.retry_after;
  const auto refuse = [&outcome](Refusal refusal) {
    outcome.refusal = refusal;
    return outcome;
  };
  if (const Refusal* refusal = std::get_if<Refusal>(&lookup.found)) return refuse(*refusal);
  const auto& found = std::get<FoundKey>(lookup.found);
  const auto now = clock_.Steady();
  if (failures_.IsExceeded(source, now)) {
    outcome.retry_after = std::chrono::seconds(1);
    return refuse(Refusal::kTooManyFailures);
  }
  if (!found.key->key.Verify(token.jws.algorithm, signing_input, token.jws.signature)) {
    failures_.Count(source, now);
    return refuse(Refusal::kSignatureWrong);
  }
  auto made = CheckAndMake(token, found, principal_is_subject);
  if (const Refusal* refusal = std::get_if<Refusal>(&made)) return refuse(*refusal);
  auto& cached = std::get<std::shared_ptr<const CachedToken>>(made);
  outcome.claims = cached->claims;
  cache_.Insert(token.hash, std::move(cached));
  return outcome;
}

OrRefusal<std::shared_ptr<const CachedToken>> TokenVerifier::State::CheckAndMake(
    const Unverified& token, const FoundKey& found, bool principal_is_subject) const {
  const IssuerRules& rules = RulesOf(token.issuer);
  if (const auto refusal = CheckSubjectAndAudience(*token.claims, rules.audiences)) return *refusal;
  const auto times = ReadTimeClaims(*token.claims, rules.lifetime_max);
  if (const Refusal* refusal = std::get_if<Refusal>(&times)) return *refusal;
  CachedToken made;
  made.times = std::get<TimeClaims>(times);
  if (const auto refusal = made.times.Check(clock_.Now(), options_.skew)) return *refusal;
  VerifiedClaims::Fields fields;
  fields.issuer = token.issuer;
  fields.subject = StringClaim(*token.claims, "sub").value_or("");
  if (principal_is_subject && fields.subject.empty()) return Refusal::kSubjectMalformed;
  fields.jwt_id = StringClaim(*token.claims, "jti").value_or("");
  fields.key_id = token.jws.kid.value_or("");
  fields.expires = made.times.expiry();
  fields.principal_is_subject = principal_is_subject;
  fields.claims = token.claims;
  fields.token_hash = token.hash;
  made.claims =
      std::make_shared<const VerifiedClaims>(VerifiedClaims::Passkey(), std::move(fields));
  constexpr std::size_t kEntryBytes = 1024;  // what surrounds the claims
  made.bytes = kEntryBytes + MemoryOf(*token.claims) + 3 * token.issuer.size();
  made.epoch = found.epoch;
  made.epoch_number = found.epoch_number;
  return std::make_shared<const CachedToken>(std::move(made));
}

TokenVerifier::TokenVerifier(VerifierOptions options, net::HttpFetcher& fetcher,
                             const base::Clock& clock)
    : state_(std::make_shared<State>(std::move(options), fetcher, clock)) {}
TokenVerifier::~TokenVerifier() { state_->keys().Close(); }

void TokenVerifier::Verify(std::string_view token, std::string_view source, Done done) {
  state_->Verify(token, source, std::move(done));
}
void TokenVerifier::SetLocalKeys(std::string_view issuer, std::shared_ptr<const KeySet> keys) {
  state_->SetLocalKeys(issuer, std::move(keys));
}
void TokenVerifier::Warm(std::string_view principal) { state_->Warm(principal); }
KeyCache& TokenVerifier::keys() { return state_->keys(); }
void TokenVerifier::Tick() { state_->Tick(); }

}  // namespace strongroom::authn
