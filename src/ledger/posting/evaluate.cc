#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "cel/activation.h"
#include "ledger/engine.h"
#include "ledger/mutations.h"
#include "ledger/posting/expression_tree.h"
#include "ledger/posting/expression_value.h"
#include "ledger/posting/tran_code_cache.h"
#include "scalars/cel_host.h"

namespace strongroom::ledger {

base::Result<boost::json::value> Evaluate(const authz::Permit& permit, ReadScope& scope,
                                          const boost::json::value& expressions,
                                          const boost::json::value& document) {
  constexpr auto kCode = base::ErrorCode::kCelEvaluationError;
  const auto* tree = expressions.if_object();
  if (tree == nullptr) {
    base::Error error =
        base::MakeError(base::ErrorCode::kBadRequest, "expected a map from names to expressions",
                        "write {sum: \"1 + 2\"}");
    error.argument_path = {"expressions"};
    return error;
  }
  const EvaluateEnv& env = scope.engine.tran_codes().evaluate_env();
  STRONGROOM_ASSIGN(const ExpressionTree compiled,
                    ExpressionTree::Compile(env.env, "this", *tree, kCode));
  const scalars::CelHost host{permit.now(), &scope.engine.random()};
  cel::Activation activation(*env.env);
  activation.SetHost(&host);
  activation.Set(env.document, cel::Value::Json(document));
  cel::Budget budget(std::min(limits::kPostingCostMax, scope.expression_cost_left));
  // Compiling has its price too.
  const auto spend = [&] {
    const std::uint64_t spent = budget.spent() + boost::json::serialize(expressions).size();
    scope.expression_cost_left -= std::min(scope.expression_cost_left, spent);
  };
  cel::Arena arena;
  MemberFailure failure;
  auto evaluated = compiled.Evaluate(activation, env.self, budget, arena, failure);
  spend();
  STRONGROOM_TRY(std::move(evaluated));
  if (!failure.path.empty()) {
    return base::MakeError(kCode, fmt::format("[{}]: {}", failure.path, failure.reason),
                           "correct the expression, or what it is given");
  }
  return ToJson(activation.Get(env.self), budget, arena);
}

}  // namespace strongroom::ledger
