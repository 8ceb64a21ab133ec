#include "graphql/leaf_output.h"

#include <boost/json.hpp>
#include <cmath>
#include <limits>
#include <optional>

#include "graphql/json_text.h"

namespace strongroom::graphql {
namespace {

// The kinds of value that a leaf can be, without their owners.
using Plain = std::variant<std::monostate, bool, std::int64_t, double, std::string_view,
                           const boost::json::value*>;

Plain PlainOf(const boost::json::value& value) {
  if (value.is_bool()) return value.get_bool();
  if (value.is_int64()) return value.get_int64();
  if (value.is_double()) return value.get_double();
  if (value.is_string()) return std::string_view(value.get_string());
  return &value;
}

struct ToPlain {
  Plain operator()(bool value) const { return value; }
  Plain operator()(std::int64_t value) const { return value; }
  Plain operator()(double value) const { return value; }
  Plain operator()(const std::string& value) const { return std::string_view(value); }
  Plain operator()(std::string_view value) const { return value; }
  Plain operator()(const JsonPtr& value) const { return PlainOf(*value); }
  template <typename Other>
  Plain operator()(const Other&) const {
    return {};
  }
};

bool WriteAny(const Plain& value, std::string& out) {
  if (const auto* flag = std::get_if<bool>(&value)) {
    out += *flag ? "true" : "false";
  } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    AppendJsonNumber(*whole, out);
  } else if (const auto* number = std::get_if<double>(&value)) {
    if (!std::isfinite(*number)) return false;
    AppendJsonNumber(*number, out);
  } else if (const auto* text = std::get_if<std::string_view>(&value)) {
    AppendJsonString(*text, out);
  } else if (const auto* json = std::get_if<const boost::json::value*>(&value)) {
    AppendJson(**json, out);
  } else {
    return false;
  }
  return true;
}

bool WriteInt(const Plain& value, std::string& out) {
  std::optional<std::int64_t> whole;
  if (const auto* number = std::get_if<std::int64_t>(&value)) whole = *number;
  if (const auto* number = std::get_if<double>(&value);
      number != nullptr && std::trunc(*number) == *number && std::abs(*number) < 1e15)
    whole = static_cast<std::int64_t>(*number);
  if (!whole || *whole > std::numeric_limits<std::int32_t>::max() ||
      *whole < std::numeric_limits<std::int32_t>::min())
    return false;
  AppendJsonNumber(*whole, out);
  return true;
}

bool WriteText(const Plain& value, std::string& out) {
  if (std::holds_alternative<std::string_view>(value)) return WriteAny(value, out);
  if (std::holds_alternative<const boost::json::value*>(value)) return false;
  const std::size_t mark = out.size();
  out += '"';
  if (!WriteAny(value, out)) {
    out.resize(mark);
    return false;
  }
  out += '"';
  return true;
}

}  // namespace

bool WriteLeaf(const NamedType& type, const Resolved& resolved, std::string& out) {
  const Plain value = std::visit(ToPlain(), resolved.variant());
  if (type.kind == TypeKind::kEnum) {
    const auto* name = std::get_if<std::string_view>(&value);
    return name != nullptr && type.FindValue(*name) != nullptr && WriteAny(value, out);
  }
  switch (type.built_in) {
    case BuiltIn::kCustom: return WriteAny(value, out);
    case BuiltIn::kInt: return WriteInt(value, out);
    case BuiltIn::kFloat:
      return (std::holds_alternative<double>(value) ||
              std::holds_alternative<std::int64_t>(value)) &&
             WriteAny(value, out);
    case BuiltIn::kBoolean: return std::holds_alternative<bool>(value) && WriteAny(value, out);
    case BuiltIn::kString: return WriteText(value, out);
    case BuiltIn::kId: return !std::holds_alternative<bool>(value) && WriteText(value, out);
  }
  return false;
}

}  // namespace strongroom::graphql
