#include "authn/key_cache.h"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>

#include "authn/discovery.h"
#include "authn/issuer_keys.h"
#include "authn/key_fetch.h"
#include "base/check.h"
#include "base/log.h"

namespace strongroom::authn {
namespace {

using TimePoint = std::chrono::steady_clock::time_point;

struct Waiter {
  std::optional<std::string> kid;
  crypto::SignatureAlgorithm algorithm;
  TimePoint since;
  KeyCache::Done done;
};

// `*` matches any run of characters. Linear but for the backtracking to the last star.
bool MatchesPattern(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, retry = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      retry = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p, ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++retry;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

// A new set, or why there is none, or nothing when the set is the old one.
void LogOutcome(const std::string& issuer, const KeySet* changed, const std::string& why) {
  if (!why.empty())
    base::Log(base::LogLevel::kWarning, "an issuer's keys can't be fetched",
              {{"issuer", issuer}, {"reason", why}});
  if (changed == nullptr) return;
  base::Log(base::LogLevel::kInfo, "an issuer has new keys",
            {{"issuer", issuer}, {"keys", std::to_string(changed->keys().size())}});
  for (const std::string& dropped : changed->dropped())
    base::Log(base::LogLevel::kWarning, "a key of an issuer is not used",
              {{"issuer", issuer}, {"reason", dropped}});
}

// An answer that is due: called when no lock is held.
struct Due {
  KeyCache::Done done;
  KeyLookup lookup;
};

// A fetch to start when no lock is held.
struct Start {
  std::string issuer;
  std::string jwks_uri;
  IssuerAccess access;
  std::uint64_t ticket;
  bool failing;
};

}  // namespace

class KeyCache::State : public std::enable_shared_from_this<State> {
 public:
  State(KeyCacheOptions options, net::HttpFetcher& fetcher, const base::Clock& clock)
      : options_(std::move(options)), fetcher_(fetcher), clock_(clock) {}

  void Find(std::string_view issuer, const std::optional<std::string>& kid,
            crypto::SignatureAlgorithm algorithm, Done done);
  void Warm(std::string_view issuer);
  void Forget(std::string_view issuer);
  void ForgetUnless(const std::function<bool(std::string_view)>& wanted);
  void Flush();
  void Close();
  void Tick();
  std::vector<IssuerStatus> Status() const;

 private:
  // One issuer: its keys, who waits for them, and which fetch is theirs.
  struct Slot {
    explicit Slot(std::string issuer, const KeyCacheOptions& options)
        : keys(std::move(issuer), options) {}
    IssuerKeys keys;
    std::vector<Waiter> waiters;
    std::uint64_t ticket = 0;  // of the fetch under way; an outcome with another ticket is late
  };
  // Everything that a locked section wants done after it.
  struct Work {
    std::vector<Due> due;
    std::vector<Start> starts;
  };

  bool MayAsk(std::string_view issuer) const;
  Slot& SlotOf(std::string_view issuer);
  void Request(Slot& slot, TimePoint now);
  void StartQueued(TimePoint now, Work& work);
  void Complete(const std::string& issuer, std::uint64_t ticket, bool failing,
                base::Result<FetchedKeys> outcome);
  void Run(Work work);
  static void Settle(Slot& slot, TimePoint now, Work& work);

