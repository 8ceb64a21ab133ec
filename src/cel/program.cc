#include "cel/program.h"

#include <algorithm>
#include <array>
#include <string>

#include "cel/planner.h"
#include "cel/program_parts.h"
#include "cel/specializer.h"
#include "cel/value_size.h"

namespace strongroom::cel {

base::Error StoppedError(const Budget& budget) {
  if (budget.exhausted())
    return base::MakeError(base::ErrorCode::kLimitExceeded,
                           "the expression costs too much to evaluate",
                           "loop over less, or compare shorter texts");
  return base::MakeError(
      base::ErrorCode::kLimitExceeded,
      "the expression needs more than " + std::to_string(budget.bytes_max()) + " bytes of memory",
      "make smaller lists and texts");
}

namespace {

// A few locals are enough for most, and take no memory.
Value EvalWithLocals(const ProgramParts& parts, Frame& frame) {
  std::array<Value, 4> few;
  frame.locals = few;
  if (parts.slots > few.size()) frame.locals = frame.arena.NewArray<Value>(parts.slots);
  return parts.plan->Eval(frame);
}

}  // namespace

base::Result<Value> Program::Evaluate(const Activation& activation, Budget& budget,
                                      Arena& arena) const {
  STRONGROOM_CHECK(activation.size() >= parts_->env->variable_count());
  Frame frame{activation, budget, arena, {}, arena.used() + budget.bytes_max()};
  const Value value =
      parts_->slots == 0 ? parts_->plan->Eval(frame) : EvalWithLocals(*parts_, frame);
  if (value.absent()) return StoppedError(budget);
  const bool container = value.is(Kind::kList) || value.is(Kind::kMap) || value.is(Kind::kOptional);
  if (container && !IsWithin(value, {base::limits::kCelResultElementsMax, budget.bytes_max()}))
    return base::MakeError(base::ErrorCode::kLimitExceeded,
                           "the expression's result is too large to be written out",
                           "give smaller lists and maps");
  return value;
}

base::Result<Program> Program::Specialize(const Activation& known,
                                          std::span<const std::string> unknown,
                                          Budget& budget) const {
  STRONGROOM_CHECK(known.size() >= parts_->env->variable_count());
  auto parts = std::make_shared<ProgramParts>();
  parts->env = parts_->env;
  parts->origin = parts_;
  parts->result_type = parts_->result_type;
  parts->slots = parts_->slots;
  const Specialization with{parts->env->tables(), known, unknown, parts->slots};
  parts->tree = cel::Specialize(*parts_->folded, with, budget, false, parts->arena);
  if (parts->tree == nullptr) return StoppedError(budget);
  parts->folded = parts->tree;
  parts->source = PrintTree(*parts->tree);
  parts->plan = Plan(*parts->folded, parts->env->tables(), parts->arena);
  return Program(std::move(parts));
}

bool Program::is_constant() const { return parts_->folded->is(ExprKind::kConstant); }

const Value& Program::constant() const {
  STRONGROOM_CHECK(is_constant());
  return parts_->folded->value;
}

const Type& Program::result_type() const { return parts_->result_type; }
const std::string& Program::source() const { return parts_->source; }
std::string Program::Print() const { return PrintTree(*parts_->tree); }

std::set<std::string> Program::Paths() const {
  std::set<std::string> paths;
  CollectPaths(*parts_->folded, paths);
  // Of a path and its beginnings only the path.
  for (auto at = paths.begin(); at != paths.end();) {
    const auto longer = paths.lower_bound(*at + '.');
    at = longer != paths.end() && longer->starts_with(*at + '.') ? paths.erase(at) : std::next(at);
  }
  return paths;
}

std::optional<std::uint64_t> Program::CostBound() const { return BoundCost(*parts_->folded); }

}  // namespace strongroom::cel
