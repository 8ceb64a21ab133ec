// What the tests of this folder share: short ways to write a ledger and to look at it.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/encoding.h"
#include "ledger/input.h"
#include "ledger/mutations.h"
#include "ledger/posting/draft.h"
#include "ledger/records.h"
#include "ledger/testing.h"
#include "ledger/write.h"

namespace strongroom::ledger {

inline boost::json::object Json(std::string_view text) { return JsonObject(text); }

inline base::Uuid Id(std::string_view text) { return base::ParseUuid(text).value(); }

// Ids with a digit to tell them apart.
inline base::Uuid Numbered(std::uint8_t kind, std::uint32_t number) {
  base::Uuid id;
  id.bytes[0] = kind;
  for (std::size_t i = 0; i < 4; ++i) {
    id.bytes[12 + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
  }
  return id;
}
inline base::Uuid AccountId(std::uint32_t number) { return Numbered(0xAC, number); }
inline base::Uuid TransactionId(std::uint32_t number) { return Numbered(0x77, number); }

class PostingTest : public BootstrappedTest {
 protected:
  // Every operation has a time of its own.
  base::Timestamp Tick() { return now_ += std::chrono::milliseconds(1); }

  // One operation: committed when it succeeds, rolled back when not.
  template <typename Work>
  auto WriteAt(base::Timestamp now, const Work& work) {
    const auto transaction = storage::BeginOn(*store_, {tenant_});
    WriteScope scope(*engine_, *transaction, tenant_, now);
    auto result = work(scope);
    if (result.ok()) {
      EXPECT_TRUE(storage::CommitAndWait(*transaction).ok());
    }
    return result;
  }
  template <typename Work>
  auto Write(const Work& work) {
    return WriteAt(Tick(), work);
  }

  PostingTest() {
    all_ = authz::Permit::UnrestrictedForHost(engine_->catalog().rights(), "Root", now_);
  }

  const authz::Permit& All() const { return *all_; }
  base::Result<VisibleDocument> CreateCode(std::string_view input) {
    return Write([&](WriteScope& scope) { return CreateTranCode(All(), scope, Json(input)); });
  }
  base::Result<VisibleDocument> Post(const authz::Permit& permit,
                                     const boost::json::object& input) {
    return Write([&](WriteScope& scope) { return PostTransaction(permit, scope, input); });
  }
  base::Result<VisibleDocument> Post(std::string_view input) { return Post(All(), Json(input)); }
  base::Result<VisibleDocument> Void(const authz::Permit& permit, const base::Uuid& id) {
    return Write([&](WriteScope& scope) { return VoidTransaction(permit, scope, id); });
  }

  // A document from its create input, without rights.
  void Make(LedgerId ledger, std::string_view input) {
    const auto made = Write([&](WriteScope& scope) -> base::Status {
      STRONGROOM_ASSIGN(Draft draft, ReadCreateInput(scope.catalog().At(ledger), Json(input)));
      STRONGROOM_TRY(InsertUnasked(scope, std::move(draft.document)));
      return {};
    });
    ASSERT_TRUE(made.ok()) << made.error().message;
  }
  void MakeAccount(const base::Uuid& id, std::string_view normal_side = "CREDIT",
                   std::string_view more = "") {
    Make(LedgerId::kAccount, R"({"accountId":")" + id.ToString() + R"(","code":")" + id.ToString() +
                                 R"(","name":"n","normalBalanceType":")" +
                                 std::string(normal_side) + R"(")" + std::string(more) + "}");
  }
  void SetProperty(LedgerId ledger, const base::Uuid& id, std::string_view name, Value value) {
    const auto set = Write([&](WriteScope& scope) -> base::Status {
      STRONGROOM_ASSIGN(const SharedDocument before, Load(scope, ledger, DocumentKey::Of(id)));
      Document after = *before;
      after.Set(name, value);
      STRONGROOM_TRY(UpdateUnasked(scope, before, std::move(after)));
      return {};
    });
    ASSERT_TRUE(set.ok()) << set.error().message;
  }

