// What rules share: the schema, the document with its names, and the list of errors.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graphql/ast.h"
#include "graphql/rules/fragment_graph.h"
#include "graphql/rules/variable_usages.h"
#include "graphql/schema.h"
#include "graphql/validate.h"

namespace strongroom::graphql::rules {

// Byte offsets of the nodes that an error is about.
using Offsets = std::vector<std::uint32_t>;

// Lives for one call of Validate.
class Context {
 public:
  Context(const Schema& schema, const Document& document, const ValidationOptions& options);
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  const Schema& schema() const { return schema_; }
  const Document& document() const { return document_; }
  const ValidationOptions& options() const { return options_; }
  FragmentGraph& fragments() { return fragments_; }
  VariableUsages& variable_usages() { return variable_usages_; }

  // The type that a type node names; null when it names none.
  const Type* Resolve(const TypeNode& node);
  // A type system definition inside the document (which is not executable, but counts as known).
  const SystemDefinition* DefinedType(std::string_view name) const;
  const SystemDefinition* DefinedDirective(std::string_view name) const;
  const std::unordered_map<std::string_view, const SystemDefinition*>& defined_types() const {
    return defined_types_;
  }

  void Report(std::string message, Offsets offsets);
  // Reports that the rules stop here and now.
  void Abort(std::string message);
  bool aborted() const { return aborted_; }
  std::uint32_t OffsetOf(const Value& value) const;
  // The errors, located.
  std::vector<RequestError> Take();

 private:
  struct Fault {
    std::string message;
    Offsets offsets;
  };

  const Schema& schema_;
  const Document& document_;
  const ValidationOptions& options_;
  FragmentGraph fragments_;
  VariableUsages variable_usages_;
  std::unordered_map<std::string_view, const SystemDefinition*> defined_types_;
  std::unordered_map<std::string_view, const SystemDefinition*> defined_directives_;
  std::unordered_map<const TypeNode*, const Type*> resolved_;
  std::vector<std::unique_ptr<Type>> made_types_;
  std::vector<Fault> faults_;
  bool aborted_ = false;
};

const Name& Innermost(const TypeNode& node);
// `[Account!]!`
std::string PrintType(const TypeNode& node);

}  // namespace strongroom::graphql::rules
