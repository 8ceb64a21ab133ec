#include <algorithm>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "crypto/hash.h"
#include "ledger/encoding.h"
#include "ledger/engine.h"
#include "ledger/mutations.h"
#include "ledger/posting/write_posting.h"
#include "ledger/records.h"
#include "ledger/write.h"

namespace strongroom::ledger {
namespace {

using base::ErrorCode;

// uuidv5(id, "void"). rfc9562 5.5: SHA-1 of the namespace and the name, cut to 16 bytes.
base::Uuid VoidId(const base::Uuid& transaction) {
  const auto digest = crypto::Sha1(std::string(base::AsChars(transaction.bytes)) + "void");
  base::Uuid id;
  std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | 0x50);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
  return id;
}

// The id of the void. Who posts under the derived one beforehand must not keep the transaction from
// ever being voided.
base::Result<base::Uuid> FreeVoidId(WriteScope& scope, const base::Uuid& transaction) {
  const base::Uuid derived = VoidId(transaction);
  STRONGROOM_ASSIGN(const bool taken,
                    Exists(scope, LedgerId::kTransaction, DocumentKey::Of(derived)));
  return taken ? base::NewUuid(scope.engine.random()) : derived;
}

// All entries of a transaction, in sequence.
base::Result<std::vector<SharedDocument>> LoadEntries(WriteScope& scope,
                                                      const base::Uuid& transaction) {
  const Ledger& ledger = scope.catalog().At(LedgerId::kEntry);
  const IndexSpec& index = *ledger.FindIndex("transaction_id");
  std::string prefix = index.clustered ? CurrentKey(ledger) : IndexPrefix(ledger, index);
  AppendOrdered(ledger.properties()[ledger.At("transaction_id")], transaction, false, prefix);
  STRONGROOM_ASSIGN(const auto cursor,
                    scope.reader.Scan(scope.SpaceOf(ledger), storage::PrefixRange(prefix)));
  std::vector<SharedDocument> entries;
  while (true) {
    STRONGROOM_ASSIGN(const bool found, cursor->Next());
    if (!found) return entries;
    STRONGROOM_ASSIGN(SharedDocument entry, index.clustered
                                                ? Decode(ledger, cursor->value())
                                                : LoadAt(scope, ledger, cursor->value()));
    entries.push_back(std::move(entry));
  }
}

// Rights first: whether it is voided is not told to those who may not void it.
base::Status AskVoid(const authz::Permit& permit, const Document& transaction,
                     const base::Uuid& by) {
  const PropertyIndex property = transaction.ledger().At("voided_by");
  Document after = transaction;
  after.Set(property, by);
  return AskUpdate(permit, transaction, after, {&property, 1});
}

base::Status CheckVoidable(const Document& transaction) {
  if (!transaction.At("voided_by").IsNull()) {
    return base::MakeError(ErrorCode::kBadRequest, "the transaction is already voided",
                           "its voidedBy names the transaction that voids it");
  }
  if (!transaction.At("void_of").IsNull()) {
    return base::MakeError(ErrorCode::kBadRequest, "a void can't be voided",
                           "post the transaction again under a new id");
  }
  return {};
}

// A text property, and whether there is anything in it to set.
bool Take(const Document& from, std::string_view name, std::string& to) {
  to = from.At(name).Get<std::string>();
  return !to.empty();
}

// The entry that takes `entry` back: the same side with the negated amount, as existing clients
// know it, so that the sums of both sides are what they were before.
DraftEntry Opposite(const Document& entry) {
  DraftEntry draft;
  draft.account = entry.At("account_id").Get<base::Uuid>();
  draft.amount = entry.At("amount").Get<scalars::Money>();
  draft.amount.units = draft.amount.units.Negated();
  draft.direction = entry.At("direction").Get<std::int64_t>();
  draft.layer = entry.At("layer").Get<std::int64_t>();
  draft.entry_type = entry.At("entry_type").Get<std::string>() + "_VOID";
  // Where it counted, and not where it would count today.
  draft.sets = entry.At("parent_account_ids");
  draft.sets_description = Take(entry, "description", draft.description);
  draft.metadata = entry.At("metadata");
  draft.sets_metadata = !draft.metadata.IsNull();
  return draft;
}

DraftTransaction OppositeOf(const Document& transaction,
                            const std::vector<SharedDocument>& entries) {
  DraftTransaction draft;
  draft.journal = transaction.At("journal_id").Get<base::Uuid>();
  // It takes the amounts back on the day on which they counted.
  draft.effective = transaction.At("effective").Get<scalars::Date>();
  draft.correlation_id = transaction.At("correlation_id").Get<std::string>();
  draft.sets_description = Take(transaction, "description", draft.description);
  draft.metadata = transaction.At("metadata");
  draft.sets_metadata = !draft.metadata.IsNull();
  for (const SharedDocument& entry : entries) draft.entries.push_back(Opposite(*entry));
  return draft;
}

// Update on what changes on both (SPEC 4): `voided_by`, `is_voided_entry`.
base::Status MarkVoided(const authz::Permit& permit, WriteScope& scope,
                        const SharedDocument& transaction,
                        const std::vector<SharedDocument>& entries, const base::Uuid& by) {
  Document after = *transaction;
  after.Set("voided_by", by);
  STRONGROOM_TRY(Update(permit, scope, transaction, std::move(after), {}));
  for (const SharedDocument& entry : entries) {
    Document voided = *entry;
    voided.Set("is_voided_entry", true);
    STRONGROOM_TRY(Update(permit, scope, entry, std::move(voided), {}));
  }
  return {};
}

}  // namespace

base::Result<VisibleDocument> VoidTransaction(const authz::Permit& permit, WriteScope& scope,
                                              const base::Uuid& id) {
  STRONGROOM_ASSIGN(
      const SharedDocument transaction,
      RequireVisible(permit, scope, LedgerId::kTransaction, DocumentKey::Of(id), id.ToString()));
  STRONGROOM_ASSIGN(const base::Uuid by, FreeVoidId(scope, id));
  STRONGROOM_TRY(AskVoid(permit, *transaction, by));
  STRONGROOM_TRY(CheckVoidable(*transaction));
  STRONGROOM_ASSIGN(const std::vector<SharedDocument> entries, LoadEntries(scope, id));
  const DraftTransaction draft = OppositeOf(*transaction, entries);
  const Posting posting{by, transaction->At("tran_code_id").Get<base::Uuid>(), draft, id};
  STRONGROOM_ASSIGN(SharedDocument written, WritePosting(permit, scope, posting));
  STRONGROOM_TRY(MarkVoided(permit, scope, transaction, entries, posting.transaction_id));
  return VisibleDocument::Judge(permit, std::move(written));
}

}  // namespace strongroom::ledger
