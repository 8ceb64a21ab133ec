// The theorems of authorization (security 6.1 to 6.9), each a property of the engine by itself.
// tests/README.md says which test stands for which line.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <future>

#include "cases.h"
#include "expressions.h"
#include "subject.h"

namespace strongroom::oracle {
namespace {

const PolicyStyle kStyle = {{"*", "db:*", "db:Select", "db:Insert", "db:Update", "*e*"}};
const Caller kCaller = {"Child", "https://issuer.example", ""};
// Fail whatever the document.
const Texts kErrors = {"context.auth.claims.absent == 'x'", "1 / context.auth.claims.zero == 1",
                       "context.auth.claims.word < 3",
                       "context.auth.claims.word.startsWith(context.auth.claims.zero)"};
// Are no booleans, which only evaluation can tell.
const Texts kNoBooleans = {"context.auth.claims.word", "context.auth.claims.zero",
                           "context.auth.claims.list", "context.auth.claims.nothing"};

// Ledgers, a token, documents of each ledger, and policies that are valid.
struct Scene {
  explicit Scene(Choices choices)
      : ledgers(AnyLedgers(choices)), subject(MakeSubject(ledgers)), claims(AnyClaims(choices)) {
    claims["word"] = std::string("word");
    claims["zero"] = std::int64_t{0};
    claims["list"] = Texts{"a"};
    claims["nothing"] = nullptr;
    for (std::size_t i = 0; i < ledgers.size(); ++i)
      documents.push_back({AnyDocument(choices), AnyDocument(choices)});
    policies = AnyPolicies(choices, 5, ledgers, kStyle);
    std::erase_if(policies, &Policy::invalid);
    do {
      extra = AnyPolicy(choices, ledgers, kStyle);
    } while (extra.invalid);
  }

  authz::Permit PermitOf(const std::vector<Policy>& list) const {
    return MakePermit(authz::PolicySet::Compile(ToPolicies(list), subject.catalog).value(), kCaller,
                      claims)
        .value();
  }

  // Everything that `permit` says: every resource of every document, for every action.
  std::vector<bool> Verdicts(const authz::Permit& permit) const {
    std::vector<bool> verdicts;
    Each([&](authz::Action action, authz::LedgerId ledger, const SubjectDocument& document) {
      const auto verdict = permit.Judge(action, ledger, document).value();
      for (std::uint16_t i = 0; i < ledgers[ledger.value].identifiers.size(); ++i)
        verdicts.push_back(verdict.Allows({i}));
    });
    return verdicts;
  }
  std::vector<bool> Verdicts(const std::vector<Policy>& list) const {
    return Verdicts(PermitOf(list));
  }
  // The same through explanations.
  std::vector<authz::Decision> Decisions(const authz::Permit& permit) const {
    std::vector<authz::Decision> decisions;
    Each([&](authz::Action action, authz::LedgerId ledger, const SubjectDocument& document) {
      for (const std::string& identifier : ledgers[ledger.value].identifiers)
        decisions.push_back(permit.Explain("id", action, identifier, &document).value());
    });
    return decisions;
  }

  template <typename See>
  void Each(const See& see) const {
    for (std::uint16_t ledger = 0; ledger < ledgers.size(); ++ledger)
      for (const Values& values : documents[ledger]) {
        const SubjectDocument document(*subject.types[ledger], values);
        for (const authz::Action action : authz::kActions)
          see(action, authz::LedgerId{ledger}, document);
      }
  }

  std::vector<Policy> With(Policy policy) const {
    std::vector<Policy> more = policies;
    more.push_back(std::move(policy));
    return more;
  }

