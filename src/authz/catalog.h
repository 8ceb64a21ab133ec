// The universe of resources: every ledger with its properties, indexes, joins and references, under
// dense numbers, so that a right is one bit. The ledger layer makes it from its own single
// declaration of ledgers (STYLE); authz knows no ledger by name.
//
// An identifier is `namespace.ledger.<document|indexes|joins|references>.name` (SPEC 4).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "authz/action.h"
#include "base/result.h"

namespace strongroom::cel {
class Env;
struct StructType;
}  // namespace strongroom::cel

namespace strongroom::authz {

// The position of a ledger in the list that the catalog was made from.
struct LedgerId {
  std::uint16_t value = 0;
  friend auto operator<=>(LedgerId, LedgerId) = default;
};

// Dense within its ledger. Document properties come first, in their declared order: property i of
// a ledger is ResourceId{i}. Then indexes, joins, references, each in declared order; custom
// indexes last, so that the numbers of what is built in are the same in every tenant's catalog.
struct ResourceId {
  std::uint16_t value = 0;
  friend auto operator<=>(ResourceId, ResourceId) = default;
};

struct LedgerDeclaration {
  std::string space;  // `financial`
  std::string name;   // `Account`
  // Stored names, snake_case. References are named by the property that holds them, joins by their
  // GraphQL field in snake_case.
  std::vector<std::string> properties;
  std::vector<std::string> indexes;  // built in
  std::vector<std::string> joins;
  std::vector<std::string> references;
  // The type of context.document, the very one that the documents' ObjectView::type() returns; null
  // for a ledger whose documents no assertion may look at.
  std::shared_ptr<const cel::StructType> document;
};

struct CustomIndex {
  LedgerId ledger;
  std::string name;
};

struct Resource {
  ResourceKind kind;
  std::string name;        // `external_id`
  std::string identifier;  // `financial.Account.document.external_id`
};

struct AssertionEnvs;  // assertion_env.h, internal

// An immutable snapshot; any number of threads may read it.
class Catalog {
 public:
  Catalog& operator=(const Catalog&) = delete;

  // `env` brings what assertions may use besides `context`: the standard library, the types of
  // documents (uuid, decimal, money, …), enums and nested records. Fails when a name is no name
  // (see IsResourceName), occurs twice in its list, or a ledger has more than 65,535 resources.
  static base::Result<std::shared_ptr<const Catalog>> Make(std::vector<LedgerDeclaration> ledgers,
                                                           std::shared_ptr<const cel::Env> env);
  // This catalog with exactly these custom indexes: one tenant's. Cheap; fails as Make does.
  base::Result<std::shared_ptr<const Catalog>> WithCustomIndexes(
      std::span<const CustomIndex> indexes) const;
  ~Catalog();

  std::size_t ledger_count() const { return ledgers_.size(); }
  const LedgerDeclaration& Declaration(LedgerId ledger) const;
  // `financial.Account`
  std::string_view LedgerName(LedgerId ledger) const;
  std::span<const Resource> Resources(LedgerId ledger) const;
  const Resource& At(LedgerId ledger, ResourceId resource) const;
  std::size_t property_count(LedgerId ledger) const;

  // By `financial.Account`.
  std::optional<LedgerId> FindLedger(std::string_view name) const;
  std::optional<ResourceId> Find(LedgerId ledger, ResourceKind kind, std::string_view name) const;

  struct Place {
    LedgerId ledger;
    ResourceId resource;
  };
  // By the whole identifier.
  std::optional<Place> Find(std::string_view identifier) const;
  // The ledger that an identifier lies in, also when its last part is not in the catalog (the name
  // of an index that is about to be made).
  std::optional<LedgerId> LedgerOf(std::string_view identifier) const;

  // INVARIANT: internal to authz.
  const AssertionEnvs& assertion_envs() const { return *envs_; }

 private:
  struct Ledger {
    LedgerDeclaration declaration;
    std::string name;
    std::vector<Resource> resources;
    std::size_t built_in = 0;  // resources before the custom indexes
  };
  Catalog();
  Catalog(const Catalog&);
  base::Status Add(LedgerDeclaration declaration);
  base::Status AddResource(LedgerId ledger, ResourceKind kind, const std::string& name);

  std::vector<Ledger> ledgers_;
  std::unordered_map<std::string, LedgerId> ledger_by_name_;
  std::unordered_map<std::string, Place> place_by_identifier_;
  std::shared_ptr<const AssertionEnvs> envs_;
};

// Letters, digits, `_` and `-`, at least one and at most 128: nothing that a pattern reads as a
// wildcard or as the border of a part. Names of custom indexes have to be such names.
bool IsResourceName(std::string_view name);

// `financial.Account.indexes.my_index`
std::string ResourceIdentifier(std::string_view ledger, ResourceKind kind, std::string_view name);

}  // namespace strongroom::authz
