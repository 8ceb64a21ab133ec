#include "ledger/write.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "ledger/document_text.h"
#include "ledger/encoding.h"
#include "ledger/engine.h"
#include "ledger/indexes/index_set.h"
#include "ledger/records.h"

namespace strongroom::ledger {
namespace {

using authz::Action;

std::string ResourceOf(const Ledger& ledger, authz::ResourceKind kind, std::string_view name) {
  return authz::ResourceIdentifier(ledger.full_name(), kind, name);
}

// ---- Rights.

// Asks for the properties, and for the references among them that are there. What changes none of
// them writes a version all the same, and needs the right to some property.
base::Status Ask(const authz::Permit& permit, Action action, const authz::DocumentVerdict& verdict,
                 const Document& document, std::span<const PropertyIndex> properties) {
  const Ledger& ledger = document.ledger();
  bool asked = false;
  for (const PropertyIndex property : properties) {
    const PropertySpec& spec = ledger.properties()[property];
    if (spec.internal) continue;
    asked = true;
    if (!verdict.Allows(Ledger::Right(property)))
      return AccessDenied(permit, action,
                          ResourceOf(ledger, authz::ResourceKind::kDocument, spec.name), &document);
    const ReferenceSpec* reference = ledger.FindReference(spec.name);
    if (reference != nullptr && !document.At(property).IsNull() &&
        !verdict.Allows(ledger.Right(*reference)))
      return AccessDenied(permit, action,
                          ResourceOf(ledger, authz::ResourceKind::kReferences, spec.name),
                          &document);
  }
  // `Visible` is: some property is allowed, for whatever action was judged.
  if (!asked && !verdict.Visible())
    return AccessDenied(permit, action, ledger.full_name() + ".document", &document);
  return {};
}

// Tells the permit of a decision that allowed a write, for the audit log.
void Note(const authz::Permit& permit, Action action, const Document& document,
          std::span<const PropertyIndex> properties) {
  const Ledger& ledger = document.ledger();
  std::vector<authz::ResourceId> resources;
  resources.reserve(properties.size());
  for (const PropertyIndex property : properties) {
    const PropertySpec& spec = ledger.properties()[property];
    if (spec.internal) continue;
    resources.push_back(Ledger::Right(property));
    const ReferenceSpec* reference = ledger.FindReference(spec.name);
    if (reference != nullptr && !document.At(property).IsNull())
      resources.push_back(ledger.Right(*reference));
  }
  permit.NoteGranted(action, ledger.rights(), KeyText(document), std::move(resources), document);
}

// What the writer of versions sets by itself.
bool IsSystemProperty(const Ledger& ledger, PropertyIndex property) {
  return property == ledger.created() || property == ledger.modified() ||
         property == ledger.version() || property == ledger.record_id();
}

std::vector<PropertyIndex> Changed(const Document& before, const Document& after,
                                   std::span<const PropertyIndex> set) {
  std::vector<PropertyIndex> changed(set.begin(), set.end());
  const Ledger& ledger = before.ledger();
  for (PropertyIndex i = 0; i < ledger.properties().size(); ++i)
    if (!IsSystemProperty(ledger, i) && !Identical(before.At(i), after.At(i)) &&
        std::ranges::find(changed, i) == changed.end())
      changed.push_back(i);
  return changed;
}

// ---- Consistency.

base::Status CheckText(const Ledger& ledger, const PropertySpec& spec, const std::string& text) {
  const auto indexed = [&](const IndexKey& key) {
    return &ledger.properties()[ledger.At(key.property)] == &spec;
  };
  const bool in_key = std::ranges::any_of(ledger.spec().indexes, [&](const IndexSpec& index) {
    return std::ranges::any_of(index.partition, indexed) ||
           std::ranges::any_of(index.sort, indexed);
  });
  const std::size_t bytes_max = in_key ? limits::kIndexedTextBytesMax : limits::kTextBytesMax;
  if (text.size() <= bytes_max) return {};
  return base::MakeError(
      base::ErrorCode::kLimitExceeded,
      fmt::format("`{}` has {} bytes, the most are {}", spec.name, text.size(), bytes_max));
}

base::Status CheckSize(const Ledger& ledger, const PropertySpec& spec, const Value& value) {
  if (const auto* text = value.As<std::string>(); text != nullptr)
    return CheckText(ledger, spec, *text);
  if (const auto* list = value.As<ListValue>(); list != nullptr)
    for (const Value& item : *list->items) STRONGROOM_TRY(CheckSize(ledger, spec, item));
  if (const auto* record = value.As<RecordValue>(); record != nullptr)
    for (std::size_t i = 0; i < record->fields->size(); ++i)
      STRONGROOM_TRY(CheckSize(ledger, spec.record->fields[i], (*record->fields)[i]));
  return {};
}

base::Status CheckSizes(const Document& document) {
  const Ledger& ledger = document.ledger();
  for (PropertyIndex i = 0; i < ledger.properties().size(); ++i)
    STRONGROOM_TRY(CheckSize(ledger, ledger.properties()[i], document.At(i)));
  return {};
}

base::Status CheckReference(WriteScope& scope, const Ledger& ledger, const ReferenceSpec& reference,
                            const Value& value) {
  if (value.IsNull()) return {};
  if (const auto* list = value.As<ListValue>(); list != nullptr) {
    for (const Value& item : *list->items)
      STRONGROOM_TRY(CheckReference(scope, ledger, reference, item));
    return {};
  }
  STRONGROOM_ASSIGN(const bool found,
                    Exists(scope, reference.target, DocumentKey::Of(value.Get<base::Uuid>())));
  if (found) return {};
  return base::MakeError(
      base::ErrorCode::kForeignKeyViolation,
      fmt::format("foreign key violation\n{}.references.{} foreign key violation",
                  ledger.spec().name, reference.property),
      fmt::format("name an existing {} in `{}`", scope.catalog().At(reference.target).spec().name,
                  reference.property));
}

base::Status CheckReferences(WriteScope& scope, const Document* before, const Document& after) {
  const Ledger& ledger = after.ledger();
  for (const ReferenceSpec& reference : ledger.spec().references) {
    const Value& value = after.At(reference.property);
    if (before != nullptr && Identical(before->At(reference.property), value)) continue;
    STRONGROOM_TRY(CheckReference(scope, ledger, reference, value));
  }
  return {};
}

std::string_view KeyIndexName(const Ledger& ledger) {
  for (const IndexSpec& index : ledger.spec().indexes)
    if (index.primary && index.unique) return index.name;
  return ledger.spec().key.front();
}

// ---- Records.

// The same for an index with an entry per item.
base::Status WriteItems(WriteScope& scope, const IndexSpec& index, const Document* before,
                        const Document* after) {
  const auto is_in = [&](const Document* document) {
    return document != nullptr && !document->At(index.partition.front().property).IsNull();
  };
  if (!is_in(before) && !is_in(after)) return {};
  const Document& some = after != nullptr ? *after : *before;
  const storage::SpaceId space = scope.SpaceOf(some.ledger());
  const std::string location = Location(some);
  std::vector<std::string> old_keys;
  std::vector<std::string> new_keys;
  if (before != nullptr) old_keys = IndexItemKeys(*before, index, location);
  if (after != nullptr) new_keys = IndexItemKeys(*after, index, location);
  for (const std::string& key : old_keys)
    if (!std::ranges::binary_search(new_keys, key))
      STRONGROOM_TRY(scope.transaction.Delete(space, key));
  for (const std::string& key : new_keys)
    if (!std::ranges::binary_search(old_keys, key))
      STRONGROOM_TRY(scope.transaction.Put(space, key, location));
  return {};
}

// Brings the entries of one index from `before` (null: none) to `after` (null: none).
base::Status WriteIndex(WriteScope& scope, const IndexSpec& index, const Document* before,
                        const Document* after) {
  if (index.primary || index.clustered) return {};
  if (index.per_item) return WriteItems(scope, index, before, after);
  const Document& some = after != nullptr ? *after : *before;
  const storage::SpaceId space = scope.SpaceOf(some.ledger());
  const std::string location = Location(some);
  const auto old_key = before == nullptr ? std::nullopt : IndexEntryKey(*before, index, location);
  const auto new_key = after == nullptr ? std::nullopt : IndexEntryKey(*after, index, location);
  if (old_key == new_key) return {};
  if (new_key && index.unique) {
    STRONGROOM_ASSIGN(const auto taken, scope.reader.Get(space, *new_key));
    if (taken) return Taken(some.ledger(), index.name);
  }
  if (old_key) STRONGROOM_TRY(scope.transaction.Delete(space, *old_key));
  if (new_key) STRONGROOM_TRY(scope.transaction.Put(space, *new_key, location));
  return {};
}

base::Status WriteIndexes(WriteScope& scope, const Document* before, const Document* after) {
  const Ledger& ledger = (after != nullptr ? after : before)->ledger();
  for (const IndexSpec& index : ledger.spec().indexes)
    STRONGROOM_TRY(WriteIndex(scope, index, before, after));
  return WriteCustomIndexes(scope, before, after);
}

base::Status PutCurrent(WriteScope& scope, const Document& document) {
  const Ledger& ledger = document.ledger();
  return scope.transaction.Put(scope.SpaceOf(ledger), CurrentKey(ledger, Location(document)),
                               Encode(document));
}

// What decides who may do what, and which documents there may be, is audited with what it was and
// what it is.
void RememberChange(WriteScope& scope, SharedDocument before, SharedDocument after) {
  const Ledger& ledger = (after != nullptr ? after : before)->ledger();
  if (ledger.id() == LedgerId::kClient || ledger.id() == LedgerId::kIndex ||
      ledger.spec().home == Home::kInstallation)
    scope.changes.push_back({std::move(before), std::move(after)});
}

// Gives a new document what every document has.
void Stamp(base::Timestamp now, const base::Uuid& record_id, Document& document) {
  const Ledger& ledger = document.ledger();
  document.Set(ledger.created(), now);
  document.Set(ledger.modified(), now);
  document.Set(ledger.version(), std::int64_t{1});
  document.Set(ledger.record_id(), record_id);
}

base::Result<SharedDocument> WriteFirst(WriteScope& scope, Document document, Known known) {
  const Ledger& ledger = document.ledger();
  STRONGROOM_TRY(CheckSizes(document));
  const DocumentKey key = DocumentKey::Of(document);
  if (!known.fresh_key) {
    STRONGROOM_ASSIGN(const bool taken, Exists(scope, ledger.id(), key));
    if (taken) return Taken(ledger, KeyIndexName(ledger));
  }
  if (!known.references) STRONGROOM_TRY(CheckReferences(scope, nullptr, document));
  STRONGROOM_TRY(WriteIndexes(scope, nullptr, &document));
  STRONGROOM_TRY(PutCurrent(scope, document));
  if (ClusteredIndex(ledger) != nullptr)
    STRONGROOM_TRY(
        scope.transaction.Put(scope.SpaceOf(ledger), LocationKey(ledger, key), Location(document)));
  auto written = std::make_shared<const Document>(std::move(document));
  RememberChange(scope, nullptr, written);
  return SharedDocument(std::move(written));
}

}  // namespace

base::Status AskInsert(const authz::Permit& permit, const Document& document,
                       std::span<const PropertyIndex> set) {
  const Ledger& ledger = document.ledger();
  if (document.At(ledger.created()).IsNull()) {
    // Assertions look at documents as they will be written.
    Document stamped = document;
    Stamp(permit.now(), base::Uuid(), stamped);
    return AskInsert(permit, stamped, set);
  }
  STRONGROOM_ASSIGN(const auto verdict, permit.Judge(Action::kInsert, ledger.rights(), document));
  STRONGROOM_TRY(Ask(permit, Action::kInsert, verdict, document, set));
  Note(permit, Action::kInsert, document, set);
  return {};
}

base::Status AskUpdate(const authz::Permit& permit, const Document& before, const Document& after,
                       std::span<const PropertyIndex> set) {
  const auto rights = before.ledger().rights();
  const std::vector<PropertyIndex> changed = Changed(before, after, set);
  STRONGROOM_ASSIGN(const auto verdict_before, permit.Judge(Action::kUpdate, rights, before));
  STRONGROOM_TRY(Ask(permit, Action::kUpdate, verdict_before, before, changed));
  STRONGROOM_ASSIGN(const auto verdict_after, permit.Judge(Action::kUpdate, rights, after));
  STRONGROOM_TRY(Ask(permit, Action::kUpdate, verdict_after, after, changed));
  Note(permit, Action::kUpdate, after, changed);
  return {};
}

base::Status AskDelete(const authz::Permit& permit, const Document& document) {
  const Ledger& ledger = document.ledger();
  STRONGROOM_ASSIGN(const auto verdict, permit.Judge(Action::kDelete, ledger.rights(), document));
  if (verdict.AllowsEveryProperty()) {
    Note(permit, Action::kDelete, document, {});
    return {};
  }
  std::string denied;
  for (PropertyIndex i = 0; denied.empty() && i < ledger.public_count(); ++i)
    if (!verdict.Allows(Ledger::Right(i)))
      denied = ResourceOf(ledger, authz::ResourceKind::kDocument, ledger.properties()[i].name);
  return AccessDenied(permit, Action::kDelete, ledger.full_name() + ".document", &document, denied);
}

base::Result<SharedDocument> Insert(const authz::Permit& permit, WriteScope& scope,
                                    Document document, std::span<const PropertyIndex> set,
                                    Known known) {
  Stamp(scope.now, base::NewUuid(scope.engine.random()), document);
  STRONGROOM_TRY(AskInsert(permit, document, set));
  return WriteFirst(scope, std::move(document), known);
}

base::Result<SharedDocument> InsertUnasked(WriteScope& scope, Document document, Known known) {
  Stamp(scope.now, base::NewUuid(scope.engine.random()), document);
  return WriteFirst(scope, std::move(document), known);
}

base::Result<SharedDocument> Update(const authz::Permit& permit, WriteScope& scope,
                                    const SharedDocument& before, Document after,
                                    std::span<const PropertyIndex> set, Known known) {
  after.Set(after.ledger().modified(), scope.now);
  after.Set(after.ledger().version(), before->version() + 1);
  STRONGROOM_TRY(AskUpdate(permit, *before, after, set));
  return UpdateUnasked(scope, before, std::move(after), known);
}

base::Result<SharedDocument> UpdateUnasked(WriteScope& scope, const SharedDocument& before,
                                           Document after, Known known) {
  const Ledger& ledger = after.ledger();
  const DocumentKey key = DocumentKey::Of(*before);
  STRONGROOM_CHECK(key.bytes() == DocumentKey::Of(after).bytes());
  STRONGROOM_CHECK(Location(*before) == Location(after));
  after.Set(ledger.created(), before->created());
  after.Set(ledger.record_id(), before->record_id());
  after.Set(ledger.modified(), scope.now);
  after.Set(ledger.version(), before->version() + 1);
  STRONGROOM_TRY(CheckSizes(after));
  if (!known.references) STRONGROOM_TRY(CheckReferences(scope, before.get(), after));
  STRONGROOM_TRY(scope.transaction.Put(
      scope.SpaceOf(ledger), VersionKey(ledger, key, before->version()), Encode(*before)));
  STRONGROOM_TRY(WriteIndexes(scope, before.get(), &after));
  STRONGROOM_TRY(PutCurrent(scope, after));
  auto written = std::make_shared<const Document>(std::move(after));
  RememberChange(scope, before, written);
  return SharedDocument(std::move(written));
}

base::Result<SharedDocument> RewriteUnasked(WriteScope& scope, const SharedDocument& current,
                                            std::string_view internal_property, Value value) {
  const PropertyIndex property = current->ledger().At(internal_property);
  STRONGROOM_CHECK(current->ledger().properties()[property].internal);
  Document after = *current;
  after.Set(property, std::move(value));
  STRONGROOM_TRY(PutCurrent(scope, after));
  return SharedDocument(std::make_shared<const Document>(std::move(after)));
}

base::Status EraseUnasked(WriteScope& scope, const Document& document) {
  const Ledger& ledger = document.ledger();
  const storage::SpaceId space = scope.SpaceOf(ledger);
  const DocumentKey key = DocumentKey::Of(document);
  STRONGROOM_TRY(WriteIndexes(scope, &document, nullptr));
  for (std::int64_t version = 1; version < document.version(); ++version)
    STRONGROOM_TRY(scope.transaction.Delete(space, VersionKey(ledger, key, version)));
  if (ClusteredIndex(ledger) != nullptr)
    STRONGROOM_TRY(scope.transaction.Delete(space, LocationKey(ledger, key)));
  RememberChange(scope, std::make_shared<const Document>(document), nullptr);
  return scope.transaction.Delete(space, CurrentKey(ledger, Location(document)));
}

base::Result<SharedDocument> RequireVisible(const authz::Permit& permit, ReadScope& scope,
                                            LedgerId ledger, const DocumentKey& key,
                                            std::string_view shown_key) {
  STRONGROOM_ASSIGN(const auto found, Get(permit, scope, ledger, key));
  if (!found) return NotFound(scope.catalog().At(ledger), shown_key);
  return found->Unjudged();
}

base::Error NotFound(const Ledger& ledger, std::string_view shown_key) {
  return base::MakeError(base::ErrorCode::kNotFound,
                         fmt::format("no {} `{}`", ledger.spec().name, shown_key));
}

base::Error Taken(const Ledger& ledger, std::string_view index) {
  base::Error error = base::MakeError(
      base::ErrorCode::kUniqueConstraintViolation,
      fmt::format("unique constraint violation\n{}.indexes.{} unique constraint violation",
                  ledger.spec().name, index));
  error.details = std::make_shared<const boost::json::object>(
      boost::json::object{{"action", ""}, {"path", fmt::format("system.{}", ledger.spec().name)}});
  return error;
}

base::Status WriteDefaultJournal(WriteScope& scope) {
  const Ledger& ledger = scope.catalog().At(LedgerId::kJournal);
  Document journal(ledger);
  journal.Set("journal_id", base::Uuid());
  journal.Set("name", "Default Ledger");
  journal.Set("description", "The default ledger will be used unless otherwise specified");
  journal.Set("status", std::int64_t{0});
  journal.Set("code", "DEFAULT");
  journal.Set("config", MakeRecord({Value(false)}));
  journal.Set("virtual", true);
  STRONGROOM_ASSIGN(const SharedDocument written, InsertUnasked(scope, std::move(journal)));
  static_cast<void>(written);
  return {};
}

}  // namespace strongroom::ledger