  std::vector<Ledger> ledgers;
  Subject subject;
  Values claims;
  std::vector<std::vector<Values>> documents;  // by ledger
  std::vector<Policy> policies;
  Policy extra;  // one more
};

Expression Constant(const std::string& text) {
  return {text, {}, [](const Request&) { return Value(Failed{}); }};
}

// Whether what `less` allows is allowed by `more`.
bool Within(const std::vector<bool>& less, const std::vector<bool>& more) {
  for (std::size_t i = 0; i < less.size(); ++i)
    if (less[i] && !more[i]) return false;
  return true;
}

template <typename Theorem>
void Holds(const Theorem& theorem) {
  CheckMany(Cases(1000, 100'000), [&] {
    Scene scene{Choices(*AnyTape(400))};
    Choices choices(AnySeed());
    theorem(scene, choices);
  });
}

TEST(Security6, Line1NothingIsAllowedWithoutAnApplicableAllow) {
  Holds([](Scene& scene, Choices&) {
    for (const auto& decision : scene.Decisions(scene.PermitOf(scene.policies))) {
      const bool applies = std::ranges::any_of(decision.policies, [](const auto& trace) {
        return trace.effect == authz::Effect::kAllow && trace.Applies();
      });
      RC_ASSERT(applies || !decision.allowed());
    }
    std::erase_if(scene.policies, &Policy::allow);
    const auto verdicts = scene.Verdicts(scene.policies);
    RC_ASSERT(std::ranges::count(verdicts, true) == 0);
  });
}

TEST(Security6, Line2AnApplicableDenyOverridesEveryAllow) {
  Holds([](Scene& scene, Choices& choices) {
    const Ledger& ledger = choices.Pick(scene.ledgers);
    const std::string resource = choices.Pick(ledger.identifiers);
    const auto permit = scene.PermitOf(scene.With({false, {"*"}, {resource}, {}}));
    for (const auto& decision : scene.Decisions(permit))
      RC_ASSERT(decision.resource != resource || !decision.allowed());
  });
}

TEST(Security6, Line3AllowedIsWhatAnAllowAppliesToAndNoDeny) {
  Holds([](Scene& scene, Choices&) {
    const auto permit = scene.PermitOf(scene.policies);
    const auto verdicts = scene.Verdicts(permit);
    std::size_t number = 0;
    for (const auto& decision : scene.Decisions(permit)) {
      bool allow = false;
      bool deny = false;
      for (const auto& trace : decision.policies)
        if (trace.Applies()) (trace.effect == authz::Effect::kAllow ? allow : deny) = true;
      RC_ASSERT(decision.allowed() == (allow && !deny));
      RC_ASSERT(verdicts[number++] == (allow && !deny));
    }
  });
}

TEST(Security6, Line4OrderAndRepetitionOfPoliciesDoNotMatter) {
  Holds([](Scene& scene, Choices& choices) {
    const auto before = scene.Verdicts(scene.policies);
    auto other = scene.policies;
    for (std::size_t i = other.size(); i > 1; --i) std::swap(other[i - 1], other[choices.Below(i)]);
    RC_ASSERT(scene.Verdicts(other) == before);
    other.insert(other.end(), scene.policies.begin(), scene.policies.end());
    RC_ASSERT(scene.Verdicts(other) == before);
  });
}

TEST(Security6, Line5AnAllowMoreDeniesNothingAndADenyMoreAllowsNothing) {
  Holds([](Scene& scene, Choices&) {
    const auto before = scene.Verdicts(scene.policies);
    const auto after = scene.Verdicts(scene.With(scene.extra));
    RC_ASSERT((scene.extra.allow ? Within(before, after) : Within(after, before)));
  });
}

TEST(Security6, Line6AWiderAllowAllowsMoreAndAWiderDenyLess) {
  Holds([](Scene& scene, Choices& choices) {
    const auto before = scene.Verdicts(scene.With(scene.extra));
    Policy wider = scene.extra;
    if (choices.Chance(50)) wider.actions.push_back(choices.Pick(kAllActions));
    if (choices.Chance(70))
      wider.resources.push_back(choices.Pick(choices.Pick(scene.ledgers).identifiers));
    wider.resources.push_back(wider.resources.front() + (choices.Chance(50) ? "*" : ""));
    const auto after = scene.Verdicts(scene.With(wider));
    RC_ASSERT((wider.allow ? Within(before, after) : Within(after, before)));
  });
}

TEST(Security6, Line7AnErrorSkipsAnAllowAndLetsADenyApply) {
  Holds([](Scene& scene, Choices& choices) {
    Policy plain{choices.Chance(50), scene.extra.actions, scene.extra.resources, {}};
    Policy failing = plain;
    failing.assertions.push_back(Constant(choices.Pick(kErrors)));
    RC_ASSERT(scene.Verdicts(scene.With(failing)) ==
              scene.Verdicts(plain.allow ? scene.policies : scene.With(plain)));
    // It stands in explanations as an outcome of its own.
    for (const auto& decision : scene.Decisions(scene.PermitOf({failing})))
      for (const auto& trace : decision.policies)
        if (!trace.assertions.empty()) {
          RC_ASSERT(trace.outcome == authz::PolicyOutcome::kFailed);
          RC_ASSERT(trace.assertions[0].outcome == authz::AssertionOutcome::kError);
        }
    // One that is false skips the policy, whatever fails beside it.
    failing.assertions.push_back(Constant("false"));
    RC_ASSERT(scene.Verdicts(scene.With(failing)) == scene.Verdicts(scene.policies));
  });
}

TEST(Security6, Line8WhatIsNoBooleanIsAnErrorAndTheOrderOfAssertionsDoesNotMatter) {
  Holds([](Scene& scene, Choices& choices) {
    Policy failing{choices.Chance(50), scene.extra.actions, scene.extra.resources, {}};
    Policy no_boolean = failing;
    failing.assertions.push_back(Constant(kErrors.front()));
    no_boolean.assertions.push_back(Constant(choices.Pick(kNoBooleans)));
    RC_ASSERT(scene.Verdicts(scene.With(failing)) == scene.Verdicts(scene.With(no_boolean)));

    Policy several = scene.extra;
    several.assertions.push_back(Constant(choices.Pick(kErrors)));
    const auto before = scene.Verdicts(scene.With(several));
    std::ranges::reverse(several.assertions);
    RC_ASSERT(scene.Verdicts(scene.With(several)) == before);
  });
  const std::string twice = R"([{"effect":"ALLOW","actions":["*"],"resources":["*"],
                                 "assertions":{"a":"true","a":"false"}}])";
  EXPECT_FALSE(authz::ParsePolicies(twice).ok());
  authz::Policy policy{authz::Effect::kAllow, {"*"}, {"*"}, {{"a", "true"}, {"a", "false"}}, ""};
  EXPECT_FALSE(authz::CheckPolicy(policy).ok());
}

