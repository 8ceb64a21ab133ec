#include "ledger/indexes/index_work.h"

#include "ledger/encoding.h"
#include "ledger/engine.h"
#include "ledger/indexes/index_set.h"
#include "ledger/records.h"
#include "ledger/tenancy.h"
#include "ledger/write.h"
#include "storage/key.h"

namespace strongroom::ledger {
namespace {

constexpr std::uint8_t kDropped = 0x19;

// Of one transaction: others wait for it, a few tens of milliseconds.
constexpr std::size_t kDocumentsPerBatch = 500;
constexpr std::size_t kEntriesPerBatch = 5000;

IndexState StateOf(const Document& definition) {
  return static_cast<IndexState>(definition.At("state").Get<std::int64_t>());
}

base::Status AddVersions(WriteScope& scope, const CustomIndex& index, const Document& current) {
  const Ledger& ledger = current.ledger();
  STRONGROOM_ASSIGN(const auto cursor,
                    scope.reader.Scan(scope.tenant, storage::PrefixRange(VersionPrefix(
                                                        ledger, DocumentKey::Of(current)))));
  while (true) {
    STRONGROOM_ASSIGN(const bool found, cursor->Next());
    if (!found) return {};
    STRONGROOM_ASSIGN(const SharedDocument version, Decode(ledger, cursor->value()));
    STRONGROOM_TRY(AddToCustomIndex(scope, index, *version));
  }
}

base::Result<SharedDocument> SetState(WriteScope& scope, const SharedDocument& definition,
                                      IndexState state) {
  STRONGROOM_TRY(ChangeIndexes(scope));
  return RewriteUnasked(scope, definition, "state", static_cast<std::int64_t>(state));
}

base::Result<SharedDocument> FirstBuilding(ReadScope& scope) {
  STRONGROOM_ASSIGN(const auto definitions, LoadAll(scope, LedgerId::kIndex));
  for (const SharedDocument& definition : definitions)
    if (StateOf(*definition) == IndexState::kBuilding) return definition;
  return SharedDocument();
}

std::string DroppedPrefix() { return storage::KeyWriter(kDropped).Take(); }

// The first index whose entries are to be removed.
base::Result<std::optional<base::Uuid>> FirstDropped(ReadScope& scope) {
  STRONGROOM_ASSIGN(const auto cursor,
                    scope.reader.Scan(scope.tenant, storage::PrefixRange(DroppedPrefix())));
  STRONGROOM_ASSIGN(const bool found, cursor->Next());
  if (!found) return std::optional<base::Uuid>();
  STRONGROOM_ASSIGN(const base::Uuid id, storage::KeyReader(cursor->key().substr(1)).Uuid());
  return std::optional(id);
}

base::Status RemoveEntries(WriteScope& scope, const base::Uuid& index_id) {
  std::vector<std::string> keys;
  {
    STRONGROOM_ASSIGN(
        const auto cursor,
        scope.reader.Scan(scope.tenant, storage::PrefixRange(CustomIndexPrefix(index_id)),
                          {.keys_only = true}));
    while (keys.size() < kEntriesPerBatch) {
      STRONGROOM_ASSIGN(const bool found, cursor->Next());
      if (!found) break;
      keys.emplace_back(cursor->key());
    }
  }
  for (const std::string& key : keys) STRONGROOM_TRY(scope.transaction.Delete(scope.tenant, key));
  if (keys.size() == kEntriesPerBatch) return {};
  return scope.transaction.Delete(scope.tenant, storage::KeyWriter(kDropped).Uuid(index_id).key());
}

}  // namespace

base::Result<SharedDocument> BuildIndex(WriteScope& scope, SharedDocument definition,
                                        std::size_t documents_max) {
  STRONGROOM_ASSIGN(const auto index,
                    CustomIndex::Compile(scope.engine.index_sets().envs(), *definition));
  const Ledger& ledger = index->ledger();
  const std::string prefix = CurrentKey(ledger);
  storage::KeyRange range = storage::PrefixRange(prefix);
  if (const auto* reached = definition->At("reached").As<std::string>(); reached != nullptr)
    range.begin = prefix + *reached + '\0';
  STRONGROOM_ASSIGN(const auto cursor, scope.reader.Scan(scope.tenant, range));
  std::string reached;
  for (std::size_t i = 0; i < documents_max; ++i) {
    STRONGROOM_ASSIGN(const bool found, cursor->Next());
    if (!found) return SetState(scope, definition, IndexState::kReady);
    reached = cursor->key().substr(prefix.size());
    STRONGROOM_ASSIGN(const SharedDocument document, Decode(ledger, cursor->value()));
    auto added = AddToCustomIndex(scope, *index, *document);
    if (added.ok() && index->historical()) added = AddVersions(scope, *index, *document);
    // Twice there, or more than an index takes: it can't be built.
    if (!added.ok() && (added.error().code == base::ErrorCode::kUniqueConstraintViolation ||
                        added.error().code == base::ErrorCode::kLimitExceeded))
      return SetState(scope, definition, IndexState::kFailed);
    STRONGROOM_TRY(std::move(added));
  }
  return RewriteUnasked(scope, definition, "reached", reached);
}

base::Status DropEntries(WriteScope& scope, const base::Uuid& index_id) {
  scope.index_work = true;
  return scope.transaction.Put(scope.tenant, storage::KeyWriter(kDropped).Uuid(index_id).key(), "");
}

base::Result<bool> WorkOnIndexes(storage::Store& store, Engine& engine, storage::SpaceId tenant,
                                 base::Timestamp now) {
  STRONGROOM_ASSIGN(const auto transaction, store.Begin({tenant}));
  WriteScope scope(engine, *transaction, tenant, now);
  STRONGROOM_ASSIGN(const SharedDocument building, FirstBuilding(scope));
  if (building != nullptr) {
    STRONGROOM_TRY(BuildIndex(scope, building, kDocumentsPerBatch));
  } else {
    STRONGROOM_ASSIGN(const auto dropped, FirstDropped(scope));
    if (!dropped) return false;
    STRONGROOM_TRY(RemoveEntries(scope, *dropped));
  }
  STRONGROOM_TRY(storage::CommitAndWait(*transaction));
  return true;
}

base::Result<std::vector<storage::SpaceId>> TenantsWithIndexWork(storage::Reader& reader,
                                                                 Engine& engine) {
  std::vector<storage::SpaceId> found;
  ReadScope installation{engine, reader, {}};
  STRONGROOM_ASSIGN(const auto tenants, LoadAll(installation, LedgerId::kTenant));
  for (const SharedDocument& tenant : tenants) {
    ReadScope scope{engine, reader, {tenant->At("id").Get<base::Uuid>()}};
    STRONGROOM_ASSIGN(const base::Uuid set, IndexSetId(reader, scope.tenant));
    if (set.IsNil()) continue;
    STRONGROOM_ASSIGN(const SharedDocument building, FirstBuilding(scope));
    STRONGROOM_ASSIGN(const auto dropped, FirstDropped(scope));
    if (building != nullptr || dropped) found.push_back(scope.tenant);
  }
  return found;
}

std::int64_t IndexProgress(const Document& definition) {
  if (StateOf(definition) == IndexState::kReady) return 100;
  const auto* reached = definition.At("reached").As<std::string>();
  // Locations begin with ids that were chosen at random, in most ledgers.
  if (reached == nullptr || reached->empty()) return 0;
  return static_cast<unsigned char>(reached->front()) * std::int64_t{100} / 256;
}

}  // namespace strongroom::ledger
