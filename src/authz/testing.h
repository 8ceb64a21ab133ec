// What the tests of this folder share: a small catalog, its documents, and the way from JSON
// policies to a permit.
#pragma once

#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "authz/catalog.h"
#include "authz/permit.h"
#include "cel/env.h"
#include "cel/value.h"

namespace strongroom::authz {

// A document of a struct type: values by field name; what is missing is null, and has() is false.
class TestDocument : public cel::ObjectView {
 public:
  explicit TestDocument(std::shared_ptr<const cel::StructType> type) : type_(std::move(type)) {}

  // From JSON; the text lives with the document.
  TestDocument(std::shared_ptr<const cel::StructType> type, const std::string& json)
      : type_(std::move(type)), json_(boost::json::parse(json).as_object()) {
    for (const auto& [name, value] : json_) values_[std::string(name)] = cel::Value::Json(value);
  }
  const cel::StructType& type() const override { return *type_; }
  cel::Value Get(std::size_t field, cel::Arena&) const override {
    const auto at = values_.find(type_->fields[field].name);
    return at == values_.end() ? cel::Value::Null() : at->second;
  }
  bool Has(std::size_t field) const override {
    const auto at = values_.find(type_->fields[field].name);
    return at != values_.end() && !at->second.is(cel::Kind::kNull);
  }

 private:
  std::shared_ptr<const cel::StructType> type_;
  boost::json::object json_;
  std::map<std::string, cel::Value> values_;
};

inline std::shared_ptr<const cel::StructType> AccountType() {
  using cel::Type;
  static const auto type = std::make_shared<const cel::StructType>(
      cel::StructType{"test.Account",
                      {{"id", Type::String()},
                       {"name", Type::String()},
                       {"balance", Type::Int()},
                       {"open", Type::Bool()},
                       {"owner", Type::Nullable(Type::String())},
                       {"tags", Type::List(Type::String())},
                       {"metadata", Type::Map(Type::String(), Type::String())}}});
  return type;
}
inline std::shared_ptr<const cel::StructType> EntryType() {
  using cel::Type;
  static const auto type = std::make_shared<const cel::StructType>(cel::StructType{
      "test.Entry",
      {{"id", Type::String()}, {"account_id", Type::String()}, {"amount", Type::Int()}}});
  return type;
}

inline std::vector<std::string> FieldNames(const cel::StructType& type) {
  std::vector<std::string> names;
  for (const auto& field : type.fields) names.push_back(field.name);
  return names;
}

// financial.Account, financial.Entry and system.Client.
inline std::shared_ptr<const Catalog> TestCatalog() {
  static const auto catalog =
      Catalog::Make({{"financial",
                      "Account",
                      FieldNames(*AccountType()),
                      {"id", "name"},
                      {"entries"},
                      {"owner"},
                      AccountType()},
                     {"financial",
                      "Entry",
                      FieldNames(*EntryType()),
                      {"id"},
                      {"account"},
                      {"account_id"},
                      EntryType()},
                     {"system", "Client", {"name", "principal"}, {"principal"}, {}, {}, nullptr}},
                    cel::StandardEnv())
          .value();
  return catalog;
}
inline constexpr LedgerId kAccount{0};
inline constexpr LedgerId kEntry{1};
inline constexpr LedgerId kClient{2};

// 2025-06-01T00:00:00Z
inline constexpr base::Timestamp kTestNow{std::chrono::seconds(1748736000)};

inline std::shared_ptr<const PolicySet> CompileText(
    const std::string& json, PolicySet::BadPolicy bad = PolicySet::BadPolicy::kRefuse) {
  auto policies = ParsePolicies(json);
  if (!policies.ok()) {
    ADD_FAILURE() << policies.error().message;
    return nullptr;
  }
  auto set = PolicySet::Compile(*std::move(policies), TestCatalog(), {bad});
  if (!set.ok()) ADD_FAILURE() << set.error().message;
  return set.ok() ? *set : nullptr;
}

inline TokenContext TestToken(const std::string& claims) {
  return {std::make_shared<const boost::json::object>(boost::json::parse(claims).as_object()),
          "https://issuer.example", "TwispTest"};
}

inline Permit Grant(const std::string& policies, const std::string& claims = "{}",
                    const Permit::Options& options = {}) {
  auto folded = FoldedPolicies::Fold(CompileText(policies), TestToken(claims));
  EXPECT_TRUE(folded.ok());
  return Permit::Grant(*folded, kTestNow, options);
}

// A policy as JSON.
inline std::string PolicyText(const std::string& effect, const std::string& action,
                              const std::string& resource, const std::string& assertion = "") {
  boost::json::object policy;
  policy["effect"] = effect;
  policy["actions"] = boost::json::array{boost::json::value(action)};
  policy["resources"] = boost::json::array{boost::json::value(resource)};
  if (!assertion.empty()) policy["assertions"] = boost::json::object{{"a", assertion}};
  return boost::json::serialize(policy);
}

}  // namespace strongroom::authz
