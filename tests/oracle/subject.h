// The engine that the oracle asks after: its catalog, policies, documents and permits, made from
// the oracle's. The only files here that know src/authz are this one and the tests.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "authz/catalog.h"
#include "authz/permit.h"
#include "base/check.h"
#include "cel/env.h"
#include "cel/value.h"
#include "world.h"

namespace strongroom::oracle {

// 2025-06-01T00:00:00Z
inline constexpr base::Timestamp kNow{std::chrono::seconds(1748736000)};

inline boost::json::value ToJson(const Value& value) {
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* text = std::get_if<std::string>(&value)) return boost::json::value(*text);
  if (const auto* list = std::get_if<Texts>(&value)) {
    boost::json::array array;
    for (const std::string& text : *list) array.emplace_back(text);
    return array;
  }
  if (const auto* fields = std::get_if<Fields>(&value)) {
    boost::json::object object;
    for (const auto& [name, text] : *fields) object[name] = text;
    return object;
  }
  return nullptr;
}
inline boost::json::object ToJson(const Values& values) {
  boost::json::object object;
  for (const auto& [name, value] : values) object[name] = ToJson(value);
  return object;
}

inline authz::Policy ToPolicy(const Policy& policy) {
  authz::Policy made;
  made.effect = policy.allow ? authz::Effect::kAllow : authz::Effect::kDeny;
  made.actions = policy.actions;
  made.resources = policy.resources;
  for (const Expression& assertion : policy.assertions)
    made.assertions.push_back(
        {"assertion " + std::to_string(made.assertions.size()), assertion.text});
  return made;
}
inline std::vector<authz::Policy> ToPolicies(const std::vector<Policy>& policies) {
  std::vector<authz::Policy> made;
  for (const Policy& policy : policies) made.push_back(ToPolicy(policy));
  return made;
}

inline cel::Type TypeOf(const std::string& field) {
  using cel::Type;
  if (field == "n") return Type::Int();
  if (field == "b") return Type::Bool();
  if (field == "o") return Type::Nullable(Type::String());
  if (field == "l") return Type::List(Type::String());
  if (field == "m") return Type::Map(Type::String(), Type::String());
  return Type::String();
}

// A document as assertions see it. Outlives neither its type nor its values.
class SubjectDocument final : public cel::ObjectView {
 public:
  SubjectDocument(const cel::StructType& type, const Values& values)
      : type_(type), json_(ToJson(values)) {
    for (const auto& field : type_.fields) {
      const auto* value = json_.if_contains(field.name);
      values_.push_back(value == nullptr ? cel::Value::Null() : cel::Value::Json(*value));
    }
  }
  const cel::StructType& type() const override { return type_; }
  cel::Value Get(std::size_t field, cel::Arena&) const override { return values_[field]; }
  bool Has(std::size_t field) const override { return !values_[field].is(cel::Kind::kNull); }

 private:
  const cel::StructType& type_;
  boost::json::object json_;
  std::vector<cel::Value> values_;
};

struct Subject {
  std::shared_ptr<const authz::Catalog> catalog;
  std::vector<std::shared_ptr<const cel::StructType>> types;
};

inline Subject MakeSubject(const std::vector<Ledger>& ledgers) {
  Subject subject;
  std::vector<authz::LedgerDeclaration> declarations;
  for (const Ledger& ledger : ledgers) {
    const std::size_t dot = ledger.name.find('.');
    authz::LedgerDeclaration declaration;
    declaration.space = ledger.name.substr(0, dot);
    declaration.name = ledger.name.substr(dot + 1);
    cel::StructType type{"test." + declaration.name, {}};
    for (std::size_t i = 0; i < ledger.properties; ++i) {
      const std::string& identifier = ledger.identifiers[i];
      declaration.properties.push_back(identifier.substr(identifier.rfind('.') + 1));
      type.fields.push_back({declaration.properties.back(), TypeOf(declaration.properties.back())});
    }
    declaration.indexes = {"s"};
    declaration.joins = {"all"};
    declaration.references = {"o"};
    declaration.document = std::make_shared<const cel::StructType>(std::move(type));
    subject.types.push_back(declaration.document);
    declarations.push_back(std::move(declaration));
  }
  static const auto env = cel::StandardEnv();
  auto catalog = authz::Catalog::Make(std::move(declarations), env);
  STRONGROOM_CHECK(catalog.ok());
  subject.catalog = *std::move(catalog);
  return subject;
}

inline base::Result<authz::Permit> MakePermit(std::shared_ptr<const authz::PolicySet> policies,
                                              const Caller& caller, const Values& claims) {
  STRONGROOM_ASSIGN(auto folded, authz::FoldedPolicies::Fold(
                                     std::move(policies),
                                     {std::make_shared<const boost::json::object>(ToJson(claims)),
                                      caller.principal, caller.account_id}));
  return authz::Permit::Grant(std::move(folded), kNow);
}

// What a failing case was.
inline std::string Describe(const std::vector<Policy>& policies, const Request& request) {
  std::string text = authz::FormatPolicies(ToPolicies(policies)) + "\nclaims " +
                     boost::json::serialize(ToJson(request.claims)) + " in " + request.account_id +
                     "\n" + request.action + " on " + request.resource;
  if (request.document) text += " of " + boost::json::serialize(ToJson(*request.document));
  return text;
}

}  // namespace strongroom::oracle
