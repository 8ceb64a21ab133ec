#include "ledger/posting/write_posting.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>
#include <vector>

#include "ledger/account_set_members.h"
#include "ledger/engine.h"
#include "ledger/posting/balances.h"
#include "ledger/records.h"
#include "ledger/write.h"

namespace strongroom::ledger {
namespace {

using base::ErrorCode;

// Numbers in AccountStatus and Status (catalog/enums.cc).
constexpr std::int64_t kLocked = 1;

// As write.h words it for a reference that leads nowhere.
base::Error Missing(std::string_view reference, std::string_view what) {
  return base::MakeError(
      ErrorCode::kForeignKeyViolation,
      fmt::format("foreign key violation\n{}.references.{}_id foreign key violation", reference,
                  what),
      fmt::format("create the {} first, or correct its id", what));
}

class PostingWriter {
 public:
  PostingWriter(const authz::Permit& permit, WriteScope& scope, const Posting& posting)
      : permit_(permit),
        scope_(scope),
        posting_(posting),
        refusal_(posting.refusal),
        tree_(scope) {}

  base::Result<SharedDocument> Write() {
    STRONGROOM_ASSIGN(SharedDocument transaction, WriteTransaction());
    STRONGROOM_TRY(CheckJournal());
    STRONGROOM_TRY(AddUp());
    if (!refusal_.has_value()) STRONGROOM_TRY(WriteBalances());
    STRONGROOM_TRY(WriteEntries());
    if (refusal_.has_value()) return *refusal_;
    ++scope_.postings;
    return transaction;
  }

 private:
  struct Sum {
    SharedDocument before;  // null: the first posting makes it
    std::optional<Document> after;
    std::int64_t normal_side = kCredit;
    SharedDocument written;
  };
  struct Target {
    SharedDocument account;  // null when it takes no postings
    Value sets;              // that count what is posted to it: null or a list
  };

  const Ledger& Of(LedgerId ledger) const { return scope_.catalog().At(ledger); }
  // The first refusal is the one that is told.
  void Refuse(base::Error error) {
    if (!refusal_.has_value()) refusal_ = std::move(error);
  }

  base::Result<SharedDocument> WriteTransaction();
  base::Status CheckJournal();
  base::Result<const Target*> TargetOf(const base::Uuid& id);
  base::Status CheckAccount(Target& target, SharedDocument account);
  base::Status AddUp();
  void CheckText(const DraftEntry& entry);
  base::Status Add(const BalanceKey& key, std::size_t entry, const Document& owner);
  base::Result<Sum*> SumOf(const BalanceKey& key);
  base::Status WriteBalances();
  base::Status WriteEntries();
  Document MakeEntry(std::size_t index) const;
  std::vector<PropertyIndex> SetByEntry(const DraftEntry& entry) const;
  BalanceKey KeyOf(const DraftEntry& entry) const {
    return {entry.account, posting_.draft.journal, entry.amount.currency};
  }

