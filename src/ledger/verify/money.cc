// Balances are the sums of their entries, and transactions balance.
#include "scalars/money.h"

#include <array>
#include <map>
#include <optional>

#include "ledger/encoding.h"
#include "ledger/posting/balances.h"
#include "ledger/records.h"
#include "ledger/verify/inspection.h"
#include "storage/key.h"

namespace strongroom::ledger {
namespace {

using scalars::Decimal;

// An entry among those of a balance: the version that it led to, and its place in the posting. Not
// its time: clocks may be set back.
struct Latest {
  std::pair<std::int64_t, std::int64_t> place;
  base::Uuid entry;
  void See(const Document& other) {
    const std::pair at{other.At("balance_record_version").Get<std::int64_t>(),
                       other.At("sequence").Get<std::int64_t>()};
    if (at <= place) return;
    place = at;
    entry = other.At("entry_id").Get<base::Uuid>();
  }
};

// What one balance has to be, by the entries seen so far.
struct Expected {
  struct Layer {
    std::array<Decimal, 2> sums;  // by direction
    Latest last;
  };
  std::array<Layer, kLayerCount> layers;
  base::Uuid transaction;
  Latest last;
  std::int64_t postings = 0;  // each makes a version
  // Of the versions that the postings name: 1 to `postings`, each once, when it adds up to that.
  std::uint64_t versions = 0;
  bool EveryVersion() const {
    const auto count = static_cast<std::uint64_t>(postings);
    return versions == count * (count + 1) / 2 && last.place.first == postings;
  }
};

// Positions in the record BalanceAmount (catalog/balance.cc).
enum AmountField : std::size_t { kDrBalance, kCrBalance, kNormalBalance, kEntryId };

const Decimal& UnitsOf(const Value& money) { return money.Get<scalars::Money>().units; }

// Walks over entries, of one account (or set) and currency after the other, and looks at a balance
// when its last entry has been seen.
class BalanceInspector {
 public:
  explicit BalanceInspector(Inspection& inspection) : inspection_(inspection) {}

  base::Status Run() {
    const Catalog& catalog = inspection_.scope.catalog();
    const Ledger& ledger = catalog.At(LedgerId::kEntry);
    of_sets_ = false;
    // The clustered order backwards: oldest first, as the postings came.
    STRONGROOM_TRY(Walk(CurrentKey(ledger), ledger));
    of_sets_ = true;
    STRONGROOM_TRY(Walk(IndexPrefix(ledger, *ledger.FindIndex("account_set")), ledger));
    STRONGROOM_ASSIGN(const std::uint64_t stored,
                      inspection_.Count(CurrentKey(catalog.At(LedgerId::kBalance))));
    if (stored != balances_)
      inspection_.Find("balances", fmt::format("{} balances are stored, and the entries make {}",
                                               stored, balances_));
    return {};
  }

 private:
  base::Status Walk(const std::string& prefix, const Ledger& ledger) {
    STRONGROOM_ASSIGN(const auto cursor,
                      inspection_.scope.reader.Scan(
                          inspection_.space(), storage::PrefixRange(prefix), {.reverse = true}));
    while (true) {
      STRONGROOM_ASSIGN(const bool found, cursor->Next());
      if (!found) return Close();
      // Both orders begin with the account or set.
      storage::KeyReader key(cursor->key().substr(prefix.size()));
      STRONGROOM_ASSIGN(const base::Uuid owner, key.Uuid());
      STRONGROOM_ASSIGN(const SharedDocument entry,
                        of_sets_ ? LoadAt(inspection_.scope, ledger, cursor->value())
                                 : Decode(ledger, cursor->value()));
      STRONGROOM_TRY(See(owner, *entry));
    }
  }

  base::Status See(const base::Uuid& owner, const Document& entry) {
    const auto& amount = entry.At("amount").Get<scalars::Money>();
    if (!open_ || owner != owner_ || amount.currency != currency_) {
      STRONGROOM_TRY(Close());
      open_ = true;
      owner_ = owner;
      currency_ = amount.currency;
    }
    Expected& expected = journals_[entry.At("journal_id").Get<base::Uuid>()];
    const auto& transaction = entry.At("transaction_id").Get<base::Uuid>();
    // Entries of one posting lie together.
    if (expected.postings == 0 || expected.transaction != transaction) {
      ++expected.postings;
      expected.versions +=
          static_cast<std::uint64_t>(entry.At("balance_record_version").Get<std::int64_t>());
    }
    expected.transaction = transaction;
    auto& layer =
        expected.layers.at(static_cast<std::size_t>(entry.At("layer").Get<std::int64_t>()));
    auto& sum = layer.sums.at(static_cast<std::size_t>(entry.At("direction").Get<std::int64_t>()));
    STRONGROOM_ASSIGN(sum, Add(sum, amount.units));
    layer.last.See(entry);
    expected.last.See(entry);
    if (!of_sets_) ++inspection_.report.entries;
    return {};
  }

  // The account's (or set's) entries of a currency are all seen.
  base::Status Close() {
    for (const auto& [journal, expected] : journals_) {
      ++balances_;
      STRONGROOM_ASSIGN(const SharedDocument balance,
                        Load(inspection_.scope, LedgerId::kBalance,
                             DocumentKey::OfBalance(owner_, journal, currency_.ToString())));
      if (balance == nullptr)
        inspection_.Find("balances",
                         fmt::format("account {} has entries in journal {} and {}, and "
                                     "no balance",
                                     owner_.ToString(), journal.ToString(), currency_.ToString()));
      else
        STRONGROOM_TRY(Compare(*balance, expected));
    }
    journals_.clear();
    open_ = false;
    return {};
  }

