#include "ledger/indexes/index_set.h"

#include <algorithm>

#include "ledger/catalog/ledgers.h"
#include "ledger/engine.h"
#include "ledger/tenancy.h"
#include "ledger/write.h"
#include "storage/key.h"

namespace strongroom::ledger {
namespace {

constexpr std::uint8_t kIndexSet = 0x18;

std::string SetKey() { return storage::KeyWriter(kIndexSet).Take(); }

std::shared_ptr<const IndexSet> NoIndexes(const Catalog& catalog) {
  auto set = std::make_shared<IndexSet>();
  set->rights = catalog.rights();
  return set;
}

}  // namespace

const CustomIndex* IndexSet::Find(LedgerId on, std::string_view name) const {
  const auto found = std::ranges::find_if(indexes, [&](const auto& index) {
    return index->ledger().id() == on && index->name() == name;
  });
  return found == indexes.end() ? nullptr : found->get();
}

bool IndexSet::Has(LedgerId on) const {
  return std::ranges::any_of(indexes,
                             [&](const auto& index) { return index->ledger().id() == on; });
}

IndexSetCache::IndexSetCache(const Catalog& catalog) : envs_(catalog), none_(NoIndexes(catalog)) {}

base::Result<base::Uuid> IndexSetId(storage::Reader& reader, storage::SpaceId tenant) {
  STRONGROOM_ASSIGN(const auto bytes, reader.Get(tenant, SetKey()));
  if (!bytes) return base::Uuid();
  return storage::KeyReader(*bytes).Uuid();
}

base::Result<std::shared_ptr<const IndexSet>> IndexSetCache::Make(ReadScope& scope,
                                                                  const base::Uuid& id) const {
  auto set = std::make_shared<IndexSet>();
  set->id = id;
  std::vector<authz::CustomIndex> rights;
  STRONGROOM_ASSIGN(const auto definitions, LoadAll(scope, LedgerId::kIndex));
  for (const SharedDocument& definition : definitions) {
    rights.push_back({LedgerOn(scope.catalog(), *definition).rights(),
                      definition->At("name").Get<std::string>()});
    auto compiled = CustomIndex::Compile(envs_, *definition);
    // One that can't be compiled any more is not kept up to date, and lists don't find it.
    if (compiled.ok()) set->indexes.push_back(*std::move(compiled));
  }
  STRONGROOM_ASSIGN(set->rights, scope.catalog().rights()->WithCustomIndexes(rights));
  return std::shared_ptr<const IndexSet>(std::move(set));
}

base::Result<std::shared_ptr<const IndexSet>> IndexSetCache::Get(ReadScope& scope) {
  STRONGROOM_ASSIGN(const base::Uuid id, IndexSetId(scope.reader, scope.tenant));
  if (id.IsNil()) return none_;
  {
    const std::lock_guard lock(mutex_);
    const auto known = kept_.find(scope.tenant);
    if (known != kept_.end() && known->second->id == id) return known->second;
  }
  STRONGROOM_ASSIGN(auto set, Make(scope, id));
  const std::lock_guard lock(mutex_);
  if (kept_.size() >= limits::kAccessCacheMax) kept_.clear();
  kept_[scope.tenant] = set;
  return set;
}

base::Result<std::shared_ptr<const IndexSet>> IndexesOf(ReadScope& scope) {
  if (scope.indexes == nullptr) {
    STRONGROOM_ASSIGN(scope.indexes, scope.engine.index_sets().Get(scope));
  }
  return scope.indexes;
}

base::Status ChangeIndexes(WriteScope& scope) {
  scope.indexes = nullptr;
  const base::Uuid id = base::NewUuid(scope.engine.random());
  return scope.transaction.Put(scope.tenant, SetKey(), storage::KeyWriter().Uuid(id).key());
}

base::Status AddToCustomIndex(WriteScope& scope, const CustomIndex& index,
                              const Document& document) {
  STRONGROOM_ASSIGN(const auto keys, index.KeysOf(document));
  const std::string entry = index.EntryOf(document);
  for (const std::string& key : keys) {
    if (index.unique()) {
      STRONGROOM_ASSIGN(const auto taken, scope.reader.Get(scope.tenant, key));
      if (taken && *taken != entry) return Taken(document.ledger(), index.name());
    }
    STRONGROOM_TRY(scope.transaction.Put(scope.tenant, key, entry));
  }
  return {};
}

base::Status WriteCustomIndexes(WriteScope& scope, const Document* before, const Document* after) {
  const Ledger& ledger = (after != nullptr ? after : before)->ledger();
  if (kIndexOn.Find(ledger.spec().name) < 0) return {};
  STRONGROOM_ASSIGN(const auto set, IndexesOf(scope));
  for (const auto& index : set->indexes) {
    if (index->ledger().id() != ledger.id() || index->state() == IndexState::kFailed) continue;
    if (before != nullptr && !index->historical()) {
      STRONGROOM_ASSIGN(const auto old_keys, index->KeysOf(*before));
      std::vector<std::string> new_keys;
      if (after != nullptr) {
        STRONGROOM_ASSIGN(new_keys, index->KeysOf(*after));
      }
      for (const std::string& key : old_keys)
        if (!std::ranges::binary_search(new_keys, key))
          STRONGROOM_TRY(scope.transaction.Delete(scope.tenant, key));
    }
    if (after != nullptr) STRONGROOM_TRY(AddToCustomIndex(scope, *index, *after));
  }
  return {};
}

}  // namespace strongroom::ledger
