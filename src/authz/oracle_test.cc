// The specification (SPEC 4, 4.1; security 6.1-6.9, 6.15, 6.33) as the slowest, most obvious
// evaluator, against the engine. It shares no code with it: patterns, expressions and decisions are
// all done again here, one resource of one document at a time.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <variant>

#include "authz/testing.h"

namespace strongroom::authz {
namespace {

namespace json = boost::json;

// ---- Values and expressions of the oracle's own.

enum class Truth { kTrue, kFalse, kError };

struct Failed {
  bool operator==(const Failed&) const = default;
};
using Texts = std::vector<std::string>;
using Fields = std::map<std::string, std::string>;
using OracleValue =
    std::variant<Failed, std::nullptr_t, bool, std::int64_t, std::string, Texts, Fields>;

// What an expression is evaluated against. Without a document, reading it fails.
struct World {
  std::map<std::string, OracleValue> claims;
  std::string action;
  std::string resource;
  std::optional<std::map<std::string, OracleValue>> document;
};

// An expression: its CEL text, the fields of the document it names, and what it comes to.
struct Expression {
  std::string text;
  std::set<std::string> fields;
  std::function<OracleValue(const World&)> value;
};

Truth TruthOf(const OracleValue& value) {
  const bool* truth = std::get_if<bool>(&value);
  if (truth == nullptr) return Truth::kError;  // security 6.8
  return *truth ? Truth::kTrue : Truth::kFalse;
}

OracleValue FieldOf(const World& world, const std::string& name) {
  if (!world.document) return Failed{};
  return world.document->at(name);
}

OracleValue ClaimOf(const World& world, const std::string& name) {
  const auto at = world.claims.find(name);
  return at == world.claims.end() ? OracleValue(Failed{}) : at->second;
}

OracleValue Member(const OracleValue& map, const std::string& key) {
  const Fields* fields = std::get_if<Fields>(&map);
  if (fields == nullptr || !fields->contains(key)) return Failed{};
  return fields->at(key);
}

bool IsFailed(const OracleValue& value) { return std::holds_alternative<Failed>(value); }

// ---- The generator of cases.

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::size_t Below(std::size_t count) { return random_() % count; }
  bool Chance(std::size_t percent) { return Below(100) < percent; }
  template <typename T>
  const T& Pick(const std::vector<T>& from) {
    return from[Below(from.size())];
  }
  std::string Word() { return Pick(Texts{"a", "b", "ab", "db:Select", "TwispTest", ""}); }

  // A boolean expression with at most `depth` operators above its leaves.
  Expression Bool(int depth) {
    if (depth == 0 || Chance(25)) return Leaf();
    switch (Below(5)) {
      case 0:
      case 1: return Junction(depth, true);
      case 2: return Junction(depth, false);
      case 3: {
        Expression of = Bool(depth - 1);
        return {"!(" + of.text + ")", of.fields, [of](const World& world) -> OracleValue {
                  const Truth truth = TruthOf(of.value(world));
                  if (truth == Truth::kError) return Failed{};
                  return truth == Truth::kFalse;
                }};
      }
      default: return Choice(depth);
    }
  }

  World Circumstances() {
    World world;
    for (const std::string name : {"role", "level", "admin", "groups", "org"})
      if (Chance(65)) world.claims[name] = Claim(name);
    return world;
  }
  std::map<std::string, OracleValue> Document() {
    std::map<std::string, OracleValue> document;
    document["s"] = Word();
    document["n"] = static_cast<std::int64_t>(Below(4)) - 1;
    document["b"] = Chance(50);
    document["o"] = Chance(50) ? OracleValue(Word()) : OracleValue(nullptr);
    document["l"] = Chance(50) ? Texts{Word(), Word()} : Texts{};
    document["m"] = Chance(50) ? Fields{{"k", Word()}} : Fields{};
    return document;
  }

 private:
  // Mostly of the kind that expressions expect, sometimes of another.
  OracleValue Claim(const std::string& name) {
    const std::size_t kind = Chance(80) ? std::size_t{9} : Below(6);
    if (kind == 0) return nullptr;
    if (kind == 1 || (kind == 9 && name == "admin")) return Chance(50);
    if (kind == 2 || (kind == 9 && name == "level")) return static_cast<std::int64_t>(Below(4));
    if (kind == 3 || (kind == 9 && name == "groups")) return Texts{Word(), Word()};
    if (kind == 4 || (kind == 9 && name == "org"))
      return Chance(70) ? Fields{{"id", Word()}} : Fields{};
    return Word();
  }

