// Execution (GraphQL 6): depth first, the answer written as it is made. A field that turns out to
// be null takes back what it had written.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/check.h"
#include "graphql/engine_state.h"
#include "graphql/error_text.h"
#include "graphql/json_text.h"
#include "graphql/leaf_output.h"
#include "graphql/plan.h"

namespace strongroom::graphql {
namespace {

// Fields between two looks at the deadline.
constexpr std::size_t kFieldsPerLook = 32;

base::Error Misanswered(const PlannedSet& set, const PlannedField& field) {
  return base::MakeError(base::ErrorCode::kInternalServerError,
                         fmt::format("field `{}.{}` could not be answered in its type",
                                     set.type->name, field.field->name));
}

}  // namespace

class Executor {
 public:
  Executor(const Engine::State& engine, const Operation::State& operation,
           const Variables& variables, const ExecutionOptions& options)
      : engine_(engine),
        options_(options),
        bound_(operation.Bind(variables)),
        coercion_(&engine.scalars, &bound_),
        plan_(operation.PlanFor(bound_)),
        text_(response_.text_) {
    STRONGROOM_CHECK(plan_ != nullptr);  // INVARIANT: BindVariables has refused what is too large
    arguments_.resize(plan_->slots);
  }

  Response Run() {
    text_.reserve(1024);
    text_ = "{\"data\":";
    const std::size_t mark = text_.size();
    if (!WriteRoot()) {
      text_.resize(mark);
      text_ += "null";
    }
    if (stopped_) {
      response_ = Response();
      response_.Fail(*stopped_);
    }
    return std::move(response_);
  }

 private:
  // A value of one selection set, at one place of the answer.
  struct Place {
    const PlannedSet& set;
    const PlannedField& field;
    const PathLink& path;
  };

  // All root fields run, whatever the others said (behaviour §2).
  bool WriteRoot() {
    const PlannedSet& set = *plan_->root;
    const Object root{set.type, nullptr};
    bool whole = true;
    text_ += '{';
    for (const PlannedField& field : set.fields) {
      if (&field != &set.fields.front()) text_ += ',';
      looks_ = 0;
      whole &= WriteField(set, field, root, nullptr);
      if (stopped_) return false;
    }
    text_ += '}';
    return whole;
  }

  bool WriteFields(const PlannedSet& set, const Object& parent, const PathLink* above) {
    bool whole = true;
    text_ += '{';
    for (const PlannedField& field : set.fields) {
      if (&field != &set.fields.front()) text_ += ',';
      whole &= WriteField(set, field, parent, above);
      if (!whole && (stopped_ || !options_.every_field)) return false;
    }
    text_ += '}';
    return whole;
  }

  // False: the parent has to become null.
  bool WriteField(const PlannedSet& set, const PlannedField& field, const Object& parent,
                  const PathLink* above) {
    text_ += field.key_text;
    if (field.resolver == kTypenameResolver) {
      AppendJsonString(set.type->name, text_);
      return true;
    }
    if (!MayGoOn()) return false;
    const PathLink path{above, {field.response_key, 0, false}};
    const Place place{set, field, path};
    const base::Result<Arguments>& arguments = ArgumentsOf(field);
    if (!arguments.ok()) return Failed(place, *field.field->type, arguments.error());
    auto resolved = engine_.resolvers[field.resolver](
        FieldContext{parent, *arguments, field, path, options_.request});
    if (!resolved.ok()) return Failed(place, *field.field->type, resolved.error());
    return Complete(place, *field.field->type, *resolved);
  }

  bool MayGoOn() {
    if (stopped_) return false;
    if (!options_.interrupted || looks_++ % kFieldsPerLook != 0) return true;
    if (base::Status status = options_.interrupted(); !status.ok()) stopped_ = status.error();
    return !stopped_;
  }

  const base::Result<Arguments>& ArgumentsOf(const PlannedField& field) {
    if (field.arguments != nullptr) return *field.arguments;
    auto& arguments = arguments_[field.slot];
    if (!arguments)
      arguments = coercion_.ArgumentsOf(field.selection->arguments, field.field->arguments);
    return *arguments;
  }

  // CompleteValue, GraphQL 6.4.3. False: the parent has to become null.
  bool Complete(const Place& place, const Type& type, const Resolved& value) {
    const std::size_t mark = text_.size();
    const bool null = value.IsNull() || IsNullJson(value);
    if (!null && WriteValue(place, *type.Nullable(), value)) return FitsIn();
    text_.resize(mark);
    if (stopped_) return false;
    if (null && type.IsNonNull())
      return Failed(place, type,
                    base::MakeError(base::ErrorCode::kInternalServerError,
                                    fmt::format("Cannot return null for non-nullable field {}.{}.",
                                                place.set.type->name, place.field.field->name)));
    if (type.IsNonNull()) return false;
    text_ += "null";
    return true;
  }

  static bool IsNullJson(const Resolved& value) {
    const auto* json = std::get_if<JsonPtr>(&value.variant());
    return json != nullptr && (*json == nullptr || (*json)->is_null());
  }

