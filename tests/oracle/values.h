// The oracle's own values and expressions. Nothing of src/authz stands in this folder but in the
// tests that ask it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace strongroom::oracle {

enum class Truth { kTrue, kFalse, kError };

struct Failed {
  bool operator==(const Failed&) const = default;
};
using Texts = std::vector<std::string>;
using Fields = std::map<std::string, std::string>;
using Value = std::variant<Failed, std::nullptr_t, bool, std::int64_t, std::string, Texts, Fields>;
using Values = std::map<std::string, Value>;

// What is asked, of whom: what an expression is evaluated against. Without a document, reading it
// fails.
struct Request {
  Values claims;
  std::string account_id;
  std::string action;    // `db:Select`
  std::string resource;  // the identifier
  std::optional<Values> document;
};

// An expression: its CEL text, the fields of the document that it names, and what it comes to.
struct Expression {
  std::string text;
  std::set<std::string> fields;
  std::function<Value(const Request&)> value;
};

inline Truth TruthOf(const Value& value) {
  const bool* truth = std::get_if<bool>(&value);
  if (truth == nullptr) return Truth::kError;  // security 6.8
  return *truth ? Truth::kTrue : Truth::kFalse;
}
inline bool IsFailed(const Value& value) { return std::holds_alternative<Failed>(value); }

inline Value FieldOf(const Request& request, const std::string& name) {
  if (!request.document) return Failed{};
  return request.document->at(name);
}
inline Value ClaimOf(const Request& request, const std::string& name) {
  const auto at = request.claims.find(name);
  return at == request.claims.end() ? Value(Failed{}) : at->second;
}
inline Value Member(const Value& map, const std::string& key) {
  const Fields* fields = std::get_if<Fields>(&map);
  if (fields == nullptr || !fields->contains(key)) return Failed{};
  return fields->at(key);
}

}  // namespace strongroom::oracle
