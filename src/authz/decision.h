// Decisions as values: the effect, the policies that caused it, and the errors that were met. The
// audit log and explanations take the same object.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "authz/action.h"
#include "base/clock.h"
#include "base/result.h"

namespace strongroom::authz {

// What an assertion came to. An error is a third outcome, never folded into `false` (SPEC 4).
enum class AssertionOutcome : std::uint8_t { kTrue, kFalse, kError };

// A value that an assertion read. Whoever shows it masks what lies under a property of the document
// that the asker may not see.
struct SeenValue {
  std::string path;      // `context.document.status`
  std::string property;  // of the document, that the path begins with; empty for other paths
  std::string value;     // as a CEL expression; empty when there was none
};

struct AssertionTrace {
  std::string name;
  AssertionOutcome outcome = AssertionOutcome::kError;
  std::string error;            // how it failed; empty unless kError
  std::vector<SeenValue> seen;  // by path
  std::string expression;
};

enum class PolicyOutcome : std::uint8_t {
  kOtherAction,    // no action pattern matches
  kOtherResource,  // no resource pattern matches
  kSkipped,        // an assertion is false
  kFailed,         // no assertion is false, and one failed: an ALLOW is skipped, a DENY applies
  kApplicable,     // all assertions are true
  kDefective,      // stored and not valid: denies what it covers (UX 9)
};

struct PolicyTrace {
  std::uint32_t policy = 0;  // its number in PolicySet::policies(), from 0
  Effect effect = Effect::kDeny;
  PolicyOutcome outcome = PolicyOutcome::kOtherAction;
  std::vector<AssertionTrace> assertions;  // by name; empty when action or resource differ
  std::string origin;                      // who holds the policy: `client "ops"`
  // Whether it counts towards the decision: applicable, or a DENY that failed.
  bool Applies() const {
    return outcome == PolicyOutcome::kApplicable || outcome == PolicyOutcome::kDefective ||
           (outcome == PolicyOutcome::kFailed && effect == Effect::kDeny);
  }
};

struct Decision {
  std::string id;  // given by the caller
  Effect effect = Effect::kDeny;
  Action action = Action::kSelect;
  std::string resource;
  // The numbers of the policies that caused the effect: the DENY ones that apply, else the ALLOW
  // ones. Empty: denied by default, because no ALLOW applies.
  std::vector<std::uint32_t> reasons;
  // The policies with an assertion that failed.
  std::vector<std::uint32_t> errors;
  // Every policy, in order.
  std::vector<PolicyTrace> policies;
  std::string principal;  // of the token that it was made for
  base::Timestamp time;
  // False when the traces were too large to keep: `policies` lacks some or all of them, and without
  // any, the effect (a denial) is all that is known.
  bool complete = true;

  bool allowed() const { return effect == Effect::kAllow; }
  bool denied_by_default() const { return effect == Effect::kDeny && reasons.empty() && complete; }
};

// `APPLICABLE`, `SKIPPED`, … and `TRUE`, `FALSE`, `ERROR`.
std::string_view PolicyOutcomeName(PolicyOutcome outcome);
std::string_view AssertionOutcomeName(AssertionOutcome outcome);

// The decision in one sentence: by which policies, or by default, and what would have allowed it.
// Shows no values.
std::string Summary(const Decision& decision);

// As JSON text of at most about `bytes_max` bytes, for keeping. What is too large loses first the
// policies that did not match, then others, and is marked as not complete.
std::string DecisionText(const Decision& decision, std::size_t bytes_max);
// What DecisionText made. kInternalServerError for anything else: it is our own.
base::Result<Decision> DecisionFromText(std::string_view text);

// ALLOW and DENY hold for every document; with kDepends only a document can tell. SPEC 4.1.12.
enum class Verdict : std::uint8_t { kAllow, kDeny, kDepends };
std::string_view VerdictName(Verdict verdict);

}  // namespace strongroom::authz
