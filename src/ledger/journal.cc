// Journals (behaviour §7).
#include <boost/json.hpp>

#include "ledger/input.h"
#include "ledger/mutations.h"
#include "ledger/records.h"
#include "ledger/write.h"

namespace strongroom::ledger {
namespace {

constexpr std::int64_t kLocked = 1;  // catalog/enums.cc

// The default journal is there from the beginning and gives way to the one that is created.
base::Status MakeRoom(WriteScope& scope, const Document& journal) {
  STRONGROOM_ASSIGN(const SharedDocument stored,
                    Load(scope, LedgerId::kJournal, DocumentKey::Of(journal)));
  if (stored == nullptr || !stored->At("virtual").Get<bool>()) return {};
  return EraseUnasked(scope, *stored);
}

// An empty code is no code: several journals may be without one.
void DropEmptyCode(Document& journal) {
  const Value& code = journal.At("code");
  if (!code.IsNull() && code.Get<std::string>().empty()) journal.Set("code", Value());
}

base::Result<SharedDocument> FindJournal(const authz::Permit& permit, WriteScope& scope,
                                         const base::Uuid& id) {
  return RequireVisible(permit, scope, LedgerId::kJournal, DocumentKey::Of(id), id.ToString());
}

}  // namespace

base::Result<VisibleDocument> CreateJournal(const authz::Permit& permit, WriteScope& scope,
                                            const boost::json::object& input) {
  STRONGROOM_ASSIGN(Draft draft, ReadCreateInput(scope.catalog().At(LedgerId::kJournal), input));
  DropEmptyCode(draft.document);
  STRONGROOM_TRY(AskInsert(permit, draft.document, draft.set));
  STRONGROOM_TRY(MakeRoom(scope, draft.document));
  STRONGROOM_ASSIGN(SharedDocument written,
                    Insert(permit, scope, std::move(draft.document), draft.set));
  return VisibleDocument::Judge(permit, std::move(written));
}

base::Result<VisibleDocument> UpdateJournal(const authz::Permit& permit, WriteScope& scope,
                                            const base::Uuid& id,
                                            const boost::json::object& input) {
  STRONGROOM_ASSIGN(const SharedDocument before, FindJournal(permit, scope, id));
  STRONGROOM_ASSIGN(Draft draft, ReadUpdateInput(*before, input));
  DropEmptyCode(draft.document);
  draft.document.Set("virtual", false);  // somebody has made it theirs
  STRONGROOM_ASSIGN(SharedDocument written,
                    Update(permit, scope, before, std::move(draft.document), draft.set));
  return VisibleDocument::Judge(permit, std::move(written));
}

base::Result<VisibleDocument> DeleteJournal(const authz::Permit& permit, WriteScope& scope,
                                            const base::Uuid& id) {
  STRONGROOM_ASSIGN(SharedDocument journal, FindJournal(permit, scope, id));
  STRONGROOM_TRY(AskDelete(permit, *journal));
  if (journal->At("status").Get<std::int64_t>() != kLocked) {
    Document locked = *journal;
    locked.Set("status", kLocked);
    locked.Set("virtual", false);
    STRONGROOM_ASSIGN(journal, UpdateUnasked(scope, journal, std::move(locked)));
  }
  return VisibleDocument::Judge(permit, std::move(journal));
}

}  // namespace strongroom::ledger
