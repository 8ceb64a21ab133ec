#include "authn/iam/exchange.h"

#include <atomic>
#include <mutex>

#include "authn/failure_limit.h"
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
  State(ExchangeOptions chosen, net::HttpFetcher& network, const base::Clock& time)
      : options(std::move(chosen)),
        fetcher(network),
        clock(time),
        of_source(options.of_source_per_second_max, base::limits::kIamSourcesMax),
        of_all(options.per_second_max, 1),
        replays(options.replays_max) {
    STRONGROOM_CHECK(options.auth_url.ends_with('/'));
  }

  // security 5.30. What is refused before has cost nothing and is not counted.
  bool Admit(std::string_view source) {
    const std::lock_guard lock(admitting);
    const auto now = clock.Steady();
    if (of_source.IsExceeded(source, now) || of_all.IsExceeded("", now)) return false;
    if (at_once.fetch_add(1) >= options.at_once_max) {
      --at_once;
      return false;
    }
    of_source.Count(source, now);
    of_all.Count("", now);
    return true;
  }

  // What is to be asked, or why nothing is. The proof is used, and counted among those at once.
  OrRefusal<Proof> Begin(std::string_view token, std::string_view source) {
    auto url = UrlOfToken(token);
    if (const Refusal* refusal = std::get_if<Refusal>(&url)) return *refusal;
    auto parsed = ParseProof(std::get<std::string>(url), options.endpoints, clock.Now());
    const Proof* proof = std::get_if<Proof>(&parsed);
    if (proof == nullptr) return parsed;
    // The set goes first, so that repeating a proof is told apart from asking too often.
    switch (replays.Use(*proof, clock.Now())) {
      case ReplaySet::Verdict::kNew: break;
      case ReplaySet::Verdict::kUsed: return Refusal::kReplayed;
      case ReplaySet::Verdict::kFull: return Refusal::kTooManyExchanges;
    }
    if (Admit(source)) return parsed;
    replays.Release(*proof);
    return Refusal::kTooManyExchanges;
  }

  OrRefusal<Identity> Finish(const Proof& proof, const base::Result<net::FetchResponse>& answer) {
    --at_once;
    OrRefusal<Identity> identity = Refusal::kStsUnavailable;
    if (answer.ok()) {
      identity = ReadIdentity(*answer, {proof.endpoint->partition, options.allow_root});
    } else if (!answer.error().retriable) {
      identity = Refusal::kAnswerRefused;  // too long, malformed, or not from who it should be from
    }
    if (std::holds_alternative<Refusal>(identity)) replays.Release(proof);
    return identity;
  }

  const ExchangeOptions options;
  net::HttpFetcher& fetcher;
  const base::Clock& clock;
  std::mutex admitting;  // counting and deciding are one step
  FailureLimit of_source;
  FailureLimit of_all;
  std::atomic<std::size_t> at_once = 0;
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
  Proof& proof = std::get<Proof>(begun);
  outcome.access_key_id = proof.access_key_id;
  outcome.sts_host = proof.endpoint->host;
  net::FetchRequest request = RequestTo(proof, state_->options.auth_url);
  state_->fetcher.Fetch(
      std::move(request),
      [state = state_, proof = std::move(proof), outcome = std::move(outcome),
       done = std::move(done)](const base::Result<net::FetchResponse>& answer) mutable {
        outcome.identity = state->Finish(proof, answer);
        done(std::move(outcome));
      });
}

}  // namespace strongroom::authn::iam
