// Random expressions for tests of properties.
#pragma once

#include <rapidcheck.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "cel/env.h"
#include "cel/value.h"

namespace strongroom::cel {

// Over the variables i j p q s l m of GeneratedEnv; most of them have a value.
class Expressions {
 public:
  // A random expression; most of them have a value.
  static std::string Any(int depth) {
    switch (depth <= 0 ? *rc::gen::inRange(0, 4) : *rc::gen::inRange(0, 8)) {
      case 0: return Number(depth);
      case 1: return Bool(depth);
      case 2: return List(depth);
      case 3: return *rc::gen::element<std::string>("'a'", "null", "s", "m.k", "m['x']", "1u");
      case 4:
        return "(" + Bool(depth - 1) + " ? " + Any(depth - 1) + " : dyn(" + Any(depth - 1) + "))";
      case 5:
        return "{'k': " + Any(depth - 1) + ", 'x': " + Any(depth - 1) + "}." +
               *rc::gen::element<std::string>("k", "?x", "y");
      case 6: return "cel.bind(b, " + Any(depth - 1) + ", [b, " + Any(depth - 1) + "])";
      default: return List(depth - 1) + "[" + Number(depth - 1) + "]";
    }
  }

  static std::string Number(int depth) {
    switch (depth <= 0 ? *rc::gen::inRange(0, 2) : *rc::gen::inRange(0, 5)) {
      case 0: return *rc::gen::element<std::string>("0", "1", "2", "-1");
      case 1: return *rc::gen::element<std::string>("i", "j");
      case 2:
        return "(" + Number(depth - 1) +
               *rc::gen::element<std::string>(" + ", " - ", " * ", " / ", " % ") +
               Number(depth - 1) + ")";
      case 3: return "size(" + List(depth - 1) + ")";
      default: return "-(" + Number(depth - 1) + ")";
    }
  }

  static std::string Bool(int depth) {
    switch (depth <= 0 ? *rc::gen::inRange(0, 2) : *rc::gen::inRange(0, 8)) {
      case 0: return *rc::gen::element<std::string>("true", "false", "p", "q");
      case 1:
        return "(dyn(" + Any(-1) + ")" + *rc::gen::element<std::string>(" == ", " != ") + "dyn(" +
               Any(-1) + "))";
      case 2: return "(" + Bool(depth - 1) + " && " + Bool(depth - 1) + ")";
      case 3:
        return "(" + Bool(depth - 1) + " || " + Bool(depth - 1) + " || " + Bool(depth - 1) + ")";
      case 4: return "!(" + Bool(depth - 1) + ")";
      case 5:
        return "(" + Number(depth - 1) + *rc::gen::element<std::string>(" < ", " >= ") +
               Number(depth - 1) + ")";
      case 6: {
        const std::string macro = *rc::gen::element<std::string>("all", "exists", "exists_one");
        return List(depth - 1) + "." + macro + "(e, " + Bool(depth - 1) +
               " || e == " + Number(depth - 1) + ")";
      }
      default: return "(" + Number(depth - 1) + " in " + List(depth - 1) + ")";
    }
  }

  static std::string List(int depth) {
    switch (depth <= 0 ? *rc::gen::inRange(0, 2) : *rc::gen::inRange(0, 4)) {
      case 0: return *rc::gen::element<std::string>("[]", "[1, 2]", "[0]");
      case 1: return *rc::gen::element<std::string>("l", "[i, j]");
      case 2: return "[" + Number(depth - 1) + ", " + Number(depth - 1) + "]";
      default: return List(depth - 1) + ".map(e, e + " + Number(depth - 1) + ")";
    }
  }
};

inline std::shared_ptr<const Env> GeneratedEnv() {
  EnvBuilder builder(*StandardEnv());
  builder.Variable("i", Type::Int()).Variable("j", Type::Int());
  builder.Variable("p", Type::Bool()).Variable("q", Type::Dyn());
  builder.Variable("s", Type::String()).Variable("l", Type::List(Type::Int()));
  builder.Variable("m", Type::Map(Type::String(), Type::Dyn()));
  return std::move(builder).Build();
}

// Random values of those variables.
struct GeneratedValues {
  std::array<Value, 2> numbers = {Value::Int(1), Value::Int(*rc::gen::inRange(-2, 3))};
  std::array<MapEntry, 1> entries = {
      MapEntry{Value::String("k"), Value::Bool(*rc::gen::arbitrary<bool>())}};
  std::vector<std::pair<std::string, Value>> all = {
      {"i", Value::Int(*rc::gen::inRange(-2, 3))},
      {"j", Value::Int(*rc::gen::inRange(-2, 3))},
      {"p", Value::Bool(*rc::gen::arbitrary<bool>())},
      {"q", *rc::gen::element(Value::Bool(true), Value::Bool(false), Value::Int(1))},
      {"s", Value::String("a")},
      {"l", Value::List(numbers)},
      {"m", Value::Map(entries)}};
};

}  // namespace strongroom::cel
