#include "ledger/posting/balances.h"

#include <fmt/format.h>

#include <array>

#include "ledger/catalog/ledgers.h"
#include "ledger/read.h"

namespace strongroom::ledger {
namespace {

// Positions in the record BalanceAmount (catalog/balance.cc).
enum AmountField : std::size_t { kDrBalance, kCrBalance, kNormalBalance, kEntryId, kModified };

constexpr std::array<std::string_view, kLayerCount> kLayerProperties = {"settled", "pending",
                                                                        "encumbrance"};

base::Result<Value> AddMoney(const Value& a, const Value& b) {
  STRONGROOM_ASSIGN(scalars::Money sum, Add(a.Get<scalars::Money>(), b.Get<scalars::Money>()));
  return Value(std::move(sum));
}

base::Status SetNormal(Values& amount, std::int64_t normal_side) {
  const auto& debits = amount[kDrBalance].Get<scalars::Money>();
  const auto& credits = amount[kCrBalance].Get<scalars::Money>();
  STRONGROOM_ASSIGN(scalars::Money normal,
                    normal_side == kDebit ? Sub(debits, credits) : Sub(credits, debits));
  amount[kNormalBalance] = std::move(normal);
  return {};
}

const Values& Amount(const Document& balance, std::string_view layer) {
  return *balance.At(layer).Get<RecordValue>().fields;
}

}  // namespace

std::string_view LayerProperty(std::int64_t layer) {
  return kLayerProperties.at(static_cast<std::size_t>(layer));
}

Document NewBalance(const Ledger& ledger, const BalanceKey& key, base::Timestamp now) {
  Document balance(ledger);
  balance.Set("account_id", key.account);
  balance.Set("journal_id", key.journal);
  balance.Set("currency", key.currency.ToString());
  // The balance over all entries; calculations have ids of their own.
  balance.Set("calculation_id", base::Uuid{});
  const scalars::Money zero{{}, key.currency};
  for (const std::string_view layer : kLayerProperties) {
    balance.Set(layer, MakeRecord({zero, zero, zero, base::Uuid{}, now}));
  }
  return balance;
}

base::Status AddEntry(Document& balance, const DraftEntry& entry, const base::Uuid& entry_id,
                      const base::Uuid& transaction_id, base::Timestamp now) {
  const std::string_view layer = LayerProperty(entry.layer);
  Values amount = Amount(balance, layer);
  Value& side = amount[entry.direction == kDebit ? kDrBalance : kCrBalance];
  STRONGROOM_ASSIGN(side, AddMoney(side, entry.amount));
  amount[kEntryId] = entry_id;
  amount[kModified] = now;
  balance.Set(layer, MakeRecord(std::move(amount)));
  balance.Set("entry_id", entry_id);
  balance.Set("transaction_id", transaction_id);
  return {};
}

base::Status Normalize(Document& balance, std::int64_t normal_side) {
  balance.Set("direction", normal_side);
  for (const std::string_view layer : kLayerProperties) {
    Values amount = Amount(balance, layer);
    STRONGROOM_TRY(SetNormal(amount, normal_side));
    balance.Set(layer, MakeRecord(std::move(amount)));
  }
  return {};
}

base::Result<Value> Available(const VisibleDocument& balance, std::string_view layer) {
  const int last = kLayer.Find(layer);
  if (last < 0) {
    return base::MakeError(base::ErrorCode::kEnumParseError,
                           fmt::format("{} enum '{}' not found", kLayer.label, layer),
                           "use SETTLED, PENDING or ENCUMBRANCE");
  }
  // SPEC 4.1.6: each layer that is added needs Select.
  STRONGROOM_ASSIGN(const Value* settled, balance.Property(kLayerProperties[0]));
  Values total = *settled->Get<RecordValue>().fields;
  for (int i = 1; i <= last; ++i) {
    STRONGROOM_ASSIGN(const Value* record,
                      balance.Property(kLayerProperties[static_cast<std::size_t>(i)]));
    const Values& amount = *record->Get<RecordValue>().fields;
    for (const std::size_t field : {kDrBalance, kCrBalance, kNormalBalance}) {
      STRONGROOM_ASSIGN(total[field], AddMoney(total[field], amount[field]));
    }
    const bool has_entry = !amount[kEntryId].Get<base::Uuid>().IsNil();
    const bool later =
        amount[kModified].Get<base::Timestamp>() > total[kModified].Get<base::Timestamp>();
    if (has_entry && (later || total[kEntryId].Get<base::Uuid>().IsNil())) {
      total[kEntryId] = amount[kEntryId];
      total[kModified] = amount[kModified];
    }
  }
  return MakeRecord(std::move(total));
}

}  // namespace strongroom::ledger
