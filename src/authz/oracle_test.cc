// The specification (SPEC 4, 4.1; security 6.1-6.9, 6.15, 6.33) as the slowest, most obvious
// evaluator, against the engine. It shares no code with it: patterns, expressions and decisions are
// all done again here, one resource of one document at a time.
#include "authz/oracle.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "authz/testing.h"

namespace strongroom::authz {
namespace {

namespace json = boost::json;
using namespace oracle;  // NOLINT(google-build-using-namespace)

// ---- The oracle's reading of SPEC 4.

struct OraclePolicy {
  Policy written;
  std::vector<Expression> assertions;
  bool defective = false;  // covers what it denies
};

struct OracleLedger {
  std::string name;
  std::set<std::string> fields;
  std::vector<std::string> identifiers;
};

bool MatchesWhole(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*')
    return MatchesWhole(pattern.substr(1), text) ||
           (!text.empty() && MatchesWhole(pattern, text.substr(1)));
  return !text.empty() && (pattern.front() == '?' || pattern.front() == text.front()) &&
         MatchesWhole(pattern.substr(1), text.substr(1));
}

bool Covers(const Texts& patterns, std::string_view identifier) {
  for (const std::string& pattern : patterns)
    for (std::size_t end = 0; end <= identifier.size(); ++end)
      if ((end == identifier.size() || identifier[end] == '.') &&
          MatchesWhole(pattern, identifier.substr(0, end)))
        return true;
  return false;
}

bool HasAction(const OraclePolicy& policy, std::string_view action) {
  return std::ranges::any_of(policy.written.actions, [&](const std::string& pattern) {
    return MatchesWhole(pattern, action);
  });
}

// An assertion works on a ledger that has the fields it names.
bool WorksOn(const Expression& assertion, const OracleLedger& ledger) {
  return std::ranges::includes(ledger.fields, assertion.fields);
}

Truth Outcome(const Expression& assertion, const OracleLedger* ledger, const World& world) {
  if (!assertion.fields.empty() && (ledger == nullptr || !WorksOn(assertion, *ledger)))
    return Truth::kError;
  return TruthOf(assertion.value(world));
}

PolicyOutcome Outcome(const OraclePolicy& policy, const OracleLedger* ledger, const World& world) {
  if (!HasAction(policy, world.action)) return PolicyOutcome::kOtherAction;
  if (!Covers(policy.written.resources, world.resource)) return PolicyOutcome::kOtherResource;
  if (policy.defective) return PolicyOutcome::kDefective;
  bool failed = false;
  for (const Expression& assertion : policy.assertions) {
    const Truth truth = Outcome(assertion, ledger, world);
    if (truth == Truth::kFalse) return PolicyOutcome::kSkipped;
    failed |= truth == Truth::kError;
  }
  return failed ? PolicyOutcome::kFailed : PolicyOutcome::kApplicable;
}

bool Allowed(const std::vector<OraclePolicy>& policies, const OracleLedger* ledger,
             const World& world) {
  bool allowed = false;
  for (const OraclePolicy& policy : policies) {
    const PolicyOutcome outcome = Outcome(policy, ledger, world);
    const bool applies = outcome == PolicyOutcome::kApplicable;
    if (outcome == PolicyOutcome::kDefective) return false;
    if (policy.written.effect == Effect::kDeny && (applies || outcome == PolicyOutcome::kFailed))
      return false;
    allowed |= policy.written.effect == Effect::kAllow && applies;
  }
  return allowed;
}

// ---- One case: a catalog, policies, a token, documents.

class Case {
 public:
  explicit Case(std::uint64_t seed) : generate_(seed) {
    MakeCatalog();
    const std::size_t count = generate_.Below(6);
    for (std::size_t i = 0; i < count; ++i) policies_.push_back(MakePolicy());
    world_ = generate_.Circumstances();
  }

  void Check() {
    const auto set = CompileSet();
    if (set == nullptr) return;
    const auto folded = FoldedPolicies::Fold(
        set, {std::make_shared<const json::object>(json::parse(ToText(world_.claims)).as_object()),
              "https://issuer.example", "TwispTest"});
    ASSERT_TRUE(folded.ok()) << folded.error().message;
    const Permit permit = Permit::Grant(*folded, kTestNow);
    for (std::uint16_t ledger = 0; ledger < ledgers_.size(); ++ledger)
      for (int i = 0; i < 2; ++i)
        CheckLedger(permit, LedgerId{ledger}, kActions[generate_.Below(kActions.size())]);
    CheckUnknownResource(permit);
  }