  const KeyCacheOptions options_;
  net::HttpFetcher& fetcher_;
  const base::Clock& clock_;

  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Slot>, std::less<>> slots_;
  struct Queued {
    std::string issuer;
    std::string jwks_uri;
    std::uint64_t ticket;
    bool failing;  // the last fetch of this issuer failed
  };
  // The next fetch that may start: issuers that work before those that fail, which never hold more
  // than half of the fetches at once (security 2.45).
  std::deque<Queued>::iterator NextQueued();
  std::deque<Queued> queue_;
  std::deque<TimePoint> started_;  // starts of the last second
  std::size_t running_ = 0;
  std::size_t running_failing_ = 0;
  std::uint64_t tickets_ = 0;
  std::uint64_t epochs_ = 0;
  bool closed_ = false;
};

bool KeyCache::State::MayAsk(std::string_view issuer) const {
  if (!IsIssuerUrl(issuer)) return false;
  return options_.issuer_patterns.empty() ||
         std::ranges::any_of(options_.issuer_patterns, [issuer](const std::string& pattern) {
           return MatchesPattern(pattern, issuer);
         });
}

KeyCache::State::Slot& KeyCache::State::SlotOf(std::string_view issuer) {
  auto at = slots_.find(issuer);
  if (at == slots_.end()) {
    auto slot = std::make_unique<Slot>(std::string(issuer), options_);
    at = slots_.emplace(std::string(issuer), std::move(slot)).first;
  }
  return *at->second;
}

void KeyCache::State::Request(Slot& slot, TimePoint now) {
  if (slot.keys.is_fetching()) return;
  slot.ticket = ++tickets_;
  const bool failing = slot.keys.is_failing();
  std::string jwks_uri = slot.keys.BeginFetch(now);
  queue_.push_back({slot.keys.issuer(), std::move(jwks_uri), slot.ticket, failing});
}

std::deque<KeyCache::State::Queued>::iterator KeyCache::State::NextQueued() {
  const auto works = std::ranges::find(queue_, false, &Queued::failing);
  if (works != queue_.end() || 2 * running_failing_ >= options_.fetches_at_once_max) return works;
  return queue_.begin();
}

void KeyCache::State::StartQueued(TimePoint now, Work& work) {
  while (!started_.empty() && started_.front() + std::chrono::seconds(1) <= now)
    started_.pop_front();
  while (running_ < options_.fetches_at_once_max &&
         started_.size() < options_.fetches_per_second_max) {
    const auto at = NextQueued();
    if (at == queue_.end()) return;
    Queued next = std::move(*at);
    queue_.erase(at);
    ++running_;
    running_failing_ += next.failing ? 1 : 0;
    started_.push_back(now);
    const auto own = options_.access_of_issuer.find(next.issuer);
    const IssuerAccess& access =
        own == options_.access_of_issuer.end() ? options_.access : own->second;
    work.starts.push_back(
        {std::move(next.issuer), std::move(next.jwks_uri), access, next.ticket, next.failing});
  }
}

void KeyCache::State::Run(Work work) {
  for (Due& due : work.due) due.done(std::move(due.lookup));
  for (Start& start : work.starts) {
    std::string issuer = start.issuer;
    FetchKeys(fetcher_, std::move(start.issuer), std::move(start.jwks_uri), std::move(start.access),
              [weak = weak_from_this(), issuer = std::move(issuer), ticket = start.ticket,
               failing = start.failing](base::Result<FetchedKeys> outcome) {
                if (const auto state = weak.lock())
                  state->Complete(issuer, ticket, failing, std::move(outcome));
              });
  }
}

void KeyCache::State::Settle(Slot& slot, TimePoint now, Work& work) {
  for (Waiter& waiter : slot.waiters)
    work.due.push_back(
        {std::move(waiter.done), slot.keys.Settle(waiter.kid, waiter.algorithm, now)});
  slot.waiters.clear();
}

void KeyCache::State::Complete(const std::string& issuer, std::uint64_t ticket, bool failing,
                               base::Result<FetchedKeys> outcome) {
  Work work;
  {
    const std::lock_guard lock(mutex_);
    STRONGROOM_CHECK(running_ > 0);
    --running_;
    running_failing_ -= failing ? 1 : 0;
    if (closed_) return;
    const TimePoint now = clock_.Steady();
    const auto at = slots_.find(issuer);
    if (at != slots_.end() && at->second->ticket == ticket) {
      const auto set = outcome.ok() ? outcome->set : nullptr;
      const std::string why = outcome.ok() ? std::string() : outcome.error().message;
      const bool changed = at->second->keys.Finish(std::move(outcome), now, epochs_ + 1);
      if (changed) ++epochs_;
      LogOutcome(issuer, changed ? set.get() : nullptr, why);
      Settle(*at->second, now, work);
    }
    StartQueued(now, work);
  }
  Run(std::move(work));
}

void KeyCache::State::Find(std::string_view issuer, const std::optional<std::string>& kid,
                           crypto::SignatureAlgorithm algorithm, Done done) {
  if (!MayAsk(issuer)) return done({Refusal::kIssuerUnknown});
  Work work;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) {
      work.due.push_back({std::move(done), {Refusal::kKeysUnavailable}});
    } else {
      const TimePoint now = clock_.Steady();
      Slot& slot = SlotOf(issuer);
      IssuerKeys::Plan plan = slot.keys.Look(kid, algorithm, now);
      if (plan.step != IssuerKeys::Step::kAnswer) Request(slot, now);
      if (plan.step != IssuerKeys::Step::kWait) {
        work.due.push_back({std::move(done), std::move(plan.lookup)});
      } else if (slot.waiters.size() >= options_.waiters_max) {
        work.due.push_back({std::move(done), {Refusal::kTooManyWaiting, std::chrono::seconds(1)}});
      } else {
        slot.waiters.push_back({kid, algorithm, now, std::move(done)});
      }
      StartQueued(now, work);
    }
  }
  Run(std::move(work));
}