  base::Status Compare(const Document& balance, const Expected& expected) {
    const auto side = balance.At("direction").Get<std::int64_t>();
    // What entries say of versions is said of their account's balance, not of a set's.
    bool same = balance.version() == expected.postings &&
                (of_sets_ || (expected.EveryVersion() &&
                              balance.At("entry_id").Get<base::Uuid>() == expected.last.entry));
    for (std::int64_t i = 0; i < kLayerCount; ++i) {
      const auto& layer = expected.layers.at(static_cast<std::size_t>(i));
      const Values& amount = *balance.At(LayerProperty(i)).Get<RecordValue>().fields;
      const Decimal& debits = layer.sums[kDebit];
      const Decimal& credits = layer.sums[kCredit];
      STRONGROOM_ASSIGN(const Decimal normal,
                        side == kDebit ? Sub(debits, credits) : Sub(credits, debits));
      same = same && UnitsOf(amount[kDrBalance]).IdenticalTo(debits) &&
             UnitsOf(amount[kCrBalance]).IdenticalTo(credits) &&
             UnitsOf(amount[kNormalBalance]).IdenticalTo(normal) &&
             (of_sets_ || amount[kEntryId].Get<base::Uuid>() == layer.last.entry);
    }
    if (!same) inspection_.Find("balances", NameOf(balance) + " is not the sum of its entries");
    return {};
  }

  Inspection& inspection_;
  bool of_sets_ = false;
  bool open_ = false;
  base::Uuid owner_;
  scalars::Currency currency_;
  std::map<base::Uuid, Expected> journals_;
  std::uint64_t balances_ = 0;
};

// One transaction with its entries.
class TransactionInspector {
 public:
  explicit TransactionInspector(Inspection& inspection)
      : inspection_(inspection), entries_(inspection.scope.catalog().At(LedgerId::kEntry)) {}

  base::Status Look(const Document& transaction) {
    STRONGROOM_TRY(LoadEntries(transaction));
    name_ = NameOf(transaction);
    std::map<std::pair<scalars::Currency, std::int64_t>, Decimal> sums;  // debits less credits
    const bool voided = !transaction.At("voided_by").IsNull();
    const bool voids = !transaction.At("void_of").IsNull();
    std::int64_t sequence = 0;
    for (const SharedDocument& entry : found_) {
      const auto& amount = entry->At("amount").Get<scalars::Money>();
      Decimal& sum = sums[{amount.currency, entry->At("layer").Get<std::int64_t>()}];
      STRONGROOM_ASSIGN(sum, entry->At("direction").Get<std::int64_t>() == kDebit
                                 ? Add(sum, amount.units)
                                 : Sub(sum, amount.units));
      const bool fits = entry->At("sequence").Get<std::int64_t>() == ++sequence &&
                        Identical(entry->At("journal_id"), transaction.At("journal_id")) &&
                        entry->At("is_voided_entry").Get<bool>() == voided &&
                        entry->At("is_void_entry").Get<bool>() == voids;
      if (!fits) inspection_.Find("transactions", NameOf(*entry) + " does not fit its transaction");
    }
    for (const auto& [place, sum] : sums)
      if (!sum.IsZero())
        inspection_.Find("transactions",
                         fmt::format("{} does not balance in {}", name_, place.first.ToString()));
    STRONGROOM_TRY(CheckPartner(transaction, "voided_by", "void_of"));
    return CheckPartner(transaction, "void_of", "voided_by");
  }

  std::uint64_t seen() const { return seen_; }

 private:
  base::Status LoadEntries(const Document& transaction) {
    found_.clear();
    const std::string prefix = IndexPrefix(entries_, *entries_.FindIndex("transaction_id")) +
                               DocumentKey::Of(transaction).bytes();
    return inspection_.Each(storage::PrefixRange(prefix), false,
                            [&](std::string_view, std::string_view location) -> base::Status {
                              STRONGROOM_ASSIGN(SharedDocument entry,
                                                LoadAt(inspection_.scope, entries_, location));
                              found_.push_back(std::move(entry));
                              ++seen_;
                              return {};
                            });
  }

  base::Status CheckPartner(const Document& transaction, std::string_view to,
                            std::string_view back) {
    const auto* id = transaction.At(to).As<base::Uuid>();
    if (id == nullptr) return {};
    STRONGROOM_ASSIGN(const SharedDocument partner,
                      Load(inspection_.scope, LedgerId::kTransaction, DocumentKey::Of(*id)));
    if (partner == nullptr || !Identical(partner->At(back), transaction.At("transaction_id")))
      inspection_.Find("transactions",
                       fmt::format("{} and its {} do not name each other", name_, to));
    return {};
  }

  Inspection& inspection_;
  const Ledger& entries_;
  std::string name_;
  std::vector<SharedDocument> found_;
  std::uint64_t seen_ = 0;
};

}  // namespace

base::Status InspectBalances(Inspection& inspection) { return BalanceInspector(inspection).Run(); }

base::Status InspectTransactions(Inspection& inspection) {
  const Catalog& catalog = inspection.scope.catalog();
  TransactionInspector inspector(inspection);
  STRONGROOM_TRY(inspection.EachDocument(catalog.At(LedgerId::kTransaction),
                                         [&](const SharedDocument& transaction, std::string_view) {
                                           return inspector.Look(*transaction);
                                         }));
  STRONGROOM_ASSIGN(const std::uint64_t stored,
                    inspection.Count(CurrentKey(catalog.At(LedgerId::kEntry))));
  if (stored != inspector.seen())
    inspection.Find("transactions", fmt::format("{} entries are stored, and the transactions have "
                                                "{}",
                                                stored, inspector.seen()));
  return {};
}

}  // namespace strongroom::ledger
