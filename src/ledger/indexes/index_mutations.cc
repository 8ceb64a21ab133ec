// Making and deleting custom indexes (behaviour §13).
#include <fmt/format.h>

#include <boost/json.hpp>

#include "authz/catalog.h"
#include "ledger/catalog/ledgers.h"
#include "ledger/engine.h"
#include "ledger/indexes/index_set.h"
#include "ledger/indexes/index_work.h"
#include "ledger/input.h"
#include "ledger/mutations.h"
#include "ledger/records.h"
#include "ledger/tenancy.h"
#include "ledger/write.h"
#include "storage/key.h"

namespace strongroom::ledger {
namespace {

using authz::Action;
using base::ErrorCode;

// Added within the operation that makes the index: about as long as a large posting.
constexpr std::size_t kDocumentsAtOnce = 1000;

base::Error InInput(std::string_view member, base::Error error) {
  return Within("input", Within(member, std::move(error)));
}

base::Status Ask(const authz::Permit& permit, Action action, const Ledger& on,
                 std::string_view name) {
  const std::string resource =
      authz::ResourceIdentifier(on.full_name(), authz::ResourceKind::kIndexes, name);
  STRONGROOM_ASSIGN(const bool allowed, permit.AllowsWithoutDocument(action, resource));
  if (allowed) return {};
  return AccessDenied(permit, action, resource, nullptr);
}

base::Status CheckName(const Ledger& on, const std::string& name) {
  if (!authz::IsResourceName(name))
    return InInput("name", base::MakeError(ErrorCode::kBadRequest,
                                           fmt::format("`{}` is not a name of an index", name),
                                           "use letters, digits, `_` and `-`, at most 128"));
  if (on.FindIndex(name) != nullptr) return Taken(on, name);
  return {};
}

base::Status CheckKind(const Document& definition) {
  const auto is = [&](std::string_view name) { return definition.At(name).Get<bool>(); };
  if (is("search"))
    return base::MakeError(ErrorCode::kNotSupported, "there are no search indexes",
                           "leave `search` out");
  if (is("unique") && is("async"))
    return base::MakeError(ErrorCode::kBadRequest, "an async index can't be unique");
  if (is("unique") && is("historical"))
    return base::MakeError(ErrorCode::kBadRequest, "a historical index can't be unique");
  return {};
}

base::Status CheckCount(ReadScope& scope) {
  STRONGROOM_ASSIGN(const auto all, LoadAll(scope, LedgerId::kIndex));
  if (all.size() < limits::kCustomIndexesMax) return {};
  return base::MakeError(
      ErrorCode::kLimitExceeded,
      fmt::format("a tenant has at most {} custom indexes", limits::kCustomIndexesMax));
}

}  // namespace

base::Result<VisibleDocument> CreateIndex(const authz::Permit& permit, WriteScope& scope,
                                          const boost::json::object& input, bool historical) {
  const Ledger& ledger = scope.catalog().At(LedgerId::kIndex);
  boost::json::object renamed = input;
  if (auto* sort = renamed.if_contains("sort"); sort != nullptr) renamed["range"] = *sort;
  STRONGROOM_ASSIGN(Draft draft, ReadCreateInput(ledger, renamed));
  Document& definition = draft.document;
  definition.Set("historical", historical);
  definition.Set("index_id", base::NewUuid(scope.engine.random()));
  definition.Set("state", static_cast<std::int64_t>(IndexState::kBuilding));
  const Ledger& on = LedgerOn(scope.catalog(), definition);
  const auto& name = definition.At("name").Get<std::string>();
  STRONGROOM_TRY(Ask(permit, Action::kInsert, on, name));
  STRONGROOM_TRY(CheckName(on, name));
  STRONGROOM_TRY(CheckKind(definition));
  STRONGROOM_TRY(CheckCount(scope));
  STRONGROOM_ASSIGN(SharedDocument written, InsertUnasked(scope, std::move(definition)));
  STRONGROOM_TRY(ChangeIndexes(scope));
  STRONGROOM_ASSIGN(written, BuildIndex(scope, written, kDocumentsAtOnce));
  const auto state = static_cast<IndexState>(written->At("state").Get<std::int64_t>());
  if (state == IndexState::kFailed) return Taken(on, written->At("name").Get<std::string>());
  scope.index_work = scope.index_work || state == IndexState::kBuilding;
  return VisibleDocument::Judge(permit, std::move(written));
}

base::Result<VisibleDocument> DeleteIndex(const authz::Permit& permit, WriteScope& scope,
                                          std::string_view on, std::string_view name) {
  const Ledger* ledger = scope.catalog().Find(on);
  STRONGROOM_CHECK(ledger != nullptr);
  STRONGROOM_TRY(Ask(permit, Action::kDelete, *ledger, name));
  const auto key =
      DocumentKey::FromBytes(storage::KeyWriter().Text(name).Int64(kIndexOn.Find(on)).Take());
  STRONGROOM_ASSIGN(SharedDocument definition, Load(scope, LedgerId::kIndex, key));
  if (definition == nullptr)
    return NotFound(scope.catalog().At(LedgerId::kIndex), fmt::format("{} {}", on, name));
  STRONGROOM_TRY(EraseUnasked(scope, *definition));
  STRONGROOM_TRY(DropEntries(scope, definition->At("index_id").Get<base::Uuid>()));
  STRONGROOM_TRY(ChangeIndexes(scope));
  return VisibleDocument::Judge(permit, std::move(definition));
}

}  // namespace strongroom::ledger