  // security 6.4-6.6, on the engine alone. Policies that can't be compiled have no part in it.
  void CheckTheorems() {
    std::erase_if(policies_, [](const OraclePolicy& policy) { return policy.defective; });
    const std::vector<bool> before = Verdicts(policies_);
    auto more = policies_;
    more.insert(more.end(), policies_.rbegin(), policies_.rend());
    ASSERT_EQ(Verdicts(more), before) << "order or repetition changed a verdict";
    OraclePolicy extra = MakePolicy();
    if (extra.defective) return;
    more = policies_;
    more.push_back(extra);
    const bool allow = extra.written.effect == Effect::kAllow;
    const std::vector<bool> after = Verdicts(more);
    // What an ALLOW adds is never denied by it, and the other way round.
    ASSERT_TRUE(
        std::ranges::includes(Numbers(allow ? after : before), Numbers(allow ? before : after)));
    more.back().written.actions = {"*"};
    more.back().written.resources.emplace_back(extra.written.resources.front() + "*");
    if (IsRefused(more.back())) return;
    const std::vector<bool> wider = Verdicts(more);
    ASSERT_TRUE(
        std::ranges::includes(Numbers(allow ? wider : after), Numbers(allow ? after : wider)))
        << "a wider policy decided less";
  }

  std::string Describe() const {
    std::vector<Policy> written;
    for (const OraclePolicy& policy : policies_) written.push_back(policy.written);
    return FormatPolicies(written) + "\nclaims " + ToText(world_.claims) + "\n" + where_;
  }

 private:
  void MakeCatalog() {
    std::vector<LedgerDeclaration> declarations;
    const std::size_t count = 1 + generate_.Below(3);
    for (std::size_t i = 0; i < count; ++i) {
      OracleLedger ledger;
      LedgerDeclaration declaration;
      declaration.space = generate_.Chance(70) ? "financial" : "system";
      declaration.name = Texts{"a", "ab", "Account"}[i];
      ledger.name = declaration.space + "." + declaration.name;
      cel::StructType type{"test." + declaration.name, {}};
      for (const std::string field : {"s", "n", "b", "o", "l", "m"})
        if (generate_.Chance(80)) type.fields.push_back({field, TypeOf(field)});
      // Now and then more classes than one word has bits.
      if (generate_.Chance(2))
        for (int filler = 0; filler < 80; ++filler)
          type.fields.push_back({"p" + std::to_string(filler), cel::Type::String()});
      declaration.properties = FieldNames(type);
      declaration.indexes = {"s"};
      declaration.joins = {"all"};
      declaration.references = {"o"};
      ledger.fields = {declaration.properties.begin(), declaration.properties.end()};
      for (const std::string& name : declaration.properties)
        ledger.identifiers.push_back(ledger.name + ".document." + name);
      for (const std::string part : {".indexes.s", ".joins.all", ".references.o"})
        ledger.identifiers.push_back(ledger.name + part);
      declaration.document = std::make_shared<const cel::StructType>(std::move(type));
      types_.push_back(declaration.document);
      declarations.push_back(std::move(declaration));
      ledgers_.push_back(std::move(ledger));
    }
    static const auto env = cel::StandardEnv();
    catalog_ = Catalog::Make(std::move(declarations), env).value();
  }

  OraclePolicy MakePolicy() {
    OraclePolicy policy;
    policy.written.effect = generate_.Chance(60) ? Effect::kAllow : Effect::kDeny;
    policy.written.actions = {
        generate_.Pick(Texts{"*", "*", "db:*", "db:Select", "db:Insert", "db:?????e", "*t"})};
    for (std::size_t i = 1 + generate_.Below(2); i > 0; --i)
      policy.written.resources.push_back(Pattern());
    for (std::size_t i = generate_.Below(3); i > 0; --i) {
      policy.assertions.push_back(generate_.Bool(static_cast<int>(generate_.Below(4))));
      policy.written.assertions.push_back(
          {"assertion " + std::to_string(i), policy.assertions.back().text});
    }
    policy.defective = IsRefused(policy);
    return policy;
  }

  std::string Pattern() {
    const OracleLedger& ledger = generate_.Pick(ledgers_);
    std::string pattern = generate_.Pick(ledger.identifiers);
    switch (generate_.Below(6)) {
      case 0: return "*";
      case 1: return ledger.name;
      case 2: return ledger.name + ".document";
      case 3: pattern[generate_.Below(pattern.size())] = '?'; return pattern;
      case 4: {
        const std::size_t at = generate_.Below(pattern.size());
        return pattern.replace(at, generate_.Below(pattern.size() - at + 1), "*");
      }
      default: return pattern;
    }
  }

