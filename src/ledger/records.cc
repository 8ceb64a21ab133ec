#include "ledger/records.h"

#include <algorithm>

#include "base/check.h"
#include "ledger/encoding.h"
#include "scalars/decimal_encoding.h"
#include "storage/key.h"

namespace strongroom::ledger {
namespace {

using storage::KeyWriter;
using storage::Order;

enum : std::uint8_t { kCurrent = 0x10, kVersion = 0x11, kIndex = 0x12, kLocation = 0x13 };

KeyWriter Begin(std::uint8_t kind, const Ledger& ledger) {
  KeyWriter writer(kind);
  writer.Byte(static_cast<std::uint8_t>(ledger.id()));
  return writer;
}

base::Error Inconsistent() {
  return base::MakeError(base::ErrorCode::kInternalServerError,
                         "an index of the store names a record that isn't there");
}

// Appends the keys of an index, partition first; false when the document is not in it. `item`
// stands for the first of them when that is a list.
bool AppendIndexKeys(const Document& document, const IndexSpec& index, std::string& key,
                     const Value* item = nullptr) {
  const Ledger& ledger = document.ledger();
  for (const auto keys : {index.partition, index.sort}) {
    for (const IndexKey& part : keys) {
      const PropertyIndex property = ledger.At(part.property);
      const bool is_item = item != nullptr && &part == &index.partition.front();
      const Value& value = is_item ? *item : document.At(property);
      if (value.IsNull()) return false;
      const auto* text = value.As<std::string>();
      if (index.sparse && text != nullptr && text->empty()) return false;
      AppendOrdered(ledger.properties()[property], value, part.descending, key);
    }
  }
  return true;
}

// The location that an id leads to; nothing when there is none.
base::Result<std::optional<std::string>> FindLocation(ReadScope& scope, const Ledger& ledger,
                                                      const DocumentKey& key) {
  if (ClusteredIndex(ledger) == nullptr) return std::optional<std::string>(key.bytes());
  return scope.reader.Get(scope.SpaceOf(ledger), LocationKey(ledger, key));
}

}  // namespace

base::Result<SharedDocument> Load(ReadScope& scope, LedgerId id, const DocumentKey& key) {
  const Ledger& ledger = scope.catalog().At(id);
  STRONGROOM_ASSIGN(const auto location, FindLocation(scope, ledger, key));
  if (!location) return SharedDocument();
  STRONGROOM_ASSIGN(const auto bytes,
                    scope.reader.Get(scope.SpaceOf(ledger), CurrentKey(ledger, *location)));
  if (!bytes) return SharedDocument();
  return Decode(ledger, *bytes);
}

base::Result<SharedDocument> LoadVersion(ReadScope& scope, LedgerId id, const DocumentKey& key,
                                         std::int64_t version) {
  STRONGROOM_ASSIGN(SharedDocument current, Load(scope, id, key));
  if (current == nullptr || current->version() == version) return current;
  const Ledger& ledger = scope.catalog().At(id);
  STRONGROOM_ASSIGN(const auto bytes,
                    scope.reader.Get(scope.SpaceOf(ledger), VersionKey(ledger, key, version)));
  if (!bytes) return SharedDocument();
  return Decode(ledger, *bytes);
}

base::Result<SharedDocument> LoadAt(ReadScope& scope, const Ledger& ledger,
                                    std::string_view location) {
  STRONGROOM_ASSIGN(const auto bytes,
                    scope.reader.Get(scope.SpaceOf(ledger), CurrentKey(ledger, location)));
  if (!bytes) return Inconsistent();
  return Decode(ledger, *bytes);
}

base::Result<SharedDocument> LoadBy(ReadScope& scope, LedgerId id, std::string_view name,
                                    const std::vector<Value>& keys) {
  const Ledger& ledger = scope.catalog().At(id);
  const IndexSpec* index = ledger.FindIndex(name);
  STRONGROOM_CHECK(index != nullptr && index->unique);
  STRONGROOM_CHECK(keys.size() == index->partition.size() + index->sort.size());
  std::string key = index->primary ? CurrentKey(ledger) : IndexPrefix(ledger, *index);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const IndexKey& part = i < index->partition.size() ? index->partition[i]
                                                       : index->sort[i - index->partition.size()];
    AppendOrdered(ledger.properties()[ledger.At(part.property)], keys[i], part.descending, key);
  }
  STRONGROOM_ASSIGN(const auto found, scope.reader.Get(scope.SpaceOf(ledger), key));
  if (!found) return SharedDocument();
  return index->primary ? Decode(ledger, *found) : LoadAt(scope, ledger, *found);
}