TEST(Security6, Line9DecidingIsPureAndNowIsOneInstant) {
  Holds([](Scene& scene, Choices&) {
    scene.policies.push_back(
        {true, {"*"}, {"*"}, {Constant("context.now == timestamp('2025-06-01T00:00:00Z')")}});
    const auto permit = scene.PermitOf(scene.policies);
    const auto before = scene.Verdicts(permit);
    scene.Decisions(permit);
    RC_ASSERT(scene.Verdicts(permit) == before);
    RC_ASSERT(scene.Verdicts(scene.policies) == before);
    RC_ASSERT(scene.policies.size() > 1 || std::ranges::count(before, false) == 0);
  });
  // From several threads that share what is folded.
  const Scene scene{Choices(std::uint64_t{7})};
  const auto set =
      authz::PolicySet::Compile(ToPolicies(scene.policies), scene.subject.catalog).value();
  const auto folded =
      authz::FoldedPolicies::Fold(
          set, {std::make_shared<const boost::json::object>(ToJson(scene.claims)), "p", "Child"})
          .value();
  const auto ask = [&] { return scene.Verdicts(authz::Permit::Grant(folded, kNow)); };
  const auto expected = ask();
  std::vector<std::future<std::vector<bool>>> answers;
  for (int i = 0; i < 4; ++i) answers.push_back(std::async(std::launch::async, ask));
  for (auto& answer : answers) EXPECT_EQ(answer.get(), expected);
}

}  // namespace
}  // namespace strongroom::oracle
