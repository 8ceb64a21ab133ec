// Expressions that the oracle of authorization evaluates itself (oracle_test.cc): each has its text
// in CEL and what it comes to by the specification of the language, written down once more.
#pragma once

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "cel/type.h"

namespace strongroom::authz::oracle {

// ---- Values and expressions of the oracle's own.

enum class Truth { kTrue, kFalse, kError };

struct Failed {
  bool operator==(const Failed&) const = default;
};
using Texts = std::vector<std::string>;
using Fields = std::map<std::string, std::string>;
using OracleValue =
    std::variant<Failed, std::nullptr_t, bool, std::int64_t, std::string, Texts, Fields>;

// What an expression is evaluated against. Without a document, reading it fails.
struct World {
  std::map<std::string, OracleValue> claims;
  std::string action;
  std::string resource;
  std::optional<std::map<std::string, OracleValue>> document;
};

// An expression: its CEL text, the fields of the document it names, and what it comes to.
struct Expression {
  std::string text;
  std::set<std::string> fields;
  std::function<OracleValue(const World&)> value;
};

inline Truth TruthOf(const OracleValue& value) {
  const bool* truth = std::get_if<bool>(&value);
  if (truth == nullptr) return Truth::kError;  // security 6.8
  return *truth ? Truth::kTrue : Truth::kFalse;
}

inline OracleValue FieldOf(const World& world, const std::string& name) {
  if (!world.document) return Failed{};
  return world.document->at(name);
}

inline OracleValue ClaimOf(const World& world, const std::string& name) {
  const auto at = world.claims.find(name);
  return at == world.claims.end() ? OracleValue(Failed{}) : at->second;
}

inline OracleValue Member(const OracleValue& map, const std::string& key) {
  const Fields* fields = std::get_if<Fields>(&map);
  if (fields == nullptr || !fields->contains(key)) return Failed{};
  return fields->at(key);
}

inline bool IsFailed(const OracleValue& value) { return std::holds_alternative<Failed>(value); }

// ---- The same values as the engine takes them.

inline cel::Type TypeOf(const std::string& field) {
  using cel::Type;
  if (field == "n") return Type::Int();
  if (field == "b") return Type::Bool();
  if (field == "o") return Type::Nullable(Type::String());
  if (field == "l") return Type::List(Type::String());
  if (field == "m") return Type::Map(Type::String(), Type::String());
  return Type::String();
}

inline boost::json::value ToJson(const OracleValue& value) {
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

inline std::string ToText(const std::map<std::string, OracleValue>& values) {
  boost::json::object object;
  for (const auto& [name, value] : values) object[name] = ToJson(value);
  return boost::json::serialize(object);
}

// ---- The generator of cases.

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::size_t Below(std::size_t count) { return random_() % count; }
  bool Chance(std::size_t percent) { return Below(100) < percent; }
  template <typename T>
  const T& Pick(const std::vector<T>& from) {
    return from[Below(from.size())];
  }
  std::string Word() { return Pick(Texts{"a", "b", "ab", "db:Select", "TwispTest", ""}); }

  // A boolean expression with at most `depth` operators above its leaves.
  Expression Bool(int depth) {
    if (depth == 0 || Chance(25)) return Leaf();
    switch (Below(5)) {
      case 0:
      case 1: return Junction(depth, true);
      case 2: return Junction(depth, false);
      case 3: {
        Expression of = Bool(depth - 1);
        return {"!(" + of.text + ")", of.fields, [of](const World& world) -> OracleValue {
                  const Truth truth = TruthOf(of.value(world));
                  if (truth == Truth::kError) return Failed{};
                  return truth == Truth::kFalse;
                }};
      }
      default: return Choice(depth);
    }
  }

  World Circumstances() {
    World world;
    for (const std::string name : {"role", "level", "admin", "groups", "org"})
      if (Chance(65)) world.claims[name] = Claim(name);
    return world;
  }
  std::map<std::string, OracleValue> Document() {
    std::map<std::string, OracleValue> document;
    document["s"] = Word();
    document["n"] = static_cast<std::int64_t>(Below(4)) - 1;
    document["b"] = Chance(50);
    document["o"] = Chance(50) ? OracleValue(Word()) : OracleValue(nullptr);
    document["l"] = Chance(50) ? Texts{Word(), Word()} : Texts{};
    document["m"] = Chance(50) ? Fields{{"k", Word()}} : Fields{};
    return document;
  }

 private:
  // Mostly of the kind that expressions expect, sometimes of another.
  OracleValue Claim(const std::string& name) {
    const std::size_t kind = Chance(80) ? std::size_t{9} : Below(6);
    if (kind == 0) return nullptr;
    if (kind == 1 || (kind == 9 && name == "admin")) return Chance(50);
    if (kind == 2 || (kind == 9 && name == "level")) return static_cast<std::int64_t>(Below(4));
    if (kind == 3 || (kind == 9 && name == "groups")) return Texts{Word(), Word()};
    if (kind == 4 || (kind == 9 && name == "org"))
      return Chance(70) ? Fields{{"id", Word()}} : Fields{};
    return Word();
  }

  // && and ||: what decides alone absorbs a failure of the other.
  Expression Junction(int depth, bool conjunction) {
    Expression a = Bool(depth - 1);
    Expression b = Bool(depth - 1);
    const Truth decides = conjunction ? Truth::kFalse : Truth::kTrue;
    Expression made{
        "(" + a.text + (conjunction ? ") && (" : ") || (") + b.text + ")", a.fields, {}};
    made.fields.insert(b.fields.begin(), b.fields.end());
    made.value = [a, b, decides, conjunction](const World& world) -> OracleValue {
      const Truth one = TruthOf(a.value(world));
      const Truth other = TruthOf(b.value(world));
      if (one == decides || other == decides) return !conjunction;
      if (one == Truth::kError || other == Truth::kError) return Failed{};
      return conjunction;
    };
    return made;
  }

  Expression Choice(int depth) {
    Expression condition = Bool(depth - 1);
    Expression a = Bool(depth - 1);
    Expression b = Bool(depth - 1);
    Expression made{
        "(" + condition.text + ") ? (" + a.text + ") : (" + b.text + ")", condition.fields, {}};
    made.fields.insert(a.fields.begin(), a.fields.end());
    made.fields.insert(b.fields.begin(), b.fields.end());
    made.value = [condition, a, b](const World& world) -> OracleValue {
      switch (TruthOf(condition.value(world))) {
        case Truth::kTrue: return a.value(world);
        case Truth::kFalse: return b.value(world);
        case Truth::kError: break;
      }
      return Failed{};
    };
    return made;
  }

  // Texts: of any type that is only known when evaluated, or a string.
  Expression Text() {
    switch (Below(9)) {
      case 0: return ClaimText("role");
      case 1: return ClaimText("level");
      case 2:
        return {"context.auth.claims.org.id", {}, [](const World& world) {
                  return Member(ClaimOf(world, "org"), "id");
                }};
      case 3: return FieldText("s");
      case 4: return FieldText("o");
      case 5:
        return {"context.document.m.k", {"m"}, [](const World& world) {
                  return Member(FieldOf(world, "m"), "k");
                }};
      case 6:
        return {"context.action", {}, [](const World& world) { return OracleValue(world.action); }};
      case 7:
        return {"context.tenant.accountId", {}, [](const World&) {
                  return OracleValue(std::string("TwispTest"));
                }};
      default: {
        const std::string word = Word();
        return {"'" + word + "'", {}, [word](const World&) { return OracleValue(word); }};
      }
    }
  }
  static Expression ClaimText(const std::string& name) {
    return {"context.auth.claims." + name, {}, [name](const World& world) {
              return ClaimOf(world, name);
            }};
  }
  static Expression FieldText(const std::string& name) {
    return {"context.document." + name, {name}, [name](const World& world) {
              return FieldOf(world, name);
            }};
  }

  Expression Leaf() {
    switch (Below(15)) {
      case 0: return {"true", {}, [](const World&) { return OracleValue(true); }};
      case 1: return {"false", {}, [](const World&) { return OracleValue(false); }};
      case 2: return FieldText("b");
      case 3: return ClaimText("admin");  // a boolean, one hopes
      case 4: return Has();
      case 5: {
        const std::string word = Word();
        return {"context.resource.startsWith('financial." + word + "')",
                {},
                [word](const World& world) {
                  return OracleValue(world.resource.starts_with("financial." + word));
                }};
      }
      case 6: {
        // Division by zero fails.
        return {"6 / context.document.n > 1", {"n"}, [](const World& world) -> OracleValue {
                  const OracleValue n = FieldOf(world, "n");
                  if (IsFailed(n) || std::get<std::int64_t>(n) == 0) return Failed{};
                  return 6 / std::get<std::int64_t>(n) > 1;
                }};
      }
      case 7: {
        const auto limit = static_cast<std::int64_t>(Below(4));
        return {"context.auth.claims.level < " + std::to_string(limit),
                {},
                [limit](const World& world) -> OracleValue {
                  const OracleValue level = ClaimOf(world, "level");
                  const auto* number = std::get_if<std::int64_t>(&level);
                  if (number == nullptr) return Failed{};
                  return *number < limit;
                }};
      }
      case 8: return In();
      case 9: {
        const bool before = Chance(50);
        return {std::string("context.now ") + (before ? "<" : ">") +
                    " timestamp('2030-01-01T00:00:00Z')",
                {},
                [before](const World&) { return OracleValue(before); }};
      }
      case 10: {
        const std::string word = Word();
        Expression of = Chance(50) ? FieldText("o") : ClaimText("role");
        return {of.text + ".startsWith('" + word + "')", of.fields,
                [of, word](const World& world) -> OracleValue {
                  const OracleValue value = of.value(world);
                  const auto* text = std::get_if<std::string>(&value);
                  if (text == nullptr) return Failed{};
                  return text->starts_with(word);
                }};
      }
      case 11: {
        const std::string word = Word();
        return {"context.document.l.exists(x, x == '" + word + "')",
                {"l"},
                [word](const World& world) -> OracleValue {
                  const OracleValue list = FieldOf(world, "l");
                  if (IsFailed(list)) return Failed{};
                  return std::ranges::count(std::get<Texts>(list), word) > 0;
                }};
      }
      default: {
        Expression a = Text();
        Expression b = Text();
        const bool same = Chance(70);
        Expression made{a.text + (same ? " == " : " != ") + b.text, a.fields, {}};
        made.fields.insert(b.fields.begin(), b.fields.end());
        made.value = [a, b, same](const World& world) -> OracleValue {
          const OracleValue one = a.value(world);
          const OracleValue other = b.value(world);
          if (IsFailed(one) || IsFailed(other)) return Failed{};
          return (one == other) == same;
        };
        return made;
      }
    }
  }

  Expression Has() {
    switch (Below(4)) {
      case 0:
        return {"has(context.auth.claims.role)", {}, [](const World& world) {
                  return OracleValue(world.claims.contains("role"));
                }};
      case 1:
        return {"has(context.auth.claims.org.id)", {}, [](const World& world) -> OracleValue {
                  const OracleValue org = ClaimOf(world, "org");
                  const auto* fields = std::get_if<Fields>(&org);
                  if (fields == nullptr) return Failed{};
                  return fields->contains("id");
                }};
      case 2:
        return {"has(context.document.o)", {"o"}, [](const World& world) -> OracleValue {
                  const OracleValue value = FieldOf(world, "o");
                  if (IsFailed(value)) return Failed{};
                  return !std::holds_alternative<std::nullptr_t>(value);
                }};
      default:
        return {"has(context.document.m.k)", {"m"}, [](const World& world) -> OracleValue {
                  const OracleValue value = FieldOf(world, "m");
                  if (IsFailed(value)) return Failed{};
                  return std::get<Fields>(value).contains("k");
                }};
    }
  }

  Expression In() {
    const std::string word = Word();
    Expression of = Chance(50) ? ClaimText("groups") : FieldText("l");
    return {"'" + word + "' in " + of.text, of.fields,
            [of, word](const World& world) -> OracleValue {
              const OracleValue value = of.value(world);
              if (const auto* list = std::get_if<Texts>(&value))
                return std::ranges::count(*list, word) > 0;
              if (const auto* fields = std::get_if<Fields>(&value)) return fields->contains(word);
              return Failed{};
            }};
  }

  std::mt19937_64 random_;
};

}  // namespace strongroom::authz::oracle
