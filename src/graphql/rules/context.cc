#include "graphql/rules/context.h"

#include <utility>

#include "graphql/rules/positions.h"

namespace strongroom::graphql::rules {

Context::Context(const Schema& schema, const Document& document, const ValidationOptions& options)
    : schema_(schema), document_(document), options_(options), fragments_(document) {
  for (const Definition& definition : document.definitions()) {
    if (definition.system == nullptr) continue;
    const SystemDefinition& system = *definition.system;
    if (system.extension || system.kind == SystemDefinition::Kind::kSchema) continue;
    const bool is_directive = system.kind == SystemDefinition::Kind::kDirective;
    (is_directive ? defined_directives_ : defined_types_)[system.name.text] = &system;
  }
}

const Type* Context::Resolve(const TypeNode& node) {
  const auto [entry, added] = resolved_.try_emplace(&node, nullptr);
  if (added) entry->second = schema_.Resolve(node, made_types_);
  return entry->second;
}

const SystemDefinition* Context::DefinedType(std::string_view name) const {
  const auto found = defined_types_.find(name);
  return found == defined_types_.end() ? nullptr : found->second;
}

const SystemDefinition* Context::DefinedDirective(std::string_view name) const {
  const auto found = defined_directives_.find(name);
  return found == defined_directives_.end() ? nullptr : found->second;
}

void Context::Report(std::string message, Offsets offsets) {
  if (aborted_) return;
  if (faults_.size() >= options_.errors_max) {
    Abort("Too many validation errors, error limit reached. Validation aborted.");
    return;
  }
  faults_.push_back({std::move(message), std::move(offsets)});
}

void Context::Abort(std::string message) {
  if (aborted_) return;
  faults_.push_back({std::move(message), {}});
  aborted_ = true;
}

std::uint32_t Context::OffsetOf(const Value& value) const {
  const bool after_quote = options_.strings_start_after_quote && value.kind == Value::Kind::kString;
  return value.offset + (after_quote ? 1 : 0);
}

std::vector<RequestError> Context::Take() {
  Positions positions(document_.text());
  for (const Fault& fault : faults_) positions.Want(fault.offsets);
  positions.Locate();
  std::vector<RequestError> errors;
  errors.reserve(faults_.size());
  for (Fault& fault : faults_) {
    RequestError& error = errors.emplace_back();
    error.code = base::ErrorCode::kGraphqlValidationFailed;
    error.message = std::move(fault.message);
    for (const std::uint32_t offset : fault.offsets)
      error.locations.push_back(positions.At(offset));
  }
  return errors;
}

const Name& Innermost(const TypeNode& node) {
  const TypeNode* type = &node;
  while (type->kind != TypeNode::Kind::kNamed) type = type->inner;
  return type->name;
}

std::string PrintType(const TypeNode& node) {
  switch (node.kind) {
    case TypeNode::Kind::kList: return "[" + PrintType(*node.inner) + "]";
    case TypeNode::Kind::kNonNull: return PrintType(*node.inner) + "!";
    case TypeNode::Kind::kNamed: break;
  }
  return std::string(node.name.text);
}

}  // namespace strongroom::graphql::rules
