#include "authz/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "authz/pattern.h"
#include "authz/policy_plan.h"
#include "cel/type.h"

namespace strongroom::authz {
namespace {

using Path = std::vector<std::string>;

constexpr std::string_view kClaims = "context.auth.claims";
constexpr std::string_view kClients = "system.Client";

bool IsUnder(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '.');
}

std::vector<std::string_view> Parts(std::string_view path) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at != std::string_view::npos;) {
    const std::size_t dot = path.find('.', at);
    parts.push_back(path.substr(at, dot == std::string_view::npos ? dot : dot - at));
    at = dot == std::string_view::npos ? dot : dot + 1;
  }
  return parts;
}

// The parts of a path that a request may lack, shortest first: keys of maps, and what is below the
// document's properties when they are null.
std::vector<std::string> KeysOf(const std::string& path, const AssertionEnv& env) {
  std::vector<std::string> keys;
  // Every verified token has them (security 1.17, 1.21).
  if (path == "context.auth.claims.iss" || path == "context.auth.claims.exp") return keys;
  const std::vector<std::string_view> parts = Parts(path);
  std::shared_ptr<const cel::StructType> record = env.context;
  std::string at(parts.front());
  bool in_map = false;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    (at += '.') += parts[i];
    const bool last = i + 1 == parts.size();
    if (in_map) keys.push_back(at);
    if (record == nullptr) continue;
    const std::size_t field = record->FindField(parts[i]);
    if (field == cel::StructType::kNoField) break;
    cel::Type type = record->fields[field].type;
    record = nullptr;
    const bool may_be_null = type.is(cel::TypeKind::kNullable) || type.is(cel::TypeKind::kDyn);
    if (may_be_null && !last) keys.push_back(at);
    if (type.is(cel::TypeKind::kNullable)) type = cel::Type(type.parameter(0));
    in_map = type.is(cel::TypeKind::kMap) || type.is(cel::TypeKind::kDyn);
    if (type.is(cel::TypeKind::kStruct)) record = env.env->FindStruct(type.name());
  }
  return keys;
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string WithoutSpace(std::string_view text) {
  std::string plain;
  for (const char c : text)
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r') plain.push_back(c);
  return plain;
}

class Linter {
 public:
  Linter(const PolicySet& policies, std::string_view principal)
      : set_(policies.compiled()), principal_(principal) {}

  std::vector<Warning> Run() {
    LintPrincipal();
    for (PolicyNumber number = 0; number < set_.policies.size(); ++number) {
      if (set_.compiled[number].defective) continue;  // reported as what it is
      LintPatterns(number);
      LintAdministration(number);
      LintFaults(number);
      LintConstants(number);
      LintClaims(number);
      LintKeys(number);
    }
    return std::move(warnings_);
  }

 private:
  // `inside` leads from the policy to what is meant.
  void Warn(Warning::Code code, PolicyNumber policy, const Path& inside, std::string message,
            std::string hint) {
    Path path{"policies", std::to_string(policy)};
    path.insert(path.end(), inside.begin(), inside.end());
    warnings_.push_back(
        {code, std::move(message), std::move(hint), static_cast<int>(policy), std::move(path)});
  }
  Path Inside(PolicyNumber policy, std::size_t assertion) const {
    return {"assertions", set_.policies[policy].assertions[assertion].name};
  }

  // security 5.22, 5.23: STS tells of an assumed role its name only.
  void LintPrincipal() {
    if (!principal_.starts_with("arn:")) return;
    const std::size_t role = principal_.find(":role/");
    const bool has_path =
        role != std::string_view::npos && principal_.find('/', role + 6) != std::string_view::npos;
    const bool is_session = principal_.find(":assumed-role/") != std::string_view::npos;
    if (!has_path && !is_session) return;
    warnings_.push_back(
        {Warning::Code::kPrincipalNeverMatches,
         fmt::format("no token ever has the principal `{}`", principal_),
         "name the role as `arn:aws:iam::<account>:role/<name>`, without path and session",
         -1,
         {"principal"}});
  }

  // SPEC 4.1.10
  void LintPatterns(PolicyNumber number) {
    const Policy& policy = set_.policies[number];
    for (std::size_t i = 0; i < policy.actions.size(); ++i)
      if (std::ranges::none_of(kActions, [&](Action action) {
            return MatchesText(policy.actions[i], ActionName(action));
          }))
        Warn(Warning::Code::kPatternMatchesNothing, number, {"actions", std::to_string(i)},
             fmt::format("the pattern `{}` matches no action", policy.actions[i]),
             "actions are `db:Select`, `db:Insert`, `db:Update` and `db:Delete`");
    for (std::size_t i = 0; i < policy.resources.size(); ++i)
      if (!MatchesSomeResource(policy.resources[i]))
        Warn(Warning::Code::kPatternMatchesNothing, number, {"resources", std::to_string(i)},
             fmt::format("the pattern `{}` matches no resource", policy.resources[i]),
             "resources are `namespace.ledger.<document|indexes|joins|references>.name` with "
             "snake_case names");
  }