  bool FitsIn() {
    const std::size_t limit = engine_.options.limits.response_bytes_max;
    if (text_.size() + response_.errors_.size() <= limit) return true;
    stopped_ = base::MakeError(base::ErrorCode::kLimitExceeded,
                               fmt::format("response is larger than {} bytes", limit),
                               "ask for less at a time");
    return false;
  }

  // False: nothing usable was written, and the error has been added.
  bool WriteValue(const Place& place, const Type& type, const Resolved& value) {
    if (const auto* error = std::get_if<std::shared_ptr<const base::Error>>(&value.variant())) {
      AddError(place, **error);
      return false;
    }
    if (type.IsList()) return WriteList(place, *type.inner, value);
    if (type.named->IsComposite()) return WriteObject(place, *type.named, value);
    if (WriteLeaf(*type.named, value, text_)) return true;
    AddError(place, Misanswered(place.set, place.field));
    return false;
  }

  bool WriteList(const Place& place, const Type& item, const Resolved& value) {
    if (const auto* list = std::get_if<Resolved::List>(&value.variant()))
      return WriteItems(place, item, *list,
                        [](const Resolved& each) -> const Resolved& { return each; });
    const auto* json = std::get_if<JsonPtr>(&value.variant());
    if (json != nullptr && (*json)->is_array())
      return WriteItems(place, item, (*json)->get_array(), [&](const boost::json::value& each) {
        return Resolved(JsonPtr(*json, &each));
      });
    AddError(place, Misanswered(place.set, place.field));
    return false;
  }

  template <typename Items, typename Take>
  bool WriteItems(const Place& place, const Type& item, const Items& items, Take take) {
    text_ += '[';
    std::size_t index = 0;
    for (const auto& each : items) {
      if (index > 0) text_ += ',';
      const PathLink path{&place.path, {{}, index++, true}};
      if (!Complete(Place{place.set, place.field, path}, item, take(each))) return false;
    }
    text_ += ']';
    return true;
  }

  bool WriteObject(const Place& place, const NamedType& type, const Resolved& value) {
    const auto* object = std::get_if<Object>(&value.variant());
    const NamedType* actual = object == nullptr         ? nullptr
                              : object->type != nullptr ? object->type
                              : type.IsAbstract()       ? nullptr
                                                        : &type;
    const PlannedSet* below = actual == nullptr ? nullptr : place.field.Below(*actual);
    if (below == nullptr) {
      AddError(place, Misanswered(place.set, place.field));
      return false;
    }
    return WriteFields(*below, *object, &place.path);
  }

  // Adds the error and writes what stands for the field.
  bool Failed(const Place& place, const Type& type, const base::Error& error) {
    AddError(place, error);
    if (stopped_ || type.IsNonNull()) return false;
    text_ += "null";
    return true;
  }

  void AddError(const Place& place, const base::Error& error) {
    if (stopped_) return;
    if (engine_.options.is_fatal && engine_.options.is_fatal(error)) {
      stopped_ = error;
      return;
    }
    ++response_.error_count_;
    // Beyond the limit an error counts, and is not written (security 9.8).
    if (response_.error_count_ > engine_.options.limits.errors_max) return;
    response_.codes_.push_back(error.code);
    const std::vector<PathSegment> path = PathOf(place.path, error);
    ErrorParts parts = PartsOf(error);
    parts.path = path;
    std::string message;
    if (engine_.options.message) parts.message = message = engine_.options.message(path, error);
    if (engine_.options.execution_locations) parts.locations = {&place.field.location, 1};
    if (!response_.errors_.empty()) response_.errors_ += ',';
    AppendError(parts, response_.errors_);
    FitsIn();
  }

  static std::vector<PathSegment> PathOf(const PathLink& last, const base::Error& error) {
    std::vector<PathSegment> path;
    for (const PathLink* link = &last; link != nullptr; link = link->parent)
      path.push_back(link->segment);
    std::reverse(path.begin(), path.end());
    for (const std::string& segment : error.argument_path) {
      // Names don't begin with digits, so digits are the index of a list.
      const bool index =
          !segment.empty() && segment.size() < 10 &&
          std::all_of(segment.begin(), segment.end(), [](char c) { return c >= '0' && c <= '9'; });
      path.push_back({segment, index ? std::stoul(segment) : 0, index});
    }
    return path;
  }

  const Engine::State& engine_;
  const ExecutionOptions& options_;
  const BoundVariables bound_;
  const InputCoercion coercion_;
  const std::shared_ptr<const Plan> plan_;
  Response response_;
  std::string& text_;
  std::vector<std::optional<base::Result<Arguments>>> arguments_;  // by slot, with variables
  std::optional<base::Error> stopped_;
  std::size_t looks_ = 0;
};

Response Engine::Execute(const Operation& operation, const Variables& variables,
                         const ExecutionOptions& options) const {
  return Executor(*state_, operation.state(), variables, options).Run();
}

}  // namespace strongroom::graphql
