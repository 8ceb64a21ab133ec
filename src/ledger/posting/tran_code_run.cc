#include "ledger/posting/tran_code_run.h"

#include <fmt/format.h>

#include "ledger/catalog/ledgers.h"
#include "ledger/limits.h"
#include "ledger/posting/expression_value.h"
#include "scalars/cel_types.h"

namespace strongroom::ledger {
namespace {

base::Status CheckAmount(const scalars::Decimal& amount) {
  const std::int64_t integer_digits = std::int64_t{amount.Digits()} + amount.Exponent();
  if (amount.IsFinite() && amount.Scale() <= limits::kAmountScaleMax &&
      integer_digits <= limits::kAmountIntegerDigitsMax)
    return {};
  return base::MakeError(
      base::ErrorCode::kLimitExceeded,
      fmt::format("an amount has at most {} digits before the point and {} after it",
                  limits::kAmountIntegerDigitsMax, limits::kAmountScaleMax),
      "round it as your books do, for example with decimal.Round");
}

}  // namespace

TranCodeRun::TranCodeRun(const TranCodeProgram& program, const std::vector<Value>& params,
                         const base::Uuid& transaction_id, base::Timestamp now,
                         base::Random& random, ExpressionSite& site, std::uint64_t cost_max)
    : program_(program),
      transaction_id_(transaction_id),
      now_(now),
      host_{now, &random},
      site_(site),
      budget_(cost_max),
      activation_(*program.env_->env) {
  const TranCodeEnv& env = *program.env_;
  activation_.SetHost(&host_);
  activation_.Set(env.params, ParamsMap(program.params_, params, arena_));
  activation_.Set(env.vars, cel::Value::Map(std::span<const cel::MapEntry>()));
  const auto* metadata = program.metadata_.As<JsonValue>();
  activation_.Set(env.metadata,
                  metadata != nullptr ? cel::Value::Json(*metadata->json) : cel::Value::Null());
  activation_.Set(env.transaction_id, scalars::ToCel(transaction_id_));
}

base::Error TranCodeRun::At(base::Error error) const {
  error.message = fmt::format("[{}]: {}", site_.field, error.message);
  if (site_.entry != 0) {
    error.hint = fmt::format("in entry {} of the tran code{}{}", site_.entry,
                             error.hint.empty() ? "" : ": ", error.hint);
  } else if (error.hint.empty()) {
    error.hint = fmt::format("give other params, or correct `{}` of the tran code", site_.property);
  }
  return error;
}

base::Status TranCodeRun::Vars() {
  MemberFailure failure;
  const auto evaluated =
      program_.vars_.Evaluate(activation_, program_.env_->vars, budget_, arena_, failure);
  if (evaluated.ok() && failure.path.empty()) return {};
  site_ = {"vars", failure.path.empty() ? "vars" : failure.path, 0};
  if (!evaluated.ok()) return At(evaluated.error());
  return At(base::MakeError(base::ErrorCode::kCelEvaluationError, failure.reason));
}

base::Result<cel::Value> TranCodeRun::Evaluate(const std::optional<cel::Program>& program) {
  if (!program.has_value()) return cel::Value::Null();
  auto value = program->Evaluate(activation_, budget_, arena_);
  if (!value.ok()) return At(value.error());
  if (!value->is_error()) return value;
  return At(
      base::MakeError(base::ErrorCode::kCelEvaluationError, std::string(value->AsError().message)));
}

base::Result<cel::Value> TranCodeRun::OfTransaction(TranCodeProgram::TransactionField field) {
  site_ = {"transaction", std::string(TranCodeProgram::kTransactionNames[field]), 0};
  return Evaluate(program_.transaction_[field]);
}

base::Result<cel::Value> TranCodeRun::OfEntry(std::size_t entry,
                                              TranCodeProgram::EntryField field) {
  site_ = {"entries", std::string(TranCodeProgram::kEntryNames[field]), entry + 1};
  return Evaluate(program_.entries_[entry][field]);
}

base::Result<bool> TranCodeRun::Text(const cel::Value& value, std::size_t bytes_max,
                                     std::string& out) {
  if (value.is(cel::Kind::kNull)) return false;
  auto text = ToText(value, bytes_max);
  if (!text.ok()) return At(text.error());
  out = std::move(*text);
  return true;
}

// Declares `name` as what `conversion` makes of a value, or returns its error with its place.
#define STRONGROOM_CONVERT(name, conversion) \
  auto name = (conversion);                  \
  if (!name.ok()) return At(std::move(name).error())

base::Result<DraftTransaction> TranCodeRun::Transaction() {
  using P = TranCodeProgram;
  DraftTransaction draft;
  STRONGROOM_ASSIGN(const cel::Value effective, OfTransaction(P::kEffective));
  if (effective.is(cel::Kind::kNull)) {
    draft.effective = scalars::DateOf(now_);
  } else {
    STRONGROOM_CONVERT(date, ToDate(effective));
    draft.effective = *date;
  }
  STRONGROOM_ASSIGN(const cel::Value journal, OfTransaction(P::kJournalId));
  // Null leaves the nil UUID: the default journal (behaviour §7).
  if (!journal.is(cel::Kind::kNull)) {
    STRONGROOM_CONVERT(id, ToUuid(journal));
    draft.journal = *id;
  }
  STRONGROOM_ASSIGN(const cel::Value correlation, OfTransaction(P::kCorrelationId));
  STRONGROOM_ASSIGN(draft.sets_correlation_id,
                    Text(correlation, limits::kIndexedTextBytesMax, draft.correlation_id));
  if (!draft.sets_correlation_id) draft.correlation_id = transaction_id_.ToString();
  STRONGROOM_ASSIGN(const cel::Value external, OfTransaction(P::kExternalId));
  STRONGROOM_ASSIGN(draft.sets_external_id,
                    Text(external, limits::kIndexedTextBytesMax, draft.external_id));
  STRONGROOM_ASSIGN(const cel::Value description, OfTransaction(P::kTransactionDescription));
  STRONGROOM_ASSIGN(draft.sets_description,
                    Text(description, limits::kTextBytesMax, draft.description));
  STRONGROOM_ASSIGN(const cel::Value metadata, OfTransaction(P::kTransactionMetadata));
  STRONGROOM_CONVERT(json, ToJsonValue(metadata, budget_, arena_));
  draft.metadata = std::move(*json);
  // What the catalog filled in is nobody's setting (SPEC 4.1.5).
  draft.sets_effective = program_.transaction_set_[P::kEffective];
  draft.sets_description &= program_.transaction_set_[P::kTransactionDescription];
  draft.sets_metadata = program_.transaction_set_[P::kTransactionMetadata];
  return draft;
}

base::Result<bool> TranCodeRun::Writes(std::size_t entry) {
  STRONGROOM_ASSIGN(const cel::Value condition, OfEntry(entry, TranCodeProgram::kCondition));
  if (condition.is(cel::Kind::kNull)) return true;
  STRONGROOM_CONVERT(written, ToBool(condition));
  return *written;
}

base::Status TranCodeRun::Side(std::size_t entry, DraftEntry& draft) {
  using P = TranCodeProgram;
  STRONGROOM_ASSIGN(const cel::Value units, OfEntry(entry, P::kUnits));
  STRONGROOM_CONVERT(amount, ToUnits(units));
  if (auto bounded = CheckAmount(*amount); !bounded.ok()) return At(bounded.error());
  STRONGROOM_ASSIGN(const cel::Value code, OfEntry(entry, P::kCurrency));
  STRONGROOM_CONVERT(currency, ToCurrency(code));
  draft.amount = {*amount, *currency};
  STRONGROOM_ASSIGN(const cel::Value side, OfEntry(entry, P::kDirection));
  STRONGROOM_CONVERT(direction, ToEnum(kDebitOrCredit, side));
  draft.direction = *direction;
  STRONGROOM_ASSIGN(const cel::Value where, OfEntry(entry, P::kLayerField));
  if (where.is(cel::Kind::kNull)) return {};
  STRONGROOM_CONVERT(layer, ToEnum(kLayer, where));
  draft.layer = *layer;
  return {};
}

base::Status TranCodeRun::Rest(std::size_t entry, DraftEntry& draft) {
  using P = TranCodeProgram;
  STRONGROOM_ASSIGN(const cel::Value account, OfEntry(entry, P::kAccountId));
  STRONGROOM_CONVERT(id, ToUuid(account));
  draft.account = *id;
  STRONGROOM_ASSIGN(const cel::Value type, OfEntry(entry, P::kEntryType));
  STRONGROOM_ASSIGN(const bool typed, Text(type, limits::kIndexedTextBytesMax, draft.entry_type));
  if (!typed || draft.entry_type.empty()) {
    draft.entry_type = program_.code_ + (draft.direction == kDebit ? "_DR" : "_CR");
  }
  STRONGROOM_ASSIGN(const cel::Value description, OfEntry(entry, P::kEntryDescription));
  STRONGROOM_ASSIGN(draft.sets_description,
                    Text(description, limits::kTextBytesMax, draft.description));
  STRONGROOM_ASSIGN(const cel::Value metadata, OfEntry(entry, P::kEntryMetadata));
  STRONGROOM_CONVERT(json, ToJsonValue(metadata, budget_, arena_));
  draft.metadata = std::move(*json);
  draft.sets_metadata = program_.entries_[entry][P::kEntryMetadata].has_value();
  return {};
}

}  // namespace strongroom::ledger