  // Calls `see` with every current document of a ledger, in key order.
  template <typename See>
  void Each(LedgerId id, const See& see) {
    const Ledger& ledger = engine_->catalog().At(id);
    const auto snapshot = store_->Read().value();
    const auto cursor = snapshot->Scan(tenant_, storage::PrefixRange(CurrentKey(ledger))).value();
    while (cursor->Next().value()) see(Decode(ledger, cursor->value()).value());
  }
  std::vector<SharedDocument> AllOf(LedgerId id) {
    std::vector<SharedDocument> documents;
    Each(id, [&](SharedDocument document) { documents.push_back(std::move(document)); });
    return documents;
  }
  // The entries of a transaction, in sequence.
  std::vector<SharedDocument> EntriesOf(const base::Uuid& transaction) {
    std::vector<SharedDocument> entries;
    for (SharedDocument& entry : AllOf(LedgerId::kEntry)) {
      if (entry->At("transaction_id").Get<base::Uuid>() == transaction) {
        entries.push_back(std::move(entry));
      }
    }
    std::ranges::sort(entries, {}, [](const SharedDocument& entry) {
      return entry->At("sequence").Get<std::int64_t>();
    });
    return entries;
  }
  SharedDocument LoadOne(LedgerId ledger, const DocumentKey& key) {
    const auto snapshot = store_->Read().value();
    ReadScope scope{*engine_, *snapshot, tenant_};
    return Load(scope, ledger, key).value();
  }
  SharedDocument BalanceOf(const base::Uuid& account, std::string_view currency = "USD",
                           const base::Uuid& journal = {}) {
    return LoadOne(LedgerId::kBalance, DocumentKey::OfBalance(account, journal, currency));
  }
  // "dr/cr/normal" of a layer; "none" without a balance.
  static std::string Sums(const SharedDocument& balance, std::string_view layer = "settled") {
    if (balance == nullptr) return "none";
    const Values& amount = *balance->At(layer).Get<RecordValue>().fields;
    return amount[0].Get<scalars::Money>().units.ToString() + "/" +
           amount[1].Get<scalars::Money>().units.ToString() + "/" +
           amount[2].Get<scalars::Money>().units.ToString();
  }
  // Everything that the tenant stores.
  std::string Dump() {
    const auto snapshot = store_->Read().value();
    return storage::ScanText(*snapshot, tenant_);
  }

  // A transfer of `amount` from one account to another in the default journal.
  void MakeTransferCode() {
    const auto made = CreateCode(R"json({
      "tranCodeId": "53c7a411-9070-42c8-81cf-ea37ebe63182", "code": "XFR",
      "params": [{"name": "from", "type": "UUID"}, {"name": "to", "type": "UUID"},
                 {"name": "amount", "type": "DECIMAL"},
                 {"name": "currency", "default": "USD"},
                 {"name": "layer", "type": "INTEGER", "default": "0"}],
      "transaction": {"effective": "date('2022-09-10')"},
      "entries": [
        {"accountId": "params.from", "units": "params.amount", "currency": "params.currency",
         "direction": "DEBIT", "layer": "params.layer"},
        {"accountId": "params.to", "units": "params.amount", "currency": "params.currency",
         "direction": "CREDIT", "layer": "params.layer"}]})json");
    ASSERT_TRUE(made.ok()) << made.error().message;
  }
  static boost::json::object Transfer(std::uint32_t number, const base::Uuid& from,
                                      const base::Uuid& to, std::string_view amount,
                                      std::string_view currency = "USD", int layer = 0) {
    return {{"transactionId", TransactionId(number).ToString()},
            {"tranCode", "XFR"},
            {"params",
             {{"from", from.ToString()},
              {"to", to.ToString()},
              {"amount", amount},
              {"currency", currency},
              {"layer", layer}}}};
  }

  std::optional<authz::Permit> all_;  // may do everything
};

}  // namespace strongroom::ledger
