#include <re2/re2.h>

#include <algorithm>

#include "cel/env.h"
#include "cel/lib/strings.h"
#include "cel/library.h"
#include "cel/regex.h"

namespace strongroom::cel {
namespace {

Value Size(const Call& call) {
  const Value& value = call[0];
  if (!value.is(Kind::kString)) return Value::Int(static_cast<std::int64_t>(value.Size()));
  const std::string_view text = value.AsString();
  if (!call.budget.ChargeBytes(text.size())) return Value::Null();
  return Value::Int(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

Value Contains(const Call& call) {
  const std::string_view text = call[0].AsString();
  if (!ChargeTextSearch(call, text, call[1].AsString())) return Value::Null();
  return Value::Bool(text.find(call[1].AsString()) != std::string_view::npos);
}
Value StartsWith(const Call& call) {
  const std::string_view prefix = call[1].AsString();
  if (!call.budget.ChargeBytes(prefix.size())) return Value::Null();
  return Value::Bool(call[0].AsString().starts_with(prefix));
}
Value EndsWith(const Call& call) {
  const std::string_view suffix = call[1].AsString();
  if (!call.budget.ChargeBytes(suffix.size())) return Value::Null();
  return Value::Bool(call[0].AsString().ends_with(suffix));
}

// Where the expression is no literal; literals are compiled with the program.
Value Matches(const Call& call) {
  const std::string_view text = call[0].AsString();
  const std::string_view pattern = call[1].AsString();
  // A few letters may take more than a millisecond to compile.
  constexpr std::uint64_t kCompileCost = 500;
  const std::uint64_t units =
      kCompileCost + pattern.size() + text.size() / 10 * RegexFactor(pattern);
  if (!call.budget.Charge(units)) return Value::Null();
  std::string problem;
  const auto regex = CompileRegex(pattern, problem);
  if (regex == nullptr) return call.Invalid(problem);
  const re2::StringPiece piece(text.data(), text.size());
  return Value::Bool(regex->Match(piece, 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0));
}

class Adder {
 public:
  explicit Adder(EnvBuilder& builder) : builder_(builder) {}

  void TypeNames() {
    static const std::vector<std::pair<std::string_view, Type>> kTypes = {
        {"bool", Type::Bool()},
        {"int", Type::Int()},
        {"uint", Type::Uint()},
        {"double", Type::Double()},
        {"string", Type::String()},
        {"bytes", Type::Bytes()},
        {"list", Type::List(Type::Dyn())},
        {"map", Type::Map(Type::Dyn(), Type::Dyn())},
        {"null_type", Type::Null()},
        {"type", Type::TypeType()},
        {"google.protobuf.Timestamp", Type::Timestamp()},
        {"google.protobuf.Duration", Type::Duration()}};
    for (const auto& [name, type] : kTypes)
      builder_.Constant(name, Type::TypeType(type), Value::TypeValue(&type));
  }

  void Sizes() {
    const Type list = Type::List(Type::Param("A"));
    const Type map = Type::Map(Type::Param("A"), Type::Param("B"));
    const auto add = [&](std::string_view id, const Type& type, std::string_view description,
                         std::string_view literal) {
      for (const bool member : {false, true})
        Function("size", {.id = (member ? std::string(id) + "_size" : "size_" + std::string(id)),
                          .parameters = {type},
                          .result = Type::Int(),
                          .callback = Size,
                          .member = member,
                          .description = std::string(description),
                          .example = member ? std::string(literal) + ".size() == 2"
                                            : "size(" + std::string(literal) + ") == 2"});
    };
    add("string", Type::String(), "how many code points a text has", "'aé'");
    add("bytes", Type::Bytes(), "how many bytes there are", "b'ab'");
    add("list", list, "how many elements a list has", "[1, 2]");
    add("map", map, "how many entries a map has", "{'a': 1, 'b': 2}");
  }

  void Texts() {
    const auto add = [&](std::string_view name, std::string_view id, bool member, Callback callback,
                         std::string_view description, std::string_view example) {
      Function(name, {.id = std::string(id),
                      .parameters = {Type::String(), Type::String()},
                      .result = Type::Bool(),
                      .callback = std::move(callback),
                      .member = member,
                      .description = std::string(description),
                      .example = std::string(example)});
    };
    add("contains", "contains_string", true, Contains, "whether a text holds another",
        "'hello'.contains('ell')");
    add("startsWith", "starts_with_string", true, StartsWith, "whether a text begins with another",
        "'hello'.startsWith('he')");
    add("endsWith", "ends_with_string", true, EndsWith, "whether a text ends with another",
        "'hello'.endsWith('lo')");
    add("matches", "matches", false, Matches,
        "whether a regular expression (RE2) matches some part of a text",
        "matches('hello', '^h.*o$')");
    add("matches", "matches_string", true, Matches,
        "whether a regular expression (RE2) matches some part of a text", "'hello'.matches('l+')");
  }

  void Types() {
    const Type any = Type::Param("A");
    Function("dyn", {.id = "to_dyn",
                     .parameters = {any},
                     .result = Type::Dyn(),
                     .callback = [](const Call& call) { return call[0]; },
                     .description = "the value itself, of a type that is not checked",
                     .example = "dyn(1) == 1.0"});
    // Computed by the engine, which knows the names of all types.
    Function("type", {.id = "type",
                      .parameters = {any},
                      .result = Type::TypeType(any),
                      .callback = {},
                      .description = "the type of a value",
                      .example = "type(1) == int && type(type(1)) == type"});
  }

 private:
  void Function(std::string_view name, Overload overload) {
    builder_.Function(name, std::move(overload));
  }

  EnvBuilder& builder_;
};

}  // namespace

void AddStandardFunctions(EnvBuilder& builder) {
  Adder adder(builder);
  adder.TypeNames();
  adder.Sizes();
  adder.Texts();
  adder.Types();
}

}  // namespace strongroom::cel
