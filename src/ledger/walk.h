// Lists in their order, from a place on, in either direction, and pages of them. Internal.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/list.h"

namespace strongroom::ledger {

// A document of a list. Places order a list; a place stays when other documents come and go.
struct Found {
  std::string place;
  SharedDocument document;
};

class Walk {
 public:
  virtual ~Walk() = default;
  // Nothing at the end.
  virtual base::Result<std::optional<Found>> Next() = 0;
};

// Where a walk begins: at a place, or at the end of the list that `backward` says.
struct Start {
  std::optional<std::string> place;
  bool inclusive = false;
  bool backward = false;  // against the order of the list
};

// The part of a range that lies behind the start of a walk, which goes upward in the order of keys
// or not.
storage::KeyRange CutRange(storage::KeyRange range, const Start& start, bool upward);

struct ListSource {
  std::string name;  // what its cursors are bound to
  std::function<base::Result<std::unique_ptr<Walk>>(const Start&)> walk;
  // The document with its verdict; nothing when it is left out.
  std::function<base::Result<std::optional<VisibleDocument>>(const SharedDocument&)> admit;
};

// The page of the documents that are admitted: full whenever there are enough of them.
base::Result<Page> ReadPage(ReadScope& scope, const PageRequest& request, const ListSource& source);

// Records whose keys lie in `range`: documents themselves, or index entries that lead to them.
struct RangeRequest {
  const Ledger* ledger = nullptr;
  storage::KeyRange range;
  bool entries = false;     // the values are locations
  bool descending = false;  // the order of the list is against that of the keys
};
base::Result<std::unique_ptr<Walk>> WalkRange(ReadScope& scope, const RangeRequest& request,
                                              const Start& start);
// The documents with these keys that exist, in the order of the keys.
base::Result<std::unique_ptr<Walk>> WalkKeys(ReadScope& scope, const Ledger& ledger,
                                             std::vector<std::string> keys, bool descending,
                                             const Start& start);
// The versions of a document, newest first.
base::Result<std::unique_ptr<Walk>> WalkVersions(ReadScope& scope, const SharedDocument& current,
                                                 const Start& start);

}  // namespace strongroom::ledger
