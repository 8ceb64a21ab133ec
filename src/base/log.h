// Structured log lines, one JSON object each, to standard error. Never a token, a secret or a
// property value: callers log ids, names and codes.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace strongroom::base {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

struct LogField {
  std::string_view name;
  std::string value;
};

// Writes {"time","level","message",fields…} if `level` is at or above the level set.
void Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});
void SetLogLevel(LogLevel level);

}  // namespace strongroom::base
