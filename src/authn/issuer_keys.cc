#include "authn/issuer_keys.h"

#include <algorithm>

namespace strongroom::authn {
namespace {

using std::chrono::seconds;

// A discovery document is read anew after this time, after a failure, and when a kid was not found
// where the last one pointed to: an issuer may move its keys.
constexpr seconds kDiscoveryFresh{3600};

bool IsUnknownKid(const KeyLookup& lookup) {
  const Refusal* refusal = std::get_if<Refusal>(&lookup.found);
  return refusal != nullptr && *refusal == Refusal::kKeyUnknown;
}

}  // namespace

IssuerKeys::IssuerKeys(std::string issuer, const KeyCacheOptions& options)
    : issuer_(std::move(issuer)), options_(options) {}

bool IssuerKeys::MayRetry(TimePoint now) const {
  return !tried_at_ || !failed_ || now >= *tried_at_ + RetryTime(now);
}

// A failing issuer is asked more often when there is nothing to serve from (security 2.44, 2.49).
seconds IssuerKeys::RetryTime(TimePoint now) const {
  return IsUsable(now) ? options_.unknown_kid_cooldown : options_.retry;
}

seconds IssuerKeys::UntilRetry(TimePoint now) const {
  if (fetching_ || MayRetry(now)) return seconds(1);
  return std::chrono::ceil<seconds>(*tried_at_ + RetryTime(now) - now);
}

KeyLookup IssuerKeys::Unavailable(Refusal refusal, TimePoint now) const {
  return {refusal, UntilRetry(now)};
}

KeyLookup IssuerKeys::FromSet(const std::optional<std::string>& kid,
                              crypto::SignatureAlgorithm algorithm, TimePoint now) {
  if (now >= fresh_until_) ++stale_uses_;
  const auto found = set_->Find(kid, algorithm);
  if (const Refusal* refusal = std::get_if<Refusal>(&found)) return {*refusal};
  return {
      FoundKey{set_, std::get<const crypto::VerificationKey*>(found), epoch_, epoch_->number()}};
}

IssuerKeys::Plan IssuerKeys::Look(const std::optional<std::string>& kid,
                                  crypto::SignatureAlgorithm algorithm, TimePoint now) {
  if (IsUsable(now)) return LookInUsable(kid, algorithm, now);
  if (fetching_ || MayRetry(now)) return {Step::kWait, {Refusal::kKeysUnavailable}};
  return {Step::kAnswer, Unavailable(Refusal::kKeysUnavailable, now)};
}

IssuerKeys::Plan IssuerKeys::LookInUsable(const std::optional<std::string>& kid,
                                          crypto::SignatureAlgorithm algorithm, TimePoint now) {
  // Past the fresh time a removed key must stop working, so the lookup waits, unless the issuer is
  // known to fail: then the last good set serves on (security 2.47, 2.50).
  if (now >= fresh_until_ && !failed_) return {Step::kWait, {Refusal::kKeysUnavailable}};
  KeyLookup lookup = FromSet(kid, algorithm, now);
  const Step step = !fetching_ && IsFetchDue(now) ? Step::kAnswerAndFetch : Step::kAnswer;
  if (!kid || !IsUnknownKid(lookup)) return {step, std::move(lookup)};
  ++unknown_kids_;
  // security 2.44: the cool-down counts from the last fetch for whatever reason, failures included.
  if (fetching_) return {Step::kWait, {Refusal::kKeyUnknown}};
  if (!tried_at_ || now >= *tried_at_ + options_.unknown_kid_cooldown) {
    kid_missed_ = true;
    return {Step::kWait, {Refusal::kKeyUnknown}};
  }
  // While the issuer fails nobody can tell whether the kid is a new one.
  if (failed_) return {step, Unavailable(Refusal::kKeysUnavailable, now)};
  return {step, std::move(lookup)};
}

KeyLookup IssuerKeys::Settle(const std::optional<std::string>& kid,
                             crypto::SignatureAlgorithm algorithm, TimePoint now) {
  if (!IsUsable(now)) return Unavailable(Refusal::kKeysUnavailable, now);
  KeyLookup lookup = FromSet(kid, algorithm, now);
  if (kid && IsUnknownKid(lookup) && (failed_ || fetching_))
    return Unavailable(Refusal::kKeysUnavailable, now);
  return lookup;
}

bool IssuerKeys::IsFetchDue(TimePoint now) const {
  if (fetching_ || !MayRetry(now)) return false;
  return !set_ || now >= refresh_at_ || failed_;
}

std::string IssuerKeys::BeginFetch(TimePoint now) {
  fetching_ = true;
  tried_at_ = now;
  ++fetches_;
  if (now >= discovered_at_ + kDiscoveryFresh) jwks_uri_.clear();
  discovering_ = jwks_uri_.empty();
  return jwks_uri_;
}

seconds IssuerKeys::FreshTime(std::optional<seconds> max_age) const {
  return std::clamp(max_age.value_or(options_.fresh_default), options_.fresh_min,
                    options_.fresh_max);
}

bool IssuerKeys::Finish(base::Result<FetchedKeys> outcome, TimePoint now, std::uint64_t number) {
  fetching_ = false;
  const bool kid_missed = std::exchange(kid_missed_, false);
  failed_ = !outcome.ok();
  if (failed_) {
    ++failures_;
    last_error_ = outcome.error().message;
    jwks_uri_.clear();
    return false;
  }
  last_error_.clear();
  if (discovering_) discovered_at_ = now;
  const bool changed = !set_ || set_->fingerprint() != outcome->set->fingerprint();
  jwks_uri_ = kid_missed && !changed ? std::string() : outcome->jwks_uri;
  const seconds fresh = FreshTime(outcome->max_age);
  set_ = std::move(outcome->set);
  fetched_at_ = now;
  refresh_at_ = now + fresh * 8 / 10;
  fresh_until_ = now + fresh;
  epoch_->Set(changed ? number : epoch_->number(), fresh_until_);
  return changed;
}

void IssuerKeys::Flush(TimePoint now) {
  set_.reset();
  fresh_until_ = std::min(fresh_until_, now);
  refresh_at_ = fresh_until_;
  failed_ = false;
  epoch_->Set(epoch_->number(), fresh_until_);
}

IssuerStatus IssuerKeys::Status(TimePoint now) const {
  IssuerStatus status;
  status.issuer = issuer_;
  status.fetches = fetches_;
  status.failures = failures_;
  status.unknown_kids = unknown_kids_;
  status.stale_uses = stale_uses_;
  if (set_) status.age = std::chrono::floor<seconds>(now - fetched_at_);
  status.keys = set_ ? set_->keys().size() : 0;
  status.failing = failed_;
  status.last_error = last_error_;
  return status;
}

}  // namespace strongroom::authn
