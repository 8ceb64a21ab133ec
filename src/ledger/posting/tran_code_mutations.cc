#include "ledger/engine.h"
#include "ledger/input.h"
#include "ledger/mutations.h"
#include "ledger/posting/tran_code_cache.h"
#include "ledger/posting/tran_code_program.h"
#include "ledger/write.h"

namespace strongroom::ledger {
namespace {

constexpr std::int64_t kLocked = 1;  // of Status, catalog/enums.cc

// behaviour §9: every expression compiles, and the entries balance for the defaults. Whether the
// journal and the accounts exist is asked by postings.
base::Status CheckTranCode(WriteScope& scope, const Document& tran_code) {
  STRONGROOM_ASSIGN(const auto program,
                    TranCodeProgram::Compile(scope.engine.tran_codes().tran_code_env(), tran_code));
  return program->CheckSample(scope.now, scope.engine.random());
}

base::Result<SharedDocument> RequireTranCode(const authz::Permit& permit, WriteScope& scope,
                                             const base::Uuid& id) {
  return RequireVisible(permit, scope, LedgerId::kTranCode, DocumentKey::Of(id), id.ToString());
}

}  // namespace

base::Result<VisibleDocument> CreateTranCode(const authz::Permit& permit, WriteScope& scope,
                                             const boost::json::object& input) {
  const Ledger& ledger = scope.catalog().At(LedgerId::kTranCode);
  STRONGROOM_ASSIGN(Draft draft, ReadCreateInput(ledger, input));
  // Who may not create one is told so, whatever the text is worth.
  STRONGROOM_TRY(AskInsert(permit, draft.document, draft.set));
  STRONGROOM_TRY(CheckTranCode(scope, draft.document));
  STRONGROOM_ASSIGN(SharedDocument written,
                    Insert(permit, scope, std::move(draft.document), draft.set));
  return VisibleDocument::Judge(permit, std::move(written));
}

base::Result<VisibleDocument> UpdateTranCode(const authz::Permit& permit, WriteScope& scope,
                                             const base::Uuid& id,
                                             const boost::json::object& input) {
  STRONGROOM_ASSIGN(const SharedDocument before, RequireTranCode(permit, scope, id));
  STRONGROOM_ASSIGN(Draft draft, ReadUpdateInput(*before, input));
  STRONGROOM_TRY(AskUpdate(permit, *before, draft.document, draft.set));
  STRONGROOM_TRY(CheckTranCode(scope, draft.document));
  STRONGROOM_ASSIGN(SharedDocument written,
                    Update(permit, scope, before, std::move(draft.document), draft.set));
  return VisibleDocument::Judge(permit, std::move(written));
}

base::Result<VisibleDocument> DeleteTranCode(const authz::Permit& permit, WriteScope& scope,
                                             const base::Uuid& id) {
  STRONGROOM_ASSIGN(SharedDocument before, RequireTranCode(permit, scope, id));
  STRONGROOM_TRY(AskDelete(permit, *before));
  if (before->At("status").Get<std::int64_t>() == kLocked) {
    return VisibleDocument::Judge(permit, std::move(before));
  }
  Document after = *before;
  after.Set("status", kLocked);
  STRONGROOM_ASSIGN(SharedDocument written, UpdateUnasked(scope, before, std::move(after)));
  return VisibleDocument::Judge(permit, std::move(written));
}

}  // namespace strongroom::ledger
