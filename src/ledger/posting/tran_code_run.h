// One run of a tran code's expressions: what they see, and what they may cost together
// (limits::kPostingCostMax). Internal to posting.
#pragma once

#include <vector>

#include "cel/activation.h"
#include "cel/arena.h"
#include "cel/budget.h"
#include "ledger/posting/tran_code_program.h"
#include "scalars/cel_host.h"

namespace strongroom::ledger {

// One thread. `program`, `params`, `random` and `site` outlive it.
class TranCodeRun {
 public:
  TranCodeRun(const TranCodeProgram& program, const std::vector<Value>& params,
              const base::Uuid& transaction_id, base::Timestamp now, base::Random& random,
              ExpressionSite& site, std::uint64_t cost_max);
  std::uint64_t spent() const { return budget_.spent(); }

  // First of all.
  base::Status Vars();
  // Without its entries.
  base::Result<DraftTransaction> Transaction();
  // The condition of an entry, numbered from 0.
  base::Result<bool> Writes(std::size_t entry);
  // Amount, direction and layer.
  base::Status Side(std::size_t entry, DraftEntry& draft);
  // Account, type, description and metadata; after Side.
  base::Status Rest(std::size_t entry, DraftEntry& draft);

 private:
  // The value of an expression; null without one. An error value is kCelEvaluationError.
  base::Result<cel::Value> Evaluate(const std::optional<cel::Program>& program);
  base::Result<cel::Value> OfTransaction(TranCodeProgram::TransactionField field);
  base::Result<cel::Value> OfEntry(std::size_t entry, TranCodeProgram::EntryField field);
  // Reads a text into `out`; false when the value is null.
  base::Result<bool> Text(const cel::Value& value, std::size_t bytes_max, std::string& out);
  // Puts the place of the error in front of it.
  base::Error At(base::Error error) const;

  const TranCodeProgram& program_;
  base::Uuid transaction_id_;
  base::Timestamp now_;
  scalars::CelHost host_;
  ExpressionSite& site_;
  cel::Arena arena_;
  cel::Budget budget_;
  cel::Activation activation_;
};

}  // namespace strongroom::ledger
