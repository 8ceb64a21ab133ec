#include "cel/env.h"
#include "ledger/catalog/cel_types.h"
#include "scalars/cel_env.h"

namespace strongroom::ledger {

std::shared_ptr<const cel::Env> MakeExpressionEnv() {
  cel::EnvBuilder builder(*cel::StandardEnv());
  scalars::AddScalarTypes(builder);
  scalars::AddLedgerFunctions(builder);
  AddEnums(builder);
  return std::move(builder).Build();
}

}  // namespace strongroom::ledger