  // && and ||: what decides alone absorbs a failure of the other.
  Expression Junction(int depth, bool conjunction) {
    Expression a = Bool(depth - 1);
    Expression b = Bool(depth - 1);
    const Truth decides = conjunction ? Truth::kFalse : Truth::kTrue;
    Expression made{
        "(" + a.text + (conjunction ? ") && (" : ") || (") + b.text + ")", a.fields, {}};
    made.fields.insert(b.fields.begin(), b.fields.end());
    made.value = [a, b, decides, conjunction](const World& world) -> OracleValue {
      const Truth one = TruthOf(a.value(world));
      const Truth other = TruthOf(b.value(world));
      if (one == decides || other == decides) return !conjunction;
      if (one == Truth::kError || other == Truth::kError) return Failed{};
      return conjunction;
    };
    return made;
  }

  Expression Choice(int depth) {
    Expression condition = Bool(depth - 1);
    Expression a = Bool(depth - 1);
    Expression b = Bool(depth - 1);
    Expression made{
        "(" + condition.text + ") ? (" + a.text + ") : (" + b.text + ")", condition.fields, {}};
    made.fields.insert(a.fields.begin(), a.fields.end());
    made.fields.insert(b.fields.begin(), b.fields.end());
    made.value = [condition, a, b](const World& world) -> OracleValue {
      switch (TruthOf(condition.value(world))) {
        case Truth::kTrue: return a.value(world);
        case Truth::kFalse: return b.value(world);
        case Truth::kError: break;
      }
      return Failed{};
    };
    return made;
  }

  // Texts: of any type that is only known when evaluated, or a string.
  Expression Text() {
    switch (Below(9)) {
      case 0: return ClaimText("role");
      case 1: return ClaimText("level");
      case 2:
        return {"context.auth.claims.org.id", {}, [](const World& world) {
                  return Member(ClaimOf(world, "org"), "id");
                }};
      case 3: return FieldText("s");
      case 4: return FieldText("o");
      case 5:
        return {"context.document.m.k", {"m"}, [](const World& world) {
                  return Member(FieldOf(world, "m"), "k");
                }};
      case 6:
        return {"context.action", {}, [](const World& world) { return OracleValue(world.action); }};
      case 7:
        return {"context.tenant.accountId", {}, [](const World&) {
                  return OracleValue(std::string("TwispTest"));
                }};
      default: {
        const std::string word = Word();
        return {"'" + word + "'", {}, [word](const World&) { return OracleValue(word); }};
      }
    }
  }
  static Expression ClaimText(const std::string& name) {
    return {"context.auth.claims." + name, {}, [name](const World& world) {
              return ClaimOf(world, name);
            }};
  }
  static Expression FieldText(const std::string& name) {
    return {"context.document." + name, {name}, [name](const World& world) {
              return FieldOf(world, name);
            }};
  }

  Expression Leaf() {
    switch (Below(15)) {
      case 0: return {"true", {}, [](const World&) { return OracleValue(true); }};
      case 1: return {"false", {}, [](const World&) { return OracleValue(false); }};
      case 2: return FieldText("b");
      case 3: return ClaimText("admin");  // a boolean, one hopes
      case 4: return Has();
      case 5: {
        const std::string word = Word();
        return {"context.resource.startsWith('financial." + word + "')",
                {},
                [word](const World& world) {
                  return OracleValue(world.resource.starts_with("financial." + word));
                }};
      }
      case 6: {
        // Division by zero fails.
        return {"6 / context.document.n > 1", {"n"}, [](const World& world) -> OracleValue {
                  const OracleValue n = FieldOf(world, "n");
                  if (IsFailed(n) || std::get<std::int64_t>(n) == 0) return Failed{};
                  return 6 / std::get<std::int64_t>(n) > 1;
                }};
      }
      case 7: {
        const auto limit = static_cast<std::int64_t>(Below(4));
        return {"context.auth.claims.level < " + std::to_string(limit),
                {},
                [limit](const World& world) -> OracleValue {
                  const OracleValue level = ClaimOf(world, "level");
                  const auto* number = std::get_if<std::int64_t>(&level);
                  if (number == nullptr) return Failed{};
                  return *number < limit;
                }};
      }
      case 8: return In();
      case 9: {
        const bool before = Chance(50);
        return {std::string("context.now ") + (before ? "<" : ">") +
                    " timestamp('2030-01-01T00:00:00Z')",
                {},
                [before](const World&) { return OracleValue(before); }};
      }
      case 10: {
        const std::string word = Word();
        Expression of = Chance(50) ? FieldText("o") : ClaimText("role");
        return {of.text + ".startsWith('" + word + "')", of.fields,
                [of, word](const World& world) -> OracleValue {
                  const OracleValue value = of.value(world);
                  const auto* text = std::get_if<std::string>(&value);
                  if (text == nullptr) return Failed{};
                  return text->starts_with(word);
                }};
      }
      case 11: {
        const std::string word = Word();
        return {"context.document.l.exists(x, x == '" + word + "')",
                {"l"},
                [word](const World& world) -> OracleValue {
                  const OracleValue list = FieldOf(world, "l");
                  if (IsFailed(list)) return Failed{};
                  return std::ranges::count(std::get<Texts>(list), word) > 0;
                }};
      }
      default: {
        Expression a = Text();
        Expression b = Text();
        const bool same = Chance(70);
        Expression made{a.text + (same ? " == " : " != ") + b.text, a.fields, {}};
        made.fields.insert(b.fields.begin(), b.fields.end());
        made.value = [a, b, same](const World& world) -> OracleValue {
          const OracleValue one = a.value(world);
          const OracleValue other = b.value(world);
          if (IsFailed(one) || IsFailed(other)) return Failed{};
          return (one == other) == same;
        };
        return made;
      }
    }
  }

