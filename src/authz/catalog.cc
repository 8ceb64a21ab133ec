#include "authz/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "authz/assertion_env.h"
#include "cel/env.h"

namespace strongroom::authz {
namespace {

base::Error Bad(std::string message) {
  return base::MakeError(base::ErrorCode::kBadRequest, std::move(message));
}

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

const std::vector<std::string>& NamesOf(const LedgerDeclaration& declaration, ResourceKind kind) {
  switch (kind) {
    case ResourceKind::kDocument: return declaration.properties;
    case ResourceKind::kIndexes: return declaration.indexes;
    case ResourceKind::kJoins: return declaration.joins;
    case ResourceKind::kReferences: break;
  }
  return declaration.references;
}

}  // namespace

bool IsResourceName(std::string_view name) {
  constexpr std::size_t kNameBytesMax = 128;
  return !name.empty() && name.size() <= kNameBytesMax &&
         std::ranges::all_of(name, IsNameCharacter);
}

std::string ResourceIdentifier(std::string_view ledger, ResourceKind kind, std::string_view name) {
  return fmt::format("{}.{}.{}", ledger, ResourceKindName(kind), name);
}

Catalog::Catalog() = default;
Catalog::Catalog(const Catalog&) = default;
Catalog::~Catalog() = default;

base::Result<std::shared_ptr<const Catalog>> Catalog::Make(std::vector<LedgerDeclaration> ledgers,
                                                           std::shared_ptr<const cel::Env> env) {
  if (ledgers.size() > std::numeric_limits<std::uint16_t>::max())
    return Bad("the catalog holds too many ledgers");
  std::shared_ptr<Catalog> catalog(new Catalog());
  catalog->envs_ = std::make_shared<const AssertionEnvs>(ledgers, env);
  for (LedgerDeclaration& declaration : ledgers)
    STRONGROOM_TRY(catalog->Add(std::move(declaration)));
  return std::shared_ptr<const Catalog>(std::move(catalog));
}

base::Result<std::shared_ptr<const Catalog>> Catalog::WithCustomIndexes(
    std::span<const CustomIndex> indexes) const {
  std::shared_ptr<Catalog> catalog(new Catalog(*this));
  for (Ledger& ledger : catalog->ledgers_) {
    while (ledger.resources.size() > ledger.built_in) {
      catalog->place_by_identifier_.erase(ledger.resources.back().identifier);
      ledger.resources.pop_back();
    }
  }
  for (const CustomIndex& index : indexes) {
    STRONGROOM_CHECK(index.ledger.value < catalog->ledgers_.size());
    STRONGROOM_TRY(catalog->AddResource(index.ledger, ResourceKind::kIndexes, index.name));
  }
  return std::shared_ptr<const Catalog>(std::move(catalog));
}

base::Status Catalog::Add(LedgerDeclaration declaration) {
  for (const std::string_view name : {declaration.space, declaration.name})
    if (!IsResourceName(name)) return Bad(fmt::format("`{}` is not a name of a ledger", name));
  const LedgerId id{static_cast<std::uint16_t>(ledgers_.size())};
  Ledger& ledger = ledgers_.emplace_back();
  ledger.name = fmt::format("{}.{}", declaration.space, declaration.name);
  ledger.declaration = std::move(declaration);
  if (!ledger_by_name_.emplace(ledger.name, id).second)
    return Bad(fmt::format("the ledger `{}` is declared twice", ledger.name));
  for (const ResourceKind kind : kResourceKinds)
    for (const std::string& name : NamesOf(ledger.declaration, kind))
      STRONGROOM_TRY(AddResource(id, kind, name));
  ledger.built_in = ledger.resources.size();
  return {};
}

base::Status Catalog::AddResource(LedgerId id, ResourceKind kind, const std::string& name) {
  Ledger& ledger = ledgers_[id.value];
  std::string identifier = ResourceIdentifier(ledger.name, kind, name);
  if (!IsResourceName(name)) return Bad(fmt::format("`{}` is not a resource name", identifier));
  if (ledger.resources.size() >= std::numeric_limits<std::uint16_t>::max())
    return Bad(fmt::format("the ledger `{}` has too many resources", ledger.name));
  const ResourceId resource{static_cast<std::uint16_t>(ledger.resources.size())};
  if (!place_by_identifier_.emplace(identifier, Place{id, resource}).second)
    return Bad(fmt::format("the resource `{}` is declared twice", identifier));
  ledger.resources.push_back({kind, name, std::move(identifier)});
  return {};
}

const LedgerDeclaration& Catalog::Declaration(LedgerId ledger) const {
  return ledgers_[ledger.value].declaration;
}

std::string_view Catalog::LedgerName(LedgerId ledger) const { return ledgers_[ledger.value].name; }

std::span<const Resource> Catalog::Resources(LedgerId ledger) const {
  return ledgers_[ledger.value].resources;
}

const Resource& Catalog::At(LedgerId ledger, ResourceId resource) const {
  return ledgers_[ledger.value].resources[resource.value];
}

std::size_t Catalog::property_count(LedgerId ledger) const {
  return ledgers_[ledger.value].declaration.properties.size();
}

std::optional<LedgerId> Catalog::FindLedger(std::string_view name) const {
  const auto found = ledger_by_name_.find(std::string(name));
  if (found == ledger_by_name_.end()) return std::nullopt;
  return found->second;
}

std::optional<ResourceId> Catalog::Find(LedgerId ledger, ResourceKind kind,
                                        std::string_view name) const {
  const auto place = Find(ResourceIdentifier(LedgerName(ledger), kind, name));
  if (!place) return std::nullopt;
  return place->resource;
}

std::optional<Catalog::Place> Catalog::Find(std::string_view identifier) const {
  const auto found = place_by_identifier_.find(std::string(identifier));
  if (found == place_by_identifier_.end()) return std::nullopt;
  return found->second;
}

std::optional<LedgerId> Catalog::LedgerOf(std::string_view identifier) const {
  const std::size_t first = identifier.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  return FindLedger(identifier.substr(0, identifier.find('.', first + 1)));
}

}  // namespace strongroom::authz
