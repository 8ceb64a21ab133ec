#include "ledger/posting/expression_env.h"

#include "base/check.h"
#include "cel/env.h"

namespace strongroom::ledger {
namespace {

std::size_t NumberOf(const cel::Env& env, std::string_view variable) {
  const auto number = env.FindVariable(variable);
  STRONGROOM_CHECK(number.has_value());
  return *number;
}

}  // namespace

TranCodeEnv::TranCodeEnv(const Catalog& catalog) {
  const cel::Type map = cel::Type::Map(cel::Type::String(), cel::Type::Dyn());
  cel::EnvBuilder builder(*catalog.expression_env());
  builder.Variable("params", map)
      .Variable("vars", map)
      .Variable("metadata", cel::Type::Dyn())
      .Variable("transaction_id", cel::Type::Opaque("uuid"));
  env = std::move(builder).Build();
  params = NumberOf(*env, "params");
  vars = NumberOf(*env, "vars");
  metadata = NumberOf(*env, "metadata");
  transaction_id = NumberOf(*env, "transaction_id");
}

EvaluateEnv::EvaluateEnv(const Catalog& catalog) {
  cel::EnvBuilder builder(*catalog.expression_env());
  builder.Variable("this", cel::Type::Map(cel::Type::String(), cel::Type::Dyn()))
      .Variable("document", cel::Type::Dyn());
  env = std::move(builder).Build();
  self = NumberOf(*env, "this");
  document = NumberOf(*env, "document");
}

}  // namespace strongroom::ledger
