#include "books.h"

#include "base/uuid.h"
#include "ledger/catalog/ledger_spec.h"
#include "ledger/value.h"

namespace strongroom::oracle {
namespace {

Ledger LedgerOf(const ledger::Catalog& catalog, ledger::LedgerId id) {
  const ledger::Ledger& real = catalog.At(id);
  Ledger ledger;
  ledger.name = real.full_name();
  ledger.properties = real.public_count();
  for (std::size_t i = 0; i < ledger.properties; ++i)
    ledger.fields.emplace(real.properties()[i].name);
  for (const authz::Resource& resource : catalog.rights()->Resources(real.rights()))
    ledger.identifiers.push_back(resource.identifier);
  return ledger;
}

// A field that is never null against a constant.
template <typename T>
Expression Is(const std::string& field, const std::string& constant, T value) {
  return {"context.document." + field + " == " + constant,
          {field},
          [field, value](const Request& request) -> oracle::Value {
            const auto is = FieldOf(request, field);
            if (IsFailed(is)) return Failed{};
            return std::get<T>(is) == value;
          }};
}

}  // namespace

Books::Books(const ledger::Catalog& catalog)
    : ledgers{LedgerOf(catalog, ledger::LedgerId::kAccount),
              LedgerOf(catalog, ledger::LedgerId::kTransaction),
              LedgerOf(catalog, ledger::LedgerId::kEntry)} {
  leaves = {
      Is<std::string>("name", "'a'", "a"),
      Is<std::string>("code", "'b'", "b"),
      Is<std::string>("status", "ACTIVE", "ACTIVE"),
      Is<std::string>("external_id", "'a'", "a"),
      Is<std::string>("direction", "DEBIT", "DEBIT"),
      Is<std::string>("account_id", "uuid('" + AccountIdOf(2) + "')", AccountIdOf(2)),
      Is<std::int64_t>("sequence", "1", 1),
      {"context.document.amount < money('2.00', 'USD')",
       {"amount"},
       [](const Request& request) -> oracle::Value {
         const auto cents = FieldOf(request, "amount");
         if (IsFailed(cents)) return Failed{};
         return std::get<std::int64_t>(cents) < 200;
       }},
      {"context.document.description == context.auth.claims.role",
       {"description"},
       [](const Request& request) -> oracle::Value {
         const auto text = FieldOf(request, "description");
         const auto role = ClaimOf(request, "role");
         if (IsFailed(text) || IsFailed(role)) return Failed{};
         return text == role;
       }},
      // Metadata is anything: null, or a map that may lack the key.
      {"context.document.metadata.region == 'a'",
       {"metadata"},
       [](const Request& request) -> oracle::Value {
         const auto region = Member(FieldOf(request, "metadata"), "region");
         if (IsFailed(region)) return Failed{};
         return region == oracle::Value(std::string("a"));
       }},
      {"has(context.document.metadata.region)",
       {"metadata"},
       [](const Request& request) -> oracle::Value {
         const auto metadata = FieldOf(request, "metadata");
         const auto* fields = std::get_if<Fields>(&metadata);
         if (fields == nullptr) return Failed{};
         return fields->contains("region");
       }},
  };
}

Values AnyAccount(Choices& choices) {
  const Texts words = {"a", "b", "ab", ""};
  Values account;
  account["account_id"] = AccountIdOf(1 + choices.Below(3));
  for (const std::string name : {"name", "code", "external_id", "description"})
    account[name] = choices.Pick(words);
  account["status"] = choices.Pick(Texts{"ACTIVE", "LOCKED"});
  account["metadata"] = nullptr;
  if (choices.Chance(60))
    account["metadata"] =
        choices.Chance(60) ? Fields{{"region", choices.Pick(words)}} : Fields{{"other", "a"}};
  return account;
}

ledger::Document ToDocument(const ledger::Catalog& catalog, const Values& account) {
  ledger::Document document(catalog.At(ledger::LedgerId::kAccount));
  const auto text = [&](const std::string& name) {
    return std::get<std::string>(account.at(name));
  };
  document.Set("account_id", base::ParseUuid(text("account_id")).value());
  for (const std::string name : {"name", "code", "external_id", "description"})
    document.Set(name, text(name));
  document.Set("status", std::int64_t{text("status") == "ACTIVE" ? 0 : 1});
  document.Set("normal_balance_type", std::int64_t{0});
  if (const auto* fields = std::get_if<Fields>(&account.at("metadata"))) {
    boost::json::object object;
    for (const auto& [name, value] : *fields) object[name] = value;
    document.Set("metadata", ledger::MakeJson(std::move(object)));
  }
  return document;
}

}  // namespace strongroom::oracle
