#include "scalars/cel_call.h"
#include "scalars/cel_env.h"

namespace strongroom::scalars {

void AddLedgerFunctions(cel::EnvBuilder& builder) {
  AddDecimalFunctions(builder);
  AddMoneyFunctions(builder);
  AddCalendarFunctions(builder);
  AddUuidFunctions(builder);
  AddStringFunctions(builder);
  AddTextFunctions(builder);
  AddPathFunctions(builder);
  AddJsonFunctions(builder);
  AddMathFunctions(builder);
  AddRandomFunctions(builder);
  AddHashFunctions(builder);
  AddFinanceFunctions(builder);
  AddSystemFunctions(builder);
}

}  // namespace strongroom::scalars
