// A schema with its resolvers: prepares documents and executes them. The way of a request:
//   Prepare(text, operation name) -> Operation -> BindVariables -> Execute -> Response -> Finish
// Each step may refuse; nothing is resolved before the last.
#pragma once

#include <boost/json/fwd.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "graphql/input.h"
#include "graphql/limits.h"
#include "graphql/resolver.h"
#include "graphql/schema.h"
#include "graphql/source.h"
#include "graphql/validate.h"

namespace strongroom::graphql {

// A variable that was not sent and whose definition has directives; `fallback` is its default.
struct VariableDefault {
  std::string_view name;
  const VariableDefinition& definition;
  const Type& type;
  JsonPtr fallback;  // null: none
  void* request;
};

struct EngineOptions {
  Limits limits;
  ValidationOptions validation;
  bool introspection = true;  // off: `__schema` and `__type` are refused (security 9.16)
  std::size_t cached_documents_max = 1024;
  std::size_t cached_bytes_max = std::size_t{64} << 20;  // that they hold, estimated
  std::size_t list_size = 50;  // cost: assumed length of a list that nothing bounds

  // The text of an execution error. Empty: the error's message alone. InputPrefixedMessage gives
  // the form that existing clients know (behaviour §3).
  std::function<std::string(const std::vector<PathSegment>& path, const base::Error&)> message;
  // Whether an execution error has `locations`.
  bool execution_locations = false;
  // True for an error of the engine room (storage, deadline): it ends the execution at once, `data`
  // is null and it is the only error. Empty: never.
  std::function<bool(const base::Error&)> is_fatal;
  // Makes the value of a variable that was not sent and has directives (`@cel`): JSON that is then
  // coerced as if it had been sent. A null pointer leaves the ordinary default.
  std::function<base::Result<JsonPtr>(const VariableDefault&)> variable_default;
};

// `input: createAccount.input.accountId invalid UUID length: 0`: behaviour §3.
std::string InputPrefixedMessage(const std::vector<PathSegment>& path, const base::Error& error);

using RequestErrors = std::vector<RequestError>;

// An operation of a document, parsed, validated and within the limits. Immutable, shared.
class Operation {
 public:
  OperationKind kind() const;
  std::string_view name() const;  // empty when anonymous
  std::span<const Directive> directives() const;
  // The coerced arguments of a directive of the operation (`@retry(for:)`); null when it isn't
  // there.
  const Arguments* FindDirective(std::string_view name) const;
  std::string_view document() const;

  struct State;
  explicit Operation(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  const State& state() const { return *state_; }

 private:
  std::shared_ptr<const State> state_;
};

// Coerced variables of one request.
struct Variables {
  std::vector<Input> values;  // by definition
  std::vector<InputObject::Origin> origins;
};

struct ExecutionOptions {
  void* request = nullptr;  // reaches every resolver
  // Asked now and then; an error ends the execution as a fatal one (security 9.8). May be empty.
  std::function<base::Status()> interrupted;
  // Resolves every field below a root field too, also those that come after one whose error makes
  // their parent null: for an execution that is only there to see what would be asked.
  bool every_field = false;
};

// The answer as it is being made. Not thread-safe.
class Response {
 public:
  // Whether anything went wrong: the embedder then rolls back (behaviour §2).
  bool HasErrors() const { return error_count_ > 0; }
  // The codes of the errors met, for metrics and the audit log.
  const std::vector<base::ErrorCode>& codes() const { return codes_; }
  // Adds an error without a path (a failed commit). `data` becomes null.
  void Fail(const base::Error& error);
  // `{"data":…,"errors":[…],"extensions":{…}}`. `extensions` may be null. Call once.
  std::string Finish(const boost::json::object* extensions = nullptr) &&;

 private:
  friend class Executor;
  std::string text_;    // `{"data":` and the data
  std::string errors_;  // the errors, separated by commas
  std::size_t error_count_ = 0;
  std::vector<base::ErrorCode> codes_;
};

// The answer to a request that was refused before execution: `{"errors":[…],"data":null}`.
// `with_data`: behaviour §3 answers `"data": null`, the specification of
// application/graphql-response+json no `data` at all.
std::string RefusalText(const RequestErrors& errors, bool with_data);

// Thread-safe. Made by EngineBuilder.
class Engine {
 public:
  ~Engine();
  const Schema& schema() const;
  const EngineOptions& options() const;

  // Parses, validates, checks the limits; the outcome is cached by text. `operation_name` empty
  // means the only operation of the document.
  std::variant<Operation, RequestErrors> Prepare(std::string_view text,
                                                 std::string_view operation_name) const;
  // Whether Prepare has this text's outcome already, and so costs next to nothing.
  bool IsPrepared(std::string_view text) const;
  // Coerces what was sent (null: nothing) to the declared types, and checks the cost when it
  // depends on variables. Custom scalars are coerced where they are used, so that their errors
  // carry the path of the argument.
  std::variant<Variables, RequestErrors> BindVariables(const Operation& operation,
                                                       const boost::json::object* sent,
                                                       void* request = nullptr) const;
  // Runs the resolvers. Root fields run one after another, all of them, whatever the others said
  // (behaviour §2); below, an error nulls its field and spreads upwards to the next nullable one.
  Response Execute(const Operation& operation, const Variables& variables,
                   const ExecutionOptions& options) const;
  // Estimated cost of the operation with these variables (docs/reference/graphql-engine.md).
  std::size_t Cost(const Operation& operation, const Variables& variables) const;

  struct State;

 private:
  friend class EngineBuilder;
  explicit Engine(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Collects what belongs to a schema; every name is checked by Build.
class EngineBuilder {
 public:
  EngineBuilder(std::shared_ptr<const Schema> schema, EngineOptions options);
  ~EngineBuilder();

  EngineBuilder& Bind(std::string_view type, std::string_view field, Resolver resolver);
  // For all fields of an object type that have no resolver of their own.
  EngineBuilder& BindType(std::string_view type, Resolver resolver);
  EngineBuilder& BindScalar(std::string_view name, Scalar scalar);
  // Cost: the length to assume for a list field that has no bound of its own.
  EngineBuilder& SetListSize(std::string_view type, std::string_view field, std::size_t size);

  // Fails with every unbound field and unknown name; also when a default of the schema does not
  // pass its scalar's hook.
  base::Result<std::shared_ptr<const Engine>> Build();

 private:
  std::unique_ptr<Engine::State> state_;
  std::vector<std::string> faults_;
};

}  // namespace strongroom::graphql