base::Result<bool> Exists(ReadScope& scope, LedgerId id, const DocumentKey& key) {
  const Ledger& ledger = scope.catalog().At(id);
  const std::string place = ClusteredIndex(ledger) == nullptr ? CurrentKey(ledger, key.bytes())
                                                              : LocationKey(ledger, key);
  STRONGROOM_ASSIGN(const auto found, scope.reader.Get(scope.SpaceOf(ledger), place));
  return found.has_value();
}

std::string CurrentKey(const Ledger& ledger, std::string_view location) {
  return Begin(kCurrent, ledger).Raw(location).Take();
}

std::string VersionPrefix(const Ledger& ledger, const DocumentKey& key) {
  return Begin(kVersion, ledger).Raw(key.bytes()).Take();
}

std::string VersionKey(const Ledger& ledger, const DocumentKey& key, std::int64_t version) {
  return Begin(kVersion, ledger).Raw(key.bytes()).Int64(version, Order::kDescending).Take();
}

std::string IndexPrefix(const Ledger& ledger, const IndexSpec& index) {
  const std::uint16_t tag = StoredTag(index.name);
  return Begin(kIndex, ledger)
      .Byte(static_cast<std::uint8_t>(tag >> 8))
      .Byte(static_cast<std::uint8_t>(tag & 0xFF))
      .Take();
}

std::string LocationKey(const Ledger& ledger, const DocumentKey& key) {
  return Begin(kLocation, ledger).Raw(key.bytes()).Take();
}

std::string Location(const Document& document) {
  const IndexSpec* clustered = ClusteredIndex(document.ledger());
  if (clustered == nullptr) return DocumentKey::Of(document).bytes();
  std::string location;
  // INVARIANT: the keys of a clustered index are never null.
  STRONGROOM_CHECK(AppendIndexKeys(document, *clustered, location));
  return location + DocumentKey::Of(document).bytes();
}

const IndexSpec* ClusteredIndex(const Ledger& ledger) {
  const auto indexes = ledger.spec().indexes;
  const auto found = std::ranges::find_if(indexes, &IndexSpec::clustered);
  return found == indexes.end() ? nullptr : &*found;
}

std::optional<std::string> IndexEntryKey(const Document& document, const IndexSpec& index,
                                         std::string_view location) {
  STRONGROOM_CHECK(!index.per_item);
  if (index.primary || index.clustered) return std::nullopt;
  std::string key = IndexPrefix(document.ledger(), index);
  if (!AppendIndexKeys(document, index, key)) return std::nullopt;
  if (!index.unique) key += location;
  return key;
}

std::vector<std::string> IndexItemKeys(const Document& document, const IndexSpec& index,
                                       std::string_view location) {
  STRONGROOM_CHECK(index.per_item);
  std::vector<std::string> keys;
  const auto* list = document.At(index.partition.front().property).As<ListValue>();
  if (list == nullptr) return keys;
  for (const Value& item : *list->items) {
    std::string key = IndexPrefix(document.ledger(), index);
    if (AppendIndexKeys(document, index, key, &item)) keys.push_back(key.append(location));
  }
  std::ranges::sort(keys);
  return keys;
}

void AppendOrdered(const PropertySpec& spec, const Value& value, bool descending,
                   std::string& key) {
  const Order order = descending ? Order::kDescending : Order::kAscending;
  KeyWriter writer;
  switch (spec.type) {
    case PropertyType::kUuid: writer.Uuid(value.Get<base::Uuid>(), order); break;
    case PropertyType::kString: writer.Text(value.Get<std::string>(), order); break;
    case PropertyType::kBool: writer.Byte(value.Get<bool>() ? 1 : 0, order); break;
    case PropertyType::kInt:
    case PropertyType::kEnum: writer.Int64(value.Get<std::int64_t>(), order); break;
    case PropertyType::kDate: writer.Int64(value.Get<scalars::Date>().days, order); break;
    case PropertyType::kTimestamp: writer.Timestamp(value.Get<base::Timestamp>(), order); break;
    case PropertyType::kDecimal:
    case PropertyType::kMoney:
    case PropertyType::kJson:
    case PropertyType::kRecord: STRONGROOM_CHECK(false && "a property that can't stand in a key");
  }
  key += writer.Take();
}

}  // namespace strongroom::ledger
