// The specification, as the slowest and most obvious evaluator, against the engine (security 6.33).
// A case is one request: a principal with its claims asks for an action on a document, and every
// resource of its ledger is decided by both. One generated installation serves kCallers tokens with
// kRequests requests each.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <iostream>
#include <utility>

#include "cases.h"
#include "expressions.h"
#include "subject.h"

namespace strongroom::oracle {
namespace {

using authz::Action;
using authz::ResourceId;

constexpr int kCallers = 4;
constexpr int kRequests = 5;
constexpr int kCasesPerWorld = kCallers * kRequests;

Action ActionOf(const std::string& name) { return *authz::ActionFromName(name); }

Outcome OutcomeOf(authz::PolicyOutcome outcome) {
  switch (outcome) {
    case authz::PolicyOutcome::kOtherAction: return Outcome::kOtherAction;
    case authz::PolicyOutcome::kOtherResource: return Outcome::kOtherResource;
    case authz::PolicyOutcome::kSkipped: return Outcome::kSkipped;
    case authz::PolicyOutcome::kFailed: return Outcome::kFailed;
    case authz::PolicyOutcome::kApplicable: return Outcome::kApplicable;
    case authz::PolicyOutcome::kDefective: break;
  }
  return Outcome::kInvalid;
}
Truth TruthOf(authz::AssertionOutcome outcome) {
  if (outcome == authz::AssertionOutcome::kError) return Truth::kError;
  return outcome == authz::AssertionOutcome::kTrue ? Truth::kTrue : Truth::kFalse;
}

// So that nobody trusts a generator that makes the same case over and over.
struct Tally {
  std::uint64_t requests = 0;
  std::uint64_t decisions = 0;  // of a resource each
  std::uint64_t allowed = 0;
  std::uint64_t failed = 0;   // a policy that covers it failed
  std::uint64_t depends = 0;  // only the document could tell
};

// What differed, as text; empty when nothing did.
#define DIFFER_UNLESS(condition) \
  if (!(condition)) return #condition "\n" + Describe(policies_, request_)

// One caller's requests.
class Inquiry {
 public:
  Inquiry(const World& world, const Subject& subject, Choices& choices,
          std::vector<Policy> policies, const authz::Permit& permit, Request request, Tally& tally)
      : world_(world),
        subject_(subject),
        choices_(choices),
        policies_(std::move(policies)),
        permit_(permit),
        request_(std::move(request)),
        tally_(tally) {}

  std::string Ask() {
    ++tally_.requests;
    number_ = choices_.Below(world_.ledgers.size());
    request_.action = choices_.Pick(kAllActions);
    request_.document = AnyDocument(choices_);
    std::string difference = CompareDocument();
    if (difference.empty() && choices_.Chance(20)) difference = CompareExplanation();
    if (difference.empty() && choices_.Chance(20)) difference = CompareWithoutDocument();
    return difference;
  }

 private:
  const Ledger& ledger() const { return world_.ledgers[number_]; }
  authz::LedgerId id() const { return {static_cast<std::uint16_t>(number_)}; }

  std::string CompareDocument() {
    const SubjectDocument document(*subject_.types[number_], *request_.document);
    const Action action = ActionOf(request_.action);
    const auto verdict = permit_.Judge(action, id(), document);
    DIFFER_UNLESS(verdict.ok());
    std::size_t selected = 0;
    for (std::size_t r = 0; r < ledger().identifiers.size(); ++r) {
      const ResourceId resource{static_cast<std::uint16_t>(r)};
      request_.resource = ledger().identifiers[r];
      const bool allowed = Allowed(policies_, ledger(), request_);
      DIFFER_UNLESS(verdict->Allows(resource) == allowed);
      // What is said for all documents holds for this one.
      const authz::Verdict standing = permit_.Standing(action, id(), resource);
      DIFFER_UNLESS(standing == authz::Verdict::kDepends ||
                    (standing == authz::Verdict::kAllow) == allowed);
      if (r < ledger().properties && allowed) ++selected;
      ++tally_.decisions;
      tally_.allowed += allowed ? 1 : 0;
      tally_.depends += standing == authz::Verdict::kDepends ? 1 : 0;
      tally_.failed += std::ranges::any_of(policies_, [&](const Policy& policy) {
        return oracle::OutcomeOf(policy, ledger(), request_) == Outcome::kFailed;
      });
    }
    DIFFER_UNLESS(verdict->Visible() == (selected > 0));
    DIFFER_UNLESS(verdict->AllowsEveryProperty() ==
                  (selected > 0 && selected == ledger().properties));
    DIFFER_UNLESS(selected == 0 || !permit_.NeverAllows(action, id()));
    return {};
  }

