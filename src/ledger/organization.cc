// Tenants, groups and users of the organization (behaviour §14).
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "ledger/administration.h"
#include "ledger/audit/chain.h"
#include "ledger/engine.h"
#include "ledger/input.h"
#include "ledger/installation.h"
#include "ledger/policies.h"
#include "ledger/records.h"
#include "ledger/tenancy.h"
#include "ledger/write.h"

namespace strongroom::ledger {
namespace {

using base::ErrorCode;

base::Error BadArgument(std::string_view name, std::string message) {
  return Within("input", Within(name, base::MakeError(ErrorCode::kBadRequest, std::move(message))));
}

base::Result<Administered> Answer(const authz::Permit& permit, SharedDocument document,
                                  std::vector<authz::Warning> warnings = {}) {
  STRONGROOM_ASSIGN(VisibleDocument judged, VisibleDocument::Judge(permit, std::move(document)));
  return Administered{std::move(judged), std::move(warnings)};
}

// The document that a unique index holds for `value`; kNotFound when it can't be seen.
base::Result<SharedDocument> Find(const authz::Permit& permit, WriteScope& scope, LedgerId ledger,
                                  std::string_view index, std::string_view value) {
  STRONGROOM_ASSIGN(const auto found, GetBy(permit, scope, ledger, index, value));
  if (!found) return NotFound(scope.catalog().At(ledger), value);
  return found->Unjudged();
}

// The one that the update's own member names.
base::Result<SharedDocument> FindForUpdate(const authz::Permit& permit, WriteScope& scope,
                                           LedgerId ledger, const boost::json::object& input) {
  const std::string_view index = scope.catalog().At(ledger).spec().update_finder;
  const auto* value = input.if_contains(CamelCase(index));
  if (value == nullptr || !value->is_string())
    return BadArgument(CamelCase(index), fmt::format("`{}` has to be given", CamelCase(index)));
  return Find(permit, scope, ledger, index, value->get_string());
}

base::Result<base::Uuid> OrganizationId(WriteScope& scope) {
  STRONGROOM_ASSIGN(const SharedDocument organization, LoadOrganization(scope));
  if (organization == nullptr)
    return base::MakeError(ErrorCode::kInternalServerError, "the installation has no organization");
  return organization->At("id").Get<base::Uuid>();
}

// ---- Tenants.

base::Status CheckAccountId(const Document& tenant) {
  constexpr std::size_t kAccountIdBytesMax = 128;
  const auto& account_id = tenant.At("account_id").Get<std::string>();
  // It travels in a header.
  const bool visible = std::ranges::all_of(account_id, [](char c) { return c > ' ' && c < 0x7F; });
  if (visible && !account_id.empty() && account_id.size() <= kAccountIdBytesMax) return {};
  return BadArgument(
      "accountId",
      fmt::format("`accountId` has to be 1 to {} visible ASCII characters", kAccountIdBytesMax));
}

base::Status CheckDepth(WriteScope& scope, SharedDocument parent) {
  std::size_t depth = 1;
  while (parent != nullptr) {
    if (++depth > limits::kTenantDepthMax)
      return base::MakeError(
          ErrorCode::kLimitExceeded,
          fmt::format("tenants are created from tenants up to {} deep", limits::kTenantDepthMax),
          "create it from a tenant further up");
    STRONGROOM_ASSIGN(parent, LoadParent(scope, *parent));
  }
  return {};
}

base::Status MakeTenantSpace(WriteScope& scope, storage::SpaceId space) {
  STRONGROOM_TRY(scope.transaction.CreateSpace(space));
  STRONGROOM_TRY(audit::OpenChain(scope.transaction, space, scope.engine.random(), scope.now));
  WriteScope inside(scope.engine, scope.transaction, space, scope.now);
  return WriteDefaultJournal(inside);
}

base::Result<bool> HasChildren(WriteScope& scope, const base::Uuid& tenant) {
  const Ledger& ledger = scope.catalog().At(LedgerId::kTenant);
  std::string prefix = IndexPrefix(ledger, *ledger.FindIndex("parent"));
  AppendOrdered(ledger.properties()[ledger.At("parent_id")], Value(tenant), false, prefix);
  STRONGROOM_ASSIGN(auto cursor,
                    scope.reader.Scan(storage::kInstallation, storage::PrefixRange(prefix)));
  return cursor->Next();
}

base::Status CheckDeletable(WriteScope& scope, const Document& tenant) {
  const auto& id = tenant.At("id").Get<base::Uuid>();
  if (storage::SpaceId{id} == scope.tenant)
    return base::MakeError(ErrorCode::kBadRequest, "the addressed tenant can't delete itself",
                           "address the tenant that it was created from");
  STRONGROOM_ASSIGN(const bool has_children, HasChildren(scope, id));
  if (!has_children) return {};
  return base::MakeError(ErrorCode::kBadRequest, "other tenants were created from this tenant",
                         "delete those first");
}

// Its clients go with it, and are to be counted no more.
base::Status UnregisterClients(WriteScope& scope, storage::SpaceId tenant) {
  WriteScope inside(scope.engine, scope.transaction, tenant, scope.now);
  STRONGROOM_ASSIGN(const auto clients, LoadAll(inside, LedgerId::kClient));
  for (const SharedDocument& client : clients)
    STRONGROOM_TRY(Unregister(scope, client->At("principal").Get<std::string>()));
  return {};
}

// ---- Groups.

// Nobody is in a group that is gone, also when its id is used again.
base::Status LeaveGroup(WriteScope& scope, const base::Uuid& group) {
  STRONGROOM_ASSIGN(const auto users, LoadAll(scope, LedgerId::kUser));
  for (const SharedDocument& user : users) {
    Values ids = *user->At("group_ids").Get<ListValue>().items;
    if (std::erase_if(ids, [&](const Value& id) { return id.Get<base::Uuid>() == group; }) == 0)
      continue;
    Document after = *user;
    after.Set("group_ids", MakeList(std::move(ids)));
    STRONGROOM_TRY(UpdateUnasked(scope, user, std::move(after)));
  }
  return {};
}

}  // namespace

base::Result<Administered> CreateTenant(const authz::Permit& permit, WriteScope& scope,
                                        const boost::json::object& input) {
  STRONGROOM_ASSIGN(Draft draft, ReadCreateInput(scope.catalog().At(LedgerId::kTenant), input));
  STRONGROOM_ASSIGN(const SharedDocument parent, LoadTenant(scope, scope.tenant));
  if (parent == nullptr)
    return base::MakeError(ErrorCode::kInternalServerError, "the addressed tenant is gone");
  const storage::SpaceId space{draft.document.At("id").Get<base::Uuid>()};
  if (space == storage::kInstallation) return BadArgument("id", "`id` can't be the nil UUID");
  draft.document.Set("organization_id", parent->At("organization_id"));
  draft.document.Set("parent_id", scope.tenant.id);
  STRONGROOM_TRY(AskInsert(permit, draft.document, draft.set));
  STRONGROOM_TRY(CheckAccountId(draft.document));
  STRONGROOM_TRY(CheckDepth(scope, parent));
  STRONGROOM_ASSIGN(SharedDocument written,
                    Insert(permit, scope, std::move(draft.document), draft.set));
  STRONGROOM_TRY(MakeTenantSpace(scope, space));
  STRONGROOM_TRY(BumpPolicyEpoch(scope));
  return Answer(permit, std::move(written));
}

base::Result<Administered> UpdateTenant(const authz::Permit& permit, WriteScope& scope,
                                        const boost::json::object& input) {
  STRONGROOM_ASSIGN(const SharedDocument before,
                    FindForUpdate(permit, scope, LedgerId::kTenant, input));
  STRONGROOM_ASSIGN(Draft draft, ReadUpdateInput(*before, input));
  STRONGROOM_ASSIGN(SharedDocument written,
                    Update(permit, scope, before, std::move(draft.document), draft.set));
  STRONGROOM_TRY(BumpPolicyEpoch(scope));
  return Answer(permit, std::move(written));
}

base::Result<Administered> DeleteTenant(const authz::Permit& permit, WriteScope& scope,
                                        std::string_view account_id) {
  STRONGROOM_ASSIGN(SharedDocument tenant,
                    Find(permit, scope, LedgerId::kTenant, "account_id", account_id));
  STRONGROOM_TRY(AskDelete(permit, *tenant));
  STRONGROOM_TRY(CheckDeletable(scope, *tenant));
  const storage::SpaceId space{tenant->At("id").Get<base::Uuid>()};
  STRONGROOM_TRY(UnregisterClients(scope, space));
  STRONGROOM_TRY(EraseUnasked(scope, *tenant));
  STRONGROOM_TRY(scope.transaction.DestroySpace(space));
  STRONGROOM_TRY(BumpPolicyEpoch(scope));
  return Answer(permit, std::move(tenant));
}

base::Result<Administered> CreateGroup(const authz::Permit& permit, WriteScope& scope,
                                       const boost::json::object& input) {
  STRONGROOM_ASSIGN(Draft draft, ReadCreateInput(scope.catalog().At(LedgerId::kGroup), input));
  STRONGROOM_ASSIGN(const base::Uuid organization, OrganizationId(scope));
  draft.document.Set("organization_id", organization);
  STRONGROOM_TRY(AskInsert(permit, draft.document, draft.set));
  STRONGROOM_ASSIGN(auto warnings, CheckPolicies(scope, draft.document));
  STRONGROOM_ASSIGN(SharedDocument written,
                    Insert(permit, scope, std::move(draft.document), draft.set));
  STRONGROOM_TRY(BumpPolicyEpoch(scope));
  return Answer(permit, std::move(written), std::move(warnings));
}

base::Result<Administered> UpdateGroup(const authz::Permit& permit, WriteScope& scope,
                                       const boost::json::object& input) {
  STRONGROOM_ASSIGN(const SharedDocument before,
                    FindForUpdate(permit, scope, LedgerId::kGroup, input));
  STRONGROOM_ASSIGN(Draft draft, ReadUpdateInput(*before, input));
  STRONGROOM_TRY(AskUpdate(permit, *before, draft.document, draft.set));
  STRONGROOM_ASSIGN(auto warnings, CheckPolicies(scope, draft.document));
  STRONGROOM_ASSIGN(SharedDocument written,
                    Update(permit, scope, before, std::move(draft.document), draft.set));
  STRONGROOM_TRY(BumpPolicyEpoch(scope));
  return Answer(permit, std::move(written), std::move(warnings));
}

base::Result<Administered> DeleteGroup(const authz::Permit& permit, WriteScope& scope,
                                       std::string_view name) {
  STRONGROOM_ASSIGN(SharedDocument group, Find(permit, scope, LedgerId::kGroup, "name", name));
  STRONGROOM_TRY(AskDelete(permit, *group));
  STRONGROOM_TRY(LeaveGroup(scope, group->At("id").Get<base::Uuid>()));
  STRONGROOM_TRY(EraseUnasked(scope, *group));
  STRONGROOM_TRY(BumpPolicyEpoch(scope));
  return Answer(permit, std::move(group));
}

base::Result<Administered> CreateUser(const authz::Permit& permit, WriteScope& scope,
                                      const boost::json::object& input) {
  STRONGROOM_ASSIGN(Draft draft, ReadCreateInput(scope.catalog().At(LedgerId::kUser), input));
  STRONGROOM_ASSIGN(const base::Uuid organization, OrganizationId(scope));
  draft.document.Set("organization_id", organization);
  if (draft.document.At("email").Get<std::string>().find('@') == std::string::npos)
    return BadArgument("email", "`email` has to be an e-mail address");
  STRONGROOM_ASSIGN(SharedDocument written,
                    Insert(permit, scope, std::move(draft.document), draft.set));
  STRONGROOM_TRY(BumpPolicyEpoch(scope));
  return Answer(permit, std::move(written));
}

base::Result<Administered> UpdateUser(const authz::Permit& permit, WriteScope& scope,
                                      const boost::json::object& input) {
  STRONGROOM_ASSIGN(const SharedDocument before,
                    FindForUpdate(permit, scope, LedgerId::kUser, input));
  STRONGROOM_ASSIGN(Draft draft, ReadUpdateInput(*before, input));
  STRONGROOM_ASSIGN(SharedDocument written,
                    Update(permit, scope, before, std::move(draft.document), draft.set));
  STRONGROOM_TRY(BumpPolicyEpoch(scope));
  return Answer(permit, std::move(written));
}

base::Result<Administered> DeleteUser(const authz::Permit& permit, WriteScope& scope,
                                      std::string_view email) {
  STRONGROOM_ASSIGN(SharedDocument user, Find(permit, scope, LedgerId::kUser, "email", email));
  STRONGROOM_TRY(AskDelete(permit, *user));
  STRONGROOM_TRY(EraseUnasked(scope, *user));
  STRONGROOM_TRY(BumpPolicyEpoch(scope));
  return Answer(permit, std::move(user));
}

base::Result<std::optional<VisibleDocument>> GetOrganization(const authz::Permit& permit,
                                                             ReadScope& scope) {
  const Ledger& ledger = scope.catalog().At(LedgerId::kOrganization);
  if (permit.NeverAllows(authz::Action::kSelect, ledger.rights()))
    return AccessDenied(permit, authz::Action::kSelect, ledger);
  STRONGROOM_ASSIGN(SharedDocument organization, LoadOrganization(scope));
  return VisibleDocument::JudgeFound(permit, std::move(organization));
}

}  // namespace strongroom::ledger
