#include "services/shape.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>
#include <chrono>

namespace strongroom::services {
namespace {

namespace json = boost::json;
using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

constexpr std::string_view kJsonSuffix = "_json";
constexpr std::uint32_t kVarint = 0;
constexpr std::uint32_t kLengthDelimited = 2;

enum class Kind { kText, kJson, kBool, kInt, kEnum, kDate, kTimestamp, kMap, kMessage };

Kind KindOf(const FieldDescriptor& field) {
  if (field.is_map()) return Kind::kMap;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL: return Kind::kBool;
    case FieldDescriptor::CPPTYPE_ENUM: return Kind::kEnum;
    case FieldDescriptor::CPPTYPE_STRING: return HoldsJson(field) ? Kind::kJson : Kind::kText;
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const std::string& name = field.message_type()->full_name();
      if (name == "google.type.Date") return Kind::kDate;
      return name == "google.protobuf.Timestamp" ? Kind::kTimestamp : Kind::kMessage;
    }
    default: return Kind::kInt;
  }
}

void AppendVarint(std::uint64_t value, std::string& wire) {
  for (; value >= 0x80; value >>= 7) wire += static_cast<char>(value | 0x80);
  wire += static_cast<char>(value);
}

base::Error Misfit(const std::string& field) {
  return base::MakeError(base::ErrorCode::kInternalServerError,
                         fmt::format("an answer does not fit the field `{}`", field));
}

bool Number(std::string_view text, int& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

// `2026-01-28`
bool DateBytes(std::string_view text, std::string& bytes) {
  int year = 0, month = 0, day = 0;
  if (text.size() != 10 || !Number(text.substr(0, 4), year) || !Number(text.substr(5, 2), month) ||
      !Number(text.substr(8, 2), day))
    return false;
  AppendNumber(1, static_cast<std::uint64_t>(year), bytes);
  AppendNumber(2, static_cast<std::uint64_t>(month), bytes);
  AppendNumber(3, static_cast<std::uint64_t>(day), bytes);
  return true;
}

// `2026-01-28T06:24:05.123456789Z`; the fraction may be missing or shorter.
bool TimestampBytes(std::string_view text, std::string& bytes) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (text.size() < 20 || text.back() != 'Z' || !Number(text.substr(0, 4), year) ||
      !Number(text.substr(5, 2), month) || !Number(text.substr(8, 2), day) ||
      !Number(text.substr(11, 2), hour) || !Number(text.substr(14, 2), minute) ||
      !Number(text.substr(17, 2), second))
    return false;
  std::string fraction(text.substr(19, text.size() - 20));
  int nanos = 0;
  if (!fraction.empty()) {
    fraction.resize(10, '0');
    if (fraction[0] != '.' || !Number(std::string_view(fraction).substr(1), nanos)) return false;
  }
  const std::chrono::sys_days date = std::chrono::year(year) /
                                     std::chrono::month(static_cast<unsigned>(month)) /
                                     std::chrono::day(static_cast<unsigned>(day));
  const auto seconds = std::chrono::sys_seconds(date) + std::chrono::hours(hour) +
                       std::chrono::minutes(minute) + std::chrono::seconds(second);
  AppendNumber(1, static_cast<std::uint64_t>(seconds.time_since_epoch().count()), bytes);
  if (nanos != 0) AppendNumber(2, static_cast<std::uint64_t>(nanos), bytes);
  return true;
}

}  // namespace

void AppendBytes(int number, std::string_view bytes, std::string& wire) {
  AppendVarint(static_cast<std::uint32_t>(number) << 3 | kLengthDelimited, wire);
  AppendVarint(bytes.size(), wire);
  wire += bytes;
}

void AppendNumber(int number, std::uint64_t value, std::string& wire) {
  AppendVarint(static_cast<std::uint32_t>(number) << 3 | kVarint, wire);
  AppendVarint(value, wire);
}

bool HoldsJson(const FieldDescriptor& field) {
  return std::string_view(field.name()).ends_with(kJsonSuffix);
}

std::string GraphqlName(const FieldDescriptor& field) {
  std::string name = field.json_name();
  if (HoldsJson(field)) name.resize(name.size() - (kJsonSuffix.size() - 1));
  return name;
}

std::string_view GraphqlName(const google::protobuf::EnumValueDescriptor& value) {
  // INVARIANT: buf's lint demands the name of the enum before each value, and UNSPECIFIED as 0.
  if (value.number() == 0) return {};
  const std::string_view zero = value.type()->value(0)->name();
  const std::size_t prefix = zero.size() - std::string_view("UNSPECIFIED").size();
  return std::string_view(value.name()).substr(prefix);
}

