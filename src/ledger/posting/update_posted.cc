// What may change after a posting: words, never amounts (behaviour §10). The catalog's update_type
// says which.
#include "ledger/input.h"
#include "ledger/mutations.h"
#include "ledger/write.h"

namespace strongroom::ledger {
namespace {

base::Result<VisibleDocument> UpdateWords(const authz::Permit& permit, WriteScope& scope,
                                          LedgerId ledger, const base::Uuid& id,
                                          const boost::json::object& input) {
  STRONGROOM_ASSIGN(const SharedDocument before,
                    RequireVisible(permit, scope, ledger, DocumentKey::Of(id), id.ToString()));
  STRONGROOM_ASSIGN(Draft draft, ReadUpdateInput(*before, input));
  STRONGROOM_ASSIGN(SharedDocument written,
                    Update(permit, scope, before, std::move(draft.document), draft.set));
  return VisibleDocument::Judge(permit, std::move(written));
}

}  // namespace

base::Result<VisibleDocument> UpdateTransaction(const authz::Permit& permit, WriteScope& scope,
                                                const base::Uuid& id,
                                                const boost::json::object& input) {
  return UpdateWords(permit, scope, LedgerId::kTransaction, id, input);
}

base::Result<VisibleDocument> UpdateEntry(const authz::Permit& permit, WriteScope& scope,
                                          const base::Uuid& id, const boost::json::object& input) {
  return UpdateWords(permit, scope, LedgerId::kEntry, id, input);
}

}  // namespace strongroom::ledger
