// What an expression may name: variables, records, enums, functions. Built once, then immutable
// and shared between threads; programs keep it alive.
//
//   EnvBuilder builder(StandardEnv());
//   builder.Struct({"Context", {{"auth", Type::Struct("Auth")}, …}});
//   builder.Variable("context", Type::Struct("Context"));
//   builder.Function("decimal.Add", {.id = "decimal_add", .parameters = {d, d}, .result = d, …});
//   auto env = std::move(builder).Build();
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cel/function.h"
#include "cel/type.h"

namespace strongroom::cel {

struct EnvTables;  // env_tables.h: the engine's own view

class Env {
 public:
  // The number of a variable, for Activation::Set.
  std::optional<std::size_t> FindVariable(std::string_view name) const;
  std::size_t variable_count() const;
  // Null when there is none.
  std::shared_ptr<const StructType> FindStruct(std::string_view name) const;

  // Every function with its overloads, sorted by name: for the reference page.
  struct FunctionInfo {
    std::string_view name;
    std::vector<const Overload*> overloads;
  };
  std::vector<FunctionInfo> Functions() const;

  const EnvTables& tables() const { return *tables_; }

 private:
  friend class EnvBuilder;
  explicit Env(std::shared_ptr<const EnvTables> tables) : tables_(std::move(tables)) {}
  std::shared_ptr<const EnvTables> tables_;
};

class EnvBuilder {
 public:
  // Nothing but the language's literals and operators.
  EnvBuilder();
  // Everything of `base`, to be extended; variables keep their numbers.
  explicit EnvBuilder(const Env& base);
  ~EnvBuilder();
  EnvBuilder(EnvBuilder&&) noexcept;
  EnvBuilder& operator=(EnvBuilder&&) noexcept;

  // Dots are allowed in names of variables and functions. A variable that is already there gets
  // the new type and keeps its number.
  EnvBuilder& Variable(std::string_view name, const Type& type);
  // The shared form keeps the caller's pointer: ObjectView::type() should return that very one.
  EnvBuilder& Struct(std::shared_ptr<const StructType> type);
  EnvBuilder& Struct(StructType type);
  // Makes its constants visible by bare name, and as Enum.NAME. A constant that another enum has
  // already declared stays visible only as Enum.NAME where the two differ.
  EnvBuilder& Enum(EnumType type);
  // `type` outlives the Env. Declares its name as a type, == and !=, and < <= > >= if it is
  // ordered.
  EnvBuilder& Opaque(const OpaqueType* type);
  // A constant of any kind; `value` needs nothing but static storage.
  EnvBuilder& Constant(std::string_view name, const Type& type, const Value& value);
  // Adds an overload; one with the same id replaces the earlier.
  EnvBuilder& Function(std::string_view name, Overload overload);
  // Names are looked up in `container` first ("a.b": a.b.x, a.x, x).
  EnvBuilder& Container(std::string_view container);

  // Aborts on a declaration that can't be (an unknown struct in a field): that is our mistake.
  std::shared_ptr<const Env> Build() &&;

 private:
  std::unique_ptr<EnvTables> tables_;
};

// Libraries of functions. Each documents its functions in its own file under lib/.
enum class Library {
  kStandard,  // the language's own; always wanted
  kStrings,   // 'a'.charAt(0), format, join, …
  kMath,      // math.greatest, math.bitAnd, …
  kEncoders,  // base64.encode
  kLists,     // slice, flatten, sort, distinct, reverse, first, last, lists.range
  kSets,      // sets.contains, equivalent, intersects
  kNetwork,   // ip(), cidr()
  kOptional,  // a.?b, optional.of, …
};
void AddLibrary(EnvBuilder& builder, Library library);

// All of the libraries above.
std::shared_ptr<const Env> StandardEnv();

}  // namespace strongroom::cel