struct Shape::Field {
  std::string name;  // in GraphQL
  int number = 0;
  Kind kind = Kind::kText;
  bool repeated = false;
  const EnumDescriptor* values = nullptr;
  std::unique_ptr<const Shape> shape;  // of kMessage
};

Shape::Shape(const Descriptor& message) {
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& described = *message.field(i);
    Field field;
    field.name = GraphqlName(described);
    field.number = described.number();
    field.kind = KindOf(described);
    field.repeated = described.is_repeated() && !described.is_map();
    field.values = described.enum_type();
    if (field.kind == Kind::kMessage)
      field.shape = std::make_unique<const Shape>(*described.message_type());
    fields_.push_back(std::move(field));
  }
}

Shape::~Shape() = default;
Shape::Shape(Shape&&) noexcept = default;

std::string Shape::Selection() const {
  std::string text = "{";
  for (const Field& field : fields_) {
    text += ' ' + field.name;
    if (field.shape) text += ' ' + field.shape->Selection();
  }
  return text + " }";
}

base::Status Shape::Append(const json::object& answer, std::string& wire) const {
  // Answers come in the order of the selection, so the next member is mostly the next field's.
  std::size_t next = 0;
  for (const auto& member : answer) {
    std::size_t tries = 0;
    while (tries < fields_.size() && fields_[next].name != member.key()) {
      next = (next + 1) % fields_.size();
      ++tries;
    }
    if (tries == fields_.size() || member.value().is_null()) continue;
    const Field& field = fields_[next];
    if (!field.repeated) {
      STRONGROOM_TRY(AppendField(field, member.value(), wire));
      continue;
    }
    if (!member.value().is_array()) return Misfit(field.name);
    for (const json::value& item : member.value().get_array()) {
      if (!item.is_null()) STRONGROOM_TRY(AppendField(field, item, wire));
    }
  }
  return {};
}

base::Status Shape::AppendField(const Field& field, const json::value& value,
                                std::string& wire) const {
  const auto text = [&] { return std::string_view(value.get_string()); };
  switch (field.kind) {
    case Kind::kText:
      if (!value.is_string()) return Misfit(field.name);
      AppendBytes(field.number, text(), wire);
      return {};
    case Kind::kJson: AppendBytes(field.number, json::serialize(value), wire); return {};
    case Kind::kBool:
      if (!value.is_bool()) return Misfit(field.name);
      AppendNumber(field.number, value.get_bool() ? 1 : 0, wire);
      return {};
    case Kind::kInt:
      if (!value.is_int64()) return Misfit(field.name);
      AppendNumber(field.number, static_cast<std::uint64_t>(value.get_int64()), wire);
      return {};
    case Kind::kEnum:
      if (!value.is_string()) return Misfit(field.name);
      for (int i = 1; i < field.values->value_count(); ++i) {
        if (GraphqlName(*field.values->value(i)) != text()) continue;
        AppendNumber(field.number, static_cast<std::uint64_t>(field.values->value(i)->number()),
                     wire);
        return {};
      }
      return Misfit(field.name);
    case Kind::kDate:
    case Kind::kTimestamp: {
      std::string bytes;
      if (!value.is_string() ||
          !(field.kind == Kind::kDate ? DateBytes(text(), bytes) : TimestampBytes(text(), bytes)))
        return Misfit(field.name);
      AppendBytes(field.number, bytes, wire);
      return {};
    }
    case Kind::kMap:
      if (!value.is_object()) return Misfit(field.name);
      for (const auto& entry : value.get_object()) {
        std::string bytes;
        AppendBytes(1, entry.key(), bytes);
        const std::string other =
            entry.value().is_string() ? std::string() : json::serialize(entry.value());
        AppendBytes(2,
                    entry.value().is_string() ? std::string_view(entry.value().get_string())
                                              : std::string_view(other),
                    bytes);
        AppendBytes(field.number, bytes, wire);
      }
      return {};
    case Kind::kMessage: {
      if (!value.is_object()) return Misfit(field.name);
      std::string bytes;
      STRONGROOM_TRY(field.shape->Append(value.get_object(), bytes));
      AppendBytes(field.number, bytes, wire);
      return {};
    }
  }
  return Misfit(field.name);
}

}  // namespace strongroom::services
