// Account sets (behaviour §8). Who is in them: account_set_members.h.
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

base::Result<SharedDocument> FindSet(const authz::Permit& permit, WriteScope& scope,
                                     const base::Uuid& id) {
  return RequireVisible(permit, scope, LedgerId::kAccountSet, DocumentKey::Of(id), id.ToString());
}

void FillCode(Document& set) {
  const auto* code = set.At("code").As<std::string>();
  if (code == nullptr || code->empty())
    set.Set("code", set.At("account_set_id").Get<base::Uuid>().ToString());
}

// What the account under a set takes over from it.
Document FollowSet(Document account, const Document& set) {
  for (const std::string_view name : {"code", "name", "description", "normal_balance_type"})
    account.Set(name, set.At(name));
  const bool concurrent = set.At("config").Get<RecordValue>().fields->front().Get<bool>();
  account.Set("config", MakeRecord({concurrent, true}));
  return account;
}

base::Status MakeAccountOf(WriteScope& scope, const Document& set) {
  Document account(scope.catalog().At(LedgerId::kAccount));
  account.Set("account_id", set.At("account_set_id"));
  account.Set("external_id", "");
  account.Set("status", kActive);
  STRONGROOM_TRY(InsertUnasked(scope, FollowSet(std::move(account), set)));
  return {};
}

base::Result<SharedDocument> LoadAccountOf(WriteScope& scope, const Document& set) {
  return Load(scope, LedgerId::kAccount,
              DocumentKey::Of(set.At("account_set_id").Get<base::Uuid>()));
}

base::Status RequireThere(const Document& set) {
  if (!set.At("deleted").Get<bool>()) return {};
  return base::MakeError(base::ErrorCode::kBadRequest, "cannot update a deleted account set");
}

}  // namespace

base::Result<VisibleDocument> CreateAccountSet(const authz::Permit& permit, WriteScope& scope,
                                               const boost::json::object& input) {
  STRONGROOM_ASSIGN(Draft draft, ReadCreateInput(scope.catalog().At(LedgerId::kAccountSet), input));
  STRONGROOM_ASSIGN(const std::vector<base::Uuid> sets, ReadAccountSetIds(input));
  draft.document.Set("account_id", draft.document.At("account_set_id"));
  FillCode(draft.document);
  if (AsksForUpsert(input)) {
    // Rights first: whether the id is taken is not told to those who may not insert.
    STRONGROOM_TRY(AskInsert(permit, draft.document, draft.set));
    STRONGROOM_ASSIGN(SharedDocument stored,
                      Load(scope, LedgerId::kAccountSet, DocumentKey::Of(draft.document)));
    if (stored != nullptr) {
      // What can't be seen is a taken key (SPEC 4.1.8).
      STRONGROOM_ASSIGN(VisibleDocument judged, VisibleDocument::Judge(permit, std::move(stored)));
      if (!judged.Visible()) return Taken(judged.ledger(), "account_set_id");
      return judged;
    }
  }
  STRONGROOM_ASSIGN(SharedDocument written,
                    Insert(permit, scope, std::move(draft.document), draft.set));
  // SPEC 4.1.7: it follows by itself.
  STRONGROOM_TRY(MakeAccountOf(scope, *written));
  for (const base::Uuid& set : sets)
    STRONGROOM_TRY(AddMember(permit, scope, set, written, MemberType::kFoundOut));
  return VisibleDocument::Judge(permit, std::move(written));
}

base::Result<VisibleDocument> UpdateAccountSet(const authz::Permit& permit, WriteScope& scope,
                                               const base::Uuid& id,
                                               const boost::json::object& input) {
  STRONGROOM_ASSIGN(const SharedDocument before, FindSet(permit, scope, id));
  STRONGROOM_ASSIGN(Draft draft, ReadUpdateInput(*before, input));
  FillCode(draft.document);
  // Rights first: whether the set is deleted is not told to those who may not update it.
  STRONGROOM_TRY(AskUpdate(permit, *before, draft.document, draft.set));
  STRONGROOM_TRY(RequireThere(*before));
  STRONGROOM_ASSIGN(SharedDocument written,
                    Update(permit, scope, before, std::move(draft.document), draft.set));
  STRONGROOM_ASSIGN(const SharedDocument account, LoadAccountOf(scope, *written));
  STRONGROOM_TRY(UpdateUnasked(scope, account, FollowSet(*account, *written)));
  return VisibleDocument::Judge(permit, std::move(written));
}

base::Result<VisibleDocument> DeleteAccountSet(const authz::Permit& permit, WriteScope& scope,
                                               const base::Uuid& id) {
  STRONGROOM_ASSIGN(SharedDocument set, FindSet(permit, scope, id));
  STRONGROOM_TRY(AskDelete(permit, *set));
  if (!set->At("deleted").Get<bool>()) {
    Document deleted = *set;
    deleted.Set("deleted", true);
    STRONGROOM_ASSIGN(set, UpdateUnasked(scope, set, std::move(deleted)));
    STRONGROOM_ASSIGN(const SharedDocument account, LoadAccountOf(scope, *set));
    Document locked = *account;
    locked.Set("status", kLocked);
    STRONGROOM_TRY(UpdateUnasked(scope, account, std::move(locked)));
  }
  return VisibleDocument::Judge(permit, std::move(set));
}

}  // namespace strongroom::ledger
