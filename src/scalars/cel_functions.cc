#include "scalars/cel_call.h"
#include "scalars/cel_env.h"

namespace strongroom::scalars {

void AddLedgerFunctions(cel::EnvBuilder& builder) {
  AddDecimalFunctions(builder);
  AddMoneyFunctions(builder);
  AddCalendarFunctions(builder);
  AddUuidFunctions(builder);
}

}  // namespace strongroom::scalars
