// Records open; documents, indexes, versions and references agree.
#include <map>

#include "base/encoding.h"
#include "ledger/encoding.h"
#include "ledger/indexes/index_set.h"
#include "ledger/records.h"
#include "ledger/verify/inspection.h"

namespace strongroom::ledger {
namespace {

// The documents of one ledger.
class DocumentInspector {
 public:
  DocumentInspector(Inspection& inspection, const Ledger& ledger)
      : inspection_(inspection), ledger_(ledger) {}

  base::Status Run() {
    STRONGROOM_TRY(FindCustom());
    STRONGROOM_TRY(inspection_.EachDocument(
        ledger_, [&](const SharedDocument& document, std::string_view location) {
          ++inspection_.report.documents;
          return Look(*document, location);
        }));
    return Totals();
  }

 private:
  // The custom indexes that should be complete.
  base::Status FindCustom() {
    if (inspection_.home == Home::kInstallation) return {};
    STRONGROOM_ASSIGN(const auto set, IndexesOf(inspection_.scope));
    for (const auto& index : set->indexes)
      if (index->ledger().id() == ledger_.id() && index->state() == IndexState::kReady)
        customs_.push_back(index);
    return {};
  }

  base::Status Look(const Document& document, std::string_view location) {
    name_ = NameOf(document);
    if (Location(document) != location) {
      inspection_.Find("documents", name_ + " lies under another key than its own");
      return {};
    }
    CheckStamps(document);
    STRONGROOM_TRY(CheckLocation(document, location));
    for (const IndexSpec& index : ledger_.spec().indexes)
      STRONGROOM_TRY(CheckIndex(document, index, location));
    STRONGROOM_TRY(CheckCustom(document, false));
    STRONGROOM_TRY(CheckVersions(document));
    for (const ReferenceSpec& reference : ledger_.spec().references)
      STRONGROOM_TRY(CheckReference(reference, document.At(reference.property)));
    return {};
  }

  void CheckStamps(const Document& document) {
    if (document.version() < 1 ||
        (document.version() == 1 && document.created() != document.modified()))
      inspection_.Find("versions", name_ + " has a version that its times contradict");
  }

  base::Status CheckLocation(const Document& document, std::string_view location) {
    if (ClusteredIndex(ledger_) == nullptr) return {};
    ++locations_;
    return CheckEntry(LocationKey(ledger_, DocumentKey::Of(document)), location, "its id");
  }

  base::Status CheckIndex(const Document& document, const IndexSpec& index,
                          std::string_view location) {
    if (index.primary || index.clustered) return {};
    std::vector<std::string> keys;
    if (index.per_item)
      keys = IndexItemKeys(document, index, location);
    else if (auto key = IndexEntryKey(document, index, location); key)
      keys.push_back(*std::move(key));
    entries_[&index] += keys.size();
    for (const std::string& key : keys) STRONGROOM_TRY(CheckEntry(key, location, index.name));
    return {};
  }

  // In indexes that are being built, only what is there can be looked at, by the totals.
  base::Status CheckCustom(const Document& document, bool earlier) {
    for (const auto& index : customs_) {
      if (earlier && !index->historical()) continue;
      STRONGROOM_ASSIGN(const auto keys, index->KeysOf(document));
      custom_entries_[index.get()] += keys.size();
      for (const std::string& key : keys)
        STRONGROOM_TRY(CheckEntry(key, index->EntryOf(document), index->name()));
    }
    return {};
  }

  // An entry has to be there and to lead back.
  base::Status CheckEntry(const std::string& key, std::string_view location,
                          std::string_view index) {
    STRONGROOM_ASSIGN(const auto found, inspection_.scope.reader.Get(inspection_.space(), key));
    if (!found || *found != location)
      inspection_.Find("indexes", fmt::format("{} is not where the index {} has it", name_, index));
    return {};
  }

