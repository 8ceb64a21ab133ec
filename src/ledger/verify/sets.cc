// Memberships of account sets stand twice: as documents, and with the member.
#include "ledger/account_set_members.h"
#include "ledger/records.h"
#include "ledger/verify/inspection.h"

namespace strongroom::ledger {
namespace {

std::vector<base::Uuid> SetsOf(const Document& member) {
  std::vector<base::Uuid> ids;
  if (const auto* list = member.At("set_ids").As<ListValue>(); list != nullptr)
    for (const Value& id : *list->items) ids.push_back(id.Get<base::Uuid>());
  return ids;
}

base::Status InspectMembers(Inspection& inspection, LedgerId id, std::uint64_t& named) {
  const Ledger& ledger = inspection.scope.catalog().At(id);
  return inspection.EachDocument(
      ledger, [&](const SharedDocument& member, std::string_view) -> base::Status {
        const auto& own = member->At(ledger.key().front()).Get<base::Uuid>();
        for (const base::Uuid& set : SetsOf(*member)) {
          ++named;
          STRONGROOM_ASSIGN(
              const SharedDocument membership,
              Load(inspection.scope, LedgerId::kAccountSetMember, MembershipKey(set, own)));
          const auto type = id == LedgerId::kAccountSet ? kMemberAccountSet : kMemberAccount;
          if (membership == nullptr || membership->At("member_type").Get<std::int64_t>() != type)
            inspection.Find("account sets", fmt::format("{} names the set {}, which has no such "
                                                        "member",
                                                        NameOf(*member), set.ToString()));
        }
        return {};
      });
}

}  // namespace

base::Status InspectSets(Inspection& inspection) {
  std::uint64_t named = 0;
  STRONGROOM_TRY(InspectMembers(inspection, LedgerId::kAccount, named));
  STRONGROOM_TRY(InspectMembers(inspection, LedgerId::kAccountSet, named));
  const Catalog& catalog = inspection.scope.catalog();
  const Ledger& memberships = catalog.At(LedgerId::kAccountSetMember);
  STRONGROOM_ASSIGN(const std::uint64_t stored, inspection.Count(CurrentKey(memberships)));
  if (stored != named)
    inspection.Find("account sets", fmt::format("{} memberships are stored, and the members name "
                                                "{}",
                                                stored, named));
  return inspection.EachDocument(
      catalog.At(LedgerId::kAccountSet),
      [&](const SharedDocument& set, std::string_view) -> base::Status {
        STRONGROOM_ASSIGN(const std::uint64_t members,
                          inspection.Count(CurrentKey(memberships, DocumentKey::Of(*set).bytes())));
        if (set->At("has_members").Get<bool>() != (members > 0))
          inspection.Find("account sets", NameOf(*set) + " is wrong about having members");
        STRONGROOM_ASSIGN(const bool account,
                          Exists(inspection.scope, LedgerId::kAccount, DocumentKey::Of(*set)));
        if (!account) inspection.Find("account sets", NameOf(*set) + " has no account under it");
        return {};
      });
}

}  // namespace strongroom::ledger
