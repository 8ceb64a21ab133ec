// The errors that Strongroom answers with. An error is a value; no exception crosses a folder.
// Public codes and their meaning: docs/reference/errors.md (behaviour §3 where it names one).
#pragma once

#include <boost/json/fwd.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace strongroom::base {

enum class ErrorCode {
  kAccessDenied,
  kAlreadyExists,
  kBadRequest,
  kCelEvaluationError,
  kConflict,
  kDateParseError,
  kDependencyError,
  kEnumParseError,
  kForeignKeyViolation,
  kGraphqlParseFailed,
  kGraphqlValidationFailed,
  kInternalServerError,
  kInterrupted,
  kJsonParseError,
  kLimitExceeded,
  kNotFound,
  kNotSupported,
  kTimestampParseError,
  kTranCodeError,
  kTransactionError,
  kUnavailable,
  kUniqueConstraintViolation,
  kUnknownError,
  kUuidParseError,
};

// The public spelling, such as "ACCESS_DENIED".
std::string_view ErrorCodeName(ErrorCode code);

// What went wrong, in one sentence for the caller. `message` and `hint` never carry a secret, a
// token, a property value that the caller did not send, or an internal path.
struct Error {
  ErrorCode code = ErrorCode::kInternalServerError;
  std::string message;
  std::string hint;        // what to do next; may be empty
  bool retriable = false;  // the same request may succeed later
  // Where inside the arguments of a field the error lies ("input", "accountId"); mostly empty.
  std::vector<std::string> argument_path;
  // Further members of `extensions`; null when there are none.
  std::shared_ptr<const boost::json::object> details;
};

inline Error MakeError(ErrorCode code, std::string message, std::string hint = {}) {
  return Error{code, std::move(message), std::move(hint), false, {}, nullptr};
}

}  // namespace strongroom::base
