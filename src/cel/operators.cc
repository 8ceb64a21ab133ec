#include "cel/operators.h"

#include <array>
#include <string>
#include <utility>

#include "cel/env.h"

namespace strongroom::cel {
namespace {

struct OpNames {
  std::string_view name;
  std::string_view symbol;
};
constexpr std::array<OpNames, 17> kOps = {{{"", ""},
                                           {kAdd, "+"},
                                           {kSubtract, "-"},
                                           {kMultiply, "*"},
                                           {kDivide, "/"},
                                           {kModulo, "%"},
                                           {kNegate, "-"},
                                           {kNot, "!"},
                                           {kEquals, "=="},
                                           {kNotEquals, "!="},
                                           {kLess, "<"},
                                           {kLessEquals, "<="},
                                           {kGreater, ">"},
                                           {kGreaterEquals, ">="},
                                           {kIn, "in"},
                                           {kIndex, "[]"},
                                           {kOptionalIndexName, "[?]"}}};

class Declarer {
 public:
  explicit Declarer(EnvBuilder& builder) : builder_(builder) {}

  void Arithmetic() {
    const Type ts = Type::Timestamp();
    const Type span = Type::Duration();
    const Type list = Type::List(Type::Param("A"));
    for (const Type& number : {Type::Int(), Type::Uint(), Type::Double()}) {
      for (const auto name : {kAdd, kSubtract, kMultiply, kDivide})
        Add(name, {number, number}, number);
      if (!number.is(TypeKind::kDouble)) Add(kModulo, {number, number}, number);
      if (!number.is(TypeKind::kUint)) Add(kNegate, {number}, number);
    }
    for (const Type& text : {Type::String(), Type::Bytes(), list}) Add(kAdd, {text, text}, text);
    Add(kAdd, {ts, span}, ts);
    Add(kAdd, {span, ts}, ts);
    Add(kAdd, {span, span}, span);
    Add(kSubtract, {ts, ts}, span);
    Add(kSubtract, {ts, span}, ts);
    Add(kSubtract, {span, span}, span);
  }

  void Comparisons() {
    const Type any = Type::Param("A");
    Add(kNot, {Type::Bool()}, Type::Bool());
    for (const auto name : {kEquals, kNotEquals}) Add(name, {any, any}, Type::Bool());
    const std::array numbers = {Type::Int(), Type::Uint(), Type::Double()};
    for (const auto name : {kLess, kLessEquals, kGreater, kGreaterEquals}) {
      for (const Type& type :
           {Type::Bool(), Type::String(), Type::Bytes(), Type::Timestamp(), Type::Duration()})
        Add(name, {type, type}, Type::Bool());
      for (const Type& left : numbers)
        for (const Type& right : numbers) Add(name, {left, right}, Type::Bool());
    }
  }

  void Containers() {
    const Type any = Type::Param("A");
    const Type other = Type::Param("B");
    const Type list = Type::List(any);
    const Type map = Type::Map(any, other);
    Add(kIn, {any, list}, Type::Bool());
    Add(kIn, {any, map}, Type::Bool());
    Add(kIndex, {list, Type::Int()}, any);
    Add(kIndex, {map, any}, other);
    for (const auto name : {kIndex, kOptionalIndexName}) {
      Add(name, {Type::Optional(list), Type::Int()}, Type::Optional(any));
      Add(name, {Type::Optional(map), any}, Type::Optional(other));
    }
    Add(kOptionalIndexName, {list, Type::Int()}, Type::Optional(any));
    Add(kOptionalIndexName, {map, any}, Type::Optional(other));
  }

 private:
  void Add(std::string_view name, std::vector<Type> parameters, const Type& result) {
    Overload overload;
    overload.id = name;
    for (const Type& parameter : parameters) overload.id += ' ' + parameter.ToString();
    overload.parameters = std::move(parameters);
    overload.result = result;
    builder_.Function(name, std::move(overload));
  }

  EnvBuilder& builder_;
};

}  // namespace

std::string_view OpName(Op op) { return kOps[static_cast<std::size_t>(op)].name; }
std::string_view OpSymbol(Op op) { return kOps[static_cast<std::size_t>(op)].symbol; }

void DeclareOperators(EnvBuilder& builder) {
  Declarer declarer(builder);
  declarer.Arithmetic();
  declarer.Comparisons();
  declarer.Containers();
}

}  // namespace strongroom::cel
