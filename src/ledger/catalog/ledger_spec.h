// One ledger: its properties, its key, its indexes, references and joins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "ledger/catalog/property.h"

namespace strongroom::ledger {

// Every ledger, in the order of the catalog. The numbers are stored: append only.
enum class LedgerId : std::uint8_t {
  kJournal = 0,
  kAccount = 1,
  kTranCode = 2,
  kTransaction = 3,
  kEntry = 4,
  kBalance = 5,
  kClient = 6,
  kDecision = 7,
  kIndex = 8,
  kOrganization = 9,
  kTenant = 10,
  kGroup = 11,
  kUser = 12,
  kAccountSet = 13,
  kAccountSetMember = 14,
};
inline constexpr std::size_t kLedgerCount = 15;

// Where the documents of a ledger live.
enum class Home : std::uint8_t {
  kTenant,        // in the tenant's own space
  kInstallation,  // shared by the organization: tenants, groups, users
};

// One part of an index key.
struct IndexKey {
  std::string_view property;
  std::string_view filter = {};  // the filter's name, snake_case, where it isn't the property's
  // For a partition key that the caller may leave out, the value it then has (as text).
  std::string_view fallback = {};
  bool descending = false;
  // The property of a join's start that it equals, where the names differ.
  std::string_view start = {};
};

// A built-in index. Documents are ordered by the sort keys, then by their own key. `partition` keys
// need `eq` (behaviour §6); sort keys take any operator and may be absent.
struct IndexSpec {
  std::string_view name;            // resource financial.Account.indexes.<name>
  std::string_view enum_name = {};  // value of the enum AccountIndex; empty: not offered by name
  std::span<const IndexKey> partition = {};
  std::span<const IndexKey> sort = {};
  bool unique = false;    // at most one document per partition and sort key
  bool sparse = false;    // documents whose last key is null or "" are not in it
  bool internal = false;  // serves joins only: no resource
  // The index is the document key itself: no entries are stored for it.
  bool primary = false;
  // The documents themselves lie in its order, so that its lists are one walk (records.h). Its
  // keys never change; at most one index of a ledger.
  bool clustered = false;
  // Its first key is a list, and the index holds an entry per item; never unique.
  bool per_item = false;
  // Takes a list of ids instead of a FilterValue (behaviour §6 TRANSACTION_IDS).
  std::string_view id_list_filter = {};
  std::string_view about = {};
};

// A property that must name an existing document of `target` when it is set.
struct ReferenceSpec {
  std::string_view property;
  LedgerId target;
  std::string_view about = {};
};

enum class JoinKind : std::uint8_t {
  kOne,      // the document named by `via`, a property of the start
  kMany,     // documents of `target` found through its index `via`
  kHistory,  // versions of the start itself
  kBalance,  // the balance of an account, journal and currency
  kMembers,  // of an account set: the accounts and sets that AccountSetMember names
  kSets,     // the account sets that the start is a member of
};

// A traversal from a document to others; resource financial.Account.joins.<name>.
struct JoinSpec {
  std::string_view name;            // snake_case of the GraphQL field
  std::string_view output_type;     // "EntryConnection!"
  std::string_view arguments = {};  // "(first: Int!, after: String)"; may be empty
  JoinKind kind = JoinKind::kOne;
  LedgerId target;
  std::string_view via = {};
  std::string_view about = {};
  // Of kMany: the index instead of `via`, when `account_id` of the start is an account set's.
  std::string_view via_of_sets = {};
};

// A field that is computed from properties and needs Select on all of them (SPEC 4.1.6).
struct DerivedSpec {
  std::string_view field;        // GraphQL name
  std::string_view output_type;  // "Decimal!"
  std::string_view arguments = {};
  std::span<const std::string_view> sources;
  std::string_view about = {};
};

struct LedgerSpec {
  LedgerId id;
  Home home = Home::kTenant;
  std::string_view space;             // "financial"
  std::string_view name;              // "Account"; also the GraphQL object type
  std::string_view input_name = {};   // "AccountInput"; empty: no generic create
  std::string_view update_name = {};  // "AccountUpdateInput"
  // The member of the update input that finds the document (tenants by accountId), where the
  // mutation has no argument for it.
  std::string_view update_finder = {};
  // It has no GraphQL object type: it is seen through joins.
  bool hidden = false;
  std::string_view id_prefix = {};  // of global ids: "ac"; empty: not a Node
  std::span<const PropertySpec> properties;
  // Members of the create input that only steer it (`accountSetIds`).
  std::span<const PropertySpec> options = {};
  // Names of the properties that make the document key, in order.
  std::span<const std::string_view> key;
  std::span<const IndexSpec> indexes = {};
  std::span<const ReferenceSpec> references = {};
  std::span<const JoinSpec> joins = {};
  std::span<const DerivedSpec> derived = {};
  std::string_view about = {};
};

}  // namespace strongroom::ledger
