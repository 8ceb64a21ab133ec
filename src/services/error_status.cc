#include "services/error_status.h"

#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <array>
#include <boost/json.hpp>
#include <string>

namespace strongroom::services {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using grpc::Code;

constexpr const char* kDomain = "strongroom";
constexpr int kRetrySeconds = 1;

std::string Text(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string Plain(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

template <typename Detail>
void Pack(const Detail& detail, google::rpc::Status& status) {
  status.add_details()->PackFrom(detail);
}

// What stands in the path after the root field names the caller's own input.
std::string InputPath(const json::object& error, std::size_t skip) {
  const json::value* path = error.if_contains("path");
  if (path == nullptr || !path->is_array()) return {};
  std::string text;
  for (std::size_t i = skip; i < path->get_array().size(); ++i) {
    if (!text.empty()) text += '.';
    text += Plain(path->get_array()[i]);
  }
  return text;
}

Code CodeNamed(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::kUuidParseError); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    if (base::ErrorCodeName(code) == name) return CodeOf(code);
  }
  return Code::kUnknown;
}

}  // namespace

Code CodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kAccessDenied: return Code::kPermissionDenied;
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kUniqueConstraintViolation: return Code::kAlreadyExists;
    case ErrorCode::kBadRequest:
    case ErrorCode::kCelEvaluationError:
    case ErrorCode::kDateParseError:
    case ErrorCode::kEnumParseError:
    case ErrorCode::kGraphqlParseFailed:
    case ErrorCode::kGraphqlValidationFailed:
    case ErrorCode::kJsonParseError:
    case ErrorCode::kTimestampParseError:
    case ErrorCode::kTranCodeError:
    case ErrorCode::kUuidParseError: return Code::kInvalidArgument;
    case ErrorCode::kDependencyError:
    case ErrorCode::kForeignKeyViolation: return Code::kFailedPrecondition;
    case ErrorCode::kConflict:
    case ErrorCode::kTransactionError: return Code::kAborted;
    case ErrorCode::kInterrupted: return Code::kDeadlineExceeded;
    case ErrorCode::kLimitExceeded: return Code::kResourceExhausted;
    case ErrorCode::kNotFound: return Code::kNotFound;
    case ErrorCode::kNotSupported: return Code::kUnimplemented;
    case ErrorCode::kUnavailable: return Code::kUnavailable;
    case ErrorCode::kInternalServerError: return Code::kInternal;
    case ErrorCode::kUnknownError: return Code::kUnknown;
  }
  return Code::kUnknown;
}

grpc::Status StatusOf(const json::object& error, std::string_view request_id, const Code* code,
                      std::size_t path_skip) {
  const json::value* found = error.if_contains("extensions");
  const json::object none;
  const json::object& extensions =
      found != nullptr && found->is_object() ? found->get_object() : none;
  const std::string reason = Text(extensions, "code");

  grpc::Status status;
  status.code = code != nullptr ? *code : CodeNamed(reason);
  status.message = Text(error, "message");
  google::rpc::Status details;
  details.set_code(static_cast<int>(status.code));
  details.set_message(status.message);
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain(kDomain);
  for (const auto& member : extensions) {
    if (member.key() == "code" || member.key() == "retriableError") continue;
    (*info.mutable_metadata())[std::string(member.key())] = Plain(member.value());
  }
  Pack(info, details);
  if (const std::string field = InputPath(error, path_skip);
      status.code == Code::kInvalidArgument && !field.empty()) {
    google::rpc::BadRequest bad;
    auto& violation = *bad.add_field_violations();
    violation.set_field(field);
    violation.set_description(status.message);
    Pack(bad, details);
  }
  const json::value* retriable = extensions.if_contains("retriableError");
  if (retriable != nullptr && retriable->is_bool() && retriable->get_bool()) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(kRetrySeconds);
    Pack(retry, details);
  }
  google::rpc::RequestInfo request;
  request.set_request_id(std::string(request_id));
  Pack(request, details);
  status.details = details.SerializeAsString();
  return status;
}

grpc::Status StatusOf(const base::Error& error, std::string_view request_id, const Code* code) {
  json::object extensions{{"code", base::ErrorCodeName(error.code)},
                          {"retriableError", error.retriable}};
  if (!error.hint.empty()) extensions["hint"] = error.hint;
  return StatusOf(json::object{{"message", error.message}, {"extensions", std::move(extensions)}},
                  request_id, code);
}

grpc::Status StatusOfRefusal(int http_status, std::string_view body, std::string_view request_id) {
  const Code* code = nullptr;
  static constexpr Code kUnauthenticated = Code::kUnauthenticated;
  static constexpr Code kDenied = Code::kPermissionDenied;
  static constexpr Code kUnavailable = Code::kUnavailable;
  if (http_status == 401) code = &kUnauthenticated;
  if (http_status == 403) code = &kDenied;
  if (http_status == 503) code = &kUnavailable;
  boost::system::error_code ignored;
  const json::value parsed = json::parse(body, ignored);
  if (!ignored && parsed.is_object()) {
    const json::value* errors = parsed.get_object().if_contains("errors");
    if (errors != nullptr && errors->is_array() && !errors->get_array().empty() &&
        errors->get_array()[0].is_object()) {
      return StatusOf(errors->get_array()[0].get_object(), request_id, code);
    }
  }
  return {code != nullptr ? *code : Code::kInternal, "the request was refused", {}};
}

}  // namespace strongroom::services
