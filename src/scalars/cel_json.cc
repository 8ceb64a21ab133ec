// json.Marshal.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "cel/lib/time.h"
#include "scalars/cel_call.h"

namespace strongroom::scalars {
namespace {

using cel::Call;
using cel::Kind;
using cel::Value;

constexpr int kDepthMax = 64;

// Writes one value. Members of maps come in the order of their names.
class JsonWriter {
 public:
  explicit JsonWriter(const Call& call) : call_(call) {}

  // False when the value has no JSON, `problem` then says why, or when the budget is spent.
  bool Write(const Value& value, int depth) {
    if (!call_.budget.Charge(1)) return false;
    if (depth > kDepthMax) return Fail("the value is nested too deep for JSON");
    switch (value.kind()) {
      case Kind::kNull: return Raw("null");
      case Kind::kBool: return Raw(value.AsBool() ? "true" : "false");
      case Kind::kInt: return Raw(std::to_string(value.AsInt()));
      case Kind::kUint: return Raw(std::to_string(value.AsUint()));
      case Kind::kDouble: return Double(value.AsDouble());
      case Kind::kString: return String(value.AsString());
      case Kind::kBytes: return Bytes(value.AsBytes());
      case Kind::kTimestamp: return String(cel::FormatTimestamp(value.AsTimestamp()));
      case Kind::kDuration: return String(cel::FormatDuration(value.AsDuration()));
      case Kind::kType: return String(value.AsType().ToString());
      case Kind::kList: return List(value, depth);
      case Kind::kMap: return Map(value, depth);
      case Kind::kObject: return Object(value.AsObject(), depth);
      case Kind::kOptional:
        return value.AsOptional() == nullptr ? Raw("null") : Write(*value.AsOptional(), depth + 1);
      case Kind::kOpaque: return Opaque(value);
      case Kind::kError:
      case Kind::kAbsent: break;
    }
    return Fail("a part of the value can't be read");
  }

  const std::string& text() const { return text_; }
  std::string_view problem() const { return problem_; }

 private:
  bool Fail(std::string_view problem) {
    problem_ = problem;
    return false;
  }

  bool Raw(std::string_view text) {
    if (!call_.budget.ChargeBytes(text.size())) return false;
    text_ += text;
    return true;
  }

  bool Double(double d) {
    if (!std::isfinite(d)) return Fail("JSON has no infinite numbers and no NaN");
    char digits[32];
    return Raw({digits, std::to_chars(digits, digits + sizeof digits, d).ptr});
  }

  bool Bytes(std::string_view bytes) {
    return call_.budget.ChargeBytes(bytes.size()) && String(base::EncodeBase64(bytes));
  }

  bool Opaque(const Value& value) {
    const cel::OpaqueType& type = *value.opaque_type();
    return String((type.text != nullptr ? type.text : type.print)(value.AsOpaque(&type)));
  }

  // rfc8259 7.
  bool String(std::string_view text) {
    constexpr std::string_view kPlain = "\"\\\b\f\n\r\t";
    constexpr std::string_view kEscaped = "\"\\bfnrt";
    if (!call_.budget.ChargeBytes(text.size())) return false;
    text_ += '"';
    for (const char c : text) {
      const std::size_t at = kPlain.find(c);
      if (at != std::string_view::npos) {
        text_.append(1, '\\').append(1, kEscaped[at]);
      } else if (static_cast<unsigned char>(c) < 0x20) {
        text_.append("\\u00").append(base::EncodeHex({&c, 1}));
      } else {
        text_ += c;
      }
    }
    text_ += '"';
    return true;
  }

  bool List(const Value& list, int depth) {
    text_ += '[';
    for (std::size_t i = 0; i < list.Size(); ++i) {
      if (i > 0) text_ += ',';
      if (!Write(list.At(i, call_.arena), depth + 1)) return false;
    }
    text_ += ']';
    return true;
  }

  bool Member(std::string_view name, const Value& value, int depth, bool first) {
    if (!first) text_ += ',';
    if (!String(name)) return false;
    text_ += ':';
    return Write(value, depth + 1);
  }

  static std::string NameOf(const Value& key) {
    return key.is(Kind::kString) ? std::string(key.AsString())
           : key.is(Kind::kInt)  ? std::to_string(key.AsInt())
           : key.is(Kind::kUint) ? std::to_string(key.AsUint())
                                 : std::string(key.AsBool() ? "true" : "false");
  }

  bool Map(const Value& map, int depth) {
    if (!call_.budget.Charge(map.Size())) return false;
    std::vector<std::pair<std::string, Value>> members;
    cel::MapCursor cursor(map);
    while (const auto entry = cursor.Next(call_.arena))
      members.emplace_back(NameOf(entry->key), entry->value);
    std::ranges::sort(members, {}, &std::pair<std::string, Value>::first);
    text_ += '{';
    for (std::size_t i = 0; i < members.size(); ++i)
      if (!Member(members[i].first, members[i].second, depth, i == 0)) return false;
    text_ += '}';
    return true;
  }

  bool Object(const cel::ObjectView& object, int depth) {
    const auto& fields = object.type().fields;
    text_ += '{';
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (!Member(fields[i].name, object.Get(i, call_.arena), depth, i == 0)) return false;
    text_ += '}';
    return true;
  }

  const Call& call_;
  std::string text_;
  std::string_view problem_;
};

Value Marshal(const Call& call) {
  JsonWriter writer(call);
  if (writer.Write(call[0], 0)) return call.MakeBytes(writer.text());
  return writer.problem().empty() ? Value::Null() : call.Invalid(writer.problem());
}

}  // namespace

void AddJsonFunctions(cel::EnvBuilder& builder) {
  cel::AddFunctions(builder, {{"json.Marshal(dyn): bytes", Marshal,
                               "as JSON: bytes in base64, times, durations and scalars as texts",
                               "string(json.Marshal({'b': [1, 2.5, null], 'a': decimal('1.0')})) "
                               "== '{\"a\":\"1.0\",\"b\":[1,2.5,null]}'"}});
}

}  // namespace strongroom::scalars