  bool MatchesSomeResource(const std::string& pattern) const {
    for (std::uint16_t ledger = 0; ledger < set_.catalog->ledger_count(); ++ledger)
      for (const Resource& resource : set_.catalog->Resources(LedgerId{ledger}))
        if (MatchesResource(pattern, resource.identifier)) return true;
    return false;
  }

  // security 6.31
  void LintAdministration(PolicyNumber number) {
    const CompiledPolicy& policy = set_.compiled[number];
    const auto clients = set_.catalog->FindLedger(kClients);
    if (policy.effect != Effect::kAllow || !clients || policy.covers[clients->value].empty())
      return;
    if (!policy.actions.Has(Action::kInsert) && !policy.actions.Has(Action::kUpdate)) return;
    Warn(Warning::Code::kClientAdministration, number, {"resources"},
         "the policy lets clients be written, and who can write clients can become anyone in the "
         "tenant",
         "cover the ledgers that are needed, such as `financial.*`, or deny `system.Client`");
  }

  void LintFaults(PolicyNumber number) {
    const Policy& policy = set_.policies[number];
    for (std::size_t i = 0; i < policy.assertions.size(); ++i) {
      std::vector<std::string> ledgers;
      for (const AssertionFault& fault : set_.faults)
        if (fault.policy == number && fault.assertion == i)
          ledgers.emplace_back(set_.catalog->LedgerName(fault.ledger));
      if (ledgers.empty()) continue;
      Warn(Warning::Code::kAssertionFailsOnLedger, number, Inside(number, i),
           fmt::format("the assertion `{}` can't be evaluated on {}, where the policy {}",
                       policy.assertions[i].name, Joined(ledgers),
                       policy.effect == Effect::kAllow ? "is skipped" : "denies everything"),
           "give the ledgers that have these properties a policy of their own");
    }
  }

  // security 6.32. A bare `true` or `false` is meant, and existing clients send it.
  void LintConstants(PolicyNumber number) {
    const Policy& policy = set_.policies[number];
    for (std::size_t i = 0; i < policy.assertions.size(); ++i) {
      const AssertionPrograms& programs = set_.compiled[number].assertions[i];
      const std::string& expression = policy.assertions[i].expression;
      if (expression == "true" || expression == "false") continue;
      if (programs.plain == kNoProgram || !set_.programs[programs.plain].program.is_constant())
        continue;
      const RunOutcome outcome =
          OutcomeOf(set_.programs[programs.plain].program.constant(), nullptr);
      Warn(Warning::Code::kAssertionIsConstant, number, Inside(number, i),
           fmt::format("the assertion `{}` {}", policy.assertions[i].name,
                       outcome == RunOutcome::kTrue    ? "is true whatever is asked"
                       : outcome == RunOutcome::kFalse ? "is false whatever is asked, so that the "
                                                         "policy never applies"
                                                       : "fails whatever is asked"),
           "assert something of `context`, or leave it out");
    }
  }

  void LintClaims(PolicyNumber number) {
    const Policy& policy = set_.policies[number];
    const std::set<std::string> paths = Paths(number);
    // security 1.20
    if (Reads(paths, "email") && !Reads(paths, "email_verified"))
      Warn(Warning::Code::kEmailNotVerified, number, {"assertions"},
           "the policy trusts the claim `email` of tokens whose issuer may not have verified it",
           "add the assertion `context.auth.claims.email_verified == true`");
    // SPEC 3, security 1.19
    const bool outside = principal_.starts_with("https://");
    const bool bound =
        Reads(paths, "aud") || Reads(paths, "sub") || Reads(paths, "email") || Reads(paths, "hd");
    if (policy.effect == Effect::kAllow && outside && !bound)
      Warn(Warning::Code::kIssuerWithoutSubject, number, {"assertions"},
           fmt::format("the policy allows every token of `{}`, for whomever it was issued",
                       principal_),
           "assert `aud`, `sub`, `email` or `hd` of context.auth.claims");
  }

  // SPEC 4: a DENY that fails applies, and a missing key is a failure.
  void LintKeys(PolicyNumber number) {
    const Policy& policy = set_.policies[number];
    if (policy.effect != Effect::kDeny) return;
    // One assertion may ask for what another reads: the policy is skipped when any is false.
    std::string text;
    for (const Assertion& assertion : policy.assertions)
      (text += WithoutSpace(assertion.expression)) += ';';
    for (std::size_t i = 0; i < policy.assertions.size(); ++i) {
      const std::vector<std::string> keys = UnguardedKeys(number, i, text);
      if (keys.empty()) continue;
      std::string guard;
      for (const std::string& key : keys) guard += fmt::format("has({}) && ", key);
      Warn(Warning::Code::kDenyFailsWithoutKey, number, Inside(number, i),
           fmt::format("the assertion `{}` fails, and so denies, where there is no `{}`",
                       policy.assertions[i].name, keys.front()),
           fmt::format("write `{}…` if that is not meant", guard));
    }
  }

