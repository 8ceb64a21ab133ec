#include "cel/node.h"

#include <string>

namespace strongroom::cel {
namespace {

// Functions fail without knowing where they stand.
Value AtOffset(Frame& frame, const Value& value, std::uint32_t offset) {
  if (!value.is_error() || value.AsError().offset != 0 || offset == 0) return value;
  EvaluationError error = value.AsError();
  error.offset = offset;
  return Value::Error(frame.arena.New<EvaluationError>(error));
}

}  // namespace

std::string_view KindName(Kind kind) {
  switch (kind) {
    case Kind::kAbsent: return "absent";
    case Kind::kNull: return "null";
    case Kind::kBool: return "bool";
    case Kind::kInt: return "int";
    case Kind::kUint: return "uint";
    case Kind::kDouble: return "double";
    case Kind::kString: return "string";
    case Kind::kBytes: return "bytes";
    case Kind::kTimestamp: return "timestamp";
    case Kind::kDuration: return "duration";
    case Kind::kType: return "type";
    case Kind::kList: return "list";
    case Kind::kMap: return "map";
    case Kind::kObject: return "object";
    case Kind::kOptional: return "optional_type";
    case Kind::kOpaque: return "opaque";
    case Kind::kError: return "error";
  }
  return {};
}

Value Fail(Frame& frame, EvaluationErrorCode code, std::string_view message, std::uint32_t offset) {
  return Value::Error(
      frame.arena.New<EvaluationError>(EvaluationError{code, frame.arena.Copy(message), offset}));
}

Value NoSuchOverload(Frame& frame, std::string_view name, std::span<const Value> operands,
                     std::uint32_t offset) {
  std::string message = "no such overload: ";
  (message += name) += '(';
  for (const Value& operand : operands) {
    if (&operand != operands.data()) message += ", ";
    if (operand.is(Kind::kOpaque))
      message += operand.opaque_type()->name;
    else if (operand.is(Kind::kObject))
      message += operand.AsObject().type().name;
    else
      message += KindName(operand.kind());
  }
  return Fail(frame, EvaluationErrorCode::kNoSuchOverload, message + ')', offset);
}

Value Dispatch(Frame& frame, std::string_view name,
               std::span<const OverloadEntry* const> candidates, std::span<const Value> operands,
               std::uint32_t offset) {
  for (const OverloadEntry* entry : candidates) {
    if (!entry->overload.callback || !entry->Accepts(operands)) continue;
    if (!frame.budget.Charge(entry->overload.cost)) return {};
    const Value value =
        entry->overload.callback(Call{operands, frame.arena, frame.budget, frame.activation});
    if (frame.budget.exhausted() || frame.OutOfMemory()) return {};
    return AtOffset(frame, value, offset);
  }
  return NoSuchOverload(frame, name, operands, offset);
}

}  // namespace strongroom::cel
