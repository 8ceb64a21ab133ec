// What `policy test` prints.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "server/cli/policy_suite.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;

std::string Xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      // No other control characters are legal in XML 1.0 2.2.
      case '\n':
      case '\t': out += c; break;
      default: out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    }
  }
  return out;
}

std::string Indented(std::string_view text, std::string_view indent) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    (out += indent) += text.substr(0, end + 1);
    text.remove_prefix(end + 1);
  }
  return out;
}

// Of a case that failed.
std::string Stories(const CaseResult& one) {
  std::string text;
  for (const CaseDecision& decision : one.decisions) {
    if (!decision.document.empty()) text += fmt::format("document {}: ", decision.document);
    text += Story(decision.decision);
  }
  return text;
}

json::object CaseJson(const CaseResult& one) {
  json::object object{{"name", one.name},
                      {"passed", one.failures.empty()},
                      {"failures", json::value_from(one.failures)}};
  if (one.list) {
    object["shown"] = json::value_from(one.shown);
    return object;
  }
  const authz::Decision& decision = one.decisions.front().decision;
  object["effect"] = authz::EffectName(decision.effect);
  object["reasons"] = json::value_from(decision.reasons);
  object["errors"] = json::value_from(decision.errors);
  object["summary"] = authz::Summary(decision);
  return object;
}

json::object CoverageJson(const Coverage& coverage) {
  json::array policies;
  for (const auto& [key, policy] : coverage.policies()) {
    json::array assertions;
    for (const Coverage::OfAssertion& assertion : policy.assertions)
      assertions.push_back(json::object{{"name", assertion.name},
                                        {"true", assertion.was_true},
                                        {"false", assertion.was_false},
                                        {"error", assertion.was_error}});
    policies.push_back(json::object{{"in", key.first},
                                    {"policy", key.second},
                                    {"effect", authz::EffectName(policy.effect)},
                                    {"applied", policy.applied},
                                    {"assertions", std::move(assertions)}});
  }
  return {{"percent", coverage.percent()},
          {"met", coverage.points_met()},
          {"points", coverage.points()},
          {"policies", std::move(policies)}};
}

}  // namespace

std::string Story(const authz::Decision& decision) {
  std::string text = authz::Summary(decision) + "\n";
  for (const authz::PolicyTrace& policy : decision.policies) {
    if (policy.outcome == authz::PolicyOutcome::kOtherAction ||
        policy.outcome == authz::PolicyOutcome::kOtherResource)
      continue;
    text += fmt::format("policy {} {} {}\n", policy.policy, authz::EffectName(policy.effect),
                        authz::PolicyOutcomeName(policy.outcome));
    for (const authz::AssertionTrace& assertion : policy.assertions) {
      text += fmt::format("  {} {}{}{}\n", assertion.name,
                          authz::AssertionOutcomeName(assertion.outcome),
                          assertion.error.empty() ? "" : ": ", assertion.error);
      for (const authz::SeenValue& seen : assertion.seen)
        text += fmt::format("    {} = {}\n", seen.path, seen.value.empty() ? "none" : seen.value);
    }
  }
  return text;
}

std::string AsTree(const std::vector<SuiteResult>& suites) {
  std::string out;
  std::size_t cases = 0;
  std::size_t failed = 0;
  for (const SuiteResult& suite : suites) {
    cases += suite.cases.size();
    failed += suite.failed();
    out += suite.name + "\n";
    for (const CaseResult& one : suite.cases) {
      out += fmt::format("  {} {}\n", one.failures.empty() ? "ok    " : "FAILED", one.name);
      for (const std::string& failure : one.failures) out += fmt::format("    {}\n", failure);
      if (!one.failures.empty()) out += Indented(Stories(one), "    ");
    }
  }
  return out + fmt::format("{} cases, {} failed\n", cases, failed);
}

std::string AsJson(const std::vector<SuiteResult>& suites, const Coverage* coverage) {
  json::array list;
  std::size_t failed = 0;
  for (const SuiteResult& suite : suites) {
    failed += suite.failed();
    json::array cases;
    for (const CaseResult& one : suite.cases) {
      cases.push_back(CaseJson(one));
    }
    list.push_back(json::object{{"file", suite.name}, {"cases", std::move(cases)}});
  }
  json::object report{{"failed", failed}, {"suites", std::move(list)}};
  if (coverage != nullptr) report["coverage"] = CoverageJson(*coverage);
  return json::serialize(report) + "\n";
}

std::string AsJunit(const std::vector<SuiteResult>& suites) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const SuiteResult& suite : suites) {
    out += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\">\n", Xml(suite.name),
                       suite.cases.size(), suite.failed());
    for (const CaseResult& one : suite.cases) {
      out +=
          fmt::format("    <testcase classname=\"{}\" name=\"{}\"", Xml(suite.name), Xml(one.name));
      if (one.failures.empty()) {
        out += "/>\n";
        continue;
      }
      out += fmt::format(">\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n",
                         Xml(fmt::format("{}", fmt::join(one.failures, "; "))), Xml(Stories(one)));
    }
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace strongroom::server::cli