void KeyCache::State::Warm(std::string_view issuer) {
  if (!MayAsk(issuer)) return;
  Work work;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    const TimePoint now = clock_.Steady();
    Slot& slot = SlotOf(issuer);
    if (slot.keys.IsFetchDue(now)) Request(slot, now);
    StartQueued(now, work);
  }
  Run(std::move(work));
}

void KeyCache::State::Forget(std::string_view issuer) {
  Work work;
  {
    const std::lock_guard lock(mutex_);
    const auto at = slots_.find(issuer);
    if (at == slots_.end()) return;
    at->second->keys.Flush(clock_.Steady());  // cached tokens look here once more, and find nothing
    for (Waiter& waiter : at->second->waiters)
      work.due.push_back({std::move(waiter.done), {Refusal::kIssuerUnknown}});
    std::erase_if(queue_, [issuer](const Queued& queued) { return queued.issuer == issuer; });
    slots_.erase(at);
  }
  Run(std::move(work));
}

void KeyCache::State::ForgetUnless(const std::function<bool(std::string_view)>& wanted) {
  std::vector<std::string> issuers;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [issuer, slot] : slots_) issuers.push_back(issuer);
  }
  for (const std::string& issuer : issuers)
    if (!wanted(issuer)) Forget(issuer);
}

void KeyCache::State::Flush() {
  const std::lock_guard lock(mutex_);
  const TimePoint now = clock_.Steady();
  for (auto& [issuer, slot] : slots_) slot->keys.Flush(now);
}

void KeyCache::State::Close() {
  Work work;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    queue_.clear();
    for (auto& [issuer, slot] : slots_) {
      for (Waiter& waiter : slot->waiters)
        work.due.push_back({std::move(waiter.done), {Refusal::kKeysUnavailable}});
      slot->waiters.clear();
    }
  }
  Run(std::move(work));
}

void KeyCache::State::Tick() {
  Work work;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    const TimePoint now = clock_.Steady();
    for (auto& [issuer, slot] : slots_) {
      if (slot->keys.IsFetchDue(now)) Request(*slot, now);
      for (Waiter& waiter : slot->waiters)
        if (now >= waiter.since + options_.wait_max)
          work.due.push_back(
              {std::move(waiter.done), slot->keys.Settle(waiter.kid, waiter.algorithm, now)});
      std::erase_if(slot->waiters, [](const Waiter& waiter) { return waiter.done == nullptr; });
    }
    StartQueued(now, work);
  }
  Run(std::move(work));
}

std::vector<IssuerStatus> KeyCache::State::Status() const {
  const std::lock_guard lock(mutex_);
  std::vector<IssuerStatus> all;
  for (const auto& [issuer, slot] : slots_) all.push_back(slot->keys.Status(clock_.Steady()));
  return all;
}

KeyCache::KeyCache(KeyCacheOptions options, net::HttpFetcher& fetcher, const base::Clock& clock)
    : state_(std::make_shared<State>(std::move(options), fetcher, clock)) {}
KeyCache::~KeyCache() { Close(); }

void KeyCache::Find(std::string_view issuer, const std::optional<std::string>& kid,
                    crypto::SignatureAlgorithm algorithm, Done done) {
  state_->Find(issuer, kid, algorithm, std::move(done));
}
void KeyCache::Warm(std::string_view issuer) { state_->Warm(issuer); }
void KeyCache::Forget(std::string_view issuer) { state_->Forget(issuer); }
void KeyCache::ForgetUnless(const std::function<bool(std::string_view)>& wanted) {
  state_->ForgetUnless(wanted);
}
void KeyCache::Flush() { state_->Flush(); }
void KeyCache::Close() { state_->Close(); }
void KeyCache::Tick() { state_->Tick(); }
std::vector<IssuerStatus> KeyCache::Status() const { return state_->Status(); }

}  // namespace strongroom::authn
