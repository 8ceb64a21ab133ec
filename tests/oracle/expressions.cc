#include "expressions.h"

#include <algorithm>

namespace strongroom::oracle {
namespace {

Expression Constant(std::string text, Value value) {
  return {std::move(text), {}, [value](const Request&) { return value; }};
}
Expression ClaimText(const std::string& name) {
  return {"context.auth.claims." + name, {}, [name](const Request& request) {
            return ClaimOf(request, name);
          }};
}
Expression FieldText(const std::string& name) {
  return {"context.document." + name, {name}, [name](const Request& request) {
            return FieldOf(request, name);
          }};
}

// Texts: of any type that is only known when evaluated, or a string.
Expression AnyText(Choices& choices) {
  switch (choices.Below(9)) {
    case 1: return ClaimText("role");
    case 2: return ClaimText("level");
    case 3:
      return {"context.auth.claims.org.id", {}, [](const Request& request) {
                return Member(ClaimOf(request, "org"), "id");
              }};
    case 4: return FieldText("s");
    case 5: return FieldText("o");
    case 6:
      return {"context.document.m.k", {"m"}, [](const Request& request) {
                return Member(FieldOf(request, "m"), "k");
              }};
    case 7:
      return {"context.action", {}, [](const Request& request) { return Value(request.action); }};
    case 8:
      return {"context.tenant.accountId", {}, [](const Request& request) {
                return Value(request.account_id);
              }};
    default: {
      const std::string word = AnyWord(choices);
      return Constant("'" + word + "'", word);
    }
  }
}

Expression AnyHas(Choices& choices) {
  switch (choices.Below(4)) {
    case 0:
      return {"has(context.auth.claims.role)", {}, [](const Request& request) {
                return Value(request.claims.contains("role"));
              }};
    case 1:
      return {"has(context.auth.claims.org.id)", {}, [](const Request& request) -> Value {
                const Value org = ClaimOf(request, "org");
                const auto* fields = std::get_if<Fields>(&org);
                if (fields == nullptr) return Failed{};
                return fields->contains("id");
              }};
    case 2:
      return {"has(context.document.o)", {"o"}, [](const Request& request) -> Value {
                const Value value = FieldOf(request, "o");
                if (IsFailed(value)) return Failed{};
                return !std::holds_alternative<std::nullptr_t>(value);
              }};
    default:
      return {"has(context.document.m.k)", {"m"}, [](const Request& request) -> Value {
                const Value value = FieldOf(request, "m");
                if (IsFailed(value)) return Failed{};
                return std::get<Fields>(value).contains("k");
              }};
  }
}

Expression AnyMembership(Choices& choices) {
  const std::string word = AnyWord(choices);
  Expression of = choices.Chance(50) ? ClaimText("groups") : FieldText("l");
  return {"'" + word + "' in " + of.text, of.fields, [of, word](const Request& request) -> Value {
            const Value value = of.value(request);
            if (const auto* list = std::get_if<Texts>(&value))
              return std::ranges::count(*list, word) > 0;
            if (const auto* fields = std::get_if<Fields>(&value)) return fields->contains(word);
            return Failed{};
          }};
}

Expression AnyComparison(Choices& choices) {
  Expression a = AnyText(choices);
  Expression b = AnyText(choices);
  const bool same = choices.Chance(70);
  Expression made{a.text + (same ? " == " : " != ") + b.text, a.fields, {}};
  made.fields.insert(b.fields.begin(), b.fields.end());
  made.value = [a, b, same](const Request& request) -> Value {
    const Value one = a.value(request);
    const Value other = b.value(request);
    if (IsFailed(one) || IsFailed(other)) return Failed{};
    return (one == other) == same;
  };
  return made;
}

Expression AnyPrefix(Choices& choices) {
  const std::string word = AnyWord(choices);
  Expression of = choices.Chance(50) ? FieldText("o") : ClaimText("role");
  return {of.text + ".startsWith('" + word + "')", of.fields,
          [of, word](const Request& request) -> Value {
            const Value value = of.value(request);
            const auto* text = std::get_if<std::string>(&value);
            if (text == nullptr) return Failed{};
            return text->starts_with(word);
          }};
}

Expression AnyLimit(Choices& choices) {
  const auto limit = static_cast<std::int64_t>(choices.Below(4));
  return {"context.auth.claims.level < " + std::to_string(limit),
          {},
          [limit](const Request& request) -> Value {
            const Value level = ClaimOf(request, "level");
            const auto* number = std::get_if<std::int64_t>(&level);
            if (number == nullptr) return Failed{};
            return *number < limit;
          }};
}

Expression Quotient() {  // division by zero fails
  return {"6 / context.document.n > 1", {"n"}, [](const Request& request) -> Value {
            const Value n = FieldOf(request, "n");
            if (IsFailed(n) || std::get<std::int64_t>(n) == 0) return Failed{};
            return 6 / std::get<std::int64_t>(n) > 1;
          }};
}

Expression AnyExists(Choices& choices) {
  const std::string word = AnyWord(choices);
  return {"context.document.l.exists(x, x == '" + word + "')",
          {"l"},
          [word](const Request& request) -> Value {
            const Value list = FieldOf(request, "l");
            if (IsFailed(list)) return Failed{};
            return std::ranges::count(std::get<Texts>(list), word) > 0;
          }};
}

// Of what every document has around it.
Expression AnyPlainLeaf(Choices& choices) {
  switch (choices.Below(7)) {
    case 0: return Constant("true", true);
    case 1: return Constant("false", false);
    case 2: return ClaimText("admin");  // a boolean, one hopes
    case 3: {
      const std::string word = "financial." + AnyWord(choices);
      return {"context.resource.startsWith('" + word + "')", {}, [word](const Request& request) {
                return Value(request.resource.starts_with(word));
              }};
    }
    case 4: return AnyLimit(choices);
    case 5:
      return {"has(context.auth.claims.role)", {}, [](const Request& request) {
                return Value(request.claims.contains("role"));
              }};
    default: {
      const bool before = choices.Chance(50);  // tests run before 2030
      return Constant(
          std::string("context.now ") + (before ? "<" : ">") + " timestamp('2030-01-01T00:00:00Z')",
          before);
    }
  }
}

Expression AnyLeaf(Choices& choices, const std::vector<Expression>& of_documents) {
  if (choices.Below(3) == 0) return AnyPlainLeaf(choices);
  if (!of_documents.empty()) return choices.Pick(of_documents);
  switch (choices.Below(8)) {
    case 0: return FieldText("b");
    case 1: return AnyHas(choices);
    case 2: return Quotient();
    case 3: return AnyMembership(choices);
    case 4: return AnyPrefix(choices);
    case 5: return AnyExists(choices);
    default: return AnyComparison(choices);
  }
}

// && and ||: what decides alone absorbs a failure of the other.
Expression Junction(Expression a, Expression b, bool conjunction) {
  const Truth decides = conjunction ? Truth::kFalse : Truth::kTrue;
  Expression made{"(" + a.text + (conjunction ? ") && (" : ") || (") + b.text + ")", a.fields, {}};
  made.fields.insert(b.fields.begin(), b.fields.end());
  made.value = [a, b, decides, conjunction](const Request& request) -> Value {
    const Truth one = TruthOf(a.value(request));
    const Truth other = TruthOf(b.value(request));
    if (one == decides || other == decides) return !conjunction;
    if (one == Truth::kError || other == Truth::kError) return Failed{};
    return conjunction;
  };
  return made;
}

Expression Negation(Expression of) {
  return {"!(" + of.text + ")", of.fields, [of](const Request& request) -> Value {
            const Truth truth = TruthOf(of.value(request));
            if (truth == Truth::kError) return Failed{};
            return truth == Truth::kFalse;
          }};
}

Expression Choice(Expression condition, Expression a, Expression b) {
  Expression made{
      "(" + condition.text + ") ? (" + a.text + ") : (" + b.text + ")", condition.fields, {}};
  made.fields.insert(a.fields.begin(), a.fields.end());
  made.fields.insert(b.fields.begin(), b.fields.end());
  made.value = [condition, a, b](const Request& request) -> Value {
    switch (TruthOf(condition.value(request))) {
      case Truth::kTrue: return a.value(request);
      case Truth::kFalse: return b.value(request);
      case Truth::kError: break;
    }
    return Failed{};
  };
  return made;
}

// Mostly of the kind that expressions expect, sometimes of another.
Value AnyClaim(Choices& choices, const std::string& name) {
  const std::size_t kind = choices.Chance(80) ? std::size_t{9} : choices.Below(6);
  if (kind == 0) return nullptr;
  if (kind == 1 || (kind == 9 && name == "admin")) return choices.Chance(50);
  if (kind == 2 || (kind == 9 && name == "level"))
    return static_cast<std::int64_t>(choices.Below(4));
  if (kind == 3 || (kind == 9 && name == "groups"))
    return Texts{AnyWord(choices), AnyWord(choices)};
  if (kind == 4 || (kind == 9 && name == "org"))
    return choices.Chance(70) ? Fields{{"id", AnyWord(choices)}} : Fields{};
  return AnyWord(choices);
}

}  // namespace

std::string AnyWord(Choices& choices) {
  static const Texts kWords = {"a", "b", "ab", "db:Select", "Child", ""};
  return choices.Pick(kWords);
}

Expression AnyAssertion(Choices& choices, int depth, const std::vector<Expression>& more) {
  if (depth == 0) return AnyLeaf(choices, more);
  const auto below = [&] { return AnyAssertion(choices, depth - 1, more); };
  switch (choices.Below(7)) {
    case 0:
    case 1: return AnyLeaf(choices, more);
    case 2:
    case 3:
    case 4: {
      const bool conjunction = choices.Below(3) < 2;
      Expression a = below();
      return Junction(std::move(a), below(), conjunction);
    }
    case 5: return Negation(below());
    default: {
      Expression condition = below();
      Expression a = below();
      return Choice(std::move(condition), std::move(a), below());
    }
  }
}

Values AnyClaims(Choices& choices) {
  Values claims;
  for (const std::string name : {"role", "level", "admin", "groups", "org"})
    if (choices.Chance(65)) claims[name] = AnyClaim(choices, name);
  return claims;
}

Values AnyDocument(Choices& choices) {
  Values document;
  document["s"] = AnyWord(choices);
  document["n"] = static_cast<std::int64_t>(choices.Below(4)) - 1;
  document["b"] = choices.Chance(50);
  document["o"] = choices.Chance(50) ? Value(AnyWord(choices)) : Value(nullptr);
  document["l"] = choices.Chance(50) ? Texts{AnyWord(choices), AnyWord(choices)} : Texts{};
  document["m"] = choices.Chance(50) ? Fields{{"k", AnyWord(choices)}} : Fields{};
  return document;
}

}  // namespace strongroom::oracle
