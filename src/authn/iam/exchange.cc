#include "authn/iam/exchange.h"

#include <mutex>

#include "authn/failure_limit.h"
#include "authn/iam/known_keys.h"
#include "authn/iam/replay_set.h"
#include "base/check.h"

namespace strongroom::authn::iam {
namespace {

net::FetchRequest RequestTo(const Proof& proof, const std::string& auth_url) {
  net::FetchRequest request;
  request.url = proof.endpoint->url + "/?" + proof.Query();
  // Ours, whatever the client signed: a proof for another service fails at STS (security 5.11).
  request.headers = {{"accept", "application/json"}, {std::string(kAudienceHeader), auth_url}};
  request.response_bytes_max = base::limits::kIamAnswerBytesMax;
  request.connect_timeout = base::limits::kIamConnectTimeout;
  request.total_timeout = base::limits::kIamDeadline;
  request.allow_loopback = proof.endpoint->access.allow_loopback;
  request.allowed_networks = proof.endpoint->access.allowed_networks;
  request.ca_pem = proof.endpoint->access.ca_pem;
  return request;
}

}  // namespace

struct Exchange::State {
  // A proof that is shown to STS.
  struct Asking {
    Proof proof;
    bool stranger = true;
  };

  State(ExchangeOptions chosen, net::HttpFetcher& network, const base::Clock& time)
      : options(std::move(chosen)),
        fetcher(network),
        clock(time),
        of_source(options.of_source_per_second_max, base::limits::kIamSourcesMax),
        of_all(options.per_second_max, 1),
        of_strangers(options.strangers_per_second_max, 1),
        known_keys(kIamKnownKeysMax),
        replays(options.replays_max) {
    STRONGROOM_CHECK(options.auth_url.ends_with('/'));
  }

  // security 5.30. What is refused before has cost nothing and is not counted.
  bool Admit(Asking& asking, std::string_view source) {
    const std::lock_guard lock(mutex);
    const auto now = clock.Steady();
    asking.stranger = !known_keys.Has(asking.proof.access_key_id);
    if (of_source.IsExceeded(source, now) || of_all.IsExceeded("", now)) return false;
    if (at_once >= options.at_once_max) return false;
    if (asking.stranger) {
      if (of_strangers.IsExceeded("", now)) return false;
      if (strangers_at_once >= options.strangers_at_once_max) return false;
      of_strangers.Count("", now);
      ++strangers_at_once;
    }
    of_source.Count(source, now);
    of_all.Count("", now);
    ++at_once;
    return true;
  }

  void Leave(const Asking& asking, const OrRefusal<Identity>& outcome) {
    const Identity* identity = std::get_if<Identity>(&outcome);
    const bool known = identity != nullptr && options.is_registered != nullptr &&
                       options.is_registered(identity->principal);
    const std::lock_guard lock(mutex);
    --at_once;
    if (asking.stranger) --strangers_at_once;
    if (known) known_keys.Add(asking.proof.access_key_id);
  }

  // What is to be asked, or why nothing is. The proof is used, and counted among those at once.
  OrRefusal<Asking> Begin(std::string_view token, std::string_view source) {
    auto url = UrlOfToken(token);
    if (const Refusal* refusal = std::get_if<Refusal>(&url)) return *refusal;
    auto parsed = ParseProof(std::get<std::string>(url), options.endpoints, clock.Now());
    if (const Refusal* refusal = std::get_if<Refusal>(&parsed)) return *refusal;
    Asking asking{std::move(std::get<Proof>(parsed))};
    // The set goes first, so that repeating a proof is told apart from asking too often.
    switch (replays.Use(asking.proof, clock.Now())) {
      case ReplaySet::Verdict::kNew: break;
      case ReplaySet::Verdict::kUsed: return Refusal::kReplayed;
      case ReplaySet::Verdict::kFull: return Refusal::kTooManyExchanges;
    }
    if (Admit(asking, source)) return asking;
    replays.Release(asking.proof);
    return Refusal::kTooManyExchanges;
  }

  OrRefusal<Identity> Finish(const Asking& asking, const base::Result<net::FetchResponse>& answer) {
    OrRefusal<Identity> identity = Refusal::kStsUnavailable;
    if (answer.ok()) {
      identity = ReadIdentity(*answer, {asking.proof.endpoint->partition, options.allow_root,
                                        options.allow_federated_users});
    } else if (!answer.error().retriable) {
      identity = Refusal::kAnswerRefused;  // too long, malformed, or not from who it should be from
    }
    if (std::holds_alternative<Refusal>(identity)) replays.Release(asking.proof);
    Leave(asking, identity);
    return identity;
  }

  const ExchangeOptions options;
  net::HttpFetcher& fetcher;
  const base::Clock& clock;
  std::mutex mutex;  // of what follows: counting and deciding are one step
  FailureLimit of_source;
  FailureLimit of_all;
  FailureLimit of_strangers;
  KnownKeys known_keys;
  std::size_t at_once = 0;
  std::size_t strangers_at_once = 0;
  ReplaySet replays;
};

Exchange::Exchange(ExchangeOptions options, net::HttpFetcher& fetcher, const base::Clock& clock)
    : state_(std::make_shared<State>(std::move(options), fetcher, clock)) {}

void Exchange::Identify(std::string_view token, std::string_view source, Done done) {
  auto begun = state_->Begin(token, source);
  Outcome outcome;
  if (const Refusal* refusal = std::get_if<Refusal>(&begun)) {
    outcome.identity = *refusal;
    return done(std::move(outcome));
  }
  auto& asking = std::get<State::Asking>(begun);
  outcome.access_key_id = asking.proof.access_key_id;
  outcome.sts_host = asking.proof.endpoint->host;
  net::FetchRequest request = RequestTo(asking.proof, state_->options.auth_url);
  state_->fetcher.Fetch(
      std::move(request),
      [state = state_, asking = std::move(asking), outcome = std::move(outcome),
       done = std::move(done)](const base::Result<net::FetchResponse>& answer) mutable {
        outcome.identity = state->Finish(asking, answer);
        done(std::move(outcome));
      });
}

}  // namespace strongroom::authn::iam
