// What a posting is going to write, as values: made by a tran code's program or by a void, and
// turned into documents by write_posting.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.h"
#include "ledger/value.h"

namespace strongroom::ledger {

// Numbers of the enums DebitOrCredit and Layer, as catalog/enums.cc and CEL have them.
inline constexpr std::int64_t kDebit = 0;
inline constexpr std::int64_t kCredit = 1;
inline constexpr std::int64_t kSettled = 0;
inline constexpr std::int64_t kPending = 1;
inline constexpr std::int64_t kEncumbrance = 2;
inline constexpr std::int64_t kLayerCount = 3;

struct DraftEntry {
  base::Uuid account;
  scalars::Money amount;
  std::int64_t direction = kDebit;
  std::int64_t layer = kSettled;
  std::string entry_type;
  std::string description;
  Value metadata;  // null or JSON
  // Of a void: the sets that the original counts for, null or a list; else those above the account.
  std::optional<Value> sets = {};
  // Whether the poster set it (SPEC 4.1.5), and not a default.
  bool sets_description = false;
  bool sets_metadata = false;
};

struct DraftTransaction {
  base::Uuid journal;
  scalars::Date effective;
  std::string correlation_id;
  std::string external_id;
  std::string description;
  Value metadata;  // null or JSON
  // As above. The journal always counts as set: posting into one needs the right to refer to it.
  bool sets_effective = false;
  bool sets_correlation_id = false;
  bool sets_external_id = false;
  bool sets_description = false;
  bool sets_metadata = false;
  std::vector<DraftEntry> entries;  // in sequence
};

// `properties` of a posting (behaviour §10), as TransactionPropertiesInput has them.
struct PostingProperties {
  Value override_enforcement;  // null, or the record VelocityEnforcement
  Value exceptions;            // null, or a list of one TransactionException: to be voided at once
  bool given = false;
};

}  // namespace strongroom::ledger
