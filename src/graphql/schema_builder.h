// From the syntax trees of SDL to a Schema: declares all names, fills the types, links them,
// checks.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "graphql/schema.h"
#include "graphql/source.h"

namespace strongroom::graphql {

// For one schema. The first fault is the one that is reported.
class SchemaBuilder {
 public:
  base::Result<std::shared_ptr<const Schema>> Build(std::string sdl);

 private:
  // Declarations: every name gets its type, before anything refers to it.
  void Declare(const Document& document, bool built_in);
  void DeclareType(const SystemDefinition& definition, bool built_in);
  void AddDirective(const SystemDefinition& definition, bool built_in);
  void AddRoots(const SystemDefinition& definition);
  void FindRoots();

  // Members, of definitions and extensions alike.
  void Fill(const Document& document, bool built_in);
  void FillType(const SystemDefinition& definition, NamedType& type);
  void AddFields(const SystemDefinition& definition, NamedType& type);
  void AddInterfaces(const SystemDefinition& definition, NamedType& type);
  void AddMembers(const SystemDefinition& definition, NamedType& type);
  void AddValues(const SystemDefinition& definition, NamedType& type);
  void AddInputs(std::span<const InputValueDefinition> inputs, const std::string& where,
                 std::vector<InputField>& out);
  std::optional<std::string> Reason(std::span<const Directive> directives) const;

  // References.
  const Type* Use(const TypeNode& node);
  const Type* UseOfName(const NamedType& type);
  const Type* Wrap(const Type& inner, Type::Kind kind);
  void DropUnusedScalars();
  void Link();
  void AddMetaFields();

  // schema_check.cc
  void Check();
  void CheckApplied(const Document& document);
  void CheckDirectives(std::span<const Directive> directives, std::string_view location);
  void CheckDefinition(const SystemDefinition& definition);
  void CheckInputs(std::span<const InputValueDefinition> inputs, std::string_view location);
  void CheckType(const NamedType& type);
  void CheckImplementation(const NamedType& type, const NamedType& interface);
  void CheckImplementedField(const NamedType& type, const FieldType& field, const FieldType& wanted,
                             const NamedType& interface);
  void CheckDefault(const InputField& input, const std::string& where);
  void CheckRequiredCycle(const NamedType& type);
  void CheckDefaultsOf(const NamedType& type);

  void Fail(std::uint32_t offset, std::string_view message);
  // Faults of a type are placed at its definition.
  void FailAt(const NamedType& type, std::string_view message);

  std::shared_ptr<Schema> schema_;
  const Document* own_ = nullptr;
  const Document* built_in_ = nullptr;
  std::unordered_map<const NamedType*, std::uint32_t> offsets_;  // of own definitions
  std::unordered_set<const NamedType*> used_;  // by fields, arguments and input fields
  bool schema_defined_ = false;
  std::optional<base::Error> fault_;
};

}  // namespace strongroom::graphql
