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

// Literals of a type, the first below the second, for examples.
struct Samples {
  std::string low;
  std::string high;
};
Samples SamplesOf(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kInt: return {"2", "7"};
    case TypeKind::kUint: return {"2u", "7u"};
    case TypeKind::kDouble: return {"2.0", "7.0"};
    case TypeKind::kBool: return {"false", "true"};
    case TypeKind::kBytes: return {"b'a'", "b'b'"};
    case TypeKind::kTimestamp: return {"timestamp(60)", "timestamp(90)"};
    case TypeKind::kDuration: return {"duration('60s')", "duration('90s')"};
    default: return {"'a'", "'b'"};
  }
}

class Declarer {
 public:
  explicit Declarer(EnvBuilder& builder) : builder_(builder) {}

  void Arithmetic() {
    for (const Type& number : {Type::Int(), Type::Uint(), Type::Double()}) {
      const auto [low, high] = SamplesOf(number);
      const std::string one = low.substr(1);  // what makes a numeral one of this type
      const std::string half = number.is(TypeKind::kDouble) ? "3.5" : "3" + one;
      const std::vector<Type> two = {number, number};
      Add(kAdd, two, number, "the sum", high + " + " + low + " == 9" + one);
      Add(kSubtract, two, number, "the difference", high + " - " + low + " == 5" + one);
      Add(kMultiply, two, number, "the product", high + " * " + low + " == 14" + one);
      Add(kDivide, two, number, "the quotient, towards 0 for whole numbers",
          high + " / " + low + " == " + half);
      if (!number.is(TypeKind::kDouble))
        Add(kModulo, two, number, "what dividing leaves", high + " % " + low + " == 1" + one);
      if (!number.is(TypeKind::kUint))
        Add(kNegate, {number}, number, "the negative", "-(" + low + ") == 0" + one + " - " + low);
    }
    const Type list = Type::List(Type::Param("A"));
    const std::string joined = "one after the other";
    Add(kAdd, {Type::String(), Type::String()}, Type::String(), joined, "'a' + 'b' == 'ab'");
    Add(kAdd, {Type::Bytes(), Type::Bytes()}, Type::Bytes(), joined, "b'a' + b'b' == b'ab'");
    Add(kAdd, {list, list}, list, joined, "[1] + [2] == [1, 2]");
  }

  void Times() {
    const Type ts = Type::Timestamp();
    const Type span = Type::Duration();
    Add(kAdd, {ts, span}, ts, "later", "timestamp(60) + duration('30s') == timestamp(90)");
    Add(kAdd, {span, ts}, ts, "later", "duration('30s') + timestamp(60) == timestamp(90)");
    Add(kAdd, {span, span}, span, "the sum", "duration('1s') + duration('2s') == duration('3s')");
    Add(kSubtract, {ts, ts}, span, "the time between",
        "timestamp(90) - timestamp(60) == duration('30s')");
    Add(kSubtract, {ts, span}, ts, "earlier", "timestamp(90) - duration('30s') == timestamp(60)");
    Add(kSubtract, {span, span}, span, "the difference",
        "duration('3s') - duration('2s') == duration('1s')");
  }

  void Comparisons() {
    const Type any = Type::Param("A");
    Add(kNot, {Type::Bool()}, Type::Bool(), "the opposite", "!false");
    Add(kEquals, {any, any}, Type::Bool(), "whether they are equal, numbers by value",
        "[1, 2] == [1, 2] && dyn(1) == 1.0");
    Add(kNotEquals, {any, any}, Type::Bool(), "whether they differ", "'a' != 'b'");
    for (const Type& type :
         {Type::Bool(), Type::String(), Type::Bytes(), Type::Timestamp(), Type::Duration()})
      Order(type, type);
    const std::array numbers = {Type::Int(), Type::Uint(), Type::Double()};
    for (const Type& left : numbers)
      for (const Type& right : numbers) Order(left, right);
  }

  void Containers() {
    const Type any = Type::Param("A");
    const Type other = Type::Param("B");
    const Type list = Type::List(any);
    const Type map = Type::Map(any, other);
    Add(kIn, {any, list}, Type::Bool(), "whether an element is equal", "2 in [1, 2]");
    Add(kIn, {any, map}, Type::Bool(), "whether there is the key", "'a' in {'a': 1}");
    Add(kIndex, {list, Type::Int()}, any, "the element, counted from 0", "[1, 2][1] == 2");
    Add(kIndex, {map, any}, other, "the value of the key", "{'a': 1}['a'] == 1");
    const std::string through = "the same, if there is a container";
    const std::string some = "the same, or none when it is not there";
    for (const auto& [name, mark] : {std::pair(kIndex, ""), std::pair(kOptionalIndexName, "?")}) {
      Add(name, {Type::Optional(list), Type::Int()}, Type::Optional(any), through,
          "optional.of([1, 2])[" + std::string(mark) + "1].value() == 2");
      Add(name, {Type::Optional(map), any}, Type::Optional(other), through,
          "optional.of({'a': 1})[" + std::string(mark) + "'a'].value() == 1");
    }
    Add(kOptionalIndexName, {list, Type::Int()}, Type::Optional(any), some,
        "![1, 2][?2].hasValue()");
    Add(kOptionalIndexName, {map, any}, Type::Optional(other), some, "!{'a': 1}[?'b'].hasValue()");
  }

 private:
  void Order(const Type& left, const Type& right) {
    const auto [low, high] = SamplesOf(left);
    const auto [other_low, other_high] = SamplesOf(right);
    const std::vector<Type> two = {left, right};
    Add(kLess, two, Type::Bool(), "whether it is less", low + " < " + other_high);
    Add(kLessEquals, two, Type::Bool(), "whether it is not more", low + " <= " + other_low);
    Add(kGreater, two, Type::Bool(), "whether it is more", high + " > " + other_low);
    Add(kGreaterEquals, two, Type::Bool(), "whether it is not less", high + " >= " + other_high);
  }

  void Add(std::string_view name, std::vector<Type> parameters, const Type& result,
           std::string description, std::string example) {
    Overload overload;
    overload.id = name;
    for (const Type& parameter : parameters) overload.id += ' ' + parameter.ToString();
    overload.parameters = std::move(parameters);
    overload.result = result;
    overload.description = std::move(description);
    overload.example = std::move(example);
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
  declarer.Times();
  declarer.Comparisons();
  declarer.Containers();
}

}  // namespace strongroom::cel