  const authz::Permit& permit_;
  WriteScope& scope_;
  const Posting& posting_;
  std::optional<base::Error> refusal_;
  std::size_t text_bytes_ = 0;
  std::vector<base::Uuid> entry_ids_;
  std::vector<Value> sets_;  // by entry
  std::map<base::Uuid, Target> targets_;
  SetTree tree_;
  std::map<BalanceKey, Sum> sums_;
};

base::Result<SharedDocument> PostingWriter::WriteTransaction() {
  const DraftTransaction& draft = posting_.draft;
  const Ledger& ledger = Of(LedgerId::kTransaction);
  Document document(ledger);
  std::vector<PropertyIndex> set;
  const auto put = [&](std::string_view name, Value value, bool counts_as_set) {
    const PropertyIndex property = ledger.At(name);
    document.Set(property, std::move(value));
    if (counts_as_set) set.push_back(property);
  };
  put("transaction_id", posting_.transaction_id, true);
  put("tran_code_id", posting_.tran_code_id, true);
  put("journal_id", draft.journal, true);
  put("effective", draft.effective, draft.sets_effective);
  put("correlation_id", draft.correlation_id, draft.sets_correlation_id);
  put("external_id", draft.external_id, draft.sets_external_id);
  put("description", draft.description, draft.sets_description);
  put("metadata", draft.metadata, draft.sets_metadata);
  put("properties", MakeRecord({posting_.properties.override_enforcement}),
      posting_.properties.given);
  if (!posting_.properties.exceptions.IsNull())
    put("exceptions", posting_.properties.exceptions, true);
  if (posting_.void_of.has_value()) put("void_of", *posting_.void_of, true);
  // The tran code and the voided transaction have been read; a missing journal is found below.
  return Insert(permit_, scope_, std::move(document), set, {.references = true});
}

base::Status PostingWriter::CheckJournal() {
  const base::Uuid& id = posting_.draft.journal;
  STRONGROOM_ASSIGN(const SharedDocument journal,
                    Load(scope_, LedgerId::kJournal, DocumentKey::Of(id)));
  if (journal == nullptr) {
    Refuse(Missing("Transaction", "journal"));
  } else if (journal->At("status").Get<std::int64_t>() == kLocked) {
    Refuse(base::MakeError(ErrorCode::kBadRequest,
                           fmt::format("cannot post to a locked journal: {}", id.ToString()),
                           "set its status to ACTIVE, or post to another one"));
  }
  return {};
}

base::Result<const PostingWriter::Target*> PostingWriter::TargetOf(const base::Uuid& id) {
  const auto [place, added] = targets_.try_emplace(id);
  if (!added) return &place->second;
  STRONGROOM_ASSIGN(SharedDocument account, Load(scope_, LedgerId::kAccount, DocumentKey::Of(id)));
  if (account == nullptr) {
    Refuse(Missing("Entry", "account"));
  } else {
    STRONGROOM_TRY(CheckAccount(place->second, std::move(account)));
  }
  return &place->second;
}

base::Status PostingWriter::CheckAccount(Target& target, SharedDocument account) {
  // Also of a locked one: policies look at the entry with its sets before that is told.
  STRONGROOM_ASSIGN(target.sets, tree_.Above(*account, posting_.draft.journal));
  const auto id = [&] { return account->At("account_id").Get<base::Uuid>().ToString(); };
  if (IsOfAccountSet(*account)) {
    // behaviour §3
    Refuse(base::MakeError(
        ErrorCode::kBadRequest,
        fmt::format("transaction posting not permitted on account sets: {}", id())));
  } else if (account->At("status").Get<std::int64_t>() == kLocked) {
    Refuse(base::MakeError(ErrorCode::kBadRequest,
                           fmt::format("cannot post to a locked account: {}", id()),
                           "set its status to ACTIVE, or post to another one"));
  } else {
    target.account = std::move(account);
  }
  return {};
}

base::Result<PostingWriter::Sum*> PostingWriter::SumOf(const BalanceKey& key) {
  const auto [place, added] = sums_.try_emplace(key);
  Sum& sum = place->second;
  if (!added) return &sum;
  const auto id = DocumentKey::OfBalance(key.account, key.journal, key.currency.ToString());
  STRONGROOM_ASSIGN(sum.before, Load(scope_, LedgerId::kBalance, id));
  if (sum.before != nullptr) {
    sum.after.emplace(*sum.before);
  } else {
    sum.after.emplace(NewBalance(Of(LedgerId::kBalance), key, scope_.now));
  }
  return &sum;
}

// Adds an entry to the sums of its account, or of a set that counts it.
base::Status PostingWriter::Add(const BalanceKey& key, std::size_t entry, const Document& owner) {
  STRONGROOM_ASSIGN(Sum * sum, SumOf(key));
  sum->normal_side = owner.At("normal_balance_type").Get<std::int64_t>();
  auto status = AddEntry(*sum->after, posting_.draft.entries[entry], entry_ids_[entry],
                         posting_.transaction_id, scope_.now);
  if (status.ok()) status = Normalize(*sum->after, sum->normal_side);
  if (!status.ok()) Refuse(status.error());
  return {};
}

void PostingWriter::CheckText(const DraftEntry& entry) {
  const auto* metadata = entry.metadata.As<JsonValue>();
  text_bytes_ += entry.entry_type.size() + entry.description.size() +
                 (metadata == nullptr ? 0 : boost::json::serialize(*metadata->json).size());
  if (text_bytes_ > limits::kPostingTextBytesMax)
    Refuse(
        base::MakeError(ErrorCode::kLimitExceeded,
                        fmt::format("the words and metadata of a posting have more than {} bytes",
                                    limits::kPostingTextBytesMax),
                        "say less, or post in several transactions"));
}

base::Status PostingWriter::AddUp() {
  const auto& entries = posting_.draft.entries;
  entry_ids_.reserve(entries.size());
  sets_.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const DraftEntry& entry = entries[i];
    if (scope_.deadline) STRONGROOM_TRY(scope_.deadline());
    CheckText(entry);
    entry_ids_.push_back(base::NewUuid(scope_.engine.random()));
    STRONGROOM_ASSIGN(const Target* target, TargetOf(entry.account));
    sets_.push_back(entry.sets.value_or(target->sets));
    if (target->account == nullptr || refusal_.has_value()) continue;
    BalanceKey key = KeyOf(entry);
    STRONGROOM_TRY(Add(key, i, *target->account));
    const auto* sets = sets_.back().As<ListValue>();
    if (sets == nullptr) continue;
    for (const Value& set : *sets->items) {
      key.account = set.Get<base::Uuid>();
      STRONGROOM_ASSIGN(const SharedDocument owner, tree_.At(key.account));
      STRONGROOM_TRY(Add(key, i, *owner));
    }
  }
  return {};
}

base::Status PostingWriter::WriteBalances() {
  for (auto& [key, sum] : sums_) {
    if (scope_.deadline) STRONGROOM_TRY(scope_.deadline());
    // SPEC 4: balances follow by themselves. Their references have been read.
    const Known known{.references = true};
    if (sum.before == nullptr) {
      STRONGROOM_ASSIGN(sum.written, InsertUnasked(scope_, std::move(*sum.after), known));
    } else {
      STRONGROOM_ASSIGN(sum.written,
                        UpdateUnasked(scope_, sum.before, std::move(*sum.after), known));
    }
  }
  return {};
}

Document PostingWriter::MakeEntry(std::size_t index) const {
  const DraftEntry& draft = posting_.draft.entries[index];
  const auto sequence = static_cast<std::int64_t>(index) + 1;
  Document entry(Of(LedgerId::kEntry));
  entry.Set("entry_id", entry_ids_[index]);
  entry.Set("transaction_id", posting_.transaction_id);
  entry.Set("account_id", draft.account);
  entry.Set("journal_id", posting_.draft.journal);
  entry.Set("entry_type", draft.entry_type);
  entry.Set("layer", draft.layer);
  entry.Set("direction", draft.direction);
  entry.Set("amount", draft.amount);
  entry.Set("sequence", sequence);
  entry.Set("description", draft.description);
  entry.Set("metadata", draft.metadata);
  entry.Set("parent_account_ids", sets_[index]);
  entry.Set("is_void_entry", posting_.void_of.has_value());
  entry.Set("is_voided_entry", false);
  entry.Set("currency", draft.amount.currency.ToString());
  // Postings of one operation in turn, then the sequence within each.
  entry.Set("position",
            scope_.postings * static_cast<std::int64_t>(limits::kEntriesMax) + sequence);
  const auto sum = sums_.find(KeyOf(draft));
  if (sum != sums_.end() && sum->second.written != nullptr) {
    entry.Set("balance_record_id", sum->second.written->record_id());
    entry.Set("balance_record_version", sum->second.written->version());
  }
  return entry;
}

std::vector<PropertyIndex> PostingWriter::SetByEntry(const DraftEntry& entry) const {
  const Ledger& ledger = Of(LedgerId::kEntry);
  std::vector<PropertyIndex> set;
  for (const std::string_view name : {"transaction_id", "account_id", "journal_id", "entry_type",
                                      "layer", "direction", "amount"}) {
    set.push_back(ledger.At(name));
  }
  if (entry.sets_description) set.push_back(ledger.At("description"));
  if (entry.sets_metadata) set.push_back(ledger.At("metadata"));
  return set;
}

base::Status PostingWriter::WriteEntries() {
  const auto& entries = posting_.draft.entries;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Document entry = MakeEntry(i);
    const std::vector<PropertyIndex> set = SetByEntry(entries[i]);
    if (refusal_.has_value()) {
      // Who may not write the entry learns that, and not how its account stands.
      STRONGROOM_TRY(AskInsert(permit_, entry, set));
    } else {
      const Known known{.fresh_key = true, .references = true};
      STRONGROOM_TRY(Insert(permit_, scope_, std::move(entry), set, known));
    }
  }
  return {};
}

}  // namespace

base::Result<SharedDocument> WritePosting(const authz::Permit& permit, WriteScope& scope,
                                          const Posting& posting) {
  return PostingWriter(permit, scope, posting).Write();
}

}  // namespace strongroom::ledger
