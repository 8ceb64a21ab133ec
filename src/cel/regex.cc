#include "cel/regex.h"

#include <re2/re2.h>

#include "base/limits.h"

namespace strongroom::cel {

std::unique_ptr<const re2::RE2> CompileRegex(std::string_view pattern, std::string& problem) {
  if (pattern.size() > base::limits::kCelRegexSourceBytesMax) {
    problem = "the regular expression is longer than " +
              std::to_string(base::limits::kCelRegexSourceBytesMax) + " bytes";
    return nullptr;
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(base::limits::kCelRegexBytesMax);
  auto regex =
      std::make_unique<const re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (regex->ok()) return regex;
  problem = "invalid regular expression: " + regex->error();
  return nullptr;
}

}  // namespace strongroom::cel