  // Of the first path of the assertion that may lead nowhere without its being asked.
  std::vector<std::string> UnguardedKeys(PolicyNumber number, std::size_t assertion,
                                         const std::string& text) const {
    const AssertionPrograms& programs = set_.compiled[number].assertions[assertion];
    std::vector<ProgramNumber> all = programs.by_ledger;
    all.push_back(programs.plain);
    for (const ProgramNumber program : all) {
      if (program == kNoProgram) continue;
      const CompiledAssertion& compiled = set_.programs[program];
      for (const std::string& path : compiled.program.Paths()) {
        std::vector<std::string> keys = KeysOf(path, *compiled.env);
        std::erase_if(keys, [&](const std::string& key) { return IsAskedFor(key, text); });
        if (!keys.empty()) return keys;
      }
    }
    return {};
  }

  static bool IsAskedFor(const std::string& key, const std::string& text) {
    const auto has = [&](const std::string& part) { return text.find(part) != std::string::npos; };
    if (has("has(" + key + ")")) return true;
    const std::size_t dot = key.rfind('.');
    if (has("'in" + key.substr(0, dot)) || has("\"in" + key.substr(0, dot))) return true;
    // Everything below an optional is optional.
    for (std::size_t at = dot; at != std::string::npos; at = key.rfind('.', at - 1)) {
      if (has(key.substr(0, at) + ".?" + key.substr(at + 1, key.find('.', at + 1) - at - 1)))
        return true;
      if (at == 0) break;
    }
    return false;
  }

  // What an assertion reads, on any ledger.
  std::set<std::string> PathsOf(PolicyNumber number, std::size_t assertion) const {
    const AssertionPrograms& programs = set_.compiled[number].assertions[assertion];
    std::set<std::string> paths;
    if (programs.plain != kNoProgram) paths = set_.programs[programs.plain].program.Paths();
    for (const ProgramNumber program : programs.by_ledger)
      if (program != kNoProgram) paths.merge(set_.programs[program].program.Paths());
    return paths;
  }
  std::set<std::string> Paths(PolicyNumber number) const {
    std::set<std::string> paths;
    for (std::size_t i = 0; i < set_.policies[number].assertions.size(); ++i)
      paths.merge(PathsOf(number, i));
    return paths;
  }
  // Also when all claims are read at once, by a computed key.
  static bool Reads(const std::set<std::string>& paths, std::string_view claim) {
    const std::string whole = fmt::format("{}.{}", kClaims, claim);
    return std::ranges::any_of(paths, [&](const std::string& path) {
      return IsUnder(path, whole) || IsUnder(kClaims, path);
    });
  }

  const CompiledPolicies& set_;
  const std::string_view principal_;
  std::vector<Warning> warnings_;
};

}  // namespace

std::string_view WarningCodeName(Warning::Code code) {
  switch (code) {
    case Warning::Code::kAssertionFailsOnLedger: return "assertion_fails_on_ledger";
    case Warning::Code::kAssertionIsConstant: return "assertion_is_constant";
    case Warning::Code::kClientAdministration: return "client_administration";
    case Warning::Code::kDenyFailsWithoutKey: return "deny_fails_without_key";
    case Warning::Code::kEmailNotVerified: return "email_not_verified";
    case Warning::Code::kIssuerWithoutSubject: return "issuer_without_subject";
    case Warning::Code::kNobodyManagesClients: return "nobody_manages_clients";
    case Warning::Code::kPatternMatchesNothing: return "pattern_matches_nothing";
    case Warning::Code::kPrincipalNeverMatches: break;
  }
  return "principal_never_matches";
}

bool CouldManageClients(const std::vector<Policy>& policies) {
  static constexpr std::string_view kRight = "system.Client.document.policies";
  bool allowed = false;
  for (const Policy& policy : policies) {
    const bool covers = ActionsOf(policy).Has(Action::kUpdate) &&
                        std::ranges::any_of(policy.resources, [](const std::string& pattern) {
                          return MatchesResource(pattern, kRight);
                        });
    if (!covers) continue;
    if (policy.effect == Effect::kDeny && policy.assertions.empty()) return false;
    allowed |= policy.effect == Effect::kAllow;
  }
  return allowed;
}

std::vector<Warning> LintPolicies(const PolicySet& policies, std::string_view principal) {
  return Linter(policies, principal).Run();
}

}  // namespace strongroom::authz
