#include "ledger/posting/tran_code_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <span>

#include "ledger/catalog/ledgers.h"
#include "ledger/limits.h"
#include "ledger/posting/balanced.h"
#include "ledger/posting/tran_code_run.h"

namespace strongroom::ledger {
namespace {

using base::ErrorCode;

const PropertySpec& Property(const Document& tran_code, std::string_view name) {
  return tran_code.ledger().properties()[tran_code.ledger().At(name)];
}

std::size_t PositionIn(const RecordSpec& record, std::string_view field) {
  for (std::size_t i = 0; i < record.fields.size(); ++i) {
    if (record.fields[i].name == field) return i;
  }
  STRONGROOM_CHECK(false);
  return 0;
}

// Compiles the fields that have an expression; "" is none (catalog/tran_code.cc: fill_empty).
base::Status CompileFields(const TranCodeEnv& env, const RecordSpec& record, const Values& fields,
                           std::span<const std::string_view> names,
                           std::span<std::optional<cel::Program>> programs) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto* source = fields[PositionIn(record, names[i])].As<std::string>();
    if (source == nullptr || source->empty()) continue;
    STRONGROOM_ASSIGN(programs[i],
                      CompileField(env.env, names[i], *source, ErrorCode::kTranCodeError));
  }
  return {};
}

}  // namespace

base::Result<std::shared_ptr<const TranCodeProgram>> TranCodeProgram::Compile(
    const TranCodeEnv& env, const Document& tran_code) {
  auto program = std::make_shared<TranCodeProgram>();
  program->env_ = &env;
  program->code_ = tran_code.At("code").Get<std::string>();
  program->metadata_ = tran_code.At("metadata");
  STRONGROOM_ASSIGN(program->params_, ReadParams(tran_code));
  if (const auto* vars = tran_code.At("vars").As<JsonValue>(); vars != nullptr) {
    const auto* tree = vars->json->if_object();
    if (tree == nullptr) {
      return base::MakeError(ErrorCode::kTranCodeError, "[vars]: expected a map of expressions");
    }
    STRONGROOM_ASSIGN(program->vars_,
                      ExpressionTree::Compile(env.env, "vars", *tree, ErrorCode::kTranCodeError));
  }
  const RecordSpec& transaction = *Property(tran_code, "transaction").record;
  const Values& fields = *tran_code.At("transaction").Get<RecordValue>().fields;
  STRONGROOM_TRY(CompileFields(env, transaction, fields, kTransactionNames, program->transaction_));
  for (std::size_t i = 0; i < kTransactionNames.size(); ++i) {
    const std::size_t at = PositionIn(transaction, kTransactionNames[i]);
    const auto* source = fields[at].As<std::string>();
    program->transaction_set_[i] = source != nullptr && *source != transaction.fields[at].fill;
  }
  const RecordSpec& entry = *Property(tran_code, "entries").record;
  const Values& entries = *tran_code.At("entries").Get<ListValue>().items;
  if (entries.size() > limits::kEntriesMax) {
    return base::MakeError(ErrorCode::kLimitExceeded,
                           fmt::format("more than {} entries", limits::kEntriesMax));
  }
  program->entries_.resize(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto compiled = CompileFields(env, entry, *entries[i].Get<RecordValue>().fields,
                                        kEntryNames, program->entries_[i]);
    if (compiled.ok()) continue;
    base::Error error = compiled.error();
    error.hint = fmt::format("in entry {} of {}{}{}", i + 1, entries.size(),
                             error.hint.empty() ? "" : ": ", error.hint);
    return error;
  }
  return std::shared_ptr<const TranCodeProgram>(std::move(program));
}

base::Result<DraftTransaction> TranCodeProgram::Run(const Request& request,
                                                    ExpressionSite& site) const {
  STRONGROOM_ASSIGN(const std::vector<Value> params, BindParams(params_, request.params));
  TranCodeRun run(*this, params, request.transaction_id, request.now, request.random, site,
                  std::min(limits::kPostingCostMax, request.cost_left));
  auto draft = Draft(run);
  request.cost_left -= std::min(request.cost_left, run.spent());
  return draft;
}

base::Result<DraftTransaction> TranCodeProgram::Draft(TranCodeRun& run) const {
  STRONGROOM_TRY(run.Vars());
  STRONGROOM_ASSIGN(DraftTransaction draft, run.Transaction());
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    STRONGROOM_ASSIGN(const bool written, run.Writes(i));
    if (!written) continue;
    DraftEntry entry;
    STRONGROOM_TRY(run.Side(i, entry));
    STRONGROOM_TRY(run.Rest(i, entry));
    draft.entries.push_back(std::move(entry));
  }
  STRONGROOM_TRY(CheckBalanced(code_, draft.entries));
  return draft;
}

namespace {

// Fields that decide on which sum an entry counts.
constexpr std::size_t kShape[] = {TranCodeProgram::kCurrency, TranCodeProgram::kDirection,
                                  TranCodeProgram::kLayerField, TranCodeProgram::kCondition};

// Whether the value hangs on a param that only postings give.
bool HangsOnPosting(const std::optional<cel::Program>& program, const ExpressionTree& vars,
                    const std::vector<Param>& params) {
  if (!program.has_value()) return false;
  for (const std::string& path : vars.PathsBehind(*program)) {
    if (path == "params") return true;
    for (const Param& param : params) {
      if (!param.fallback.IsNull()) continue;
      const std::string own = "params." + param.name;
      if (path == own || path.starts_with(own + ".")) return true;
    }
  }
  return false;
}

}  // namespace

base::Status TranCodeProgram::CheckSample(base::Timestamp now, base::Random& random) const {
  bool units_open = false;
  for (const auto& entry : entries_) {
    for (const std::size_t field : kShape) {
      if (HangsOnPosting(entry[field], vars_, params_)) return {};
    }
    units_open = units_open || HangsOnPosting(entry[kUnits], vars_, params_);
  }
  const std::vector<Value> params = SampleParams(params_);
  ExpressionSite site;
  TranCodeRun run(*this, params, base::Uuid{}, now, random, site, limits::kPostingCostMax);
  // What fails for samples may do well for real values.
  if (!run.Vars().ok()) return {};
  std::vector<DraftEntry> entries;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const auto written = run.Writes(i);
    if (!written.ok()) return {};
    if (!*written) continue;
    DraftEntry entry;
    if (!run.Side(i, entry).ok()) return {};
    entries.push_back(std::move(entry));
  }
  const auto sums = SumSides(entries);
  if (!sums.ok()) return {};
  for (const auto& [place, sides] : *sums) {
    const bool one_sided = sides.counts[0] == 0 || sides.counts[1] == 0;
    if (!sides.Balanced() && (!units_open || one_sided)) {
      return Unbalanced(code_, place.first, sides);
    }
  }
  return {};
}

}  // namespace strongroom::ledger