  // PolicySet::Compile: an assertion has to work on one ledger that the policy covers, or on any
  // when it covers none.
  bool IsRefused(const OraclePolicy& policy) const {
    std::vector<const OracleLedger*> covered;
    for (const OracleLedger& ledger : ledgers_)
      if (std::ranges::any_of(ledger.identifiers, [&](const std::string& identifier) {
            return Covers(policy.written.resources, identifier);
          }))
        covered.push_back(&ledger);
    if (covered.empty())
      for (const OracleLedger& ledger : ledgers_) covered.push_back(&ledger);
    return std::ranges::any_of(policy.assertions, [&](const Expression& assertion) {
      return !assertion.fields.empty() &&
             std::ranges::none_of(
                 covered, [&](const OracleLedger* ledger) { return WorksOn(assertion, *ledger); });
    });
  }

  std::shared_ptr<const PolicySet> CompileSet() {
    std::vector<Policy> written;
    bool refused = false;
    for (const OraclePolicy& policy : policies_) {
      written.push_back(policy.written);
      refused |= policy.defective;
    }
    const auto strict = PolicySet::Compile(written, catalog_);
    EXPECT_EQ(strict.ok(), !refused) << (strict.ok() ? "" : strict.error().message);
    if (strict.ok() || !refused) return strict.ok() ? *strict : nullptr;
    // As when it is loaded: what can't be compiled denies.
    const auto loaded = PolicySet::Compile(written, catalog_, {PolicySet::BadPolicy::kCountAsDeny});
    EXPECT_TRUE(loaded.ok());
    return loaded.ok() ? *loaded : nullptr;
  }

  static std::vector<std::size_t> Numbers(const std::vector<bool>& bits) {
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < bits.size(); ++i)
      if (bits[i]) numbers.push_back(i);
    return numbers;
  }

  // Everything that the engine says about one document of each ledger.
  std::vector<bool> Verdicts(const std::vector<OraclePolicy>& policies) const {
    std::vector<Policy> written;
    for (const OraclePolicy& policy : policies) written.push_back(policy.written);
    const auto set = PolicySet::Compile(written, catalog_).value();
    const auto claims =
        std::make_shared<const json::object>(json::parse(ToText(world_.claims)).as_object());
    const Permit permit = Permit::Grant(
        FoldedPolicies::Fold(set, {claims, "https://issuer.example", "TwispTest"}).value(),
        kTestNow);
    std::vector<bool> verdicts;
    for (std::uint16_t ledger = 0; ledger < ledgers_.size(); ++ledger) {
      const TestDocument document(types_[ledger], ToText(Generator(ledger).Document()));
      for (const Action action : kActions) {
        const auto verdict = permit.Judge(action, LedgerId{ledger}, document);
        for (std::uint16_t i = 0; i < ledgers_[ledger].identifiers.size(); ++i)
          verdicts.push_back(verdict->Allows(ResourceId{i}));
      }
    }
    return verdicts;
  }

  void CheckLedger(const Permit& permit, LedgerId id, Action action) {
    const OracleLedger& ledger = ledgers_[id.value];
    world_.action = std::string(ActionName(action));
    std::vector<bool> ever(ledger.identifiers.size(), false);
    std::vector<bool> always(ledger.identifiers.size(), true);
    for (int i = 0; i < 2; ++i) {
      world_.document = generate_.Document();
      where_ = "document " + ToText(*world_.document) + " of " + ledger.name;
      const TestDocument document(types_[id.value], ToText(*world_.document));
      const auto verdict = permit.Judge(action, id, document);
      ASSERT_TRUE(verdict.ok()) << verdict.error().message;
      bool visible = false;
      bool every = true;
      for (std::size_t r = 0; r < ledger.identifiers.size(); ++r) {
        world_.resource = ledger.identifiers[r];
        const bool expected = Allowed(policies_, &ledger, world_);
        ASSERT_EQ(verdict->Allows(ResourceId{static_cast<std::uint16_t>(r)}), expected)
            << world_.action << " on " << world_.resource;
        (expected ? ever : always)[r] = expected;
        if (r < ledger.fields.size()) {
          visible |= expected;
          every &= expected;
        }
      }
      ASSERT_EQ(verdict->Visible(), visible);
      ASSERT_EQ(verdict->AllowsEveryProperty(), every && visible);
      CheckExplanation(permit, action, ledger, document);
    }
    CheckStanding(permit, id, action, ever, always);
    CheckWithoutDocument(permit, action, ledger);
  }

