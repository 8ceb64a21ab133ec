#include "specification.h"

#include <algorithm>

namespace strongroom::oracle {

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

bool WorksOn(const Expression& assertion, const Ledger& ledger) {
  return std::ranges::includes(ledger.fields, assertion.fields);
}

bool IsInvalid(const Policy& policy, const std::vector<Ledger>& ledgers) {
  std::vector<const Ledger*> covered;
  for (const Ledger& ledger : ledgers)
    for (const std::string& identifier : ledger.identifiers)
      if (Covers(policy.resources, identifier)) {
        covered.push_back(&ledger);
        break;
      }
  if (covered.empty())
    for (const Ledger& ledger : ledgers) covered.push_back(&ledger);
  return std::ranges::any_of(policy.assertions, [&](const Expression& assertion) {
    return !assertion.fields.empty() && std::ranges::none_of(covered, [&](const Ledger* ledger) {
      return WorksOn(assertion, *ledger);
    });
  });
}

Truth OutcomeOf(const Expression& assertion, const Ledger& ledger, const Request& request) {
  if (!WorksOn(assertion, ledger)) return Truth::kError;
  return TruthOf(assertion.value(request));
}

Outcome OutcomeOf(const Policy& policy, const Ledger& ledger, const Request& request) {
  const bool action = std::ranges::any_of(policy.actions, [&](const std::string& pattern) {
    return MatchesWhole(pattern, request.action);
  });
  if (!action) return Outcome::kOtherAction;
  if (!Covers(policy.resources, request.resource)) return Outcome::kOtherResource;
  if (policy.invalid) return Outcome::kInvalid;
  bool failed = false;
  for (const Expression& assertion : policy.assertions) {
    const Truth truth = OutcomeOf(assertion, ledger, request);
    if (truth == Truth::kFalse) return Outcome::kSkipped;
    failed |= truth == Truth::kError;
  }
  return failed ? Outcome::kFailed : Outcome::kApplicable;
}

bool Allowed(const std::vector<Policy>& policies, const Ledger& ledger, const Request& request) {
  bool allowed = false;
  bool denied = false;
  for (const Policy& policy : policies) {
    const Outcome outcome = OutcomeOf(policy, ledger, request);
    if (outcome == Outcome::kInvalid) denied = true;
    if (outcome == Outcome::kApplicable) (policy.allow ? allowed : denied) = true;
    if (outcome == Outcome::kFailed && !policy.allow) denied = true;  // errors fail closed
  }
  return allowed && !denied;
}

bool AllAllowed(const std::vector<Policy>& policies, const Ledger& ledger, Request request,
                const Texts& resources) {
  return std::ranges::all_of(resources, [&](const std::string& resource) {
    request.resource = ledger.name + "." + resource;
    return Allowed(policies, ledger, request);
  });
}

std::optional<std::vector<Policy>> PoliciesFor(const Installation& installation,
                                               const std::string& account_id,
                                               const std::string& principal,
                                               const std::string& email) {
  std::optional<std::size_t> tenant;
  for (std::size_t i = 0; i < installation.tenants.size(); ++i)
    if (installation.tenants[i].account_id == account_id) tenant = i;
  if (!tenant) return std::nullopt;
  bool found = false;
  std::vector<Policy> policies;
  while (tenant && !found) {
    for (const Client& client : installation.clients) {
      if (client.tenant != *tenant || client.principal != principal) continue;
      policies = client.policies;
      found = true;
    }
    tenant = installation.tenants[*tenant].parent;
  }
  for (const User& user : installation.users) {
    if (email.empty() || user.email != email) continue;
    for (const std::size_t number : user.groups) {
      const auto& more = installation.groups[number].policies;
      policies.insert(policies.end(), more.begin(), more.end());
      found = true;
    }
  }
  if (!found) return std::nullopt;
  return policies;
}

}  // namespace strongroom::oracle
