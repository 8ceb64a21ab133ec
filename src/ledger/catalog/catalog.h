// All ledgers, with everything that follows from their declarations: dense numbers, names both
// ways, the catalog of rights, and the types that CEL sees. Made once at start; immutable; any
// thread.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "authz/catalog.h"
#include "cel/type.h"
#include "ledger/catalog/ledger_spec.h"

namespace strongroom::cel {
class Env;
}

namespace strongroom::ledger {

// The position of a property in LedgerSpec::properties, and of its value in a Document.
using PropertyIndex = std::size_t;

// Stable number of a property, field or index in stored bytes: a hash of its name. Making the
// catalog aborts when two of one list collide, so that adding stays one line.
std::uint16_t StoredTag(std::string_view name);

class Ledger {
 public:
  explicit Ledger(const LedgerSpec& spec);

  const LedgerSpec& spec() const { return spec_; }
  LedgerId id() const { return spec_.id; }
  std::span<const PropertySpec> properties() const { return spec_.properties; }
  // Properties that policies and CEL know; the internal ones come after them.
  std::size_t public_count() const { return public_count_; }

  // By stored name; aborts when there is none: for names that stand in our code.
  PropertyIndex At(std::string_view name) const;
  std::optional<PropertyIndex> Find(std::string_view name) const;
  std::optional<PropertyIndex> FindTag(std::uint16_t tag) const;
  const IndexSpec* FindIndex(std::string_view name) const;
  const IndexSpec* FindIndexByEnum(std::string_view enum_name) const;
  const JoinSpec* FindJoin(std::string_view name) const;
  const ReferenceSpec* FindReference(std::string_view property) const;

  std::span<const PropertyIndex> key() const { return key_; }
  PropertyIndex created() const { return created_; }
  PropertyIndex modified() const { return modified_; }
  PropertyIndex version() const { return version_; }
  PropertyIndex record_id() const { return record_id_; }
  // False for ledgers that are declared for their rights only.
  bool HasDocuments() const {
    return !spec_.indexes.empty() || spec_.id == LedgerId::kOrganization;
  }

  // Where rights on its parts stand. INVARIANT: property i of the ledger is ResourceId{i}.
  authz::LedgerId rights() const { return {static_cast<std::uint16_t>(spec_.id)}; }
  static authz::ResourceId Right(PropertyIndex property) {
    return {static_cast<std::uint16_t>(property)};
  }
  authz::ResourceId Right(const IndexSpec& index) const;
  authz::ResourceId Right(const JoinSpec& join) const;
  authz::ResourceId Right(const ReferenceSpec& reference) const;

  // `context.document`; field i is property i.
  const std::shared_ptr<const cel::StructType>& document_type() const { return document_type_; }
  // "financial.Account"
  const std::string& full_name() const { return full_name_; }

 private:
  const LedgerSpec& spec_;
  std::string full_name_;
  std::size_t public_count_ = 0;
  std::unordered_map<std::string_view, PropertyIndex> by_name_;
  std::unordered_map<std::uint16_t, PropertyIndex> by_tag_;
  std::vector<PropertyIndex> key_;
  PropertyIndex created_ = 0, modified_ = 0, version_ = 0, record_id_ = 0;
  std::uint16_t first_index_ = 0, first_join_ = 0, first_reference_ = 0;
  std::shared_ptr<const cel::StructType> document_type_;
};

class Catalog {
 public:
  // Aborts when the declarations contradict themselves: that is our mistake, and tests see it.
  static std::shared_ptr<const Catalog> Make();

  const Ledger& At(LedgerId id) const { return *ledgers_[static_cast<std::size_t>(id)]; }
  std::span<const std::unique_ptr<Ledger>> ledgers() const { return ledgers_; }
  // By GraphQL type name, "Account"; null when there is none.
  const Ledger* Find(std::string_view name) const;
  // By the prefix of global ids, "ac".
  const Ledger* FindByIdPrefix(std::string_view prefix) const;

  // Every right of the installation.
  const std::shared_ptr<const authz::Catalog>& rights() const { return rights_; }
  // The CEL environment of policies: the standard library, the scalars, and the types and enums of
  // documents. authz adds `context` to it.
  const std::shared_ptr<const cel::Env>& policy_env() const { return policy_env_; }
  // The same functions and enum constants without documents: for tran codes and evaluate.
  const std::shared_ptr<const cel::Env>& expression_env() const { return expression_env_; }

 private:
  Catalog();
  std::vector<std::unique_ptr<Ledger>> ledgers_;
  std::shared_ptr<const authz::Catalog> rights_;
  std::shared_ptr<const cel::Env> policy_env_;
  std::shared_ptr<const cel::Env> expression_env_;
};

// The text of docs/reference/resources.md: every resource, by ledger, with what it is.
std::string ResourcesPage(const Catalog& catalog);

}  // namespace strongroom::ledger