  std::string CompareExplanation() {
    request_.resource = choices_.Pick(ledger().identifiers);
    const SubjectDocument document(*subject_.types[number_], *request_.document);
    const Action action = ActionOf(request_.action);
    const auto decision = permit_.Explain("id", action, request_.resource, &document);
    DIFFER_UNLESS(decision.ok());
    const bool allowed = Allowed(policies_, ledger(), request_);
    DIFFER_UNLESS(decision->allowed() == allowed);
    DIFFER_UNLESS(decision->policies.size() == policies_.size());
    for (std::size_t i = 0; i < policies_.size(); ++i) {
      const authz::PolicyTrace& trace = decision->policies[i];
      DIFFER_UNLESS(OutcomeOf(trace.outcome) ==
                    oracle::OutcomeOf(policies_[i], ledger(), request_));
      for (std::size_t a = 0; a < trace.assertions.size(); ++a)
        DIFFER_UNLESS(TruthOf(trace.assertions[a].outcome) ==
                      oracle::OutcomeOf(policies_[i].assertions[a], ledger(), request_));
    }
    const auto can = permit_.Can(action, request_.resource, &document);
    DIFFER_UNLESS(can.ok());
    DIFFER_UNLESS(*can == (allowed ? authz::Verdict::kAllow : authz::Verdict::kDeny));
    return {};
  }

  // A resource of the catalog, or the name of an index to come.
  std::string CompareWithoutDocument() {
    request_.document.reset();
    request_.resource = choices_.Chance(30) ? ledger().name + ".indexes.not_there_yet"
                                            : choices_.Pick(ledger().identifiers);
    const auto allowed =
        permit_.AllowsWithoutDocument(ActionOf(request_.action), request_.resource);
    DIFFER_UNLESS(allowed.ok());
    DIFFER_UNLESS(*allowed == Allowed(policies_, ledger(), request_));
    return {};
  }

  const World& world_;
  const Subject& subject_;
  Choices& choices_;
  std::vector<Policy> policies_;
  const authz::Permit& permit_;
  Request request_;
  Tally& tally_;
  std::size_t number_ = 0;  // of the ledger
};

// Refused when written if one is invalid; as stored, those count as DENY.
std::shared_ptr<const authz::PolicySet> CompileSet(const std::vector<Policy>& policies,
                                                   const Subject& subject) {
  const auto strict = authz::PolicySet::Compile(ToPolicies(policies), subject.catalog);
  RC_ASSERT(strict.ok() != std::ranges::any_of(policies, &Policy::invalid));
  if (strict.ok()) return *strict;
  const auto loaded = authz::PolicySet::Compile(ToPolicies(policies), subject.catalog,
                                                {authz::PolicySet::BadPolicy::kCountAsDeny});
  RC_ASSERT(loaded.ok());
  return *loaded;
}

// A caller who brings policies; without one the case is none: 403, see installation_test.cc.
std::pair<Caller, std::vector<Policy>> AnyClient(Choices& choices, const World& world) {
  for (int tries = 0; tries < 50; ++tries) {
    const Caller caller = AnyCaller(choices, world.installation);
    auto policies =
        PoliciesFor(world.installation, caller.account_id, caller.principal, caller.email);
    if (policies) return {caller, *std::move(policies)};
  }
  RC_DISCARD("nobody has a client");
}

TEST(Oracle, AgreesWithTheEngineOnEveryDecision) {
  const int worlds = Cases(100'000, 10'000'000) / kCasesPerWorld;
  Tally tally;
  CheckMany(worlds, [&tally] {
    Choices made(*AnyTape(1000));
    const World world = AnyWorld(made);
    const Subject subject = MakeSubject(world.ledgers);
    Choices asked(AnySeed());
    for (int i = 0; i < kCallers; ++i) {
      auto [caller, policies] = AnyClient(asked, world);
      Request request;
      request.account_id = caller.account_id;
      request.claims = AnyClaims(asked);
      const auto permit = MakePermit(CompileSet(policies, subject), caller, request.claims);
      RC_ASSERT(permit.ok());
      Inquiry one(world, subject, asked, std::move(policies), *permit, std::move(request), tally);
      for (int r = 0; r < kRequests; ++r) {
        const std::string difference = one.Ask();
        if (!difference.empty()) RC_FAIL(difference);
      }
    }
  });
  std::cout << worlds << " installations, " << tally.requests << " requests, " << tally.decisions
            << " decisions: " << tally.allowed << " allowed, " << tally.failed
            << " with a policy that failed, " << tally.depends << " by the document" << std::endl;
  EXPECT_GT(tally.allowed, tally.decisions / 20);
  EXPECT_GT(tally.failed, tally.decisions / 20);
  EXPECT_GT(tally.depends, tally.decisions / 20);
}

}  // namespace
}  // namespace strongroom::oracle
