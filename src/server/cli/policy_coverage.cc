#include <fmt/format.h>

#include <algorithm>

#include "server/cli/policy_suite.h"

namespace strongroom::server::cli {

void Coverage::Add(const Key& key, const authz::Policy& policy) {
  const auto [at, added] = policies_.try_emplace(key);
  if (!added) return;
  at->second.effect = policy.effect;
  for (const authz::Assertion& assertion : policy.assertions)
    at->second.assertions.push_back({assertion.name, false, false, false});
}

void Coverage::Note(const Key& key, const authz::PolicyTrace& trace) {
  OfPolicy& policy = policies_.at(key);
  policy.applied |= trace.Applies();
  for (const authz::AssertionTrace& assertion : trace.assertions) {
    const auto of = std::ranges::find(policy.assertions, assertion.name, &OfAssertion::name);
    if (of == policy.assertions.end()) continue;
    switch (assertion.outcome) {
      case authz::AssertionOutcome::kTrue: of->was_true = true; break;
      case authz::AssertionOutcome::kFalse: of->was_false = true; break;
      case authz::AssertionOutcome::kError: of->was_error = true; break;
    }
  }
}

std::size_t Coverage::points() const {
  std::size_t points = policies_.size();
  for (const auto& [key, policy] : policies_) points += 2 * policy.assertions.size();
  return points;
}

std::size_t Coverage::points_met() const {
  std::size_t met = 0;
  for (const auto& [key, policy] : policies_) {
    met += policy.applied ? 1 : 0;
    for (const OfAssertion& assertion : policy.assertions)
      met += (assertion.was_true ? 1U : 0U) + (assertion.was_false ? 1U : 0U);
  }
  return met;
}

double Coverage::percent() const {
  const std::size_t all = points();
  return all == 0 ? 100.0 : 100.0 * static_cast<double>(points_met()) / static_cast<double>(all);
}

std::string CoverageText(const Coverage& coverage) {
  std::string text = "coverage\n";
  for (const auto& [key, policy] : coverage.policies()) {
    text +=
        fmt::format("  {} policy {} {} {}\n", key.first, key.second,
                    authz::EffectName(policy.effect), policy.applied ? "applied" : "NEVER APPLIED");
    for (const Coverage::OfAssertion& assertion : policy.assertions) {
      text += fmt::format(
          "    {}: {}, {}{}\n", assertion.name, assertion.was_true ? "true" : "NEVER TRUE",
          assertion.was_false ? "false" : "NEVER FALSE", assertion.was_error ? ", error" : "");
    }
  }
  return text + fmt::format("  {} of {} met, {:.0f} %\n", coverage.points_met(), coverage.points(),
                            coverage.percent());
}

}  // namespace strongroom::server::cli