  Expression Has() {
    switch (Below(4)) {
      case 0:
        return {"has(context.auth.claims.role)", {}, [](const World& world) {
                  return OracleValue(world.claims.contains("role"));
                }};
      case 1:
        return {"has(context.auth.claims.org.id)", {}, [](const World& world) -> OracleValue {
                  const OracleValue org = ClaimOf(world, "org");
                  const auto* fields = std::get_if<Fields>(&org);
                  if (fields == nullptr) return Failed{};
                  return fields->contains("id");
                }};
      case 2:
        return {"has(context.document.o)", {"o"}, [](const World& world) -> OracleValue {
                  const OracleValue value = FieldOf(world, "o");
                  if (IsFailed(value)) return Failed{};
                  return !std::holds_alternative<std::nullptr_t>(value);
                }};
      default:
        return {"has(context.document.m.k)", {"m"}, [](const World& world) -> OracleValue {
                  const OracleValue value = FieldOf(world, "m");
                  if (IsFailed(value)) return Failed{};
                  return std::get<Fields>(value).contains("k");
                }};
    }
  }

  Expression In() {
    const std::string word = Word();
    Expression of = Chance(50) ? ClaimText("groups") : FieldText("l");
    return {"'" + word + "' in " + of.text, of.fields,
            [of, word](const World& world) -> OracleValue {
              const OracleValue value = of.value(world);
              if (const auto* list = std::get_if<Texts>(&value))
                return std::ranges::count(*list, word) > 0;
              if (const auto* fields = std::get_if<Fields>(&value)) return fields->contains(word);
              return Failed{};
            }};
  }

  std::mt19937_64 random_;
};

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

cel::Type TypeOf(const std::string& field) {
  using cel::Type;
  if (field == "n") return Type::Int();
  if (field == "b") return Type::Bool();
  if (field == "o") return Type::Nullable(Type::String());
  if (field == "l") return Type::List(Type::String());
  if (field == "m") return Type::Map(Type::String(), Type::String());
  return Type::String();
}

json::value ToJson(const OracleValue& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* text = std::get_if<std::string>(&value)) return json::value(*text);
  if (const auto* list = std::get_if<Texts>(&value)) {
    json::array array;
    for (const std::string& text : *list) array.emplace_back(text);
    return array;
  }
  if (const auto* fields = std::get_if<Fields>(&value)) {
    json::object object;
    for (const auto& [name, text] : *fields) object[name] = text;
    return object;
  }
  return nullptr;
}

std::string ToText(const std::map<std::string, OracleValue>& values) {
  json::object object;
  for (const auto& [name, value] : values) object[name] = ToJson(value);
  return json::serialize(object);
}

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

// 100 runs of 100 cases; 100 times as many with STRONGROOM_LONG.
RC_GTEST_PROP(Oracle, AgreesWithTheEngineOnEveryDecision, ()) {
  const auto first =
      *rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()));
  const std::uint64_t cases = std::getenv("STRONGROOM_LONG") != nullptr ? 10000 : 100;
  for (std::uint64_t number = 0; number < cases; ++number) {
    const std::uint64_t seed = first + number;
    Case one(seed);
    one.Check();
    if (testing::Test::HasFailure()) {
      ADD_FAILURE() << "seed " << seed << "\n" << one.Describe();
      RC_FAIL("the engine and the specification differ");
    }
  }
}

}  // namespace
}  // namespace strongroom::authz
