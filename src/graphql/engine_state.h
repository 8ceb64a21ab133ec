// What an Engine knows: the schema with its resolvers and hooks, and the documents it has seen.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "graphql/coercion.h"
#include "graphql/document_cache.h"
#include "graphql/engine.h"
#include "graphql/introspection.h"

namespace strongroom::graphql {

inline constexpr std::size_t kNoResolver = static_cast<std::size_t>(-2);

struct Engine::State {
  std::shared_ptr<const Schema> schema;
  EngineOptions options;
  ScalarTable scalars;
  std::vector<Resolver> resolvers;
  std::vector<std::vector<std::size_t>> resolver_of;  // by type and field; kNoResolver
  std::vector<std::size_t> fallback_of;               // by type: its BindType
  std::size_t schema_resolver = kNoResolver;          // of `__schema`
  std::size_t type_resolver = kNoResolver;            // of `__type`
  std::unordered_map<const FieldType*, std::size_t> list_sizes;
  std::unique_ptr<const Introspection> introspection;
  mutable DocumentCache documents;

  std::size_t ResolverOf(const NamedType& type, const FieldType& field) const;
};

struct Plan;

struct Operation::State {
  const Engine::State* engine = nullptr;
  const Document* document = nullptr;
  const OperationDefinition* definition = nullptr;
  std::vector<const Type*> variable_types;                   // by definition
  std::vector<std::optional<base::Result<Input>>> defaults;  // by definition
  std::vector<std::unique_ptr<Type>> extra_types;            // that the schema doesn't use
  std::vector<std::pair<std::string_view, Arguments>> directives;
  std::vector<std::string_view> condition_names;  // variables that @skip and @include ask: Boolean
  std::shared_ptr<const Plan> whole;              // nothing skipped
  std::optional<RequestError> refusal;            // why it cannot be executed
  std::optional<std::size_t> cost;                // when no variable changes it

  BoundVariables Bind(const Variables& variables) const {
    return {definition->variables, variables.values, variables.origins};
  }
  // The plan for these variables; kept, as long as there are not too many. Null when it would grow
  // past the limit.
  std::shared_ptr<const Plan> PlanFor(const BoundVariables& variables) const;

  mutable std::mutex plans_mutex;
  mutable std::vector<std::pair<std::vector<bool>, std::shared_ptr<const Plan>>> plans;
};

// The outcome of one document text: errors, or its operations.
struct PreparedDocument {
  std::shared_ptr<const Document> document;
  RequestErrors errors;
  std::vector<std::unique_ptr<Operation::State>> operations;
};

}  // namespace strongroom::graphql
