#include "authz/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "authz/pattern.h"
#include "authz/policy_plan.h"

namespace strongroom::authz {
namespace {

constexpr std::string_view kClaims = "context.auth.claims";
constexpr std::string_view kClients = "system.Client";

bool IsUnder(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '.');
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
      LintClaims(number);
      LintKeys(number);
    }
    return std::move(warnings_);
  }

 private:
  void Warn(Warning::Code code, int policy, std::string message, std::string hint) {
    warnings_.push_back({code, std::move(message), std::move(hint), policy});
  }
  void Warn(Warning::Code code, PolicyNumber policy, std::string message, std::string hint) {
    Warn(code, static_cast<int>(policy), std::move(message), std::move(hint));
  }

  // security 5.22, 5.23: STS tells of an assumed role its name only.
  void LintPrincipal() {
    if (!principal_.starts_with("arn:")) return;
    const std::size_t role = principal_.find(":role/");
    const bool has_path =
        role != std::string_view::npos && principal_.find('/', role + 6) != std::string_view::npos;
    const bool is_session = principal_.find(":assumed-role/") != std::string_view::npos;
    if (!has_path && !is_session) return;
    Warn(Warning::Code::kPrincipalNeverMatches, -1,
         fmt::format("no token ever has the principal `{}`", principal_),
         "name the role as `arn:aws:iam::<account>:role/<name>`, without path and session");
  }

  // SPEC 4.1.10
  void LintPatterns(PolicyNumber number) {
    const Policy& policy = set_.policies[number];
    for (const std::string& pattern : policy.actions)
      if (std::ranges::none_of(
              kActions, [&](Action action) { return MatchesText(pattern, ActionName(action)); }))
        Warn(Warning::Code::kPatternMatchesNothing, number,
             fmt::format("the pattern `{}` matches no action", pattern),
             "actions are `db:Select`, `db:Insert`, `db:Update` and `db:Delete`");
    for (const std::string& pattern : policy.resources)
      if (!MatchesSomeResource(pattern))
        Warn(Warning::Code::kPatternMatchesNothing, number,
             fmt::format("the pattern `{}` matches no resource", pattern),
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
    Warn(Warning::Code::kClientAdministration, number,
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
      Warn(Warning::Code::kAssertionFailsOnLedger, number,
           fmt::format("the assertion `{}` can't be evaluated on {}, where the policy {}",
                       policy.assertions[i].name, Joined(ledgers),
                       policy.effect == Effect::kAllow ? "is skipped" : "denies everything"),
           "give the ledgers that have these properties a policy of their own");
    }
  }

  void LintClaims(PolicyNumber number) {
    const Policy& policy = set_.policies[number];
    const std::set<std::string> paths = Paths(number);
    // security 1.20
    if (Reads(paths, "email") && !Reads(paths, "email_verified"))
      Warn(Warning::Code::kEmailNotVerified, number,
           "the policy trusts the claim `email` of tokens whose issuer may not have verified it",
           "add the assertion `context.auth.claims.email_verified == true`");
    // SPEC 3, security 1.19
    const bool outside = principal_.starts_with("https://");
    const bool bound = Reads(paths, "aud") || Reads(paths, "sub") || Reads(paths, "email");
    if (policy.effect == Effect::kAllow && outside && !bound)
      Warn(Warning::Code::kIssuerWithoutSubject, number,
           fmt::format("the policy allows every token of `{}`, for whomever it was issued",
                       principal_),
           "assert `aud`, `sub` or `email` of context.auth.claims");
  }

  // SPEC 4: a DENY that fails applies, and a missing key is a failure.
  void LintKeys(PolicyNumber number) {
    const Policy& policy = set_.policies[number];
    if (policy.effect != Effect::kDeny) return;
    for (std::size_t i = 0; i < policy.assertions.size(); ++i) {
      const std::string text = WithoutSpace(policy.assertions[i].expression);
      for (const std::string& path : PathsOf(number, i)) {
        const std::string key = UnguardedKey(path, text);
        if (key.empty()) continue;
        Warn(Warning::Code::kDenyFailsWithoutKey, number,
             fmt::format("the assertion `{}` fails, and so denies, where there is no `{}`",
                         policy.assertions[i].name, key),
             fmt::format("write `has({}) && …` if that is not meant", key));
        break;
      }
    }
  }

  // The shortest part of the path that may be missing and isn't asked for; empty if there is none.
  static std::string UnguardedKey(const std::string& path, const std::string& text) {
    if (path.size() <= kClaims.size() || !IsUnder(path, kClaims)) return {};
    // Every verified token has them (security 1.17, 1.21).
    if (path == "context.auth.claims.iss" || path == "context.auth.claims.exp") return {};
    for (std::size_t end = path.find('.', kClaims.size() + 1);; end = path.find('.', end + 1)) {
      const std::string key = path.substr(0, end);
      const std::string map = key.substr(0, key.rfind('.'));
      const bool asked = text.find("has(" + key + ")") != std::string::npos ||
                         text.find("in" + map) != std::string::npos ||
                         text.find(map + ".?") != std::string::npos;
      if (!asked) return key;
      if (end == std::string::npos) return {};
    }
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
    case Warning::Code::kClientAdministration: return "client_administration";
    case Warning::Code::kDenyFailsWithoutKey: return "deny_fails_without_key";
    case Warning::Code::kEmailNotVerified: return "email_not_verified";
    case Warning::Code::kIssuerWithoutSubject: return "issuer_without_subject";
    case Warning::Code::kPatternMatchesNothing: return "pattern_matches_nothing";
    case Warning::Code::kPrincipalNeverMatches: break;
  }
  return "principal_never_matches";
}

std::vector<Warning> LintPolicies(const PolicySet& policies, std::string_view principal) {
  return Linter(policies, principal).Run();
}

}  // namespace strongroom::authz
