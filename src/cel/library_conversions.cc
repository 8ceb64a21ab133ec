// bool, int, uint, double, string, bytes, timestamp, duration.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "base/encoding.h"
#include "cel/env.h"
#include "cel/lib/time.h"
#include "cel/library.h"

namespace strongroom::cel {
namespace {

constexpr double kTwoTo63 = 9223372036854775808.0;
constexpr double kTwoTo64 = 18446744073709551616.0;

Value OutOfRange(const Call& call) {
  return call.Fail(EvaluationErrorCode::kOutOfRange, "out of range of the type");
}

Value Same(const Call& call) { return call[0]; }

// A whole text as a number; nothing else around it.
template <typename Number>
Value ReadNumber(const Call& call, Value (*make)(Number), std::string_view type) {
  std::string_view text = call[0].AsString();
  if (!call.budget.ChargeBytes(text.size())) return Value::Null();
  if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc::result_out_of_range) return OutOfRange(call);
  if (error == std::errc() && end == text.data() + text.size() && !text.empty())
    return make(number);
  return call.Invalid("the text is no " + std::string(type));
}

Value BoolOfString(const Call& call) {
  static constexpr std::array<std::string_view, 5> kTrue = {"1", "t", "true", "TRUE", "True"};
  static constexpr std::array<std::string_view, 5> kFalse = {"0", "f", "false", "FALSE", "False"};
  const std::string_view text = call[0].AsString();
  for (const std::string_view one : kTrue)
    if (text == one) return Value::Bool(true);
  for (const std::string_view one : kFalse)
    if (text == one) return Value::Bool(false);
  return call.Invalid("the text is no bool");
}

Value IntOfUint(const Call& call) {
  const std::uint64_t number = call[0].AsUint();
  if (number > static_cast<std::uint64_t>(INT64_MAX)) return OutOfRange(call);
  return Value::Int(static_cast<std::int64_t>(number));
}
// The bounds themselves are left out: a double there may have been rounded (cel-spec, int()).
Value IntOfDouble(const Call& call) {
  const double number = call[0].AsDouble();
  if (!(number > -kTwoTo63 && number < kTwoTo63)) return OutOfRange(call);
  return Value::Int(static_cast<std::int64_t>(number));
}
Value IntOfString(const Call& call) { return ReadNumber<std::int64_t>(call, Value::Int, "int"); }
Value IntOfTimestamp(const Call& call) { return Value::Int(call[0].AsTimestamp().seconds); }
Value IntOfDuration(const Call& call) { return Value::Int(call[0].AsDuration().seconds); }

Value UintOfInt(const Call& call) {
  const std::int64_t number = call[0].AsInt();
  return number < 0 ? OutOfRange(call) : Value::Uint(static_cast<std::uint64_t>(number));
}
Value UintOfDouble(const Call& call) {
  const double number = call[0].AsDouble();
  if (!(number >= 0 && number < kTwoTo64)) return OutOfRange(call);
  return Value::Uint(static_cast<std::uint64_t>(number));
}
Value UintOfString(const Call& call) {
  return ReadNumber<std::uint64_t>(call, Value::Uint, "uint");
}

Value DoubleOfInt(const Call& call) { return Value::Double(static_cast<double>(call[0].AsInt())); }
Value DoubleOfUint(const Call& call) {
  return Value::Double(static_cast<double>(call[0].AsUint()));
}
Value DoubleOfString(const Call& call) { return ReadNumber<double>(call, Value::Double, "double"); }

Value StringOfBool(const Call& call) { return Value::String(call[0].AsBool() ? "true" : "false"); }
Value StringOfInt(const Call& call) { return call.MakeString(std::to_string(call[0].AsInt())); }
Value StringOfUint(const Call& call) { return call.MakeString(std::to_string(call[0].AsUint())); }
Value StringOfDouble(const Call& call) {
  const double number = call[0].AsDouble();
  if (std::isnan(number)) return Value::String("NaN");
  if (std::isinf(number)) return Value::String(number > 0 ? "+Inf" : "-Inf");
  return call.MakeString(fmt::format("{}", number));
}
Value StringOfBytes(const Call& call) {
  const std::string_view bytes = call[0].AsBytes();
  if (!call.budget.ChargeBytes(bytes.size())) return Value::Null();
  return base::IsUtf8(bytes) ? Value::String(bytes) : call.Invalid("the bytes are no valid UTF-8");
}
Value StringOfTimestamp(const Call& call) {
  return call.MakeString(FormatTimestamp(call[0].AsTimestamp()));
}
Value StringOfDuration(const Call& call) {
  return call.MakeString(FormatDuration(call[0].AsDuration()));
}

Value BytesOfString(const Call& call) { return Value::Bytes(call[0].AsString()); }

Value TimestampOfString(const Call& call) {
  const auto at = ParseTimestamp(call[0].AsString());
  return at.ok() ? Value::Timestamp(*at) : call.Invalid("the text is no timestamp");
}
Value TimestampOfInt(const Call& call) {
  const TimestampValue at{call[0].AsInt(), 0};
  return InRange(at) ? Value::Timestamp(at) : OutOfRange(call);
}
Value DurationOfString(const Call& call) {
  const auto span = ParseDuration(call[0].AsString());
  return span.ok() ? Value::Duration(*span) : call.Invalid("the text is no duration");
}
Value DurationOfInt(const Call& call) {
  const DurationValue span{call[0].AsInt(), 0};
  return InRange(span) ? Value::Duration(span) : OutOfRange(call);
}

struct Conversion {
  Type from;
  Callback callback;
  std::string_view description;
  std::string_view example;
};

void Add(EnvBuilder& builder, std::string_view name, const Type& to,
         const std::vector<Conversion>& conversions) {
  for (const Conversion& conversion : conversions)
    builder.Function(name, {.id = conversion.from.ToString() + "_to_" + std::string(name),
                            .parameters = {conversion.from},
                            .result = to,
                            .callback = conversion.callback,
                            .description = std::string(conversion.description),
                            .example = std::string(conversion.example)});
}

void AddNumbers(EnvBuilder& builder) {
  Add(builder, "int", Type::Int(),
      {{Type::Int(), Same, "itself", "int(1) == 1"},
       {Type::Uint(), IntOfUint, "the same number, if it fits", "int(1u) == 1"},
       {Type::Double(), IntOfDouble, "cut to a whole number, if it fits", "int(-1.9) == -1"},
       {Type::String(), IntOfString, "decimal digits with an optional sign", "int('-12') == -12"},
       {Type::Timestamp(), IntOfTimestamp, "seconds since 1970", "int(timestamp(5)) == 5"},
       {Type::Duration(), IntOfDuration, "whole seconds", "int(duration('1m')) == 60"}});
  Add(builder, "uint", Type::Uint(),
      {{Type::Uint(), Same, "itself", "uint(1u) == 1u"},
       {Type::Int(), UintOfInt, "the same number, if not negative", "uint(1) == 1u"},
       {Type::Double(), UintOfDouble, "cut to a whole number, if it fits", "uint(1.9) == 1u"},
       {Type::String(), UintOfString, "decimal digits", "uint('12') == 12u"}});
  Add(builder, "double", Type::Double(),
      {{Type::Double(), Same, "itself", "double(1.5) == 1.5"},
       {Type::Int(), DoubleOfInt, "the nearest double", "double(1) == 1.0"},
       {Type::Uint(), DoubleOfUint, "the nearest double", "double(1u) == 1.0"},
       {Type::String(), DoubleOfString, "the nearest double", "double('1e3') == 1000.0"}});
}

void AddTexts(EnvBuilder& builder) {
  Add(builder, "bool", Type::Bool(),
      {{Type::Bool(), Same, "itself", "bool(true)"},
       {Type::String(), BoolOfString, "1 t true TRUE True, 0 f false FALSE False",
        "bool('t') && !bool('0')"}});
  Add(builder, "string", Type::String(),
      {{Type::String(), Same, "itself", "string('a') == 'a'"},
       {Type::Bool(), StringOfBool, "`true` or `false`", "string(true) == 'true'"},
       {Type::Int(), StringOfInt, "decimal digits", "string(-1) == '-1'"},
       {Type::Uint(), StringOfUint, "decimal digits", "string(1u) == '1'"},
       {Type::Double(), StringOfDouble, "the shortest text that reads back the same",
        "string(1.5) == '1.5'"},
       {Type::Bytes(), StringOfBytes, "the text that the bytes encode in UTF-8",
        "string(b'\\303\\251') == 'é'"},
       {Type::Timestamp(), StringOfTimestamp, "RFC 3339, in UTC",
        "string(timestamp(0)) == '1970-01-01T00:00:00Z'"},
       {Type::Duration(), StringOfDuration, "seconds", "string(duration('1m')) == '60s'"}});
  Add(builder, "bytes", Type::Bytes(),
      {{Type::Bytes(), Same, "itself", "bytes(b'a') == b'a'"},
       {Type::String(), BytesOfString, "the text in UTF-8", "bytes('é') == b'\\303\\251'"}});
}

void AddTimes(EnvBuilder& builder) {
  Add(builder, "timestamp", Type::Timestamp(),
      {{Type::Timestamp(), Same, "itself", "timestamp(timestamp(1)) == timestamp(1)"},
       {Type::String(), TimestampOfString, "reads RFC 3339",
        "timestamp('1970-01-01T01:00:00+01:00') == timestamp(0)"},
       {Type::Int(), TimestampOfInt, "seconds since 1970",
        "timestamp(60) == timestamp('1970-01-01T00:01:00Z')"}});
  Add(builder, "duration", Type::Duration(),
      {{Type::Duration(), Same, "itself", "duration(duration('1s')) == duration('1s')"},
       {Type::String(), DurationOfString, "numbers with the units h m s ms us ns",
        "duration('1h1.5s') == duration('3601500ms')"},
       {Type::Int(), DurationOfInt, "seconds", "duration(60) == duration('1m')"}});
}

}  // namespace

void AddConversions(EnvBuilder& builder) {
  AddNumbers(builder);
  AddTexts(builder);
  AddTimes(builder);
}

}  // namespace strongroom::cel
