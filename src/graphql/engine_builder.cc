#include <fmt/format.h>

#include "base/check.h"
#include "graphql/engine_state.h"

namespace strongroom::graphql {
namespace {

std::size_t AddResolver(Engine::State& state, Resolver resolver) {
  state.resolvers.push_back(std::move(resolver));
  return state.resolvers.size() - 1;
}

void BindIntrospection(Engine::State& state) {
  state.introspection = std::make_unique<const Introspection>(*state.schema);
  for (const Introspection::Row& row : Introspection::Rows()) {
    const std::size_t resolver = AddResolver(
        state, [in = state.introspection.get(), read = row.read](const FieldContext& context) {
          return base::Result<Resolved>(read(*in, context));
        });
    if (row.type.empty()) {
      (row.field == "__schema" ? state.schema_resolver : state.type_resolver) = resolver;
      continue;
    }
    const NamedType* type = state.schema->FindType(row.type);
    const FieldType* field = type == nullptr ? nullptr : type->FindField(row.field);
    STRONGROOM_CHECK(field != nullptr);
    state.resolver_of[type->index][field->index] = resolver;
  }
}

void FindUnbound(const Engine::State& state, std::vector<std::string>& faults) {
  for (const auto& type : state.schema->types()) {
    if (type->kind != TypeKind::kObject) continue;
    for (const FieldType& field : type->fields)
      if (state.ResolverOf(*type, field) == kNoResolver)
        faults.push_back(fmt::format("field `{}.{}` has no resolver", type->name, field.name));
  }
}

void AddDefault(Engine::State& state, const InputField& input, std::string_view where,
                std::vector<std::string>& faults) {
  if (input.default_value == nullptr || state.scalars.defaults.contains(input.default_value))
    return;
  auto value = InputCoercion(&state.scalars).FromLiteral(*input.default_value, *input.type);
  if (value.ok())
    state.scalars.defaults.emplace(input.default_value, std::move(value).value());
  else
    faults.push_back(fmt::format("default of `{}.{}` does not fit: {}", where, input.name,
                                 value.error().message));
}

void AddDefaults(Engine::State& state, std::vector<std::string>& faults) {
  for (const auto& type : state.schema->types()) {
    for (const InputField& input : type->input_fields) AddDefault(state, input, type->name, faults);
    for (const FieldType& field : type->fields)
      for (const InputField& input : field.arguments)
        AddDefault(state, input, fmt::format("{}.{}", type->name, field.name), faults);
  }
  for (const DirectiveType& directive : state.schema->directives())
    for (const InputField& input : directive.arguments)
      AddDefault(state, input, fmt::format("@{}", directive.name), faults);
}

}  // namespace

std::size_t Engine::State::ResolverOf(const NamedType& type, const FieldType& field) const {
  const std::size_t own = resolver_of[type.index][field.index];
  return own != kNoResolver ? own : fallback_of[type.index];
}

Engine::Engine(std::unique_ptr<State> state) : state_(std::move(state)) {}
Engine::~Engine() = default;

const Schema& Engine::schema() const { return *state_->schema; }
const EngineOptions& Engine::options() const { return state_->options; }

EngineBuilder::EngineBuilder(std::shared_ptr<const Schema> schema, EngineOptions options)
    : state_(std::make_unique<Engine::State>()) {
  state_->documents.SetBounds(options.cached_documents_max, options.cached_bytes_max);
  state_->options = std::move(options);
  const std::size_t types = schema->types().size();
  state_->scalars.by_type.resize(types);
  state_->fallback_of.resize(types, kNoResolver);
  for (const auto& type : schema->types())
    state_->resolver_of.emplace_back(type->fields.size(), kNoResolver);
  state_->schema = std::move(schema);
}

EngineBuilder::~EngineBuilder() = default;

EngineBuilder& EngineBuilder::Bind(std::string_view type, std::string_view field,
                                   Resolver resolver) {
  const NamedType* object = state_->schema->FindType(type);
  const FieldType* found = object == nullptr ? nullptr : object->FindField(field);
  if (found == nullptr || object->kind != TypeKind::kObject) {
    faults_.push_back(fmt::format("there is no field `{}.{}` to bind", type, field));
  } else if (std::size_t& slot = state_->resolver_of[object->index][found->index];
             slot != kNoResolver) {
    faults_.push_back(fmt::format("field `{}.{}` is bound twice", type, field));
  } else {
    slot = AddResolver(*state_, std::move(resolver));
  }
  return *this;
}

EngineBuilder& EngineBuilder::BindType(std::string_view type, Resolver resolver) {
  const NamedType* object = state_->schema->FindType(type);
  if (object == nullptr || object->kind != TypeKind::kObject)
    faults_.push_back(fmt::format("there is no object type `{}` to bind", type));
  else if (std::size_t& slot = state_->fallback_of[object->index]; slot != kNoResolver)
    faults_.push_back(fmt::format("type `{}` is bound twice", type));
  else
    slot = AddResolver(*state_, std::move(resolver));
  return *this;
}

EngineBuilder& EngineBuilder::BindScalar(std::string_view name, Scalar scalar) {
  const NamedType* type = state_->schema->FindType(name);
  if (type == nullptr || type->kind != TypeKind::kScalar || type->built_in != BuiltIn::kCustom)
    faults_.push_back(fmt::format("there is no scalar `{}` to bind", name));
  else
    state_->scalars.by_type[type->index] = std::move(scalar);
  return *this;
}

EngineBuilder& EngineBuilder::SetListSize(std::string_view type, std::string_view field,
                                          std::size_t size) {
  const NamedType* object = state_->schema->FindType(type);
  const FieldType* found = object == nullptr ? nullptr : object->FindField(field);
  if (found == nullptr || !found->type->Nullable()->IsList())
    faults_.push_back(fmt::format("there is no list field `{}.{}`", type, field));
  else
    state_->list_sizes[found] = size;
  return *this;
}

base::Result<std::shared_ptr<const Engine>> EngineBuilder::Build() {
  STRONGROOM_CHECK(state_ != nullptr);  // once only
  BindIntrospection(*state_);
  FindUnbound(*state_, faults_);
  AddDefaults(*state_, faults_);
  if (faults_.empty()) return std::shared_ptr<const Engine>(new Engine(std::move(state_)));
  std::string message;
  for (const std::string& fault : faults_) message += (message.empty() ? "" : "; ") + fault;
  return base::MakeError(base::ErrorCode::kInternalServerError, std::move(message));
}

}  // namespace strongroom::graphql
