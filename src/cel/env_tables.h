// An Env as the engine sees it. Internal.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cel/env.h"
#include "cel/term.h"

namespace strongroom::cel {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};
template <typename T>
using ByName = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

// What an argument has to be when evaluating.
struct ParameterCheck {
  std::uint32_t kinds = 0;  // bit per Kind
  std::string_view name;    // of a struct or opaque type; empty for any

  bool Accepts(const Value& value) const {
    if ((kinds >> static_cast<unsigned>(value.kind()) & 1U) == 0) return false;
    return name.empty() || HasName(value);
  }

 private:
  bool HasName(const Value& value) const;
};

struct OverloadEntry {
  Overload overload;
  std::vector<ParameterCheck> checks;
  std::vector<const Term*> parameters;
  const Term* result = nullptr;
  std::uint32_t variables = 0;  // how many type parameters

  bool Accepts(std::span<const Value> arguments) const;
};

// Shared by all Envs that have the same overloads of it.
struct FunctionDecl {
  std::string name;
  std::vector<std::unique_ptr<const OverloadEntry>> overloads;
  Arena arena;  // of the terms
};

struct VariableDecl {
  std::string name;
  Type type;
  const Term* term = nullptr;
};

struct ConstantDecl {
  Type type;
  Value value;
  const Term* term = nullptr;
  std::shared_ptr<const Type> of;  // what a type's value points to
};

struct StructDecl {
  std::shared_ptr<const StructType> type;
  std::vector<const Term*> fields;
  const Term* term = nullptr;
};

struct EnvTables {
  std::string container;
  std::vector<VariableDecl> variables;
  ByName<std::size_t> variable_numbers;
  ByName<std::shared_ptr<FunctionDecl>> functions;
  ByName<ConstantDecl> constants;  // of enums and others, and the names of types
  ByName<StructDecl> structs;
  std::map<std::string, EnumType, std::less<>> enums;
  ByName<const OpaqueType*> opaques;
  Arena arena;  // of the terms

  const VariableDecl* FindVariable(std::string_view name) const;
  const FunctionDecl* FindFunction(std::string_view name) const;
  const ConstantDecl* FindConstant(std::string_view name) const;
  const StructDecl* FindStruct(std::string_view name) const;
};

}  // namespace strongroom::cel
