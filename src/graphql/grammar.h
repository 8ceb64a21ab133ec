// The productions that both halves of the grammar share, and the type system's half.
#pragma once

#include "graphql/ast.h"
#include "graphql/token_reader.h"

namespace strongroom::graphql {

// `constant`: variables are refused.
const Value* ReadValue(TokenReader& in, bool constant);
std::span<const Argument> ReadArguments(TokenReader& in, bool constant);
std::span<const Directive> ReadDirectives(TokenReader& in, bool constant);
const TypeNode* ReadType(TokenReader& in);
OperationKind ReadOperationKind(TokenReader& in);

// Whether a definition can begin with this word.
bool IsSystemKeyword(std::string_view word);
// A definition, its description included; `extend` when it is an extension.
SystemDefinition ReadSystemDefinition(TokenReader& in);

}  // namespace strongroom::graphql
