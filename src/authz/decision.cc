#include "authz/decision.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "base/json.h"

namespace strongroom::authz {
namespace {

namespace json = boost::json;

constexpr std::array kPolicyOutcomes = {PolicyOutcome::kOtherAction, PolicyOutcome::kOtherResource,
                                        PolicyOutcome::kSkipped,     PolicyOutcome::kFailed,
                                        PolicyOutcome::kApplicable,  PolicyOutcome::kDefective};
constexpr std::array kAssertionOutcomes = {AssertionOutcome::kTrue, AssertionOutcome::kFalse,
                                           AssertionOutcome::kError};
// Of one value that an assertion saw; the rest of a longer one is not kept.
constexpr std::size_t kSeenBytesMax = 1024;

bool Matched(const PolicyTrace& trace) {
  return trace.outcome != PolicyOutcome::kOtherAction &&
         trace.outcome != PolicyOutcome::kOtherResource;
}

// ---- One sentence.

std::string Holder(const PolicyTrace& trace) {
  std::string text = fmt::format("policy {}", trace.policy);
  if (!trace.origin.empty()) text += fmt::format(" of {}", trace.origin);
  return text;
}

const PolicyTrace* Find(const Decision& decision, std::uint32_t number) {
  for (const PolicyTrace& trace : decision.policies)
    if (trace.policy == number) return &trace;
  return nullptr;
}

std::string Reasons(const Decision& decision) {
  std::string text;
  for (const std::uint32_t number : decision.reasons) {
    if (!text.empty()) text += ", ";
    const PolicyTrace* trace = Find(decision, number);
    text += trace != nullptr ? Holder(*trace) : fmt::format("policy {}", number);
    if (trace == nullptr) continue;
    if (trace->outcome == PolicyOutcome::kFailed) text += ", which failed";
    if (trace->outcome == PolicyOutcome::kDefective) text += ", which is not valid";
  }
  return text;
}

// The first ALLOW that matched and did not apply, with the assertions in its way.
std::string Nearest(const Decision& decision) {
  for (const PolicyTrace& trace : decision.policies) {
    if (trace.effect != Effect::kAllow || !Matched(trace) || trace.Applies()) continue;
    std::string missing;
    for (const AssertionTrace& assertion : trace.assertions) {
      if (assertion.outcome == AssertionOutcome::kTrue) continue;
      if (!missing.empty()) missing += ", ";
      missing += fmt::format("`{}` {}", assertion.name,
                             assertion.outcome == AssertionOutcome::kFalse ? "is false" : "failed");
    }
    return fmt::format("; {} would allow it, but {}", Holder(trace), missing);
  }
  return "; no ALLOW covers this action and resource";
}

// ---- JSON.

// At a border of UTF-8 characters.
std::string Shortened(const std::string& text) {
  if (text.size() <= kSeenBytesMax) return text;
  std::size_t end = kSeenBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

json::object ToJson(const AssertionTrace& trace) {
  json::array seen;
  for (const SeenValue& one : trace.seen)
    seen.push_back(json::array{one.path, one.property, Shortened(one.value)});
  return {{"name", trace.name},
          {"expression", trace.expression},
          {"outcome", static_cast<int>(trace.outcome)},
          {"error", Shortened(trace.error)},
          {"seen", std::move(seen)}};
}

json::object ToJson(const PolicyTrace& trace) {
  json::array assertions;
  for (const AssertionTrace& one : trace.assertions) assertions.push_back(ToJson(one));
  return {{"policy", trace.policy},
          {"effect", static_cast<int>(trace.effect)},
          {"outcome", static_cast<int>(trace.outcome)},
          {"origin", trace.origin},
          {"assertions", std::move(assertions)}};
}

AssertionTrace AssertionOf(const json::object& from) {
  AssertionTrace trace;
  trace.name = json::value_to<std::string>(from.at("name"));
  trace.expression = json::value_to<std::string>(from.at("expression"));
  trace.outcome = kAssertionOutcomes.at(from.at("outcome").to_number<std::size_t>());
  trace.error = json::value_to<std::string>(from.at("error"));
  for (const json::value& one : from.at("seen").as_array()) {
    const json::array& parts = one.as_array();
    trace.seen.push_back({json::value_to<std::string>(parts.at(0)),
                          json::value_to<std::string>(parts.at(1)),
                          json::value_to<std::string>(parts.at(2))});
  }
  return trace;
}

PolicyTrace PolicyOf(const json::object& from) {
  PolicyTrace trace;
  trace.policy = from.at("policy").to_number<std::uint32_t>();
  trace.effect = from.at("effect").to_number<int>() == 0 ? Effect::kAllow : Effect::kDeny;
  trace.outcome = kPolicyOutcomes.at(from.at("outcome").to_number<std::size_t>());
  trace.origin = json::value_to<std::string>(from.at("origin"));
  for (const json::value& one : from.at("assertions").as_array())
    trace.assertions.push_back(AssertionOf(one.as_object()));
  return trace;
}

Decision DecisionOf(const json::object& from) {
  Decision decision;
  decision.id = json::value_to<std::string>(from.at("id"));
  decision.effect = from.at("effect").to_number<int>() == 0 ? Effect::kAllow : Effect::kDeny;
  decision.action = kActions.at(from.at("action").to_number<std::size_t>());
  decision.resource = json::value_to<std::string>(from.at("resource"));
  decision.principal = json::value_to<std::string>(from.at("principal"));
  decision.time =
      base::Timestamp(std::chrono::nanoseconds(from.at("time").to_number<std::int64_t>()));
  decision.complete = from.at("complete").as_bool();
  decision.reasons = json::value_to<std::vector<std::uint32_t>>(from.at("reasons"));
  decision.errors = json::value_to<std::vector<std::uint32_t>>(from.at("errors"));
  for (const json::value& one : from.at("policies").as_array())
    decision.policies.push_back(PolicyOf(one.as_object()));
  return decision;
}

}  // namespace

std::string_view PolicyOutcomeName(PolicyOutcome outcome) {
  switch (outcome) {
    case PolicyOutcome::kOtherAction: return "OTHER_ACTION";
    case PolicyOutcome::kOtherResource: return "OTHER_RESOURCE";
    case PolicyOutcome::kSkipped: return "SKIPPED";
    case PolicyOutcome::kFailed: return "FAILED";
    case PolicyOutcome::kApplicable: return "APPLICABLE";
    case PolicyOutcome::kDefective: break;
  }
  return "DEFECTIVE";
}

std::string_view AssertionOutcomeName(AssertionOutcome outcome) {
  switch (outcome) {
    case AssertionOutcome::kTrue: return "TRUE";
    case AssertionOutcome::kFalse: return "FALSE";
    case AssertionOutcome::kError: break;
  }
  return "ERROR";
}

std::string Summary(const Decision& decision) {
  if (decision.allowed()) return "allowed by " + Reasons(decision);
  if (!decision.reasons.empty()) return "denied by " + Reasons(decision);
  if (!decision.complete) return "denied; its whole story is not kept";
  return "denied by default: no ALLOW applies" + Nearest(decision);
}

std::string DecisionText(const Decision& decision, std::size_t bytes_max) {
  std::vector<bool> kept(decision.policies.size());
  bool complete = decision.complete;
  std::size_t bytes = 1024;
  for (const bool matched : {true, false}) {
    for (std::size_t i = 0; i < kept.size(); ++i) {
      if (Matched(decision.policies[i]) != matched) continue;
      bytes += json::serialize(ToJson(decision.policies[i])).size() + 1;
      kept[i] = bytes <= bytes_max;
      complete = complete && kept[i];
    }
  }
  json::array policies;
  for (std::size_t i = 0; i < kept.size(); ++i)
    if (kept[i]) policies.push_back(ToJson(decision.policies[i]));
  return json::serialize(json::object{
      {"id", decision.id},
      {"effect", static_cast<int>(decision.effect)},
      {"action", static_cast<int>(decision.action)},
      {"resource", decision.resource},
      {"principal", decision.principal},
      {"time", decision.time.time_since_epoch().count()},
      {"complete", complete},
      {"reasons", json::value_from(decision.reasons)},
      {"errors", json::value_from(decision.errors)},
      {"policies", std::move(policies)},
  });
}

base::Result<Decision> DecisionFromText(std::string_view text) {
  base::Error damaged =
      base::MakeError(base::ErrorCode::kInternalServerError, "a kept decision is damaged");
  const auto read = base::ParseJson(text);
  if (!read.ok() || !read->is_object()) return damaged;
  try {
    return DecisionOf(read->get_object());
  } catch (const std::exception&) {  // a member is missing or of another kind
    return damaged;
  }
}

}  // namespace strongroom::authz
