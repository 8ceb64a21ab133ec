#include "cel/function.h"

namespace strongroom::cel {

Value Call::Fail(EvaluationErrorCode code, std::string_view message) const {
  // The evaluator, which knows where the call stands, puts in the offset.
  return Value::Error(arena.New<EvaluationError>(EvaluationError{code, arena.Copy(message), 0}));
}

}  // namespace strongroom::cel
