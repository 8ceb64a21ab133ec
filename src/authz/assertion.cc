#include "authz/assertion.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.h"

namespace strongroom::authz {
namespace {

bool IsUnder(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '.');
}

void NoteReads(CompiledAssertion& assertion) {
  for (const std::string& path : assertion.program.Paths()) {
    // A computed index ends the path at `context`: then it may read anything.
    const bool any = path == "context";
    assertion.reads_token |=
        any || IsUnder(path, "context.auth") || IsUnder(path, "context.tenant");
    assertion.reads_document |= any || IsUnder(path, "context.document");
    assertion.reads_action |= any || IsUnder(path, "context.action");
    assertion.reads_resource |= any || IsUnder(path, "context.resource");
    assertion.reads_now |= any || IsUnder(path, "context.now");
  }
}

// What reads nothing of the request, and yet could not be computed when compiling, costs more than
// any evaluation may.
base::Status RefuseHopeless(const cel::Program& program, const AssertionEnv& env) {
  if (program.is_constant() || !program.Paths().empty()) return {};
  cel::Budget budget(base::limits::kCelCostMax);
  cel::Arena arena;
  const auto value = program.Evaluate(cel::Activation(*env.env), budget, arena);
  if (value.ok() || !budget.exhausted()) return {};
  return base::MakeError(base::ErrorCode::kCelEvaluationError,
                         fmt::format("the expression costs too much to evaluate, the limit is {}",
                                     base::limits::kCelCostMax),
                         "assert less at once");
}

}  // namespace

bool MentionsDocument(std::string_view expression) {
  return expression.find("document") != std::string_view::npos;
}

base::Result<CompiledAssertion> CompileAssertion(std::string_view expression,
                                                 const AssertionEnv& env) {
  cel::CompileOptions options;
  options.expected = cel::Type::Bool();
  const cel::Compilation compilation = cel::Compile(env.env, expression, options);
  STRONGROOM_ASSIGN(cel::Program program, compilation.ToResult());
  STRONGROOM_TRY(RefuseHopeless(program, env));
  CompiledAssertion assertion{std::move(program), &env};
  NoteReads(assertion);
  return assertion;
}

RunOutcome OutcomeOf(const cel::Value& value, std::string* error) {
  if (value.is_true()) return RunOutcome::kTrue;
  if (value.is_false()) return RunOutcome::kFalse;
  if (error != nullptr)
    *error = value.is_error() ? std::string(value.AsError().message)
                              : "the value is not a boolean";  // security 6.8
  return RunOutcome::kError;
}

RunOutcome RunAssertion(const cel::Program& program, const cel::Activation& activation,
                        std::uint64_t& cost_left, cel::Arena& arena, std::string* error) {
  const std::uint64_t allowed = std::min(base::limits::kCelCostMax, cost_left);
  cel::Budget budget(allowed);
  const auto value = program.Evaluate(activation, budget, arena);
  cost_left -= budget.spent();
  if (value.ok()) return OutcomeOf(*value, error);
  if (budget.exhausted() && allowed < base::limits::kCelCostMax) return RunOutcome::kBudgetSpent;
  if (error != nullptr) *error = value.error().message;
  return RunOutcome::kError;
}

base::Error BudgetError() {
  return base::MakeError(base::ErrorCode::kLimitExceeded,
                         "the assertions of this request's policies cost too much to evaluate",
                         "read fewer documents in one request, or simplify the policies");
}

}  // namespace strongroom::authz
