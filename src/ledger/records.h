// Reading records past all rights: for the ledger itself, never for an answer. Internal.
//
// What stands in a space, by the first byte of the key (docs/reference/ledger-records.md):
//   10 ledger location                       the current version of a document
//   11 ledger document-key version(desc.)    each earlier version
//   12 ledger index keys… [location]         -> location; without the location when it is unique
//   13 ledger document-key                   -> location, in ledgers with a clustered index
// The location is the document key, or, in a ledger with a clustered index, that index's keys and
// then the document key: documents that are listed together lie together.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/document.h"
#include "ledger/read.h"
#include "ledger/scope.h"

namespace strongroom::ledger {

// The current version; null when there is none. One Get, two in a ledger with a clustered index.
base::Result<SharedDocument> Load(ReadScope& scope, LedgerId ledger, const DocumentKey& key);
// Any version, the current one included.
base::Result<SharedDocument> LoadVersion(ReadScope& scope, LedgerId ledger, const DocumentKey& key,
                                         std::int64_t version);
// The document that a unique index holds for these keys, partition first: {code}. Two Gets.
base::Result<SharedDocument> LoadBy(ReadScope& scope, LedgerId ledger, std::string_view index,
                                    const std::vector<Value>& keys);
base::Result<bool> Exists(ReadScope& scope, LedgerId ledger, const DocumentKey& key);

// The document at a location; a missing one is an integrity failure.
base::Result<SharedDocument> LoadAt(ReadScope& scope, const Ledger& ledger,
                                    std::string_view location);

// ---- Keys.

std::string CurrentKey(const Ledger& ledger, std::string_view location = {});
std::string VersionKey(const Ledger& ledger, const DocumentKey& key, std::int64_t version);
// All earlier versions of a document begin so.
std::string VersionPrefix(const Ledger& ledger, const DocumentKey& key);
std::string IndexPrefix(const Ledger& ledger, const IndexSpec& index);
std::string LocationKey(const Ledger& ledger, const DocumentKey& key);

// Where the document lies.
std::string Location(const Document& document);
// The clustered index of a ledger; mostly null.
const IndexSpec* ClusteredIndex(const Ledger& ledger);
// The stored entry of an index; nothing for a document that is not in it (a null key, or an empty
// one when the index is sparse), and for indexes that are not stored.
// One that has an entry per item is asked for with IndexItemKeys.
std::optional<std::string> IndexEntryKey(const Document& document, const IndexSpec& index,
                                         std::string_view location);
std::vector<std::string> IndexItemKeys(const Document& document, const IndexSpec& index,
                                       std::string_view location);
// Appends the ordered form of a value that stands in a key. Aborts for types that can't.
void AppendOrdered(const PropertySpec& spec, const Value& value, bool descending, std::string& key);

}  // namespace strongroom::ledger
