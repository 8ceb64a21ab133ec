// Lists, through indexes, as Relay pages over what the caller may see: documents that are
// invisible, or that may not be found this way, are left out as if they did not exist, and pages
// stay full.
//
// Being found needs Select, on that document, on the index and on every property that the index and
// the filters use (SPEC 4). All lists of a request together look at limits::kScanDocumentsMax
// documents, then the request fails with kLimitExceeded; a failure of the engine fails it too, and
// neither shortens a list.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/read.h"

namespace strongroom::ledger {

struct FilterValue {
  enum class Operator { kEq, kLike, kLt, kLte, kGt, kGte, kBetween, kAll };
  Operator op = Operator::kAll;
  std::string value = {};  // of kBetween: the begin, inclusive
  std::string end = {};    // of kBetween: the end, inclusive
};

struct Filter {
  std::string name;  // snake_case: "account_id"
  FilterValue value;
};

// `first` with `after`, or `last` with `before`.
struct PageRequest {
  std::optional<std::int64_t> first = {};
  std::optional<std::string> after = {};
  std::optional<std::int64_t> last = {};
  std::optional<std::string> before = {};
};

struct ListRequest {
  LedgerId ledger;
  std::string_view index;            // stored name: "account_id"
  std::vector<Filter> filters = {};  // those that the index does not use are ignored (behaviour §6)
  std::vector<base::Uuid> ids = {};  // for an index with an id list
  bool descending = false;
  PageRequest page = {};
};

struct Edge {
  VisibleDocument node;
  std::string cursor;  // opaque; sealed, so that it tells nothing of what can't be selected
};

struct Page {
  std::vector<Edge> edges;
  bool has_next_page = false;
  bool has_previous_page = false;
};

// What being found through an index takes, besides being visible: Select on the index and on every
// property that it uses (SPEC 4). Nothing for an internal one.
std::vector<authz::ResourceId> RightsToFind(const Ledger& ledger, const IndexSpec& index);
// Whether a document that was judged for Select is found so.
bool IsFound(const authz::DocumentVerdict& verdict, std::span<const authz::ResourceId> rights);

// Errors in the wording of behaviour §3 and §6: "eq required for account_id partition key".
base::Result<Page> List(const authz::Permit& permit, ReadScope& scope, const ListRequest& request);

// Through a custom index: conditions by alias (behaviour §13).
struct CustomFilter {
  std::string index;
  std::vector<Filter> partition = {};  // every partition key, with eq
  std::vector<Filter> sort = {};       // any
};
// Being found needs Select on the index and on every property that it is made of. kBadRequest for
// an index that isn't there or that the permit was granted without; retriable while it is built.
base::Result<Page> ListCustom(const authz::Permit& permit, ReadScope& scope, LedgerId ledger,
                              const CustomFilter& filter, bool descending, const PageRequest& page);

// ---- Joins: judged on the document they start from, kAccessDenied when that may not be (SPEC
// 4.1.4).

// Of JoinKind::kOne. Nothing: the other document is missing or invisible.
base::Result<std::optional<VisibleDocument>> FollowOne(const authz::Permit& permit,
                                                       ReadScope& scope,
                                                       const VisibleDocument& start,
                                                       const JoinSpec& join);

struct JoinRequest {
  std::vector<Filter> filters = {};  // of the field's `where`
  bool descending = false;
  PageRequest page = {};
};
// Of the kinds that lead to lists. Account.entries: `currency` is USD if left out.
base::Result<Page> FollowMany(const authz::Permit& permit, ReadScope& scope,
                              const VisibleDocument& start, const JoinSpec& join,
                              const JoinRequest& request);

// Account.balance: in the default journal if none is named. AccountSet.balance: in its own journal,
// whatever is named. Entry.balance: as the entry left it,
// without journal and currency.
base::Result<std::optional<VisibleDocument>> FollowBalance(const authz::Permit& permit,
                                                           ReadScope& scope,
                                                           const VisibleDocument& start,
                                                           const std::optional<base::Uuid>& journal,
                                                           std::string_view currency);

}  // namespace strongroom::ledger
