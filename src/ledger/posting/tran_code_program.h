// A tran code, compiled: from params to the transaction and entries that a posting writes.
#pragma once

#include <array>
#include <boost/json/fwd.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "ledger/document.h"
#include "ledger/posting/draft.h"
#include "ledger/posting/expression_env.h"
#include "ledger/posting/expression_tree.h"
#include "ledger/posting/params.h"

namespace strongroom::ledger {

// Which expression an error comes from: its text belongs to the tran code, which the poster may not
// be allowed to see.
struct ExpressionSite {
  std::string_view property;  // of the TranCode: "vars", "transaction", "entries"; empty for none
  std::string field;          // "units"
  std::size_t entry = 0;      // from 1; 0 outside of entries
};

class TranCodeRun;

// Immutable and thread-safe.
class TranCodeProgram {
 public:
  // kTranCodeError for the first thing that is wrong, in the wording of behaviour §9: params,
  // vars, the transaction's fields, the entries' fields.
  static base::Result<std::shared_ptr<const TranCodeProgram>> Compile(const TranCodeEnv& env,
                                                                      const Document& tran_code);

  struct Request {
    const boost::json::object& params;
    base::Uuid transaction_id;
    base::Timestamp now;  // of time.Now() and date.Today()
    base::Random& random;
    // What the request's expressions may still cost; less after the run.
    std::uint64_t& cost_left;
  };
  // What the posting writes: balanced, without entries whose condition is false, at most
  // limits::kEntriesMax of them. An error of an expression fills `site`.
  base::Result<DraftTransaction> Run(const Request& request, ExpressionSite& site) const;

  // Whether a tran code that has just been written can be right: with its defaults the entries have
  // to balance (behaviour §9). What hangs on params without a default is left to postings, except
  // that entries on one side only can never balance.
  base::Status CheckSample(base::Timestamp now, base::Random& random) const;

  const std::string& code() const { return code_; }

  // The expressions of the transaction and of an entry, in the order in which they are checked.
  enum TransactionField : std::size_t {
    kEffective,
    kJournalId,
    kCorrelationId,
    kExternalId,
    kTransactionDescription,
    kTransactionMetadata,
    kTransactionFieldCount,
  };
  enum EntryField : std::size_t {
    kAccountId,
    kUnits,
    kCurrency,
    kDirection,
    kEntryType,
    kLayerField,
    kEntryDescription,
    kEntryMetadata,
    kCondition,
    kEntryFieldCount,
  };
  // Their stored names, which errors use (behaviour §9).
  static constexpr std::array<std::string_view, kTransactionFieldCount> kTransactionNames = {
      "effective", "journal_id", "correlation_id", "external_id", "description", "metadata"};
  static constexpr std::array<std::string_view, kEntryFieldCount> kEntryNames = {
      "account_id", "units",       "currency", "direction", "entry_type",
      "layer",      "description", "metadata", "condition"};
  template <std::size_t kCount>
  using Programs = std::array<std::optional<cel::Program>, kCount>;

 private:
  friend class TranCodeRun;
  base::Result<DraftTransaction> Draft(TranCodeRun& run) const;

  const TranCodeEnv* env_ = nullptr;  // of the cache, which outlives its programs
  std::string code_;
  std::vector<Param> params_;
  ExpressionTree vars_;
  Value metadata_;
  Programs<kTransactionFieldCount> transaction_;
  std::array<bool, kTransactionFieldCount> transaction_set_ = {};  // not what the catalog fills in
  std::vector<Programs<kEntryFieldCount>> entries_;
};

}  // namespace strongroom::ledger