  // What is said for all documents holds for each of them.
  void CheckStanding(const Permit& permit, LedgerId id, Action action,
                     const std::vector<bool>& ever, const std::vector<bool>& always) {
    for (std::size_t r = 0; r < ever.size(); ++r) {
      const Verdict standing =
          permit.Standing(action, id, ResourceId{static_cast<std::uint16_t>(r)});
      const bool never = permit.NeverAllows(action, id) && r < ledgers_[id.value].fields.size();
      ASSERT_TRUE(standing != Verdict::kAllow || always[r]) << ledgers_[id.value].identifiers[r];
      ASSERT_TRUE(standing != Verdict::kDeny || !ever[r]) << ledgers_[id.value].identifiers[r];
      ASSERT_TRUE(!never || standing == Verdict::kDeny);
    }
  }

  void CheckExplanation(const Permit& permit, Action action, const OracleLedger& ledger,
                        const TestDocument& document) {
    world_.resource = generate_.Pick(ledger.identifiers);
    const auto decision = permit.Explain("id", action, world_.resource, &document);
    ASSERT_TRUE(decision.ok());
    const bool expected = Allowed(policies_, &ledger, world_);
    ASSERT_EQ(decision->allowed(), expected) << world_.resource;
    ASSERT_EQ(decision->policies.size(), policies_.size());
    for (std::size_t i = 0; i < policies_.size(); ++i) {
      const PolicyTrace& trace = decision->policies[i];
      ASSERT_EQ(static_cast<int>(trace.outcome),
                static_cast<int>(Outcome(policies_[i], &ledger, world_)))
          << "policy " << i << " on " << world_.resource;
      for (std::size_t a = 0; a < trace.assertions.size(); ++a)
        ASSERT_EQ(static_cast<int>(trace.assertions[a].outcome),
                  static_cast<int>(Outcome(policies_[i].assertions[a], &ledger, world_)))
            << policies_[i].assertions[a].text << ": " << trace.assertions[a].error;
    }
    const auto can = permit.Can(action, world_.resource, &document);
    ASSERT_TRUE(can.ok());
    ASSERT_EQ(*can, expected ? Verdict::kAllow : Verdict::kDeny);
  }

  void CheckWithoutDocument(const Permit& permit, Action action, const OracleLedger& ledger) {
    world_.document.reset();
    world_.resource = generate_.Pick(ledger.identifiers);
    where_ = world_.action + " on " + world_.resource + " without a document";
    const auto allowed = permit.AllowsWithoutDocument(action, world_.resource);
    ASSERT_TRUE(allowed.ok());
    ASSERT_EQ(*allowed, Allowed(policies_, &ledger, world_));
  }

  // The name of something to come in a known ledger.
  void CheckUnknownResource(const Permit& permit) {
    const OracleLedger& ledger = generate_.Pick(ledgers_);
    world_.document.reset();
    world_.action = "db:Insert";
    world_.resource = ledger.name + ".indexes.not_there_yet";
    where_ = world_.resource;
    const auto allowed = permit.AllowsWithoutDocument(Action::kInsert, world_.resource);
    ASSERT_TRUE(allowed.ok());
    ASSERT_EQ(*allowed, Allowed(policies_, &ledger, world_));
  }

  Generator generate_;
  std::vector<OracleLedger> ledgers_;
  std::vector<std::shared_ptr<const cel::StructType>> types_;
  std::shared_ptr<const Catalog> catalog_;
  std::vector<OraclePolicy> policies_;
  World world_;
  std::string where_;
};

// Runs `check` on so many cases, on 100 times as many with STRONGROOM_LONG. RapidCheck does that
// 100 times.
template <typename Check>
void ForManyCases(std::uint64_t cases, const Check& check) {
  const auto first =
      *rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()));
  if (std::getenv("STRONGROOM_LONG") != nullptr) cases *= 100;
  for (std::uint64_t number = 0; number < cases; ++number) {
    Case one(first + number);
    check(one);
    if (!testing::Test::HasFailure()) continue;
    ADD_FAILURE() << "seed " << first + number << "\n" << one.Describe();
    RC_FAIL("the engine and the specification differ");
  }
}

RC_GTEST_PROP(Oracle, AgreesWithTheEngineOnEveryDecision, ()) {
  ForManyCases(100, [](Case& one) { one.Check(); });
}

RC_GTEST_PROP(Oracle, PoliciesHaveNoOrderAndMoreOfThemAreMonotone, ()) {
  ForManyCases(20, [](Case& one) { one.CheckTheorems(); });
}

}  // namespace
}  // namespace strongroom::authz
