#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "base/clock.h"

namespace strongroom::base {
namespace {

spdlog::logger& Logger() {
  static const auto logger = [] {
    auto made = std::make_shared<spdlog::logger>("strongroom",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    return made;
  }();
  return *logger;
}

constexpr spdlog::level::level_enum Level(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug: return spdlog::level::debug;
    case LogLevel::kInfo: return spdlog::level::info;
    case LogLevel::kWarning: return spdlog::level::warn;
    case LogLevel::kError: return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

void Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  spdlog::logger& logger = Logger();
  if (!logger.should_log(Level(level))) return;
  boost::json::object line;
  line["time"] = FormatTimestamp(SystemClock().Now());
  const auto name = spdlog::level::to_string_view(Level(level));
  line["level"] = std::string_view(name.data(), name.size());
  line["message"] = message;
  for (const LogField& field : fields) line[field.name] = field.value;
  logger.log(Level(level), boost::json::serialize(line));
}

void SetLogLevel(LogLevel level) { Logger().set_level(Level(level)); }

}  // namespace strongroom::base
