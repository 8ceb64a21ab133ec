#include "ledger/catalog/catalog.h"

#include "base/check.h"
#include "cel/env.h"
#include "ledger/catalog/cel_types.h"

namespace strongroom::ledger {
namespace {

template <typename Spec>
std::vector<std::string> Names(std::span<const Spec> specs) {
  std::vector<std::string> names;
  for (const Spec& spec : specs) {
    if constexpr (requires { spec.internal; }) {
      if (spec.internal) continue;
    }
    if constexpr (requires { spec.property; })
      names.emplace_back(spec.property);
    else
      names.emplace_back(spec.name);
  }
  return names;
}

authz::LedgerDeclaration Declare(const Ledger& ledger) {
  const LedgerSpec& spec = ledger.spec();
  return {.space = std::string(spec.space),
          .name = std::string(spec.name),
          .properties = Names(spec.properties),
          .indexes = Names(spec.indexes),
          .joins = Names(spec.joins),
          .references = Names(spec.references),
          .document = ledger.document_type()};
}

// What a declaration names has to be there.
void CheckNames(const Ledger& ledger) {
  const LedgerSpec& spec = ledger.spec();
  std::unordered_map<std::uint16_t, std::string_view> tags;
  int clustered = 0;
  for (const IndexSpec& index : spec.indexes) {
    STRONGROOM_CHECK(tags.emplace(StoredTag(index.name), index.name).second);
    for (const auto keys : {index.partition, index.sort})
      for (const IndexKey& key : keys) ledger.At(key.property);
    clustered += index.clustered ? 1 : 0;
    STRONGROOM_CHECK(!index.per_item || (!index.unique && !index.clustered && !index.primary));
  }
  STRONGROOM_CHECK(clustered <= 1);
  for (const ReferenceSpec& reference : spec.references) ledger.At(reference.property);
  for (const DerivedSpec& derived : spec.derived)
    for (const std::string_view source : derived.sources) ledger.At(source);
  for (const PropertySpec& property : spec.properties) {
    if (property.record == nullptr) continue;
    std::unordered_map<std::uint16_t, std::string_view> fields;
    for (const PropertySpec& field : property.record->fields)
      STRONGROOM_CHECK(fields.emplace(StoredTag(field.name), field.name).second);
  }
}

}  // namespace

std::shared_ptr<const Catalog> Catalog::Make() {
  return std::shared_ptr<const Catalog>(new Catalog());
}

Catalog::Catalog() {
  expression_env_ = MakeExpressionEnv();
  cel::EnvBuilder policies(*expression_env_);
  AddRecordTypes(policies);
  policy_env_ = std::move(policies).Build();

  std::vector<authz::LedgerDeclaration> declarations;
  for (const LedgerSpec* spec : AllLedgers()) {
    STRONGROOM_CHECK(static_cast<std::size_t>(spec->id) == ledgers_.size());
    const Ledger& ledger = *ledgers_.emplace_back(std::make_unique<Ledger>(*spec));
    CheckNames(ledger);
    declarations.push_back(Declare(ledger));
  }
  auto rights = authz::Catalog::Make(std::move(declarations), policy_env_);
  STRONGROOM_CHECK(rights.ok());
  rights_ = std::move(rights).value();
}

const Ledger* Catalog::Find(std::string_view name) const {
  for (const auto& ledger : ledgers_)
    if (ledger->spec().name == name) return ledger.get();
  return nullptr;
}

const Ledger* Catalog::FindByIdPrefix(std::string_view prefix) const {
  for (const auto& ledger : ledgers_)
    if (!prefix.empty() && ledger->spec().id_prefix == prefix) return ledger.get();
  return nullptr;
}

}  // namespace strongroom::ledger