  base::Status CheckVersions(const Document& document) {
    std::int64_t expected = document.version();
    const std::string prefix = VersionPrefix(ledger_, DocumentKey::Of(document));
    STRONGROOM_TRY(inspection_.Each(
        storage::PrefixRange(prefix), false,
        [&](std::string_view, std::string_view bytes) -> base::Status {
          STRONGROOM_ASSIGN(const SharedDocument version, Decode(ledger_, bytes));
          ++versions_;
          --expected;
          auto custom = CheckCustom(*version, true);
          if (!custom.ok()) return custom;
          const bool fits = version->version() == expected &&
                            version->record_id() == document.record_id() &&
                            version->created() == document.created();
          if (!fits)
            inspection_.Find("versions", fmt::format("{} has no good version {}", name_, expected));
          return {};
        }));
    if (expected != 1)
      inspection_.Find("versions", fmt::format("{} has no versions before {}", name_, expected));
    return {};
  }

  base::Status CheckReference(const ReferenceSpec& reference, const Value& value) {
    if (value.IsNull()) return {};
    if (const auto* list = value.As<ListValue>(); list != nullptr) {
      for (const Value& item : *list->items) STRONGROOM_TRY(CheckReference(reference, item));
      return {};
    }
    const auto& id = value.Get<base::Uuid>();
    STRONGROOM_ASSIGN(const bool found,
                      Exists(inspection_.scope, reference.target, DocumentKey::Of(id)));
    if (!found)
      inspection_.Find("references", fmt::format("{} names in {} what isn't there: {}", name_,
                                                 reference.property, id.ToString()));
    return {};
  }

  // Nothing is there that no document accounts for.
  base::Status Totals() {
    for (const IndexSpec& index : ledger_.spec().indexes) {
      if (index.primary || index.clustered) continue;
      STRONGROOM_TRY(CheckTotal("indexes", IndexPrefix(ledger_, index), entries_[&index],
                                fmt::format("the index {}", index.name)));
    }
    for (const auto& index : customs_)
      STRONGROOM_TRY(CheckTotal("indexes", index->Prefix(), custom_entries_[index.get()],
                                fmt::format("the index {}", index->name())));
    if (ClusteredIndex(ledger_) != nullptr)
      STRONGROOM_TRY(CheckTotal("indexes", LocationKey(ledger_, DocumentKey::FromBytes("")),
                                locations_, "the index of ids"));
    return CheckTotal("versions", VersionPrefix(ledger_, DocumentKey::FromBytes("")), versions_,
                      "the list of versions");
  }

  base::Status CheckTotal(std::string_view check, const std::string& prefix, std::uint64_t expected,
                          std::string_view what) {
    STRONGROOM_ASSIGN(const std::uint64_t stored, inspection_.Count(prefix));
    if (stored != expected)
      inspection_.Find(check, fmt::format("{} of {} has {} records, the documents want {}", what,
                                          ledger_.spec().name, stored, expected));
    return {};
  }

  Inspection& inspection_;
  const Ledger& ledger_;
  std::string name_;
  std::map<const IndexSpec*, std::uint64_t> entries_;
  std::vector<std::shared_ptr<const CustomIndex>> customs_;
  std::map<const CustomIndex*, std::uint64_t> custom_entries_;
  std::uint64_t versions_ = 0;
  std::uint64_t locations_ = 0;
};

}  // namespace

base::Status InspectRecords(Inspection& inspection) {
  std::string from;
  while (true) {
    storage::KeyRange range;
    range.begin = from;
    auto status =
        inspection.Each(range, false, [&](std::string_view key, std::string_view) -> base::Status {
          from.assign(key) += '\0';  // the key that follows directly
          return inspection.Step();
        });
    if (status.ok() || status.error().code != base::ErrorCode::kInternalServerError) return status;
    // The record after the last one that opened does not: it is named, and passed over.
    range.begin = from;
    STRONGROOM_ASSIGN(const auto cursor,
                      inspection.scope.reader.Scan(inspection.space(), range, {.keys_only = true}));
    STRONGROOM_ASSIGN(const bool found, cursor->Next());
    if (!found) return status;
    inspection.Find(
        "seals", fmt::format("the record {} does not open", base::EncodeBase64Url(cursor->key())));
    from.assign(cursor->key()) += '\0';
  }
}

base::Status InspectDocuments(Inspection& inspection, const Ledger& ledger) {
  return DocumentInspector(inspection, ledger).Run();
}

}  // namespace strongroom::ledger
