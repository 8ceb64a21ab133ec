// The methods of timestamps and durations.
#include "cel/env.h"
#include "cel/lib/time.h"

namespace strongroom::cel {
namespace {

struct Accessor {
  std::string_view name;
  std::string_view id;
  int (*of)(const CivilFields&);
  std::string_view description;
  int example;  // of timestamp('2009-02-13T23:31:30.123456Z') in UTC
};

// The counts from 0 are the language's own (CEL specification, "Timestamp accessors").
constexpr Accessor kAccessors[] = {
    {"getFullYear", "timestamp_to_year", [](const CivilFields& f) { return f.year; }, "the year",
     2009},
    {"getMonth", "timestamp_to_month", [](const CivilFields& f) { return f.month - 1; },
     "the month, counted from 0", 1},
    {"getDate", "timestamp_to_day_of_month_1_based", [](const CivilFields& f) { return f.day; },
     "the day of the month, counted from 1", 13},
    {"getDayOfMonth", "timestamp_to_day_of_month", [](const CivilFields& f) { return f.day - 1; },
     "the day of the month, counted from 0", 12},
    {"getDayOfWeek", "timestamp_to_day_of_week", [](const CivilFields& f) { return f.day_of_week; },
     "the day of the week, 0 for Sunday", 5},
    {"getDayOfYear", "timestamp_to_day_of_year",
     [](const CivilFields& f) { return f.day_of_year - 1; }, "the day of the year, counted from 0",
     43},
    {"getHours", "timestamp_to_hours", [](const CivilFields& f) { return f.hours; },
     "the hour of the day", 23},
    {"getMinutes", "timestamp_to_minutes", [](const CivilFields& f) { return f.minutes; },
     "the minute of the hour", 31},
    {"getSeconds", "timestamp_to_seconds", [](const CivilFields& f) { return f.seconds; },
     "the second of the minute", 30},
    {"getMilliseconds", "timestamp_to_milliseconds",
     [](const CivilFields& f) { return f.milliseconds; }, "the millisecond of the second", 123},
};

Value FieldOf(const Call& call, const Accessor& accessor, std::string_view zone) {
  const auto fields = CivilFieldsOf(call[0].AsTimestamp(), zone);
  if (!fields.ok()) return call.Invalid(fields.error().message);
  return Value::Int(accessor.of(*fields));
}

void AddAccessor(EnvBuilder& builder, const Accessor& accessor) {
  const std::string call = "timestamp('2009-02-13T23:31:30.123456Z')." + std::string(accessor.name);
  const std::string equals = " == " + std::to_string(accessor.example);
  builder.Function(accessor.name,
                   {.id = std::string(accessor.id),
                    .parameters = {Type::Timestamp()},
                    .result = Type::Int(),
                    .callback = [&accessor](const Call& c) { return FieldOf(c, accessor, ""); },
                    .member = true,
                    .description = std::string(accessor.description) + ", in UTC",
                    .example = call + "()" + equals});
  builder.Function(
      accessor.name,
      {.id = std::string(accessor.id) + "_with_tz",
       .parameters = {Type::Timestamp(), Type::String()},
       .result = Type::Int(),
       .callback = [&accessor](const Call& c) { return FieldOf(c, accessor, c[1].AsString()); },
       .member = true,
       .description = std::string(accessor.description) + ", in a time zone",
       .example = call + "('UTC')" + equals});
}

void AddPart(EnvBuilder& builder, std::string_view name, std::string_view id, Callback callback,
             std::string_view description, std::string_view example) {
  builder.Function(name, {.id = std::string(id),
                          .parameters = {Type::Duration()},
                          .result = Type::Int(),
                          .callback = std::move(callback),
                          .member = true,
                          .description = std::string(description),
                          .example = std::string(example)});
}

}  // namespace

void AddTime(EnvBuilder& builder) {
  for (const Accessor& accessor : kAccessors) AddAccessor(builder, accessor);
  const auto whole = [](std::int64_t unit_seconds) {
    return [unit_seconds](const Call& call) {
      return Value::Int(call[0].AsDuration().seconds / unit_seconds);
    };
  };
  AddPart(builder, "getHours", "duration_to_hours", whole(3600), "the whole hours of the duration",
          "duration('10000s').getHours() == 2");
  AddPart(builder, "getMinutes", "duration_to_minutes", whole(60),
          "the whole minutes of the duration", "duration('3730s').getMinutes() == 62");
  AddPart(builder, "getSeconds", "duration_to_seconds", whole(1),
          "the whole seconds of the duration", "duration('3730s').getSeconds() == 3730");
  AddPart(
      builder, "getMilliseconds", "duration_to_milliseconds",
      [](const Call& call) { return Value::Int(call[0].AsDuration().nanos / 1000000); },
      "the milliseconds beyond the whole seconds", "duration('123.321s').getMilliseconds() == 321");
}

}  // namespace strongroom::cel
