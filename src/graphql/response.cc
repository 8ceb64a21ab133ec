#include <fmt/format.h>

#include <boost/json.hpp>

#include "graphql/engine.h"
#include "graphql/error_text.h"
#include "graphql/json_text.h"

namespace strongroom::graphql {

void AppendError(const ErrorParts& error, std::string& out) {
  out += "{\"message\":";
  AppendJsonString(error.message, out);
  if (!error.locations.empty()) {
    const char* before = ",\"locations\":[";
    for (const Location& at : error.locations) {
      out += fmt::format("{}{{\"line\":{},\"column\":{}}}", before, at.line, at.column);
      before = ",";
    }
    out += ']';
  }
  if (!error.path.empty()) {
    const char* before = ",\"path\":[";
    for (const PathSegment& segment : error.path) {
      out += before;
      before = ",";
      if (segment.is_index)
        AppendJsonNumber(static_cast<std::int64_t>(segment.index), out);
      else
        AppendJsonString(segment.key, out);
    }
    out += ']';
  }
  out += ",\"extensions\":{\"code\":";
  AppendJsonString(base::ErrorCodeName(error.code), out);
  out += error.retriable ? ",\"retriableError\":true" : ",\"retriableError\":false";
  if (!error.hint.empty()) {
    out += ",\"hint\":";
    AppendJsonString(error.hint, out);
  }
  if (error.details != nullptr) {
    for (const auto& member : *error.details) {
      out += ',';
      AppendJsonString(member.key(), out);
      out += ':';
      AppendJson(member.value(), out);
    }
  }
  out += "}}";
}

ErrorParts PartsOf(const RequestError& error) {
  return {error.message, error.code, false, error.hint, error.locations, {}, nullptr};
}

ErrorParts PartsOf(const base::Error& error) {
  return {error.message, error.code, error.retriable, error.hint, {}, {}, error.details.get()};
}

std::string InputPrefixedMessage(const std::vector<PathSegment>& path, const base::Error& error) {
  std::string out = "input: ";
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i > 0) out += '.';
    if (path[i].is_index)
      out += std::to_string(path[i].index);
    else
      out += path[i].key;
  }
  return out + ' ' + error.message;
}

void Response::Fail(const base::Error& error) {
  text_ = "{\"data\":null";
  if (!errors_.empty()) errors_ += ',';
  AppendError(PartsOf(error), errors_);
  ++error_count_;
  codes_.push_back(error.code);
}

std::string Response::Finish(const boost::json::object* extensions) && {
  std::string out = std::move(text_);
  if (out.empty()) out = "{\"data\":null";
  if (!errors_.empty()) out += ",\"errors\":[" + errors_ + ']';
  if (extensions != nullptr) {
    const char* before = ",\"extensions\":{";
    for (const auto& member : *extensions) {
      out += before;
      before = ",";
      AppendJsonString(member.key(), out);
      out += ':';
      AppendJson(member.value(), out);
    }
    out += extensions->empty() ? ",\"extensions\":{}" : "}";
  }
  return out += '}';
}

std::string RefusalText(const RequestErrors& errors, bool with_data) {
  std::string out = "{\"errors\":[";
  for (const RequestError& error : errors) {
    if (&error != &errors.front()) out += ',';
    AppendError(PartsOf(error), out);
  }
  return out += with_data ? "],\"data\":null}" : "]}";
}

}  // namespace strongroom::graphql
