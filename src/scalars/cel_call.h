// Shared by the files that add functions to CEL.
#pragma once

#include "base/result.h"
#include "cel/lib/function_table.h"
#include "scalars/cel_types.h"

namespace strongroom::scalars {

// ---- Arguments, of whose types the engine has made sure.
inline const base::Uuid& UuidOf(const cel::Value& value) { return *AsUuid(value); }
inline const Decimal& DecimalOf(const cel::Value& value) { return *AsDecimal(value); }
inline const Date& DateOf(const cel::Value& value) { return *AsDate(value); }
inline const Money& MoneyOf(const cel::Value& value) { return *AsMoney(value); }

// ---- Results, kept in the arena of the evaluation.
inline cel::Value Give(const cel::Call& call, const base::Uuid& id) {
  return call.MakeOpaque(kUuidType, id);
}
inline cel::Value Give(const cel::Call& call, const Decimal& d) {
  return call.MakeOpaque(kDecimalType, d);
}
inline cel::Value Give(const cel::Call& call, const Date& date) {
  return call.MakeOpaque(kDateType, date);
}
inline cel::Value Give(const cel::Call& call, const Money& money) {
  return call.MakeOpaque(kMoneyType, money);
}
inline cel::Value Give(const cel::Call&, std::int64_t number) { return cel::Value::Int(number); }
// The value, or the error as a value of the expression.
template <typename T>
cel::Value Give(const cel::Call& call, const base::Result<T>& result) {
  if (result.ok()) return Give(call, *result);
  const bool overflow = result.error().code == base::ErrorCode::kLimitExceeded;
  return call.Fail(
      overflow ? cel::EvaluationErrorCode::kOverflow : cel::EvaluationErrorCode::kInvalidArgument,
      result.error().message);
}

// ---- The parts of AddLedgerFunctions, by file.
void AddDecimalFunctions(cel::EnvBuilder& builder);   // cel_decimal.cc
void AddMoneyFunctions(cel::EnvBuilder& builder);     // cel_money.cc
void AddCalendarFunctions(cel::EnvBuilder& builder);  // cel_calendar.cc
void AddUuidFunctions(cel::EnvBuilder& builder);      // cel_uuid.cc
void AddStringFunctions(cel::EnvBuilder& builder);    // cel_strings.cc
void AddTextFunctions(cel::EnvBuilder& builder);      // cel_text.cc
void AddPathFunctions(cel::EnvBuilder& builder);      // cel_path.cc
void AddJsonFunctions(cel::EnvBuilder& builder);      // cel_json.cc
void AddMathFunctions(cel::EnvBuilder& builder);      // cel_math.cc
void AddRandomFunctions(cel::EnvBuilder& builder);    // cel_random.cc
void AddHashFunctions(cel::EnvBuilder& builder);      // cel_hash.cc
void AddFinanceFunctions(cel::EnvBuilder& builder);   // cel_finance.cc
void AddSystemFunctions(cel::EnvBuilder& builder);    // cel_system.cc

}  // namespace strongroom::scalars
