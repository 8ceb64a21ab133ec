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

// What became of each policy that matched, for a case that failed.
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

std::string Indented(std::string_view text, std::string_view indent) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1);
    (out += indent) += text.substr(0, end + 1);
    text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace

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
      if (!one.failures.empty()) out += Indented(Story(one.decision), "    ");
    }
  }
  return out + fmt::format("{} cases, {} failed\n", cases, failed);
}

std::string AsJson(const std::vector<SuiteResult>& suites) {
  json::array list;
  std::size_t failed = 0;
  for (const SuiteResult& suite : suites) {
    failed += suite.failed();
    json::array cases;
    for (const CaseResult& one : suite.cases) {
      cases.push_back(json::object{{"name", one.name},
                                   {"passed", one.failures.empty()},
                                   {"failures", json::value_from(one.failures)},
                                   {"effect", authz::EffectName(one.decision.effect)},
                                   {"reasons", json::value_from(one.decision.reasons)},
                                   {"errors", json::value_from(one.decision.errors)},
                                   {"summary", authz::Summary(one.decision)}});
    }
    list.push_back(json::object{{"file", suite.name}, {"cases", std::move(cases)}});
  }
  return json::serialize(json::object{{"failed", failed}, {"suites", std::move(list)}}) + "\n";
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
                         Xml(fmt::format("{}", fmt::join(one.failures, "; "))),
                         Xml(Story(one.decision)));
    }
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace strongroom::server::cli
