#include "base/error.h"

namespace strongroom::base {

std::string_view ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kAccessDenied: return "ACCESS_DENIED";
    case ErrorCode::kAlreadyExists: return "ALREADY_EXISTS";
    case ErrorCode::kBadRequest: return "BAD_REQUEST";
    case ErrorCode::kCelEvaluationError: return "CEL_EVALUATION_ERROR";
    case ErrorCode::kConflict: return "CONFLICT";
    case ErrorCode::kDateParseError: return "DATE_PARSE_ERROR";
    case ErrorCode::kDependencyError: return "DEPENDENCY_ERROR";
    case ErrorCode::kEnumParseError: return "ENUM_PARSE_ERROR";
    case ErrorCode::kForeignKeyViolation: return "FOREIGN_KEY_VIOLATION";
    case ErrorCode::kGraphqlParseFailed: return "GRAPHQL_PARSE_FAILED";
    case ErrorCode::kGraphqlValidationFailed: return "GRAPHQL_VALIDATION_FAILED";
    case ErrorCode::kInternalServerError: return "INTERNAL_SERVER_ERROR";
    case ErrorCode::kInterrupted: return "INTERRUPTED";
    case ErrorCode::kJsonParseError: return "JSON_PARSE_ERROR";
    case ErrorCode::kLimitExceeded: return "LIMIT_EXCEEDED";
    case ErrorCode::kNotFound: return "NOT_FOUND";
    case ErrorCode::kNotSupported: return "NOT_SUPPORTED";
    case ErrorCode::kTimestampParseError: return "TIMESTAMP_PARSE_ERROR";
    case ErrorCode::kTranCodeError: return "TRAN_CODE_ERROR";
    case ErrorCode::kTransactionError: return "TRANSACTION_ERROR";
    case ErrorCode::kUnavailable: return "UNAVAILABLE";
    case ErrorCode::kUniqueConstraintViolation: return "UNIQUE_CONSTRAINT_VIOLATION";
    case ErrorCode::kUnknownError: return "UNKNOWN_ERROR";
    case ErrorCode::kUuidParseError: return "UUID_PARSE_ERROR";
  }
  return "INTERNAL_SERVER_ERROR";
}

}  // namespace strongroom::base
