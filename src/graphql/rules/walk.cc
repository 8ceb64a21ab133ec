#include "graphql/rules/walk.h"

namespace strongroom::graphql::rules {

std::string_view DirectiveLocationOf(OperationKind kind) {
  switch (kind) {
    case OperationKind::kQuery: return "QUERY";
    case OperationKind::kMutation: return "MUTATION";
    case OperationKind::kSubscription: break;
  }
  return "SUBSCRIPTION";
}

std::string_view DirectiveLocationOf(const SystemDefinition& definition) {
  switch (definition.kind) {
    case SystemDefinition::Kind::kSchema: return "SCHEMA";
    case SystemDefinition::Kind::kScalar: return "SCALAR";
    case SystemDefinition::Kind::kObject: return "OBJECT";
    case SystemDefinition::Kind::kInterface: return "INTERFACE";
    case SystemDefinition::Kind::kUnion: return "UNION";
    case SystemDefinition::Kind::kEnum: return "ENUM";
    case SystemDefinition::Kind::kInput: return "INPUT_OBJECT";
    case SystemDefinition::Kind::kDirective: break;
  }
  return "DIRECTIVE_DEFINITION";
}

}  // namespace strongroom::graphql::rules
