// Accounts (behaviour §8).
#include <algorithm>
#include <boost/json.hpp>

#include "ledger/account_set_members.h"
#include "ledger/input.h"
#include "ledger/mutations.h"
#include "ledger/records.h"
#include "ledger/write.h"

namespace strongroom::ledger {
namespace {

constexpr std::int64_t kActive = 0;  // catalog/enums.cc
constexpr std::int64_t kLocked = 1;

base::Result<SharedDocument> FindAccount(const authz::Permit& permit, WriteScope& scope,
                                         const base::Uuid& id) {
  return RequireVisible(permit, scope, LedgerId::kAccount, DocumentKey::Of(id), id.ToString());
}

// What a set's account says follows from the set.
base::Status RequireOwn(const Document& account) {
  if (!IsOfAccountSet(account)) return {};
  return base::MakeError(base::ErrorCode::kBadRequest,
                         "the account stands under an account set and changes with it",
                         "change the account set of that id");
}

// behaviour §8: a locked account changes only by an update that opens it.
base::Status RequireOpen(const Document& before, const Draft& draft) {
  const bool locked = before.At("status").Get<std::int64_t>() == kLocked;
  const PropertyIndex status = before.ledger().At("status");
  const bool opens = std::ranges::find(draft.set, status) != draft.set.end() &&
                     draft.document.At(status).Get<std::int64_t>() == kActive;
  if (!locked || opens) return {};
  return base::MakeError(base::ErrorCode::kBadRequest,
                         "cannot update a locked account\naborted transaction");
}

}  // namespace

base::Result<VisibleDocument> CreateAccount(const authz::Permit& permit, WriteScope& scope,
                                            const boost::json::object& input) {
  STRONGROOM_ASSIGN(Draft draft, ReadCreateInput(scope.catalog().At(LedgerId::kAccount), input));
  STRONGROOM_ASSIGN(const std::vector<base::Uuid> sets, ReadAccountSetIds(input));
  if (AsksForUpsert(input)) {
    // Rights first: whether the id is taken is not told to those who may not insert.
    STRONGROOM_TRY(AskInsert(permit, draft.document, draft.set));
    STRONGROOM_ASSIGN(SharedDocument stored,
                      Load(scope, LedgerId::kAccount, DocumentKey::Of(draft.document)));
    if (stored != nullptr) {
      // What can't be seen is a taken key (SPEC 4.1.8).
      STRONGROOM_ASSIGN(VisibleDocument judged, VisibleDocument::Judge(permit, std::move(stored)));
      if (!judged.Visible()) return Taken(judged.ledger(), "account_id");
      return judged;
    }
  }
  STRONGROOM_ASSIGN(SharedDocument written,
                    Insert(permit, scope, std::move(draft.document), draft.set));
  for (const base::Uuid& set : sets)
    STRONGROOM_TRY(AddMember(permit, scope, set, written, MemberType::kFoundOut));
  return VisibleDocument::Judge(permit, std::move(written));
}

base::Result<VisibleDocument> UpdateAccount(const authz::Permit& permit, WriteScope& scope,
                                            const base::Uuid& id,
                                            const boost::json::object& input) {
  STRONGROOM_ASSIGN(const SharedDocument before, FindAccount(permit, scope, id));
  STRONGROOM_ASSIGN(Draft draft, ReadUpdateInput(*before, input));
  // Rights first: whether the account is locked is not told to those who may not update it.
  STRONGROOM_TRY(AskUpdate(permit, *before, draft.document, draft.set));
  STRONGROOM_TRY(RequireOwn(*before));
  STRONGROOM_TRY(RequireOpen(*before, draft));
  STRONGROOM_ASSIGN(SharedDocument written,
                    Update(permit, scope, before, std::move(draft.document), draft.set));
  return VisibleDocument::Judge(permit, std::move(written));
}

base::Result<VisibleDocument> DeleteAccount(const authz::Permit& permit, WriteScope& scope,
                                            const base::Uuid& id) {
  STRONGROOM_ASSIGN(SharedDocument account, FindAccount(permit, scope, id));
  STRONGROOM_TRY(AskDelete(permit, *account));
  STRONGROOM_TRY(RequireOwn(*account));
  if (account->At("status").Get<std::int64_t>() != kLocked) {
    Document locked = *account;
    locked.Set("status", kLocked);
    STRONGROOM_ASSIGN(account, UpdateUnasked(scope, account, std::move(locked)));
  }
  return VisibleDocument::Judge(permit, std::move(account));
}

}  // namespace strongroom::ledger
