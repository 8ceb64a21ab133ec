// One assertion: compiled once for the shape of `context` it reads, run against a request's budget.
// Internal to authz.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "authz/assertion_env.h"
#include "authz/decision.h"
#include "base/result.h"
#include "cel/arena.h"
#include "cel/program.h"

namespace strongroom::authz {

struct CompiledAssertion {
  cel::Program program;
  const AssertionEnv* env;  // the shape of `context` that it was compiled for
  // What it reads of context.
  bool reads_token = false;  // auth and tenant
  bool reads_document = false;
  bool reads_action = false;
  bool reads_resource = false;
  bool reads_now = false;

  // Whether the token alone decides it.
  bool IsOfToken() const {
    return !reads_document && !reads_action && !reads_resource && !reads_now;
  }
};

// Whether the text can be about the document at all; if not, one program serves all ledgers.
bool MentionsDocument(std::string_view expression);

// Refuses, with kCelEvaluationError, the position and a hint, what is not a boolean expression over
// this shape of `context`, or is known to cost too much. `env` outlives the assertion.
base::Result<CompiledAssertion> CompileAssertion(std::string_view expression,
                                                 const AssertionEnv& env);

// How a run ended; the first three as in AssertionOutcome.
enum class RunOutcome : std::uint8_t {
  kTrue,
  kFalse,
  kError,        // no boolean, or over the limit of one assertion (SPEC 4)
  kBudgetSpent,  // the request's budget did not suffice: the request fails
};

// Runs `program` and takes its cost from `cost_left`. `error`, if not null, gets the reason of a
// kError.
RunOutcome RunAssertion(const cel::Program& program, const cel::Activation& activation,
                        std::uint64_t& cost_left, cel::Arena& arena, std::string* error);

// What an expression came to: a boolean, or an error with its reason.
RunOutcome OutcomeOf(const cel::Value& value, std::string* error);

// The failure of a request whose assertions cost too much.
base::Error BudgetError();

}  // namespace strongroom::authz
