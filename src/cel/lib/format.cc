// 'text'.format(values), clause by clause.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "cel/lib/strings.h"
#include "cel/lib/time.h"
#include "cel/type.h"

namespace strongroom::cel {
namespace {

constexpr int kPrecisionDefault = 6;
constexpr int kPrecisionMax = 1000;

// "-NaN" does not exist.
std::string_view NameOfNonFinite(double d) {
  return std::isnan(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity";
}

template <typename... Options>
void AppendDouble(std::string& out, double d, Options... options) {
  if (!std::isfinite(d)) {
    out += NameOfNonFinite(d);
    return;
  }
  char digits[2 * kPrecisionMax];  // 309 before the point, and the precision after it
  const auto end = std::to_chars(digits, digits + sizeof digits, d, options...);
  out.append(digits, end.ptr);
}

template <typename Integer>
void AppendInteger(std::string& out, Integer value, int base) {
  char digits[66];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, base);
  out.append(digits, end.ptr);
}

// One call of format.
class Formatter {
 public:
  Formatter(const Call& call, const Value& values) : call_(call), values_(values) {}

  Value Run(std::string_view text) {
    while (!text.empty()) {
      const std::size_t at = std::min(text.find('%'), text.size());
      if (!Append(text.substr(0, at))) return Value::Null();
      text.remove_prefix(at);
      if (!text.empty()) {
        text.remove_prefix(1);
        if (!Clause(text)) return problem_.absent() ? Value::Null() : problem_;
      }
    }
    return call_.MakeString(out_);
  }

 private:
  bool Append(std::string_view text) {
    if (!call_.budget.ChargeBytes(text.size())) return false;
    out_ += text;
    return true;
  }

  bool Fail(std::string_view message) {
    problem_ = call_.Invalid(message);
    return false;
  }

  // Takes a clause off the front of `text`, after its percent sign.
  bool Clause(std::string_view& text) {
    if (text.starts_with('%')) {
      text.remove_prefix(1);
      return Append("%");
    }
    int precision = kPrecisionDefault;
    if (text.starts_with('.')) {
      const auto end = std::from_chars(text.data() + 1, text.data() + text.size(), precision);
      if (end.ec != std::errc() || precision < 0 || precision > kPrecisionMax)
        return Fail("a precision in a format is a number from 0 to 1000");
      text.remove_prefix(static_cast<std::size_t>(end.ptr - text.data()));
    }
    if (text.empty()) return Fail("the format ends within a clause");
    const char verb = text.front();
    text.remove_prefix(1);
    if (std::string_view("sdfeboxX").find(verb) == std::string_view::npos)
      return Fail("unrecognized formatting clause `" + std::string(1, verb) + "`");
    if (next_ >= values_.Size())
      return Fail("index " + std::to_string(next_) +
                  " out of range: the format has more clauses "
                  "than there are values");
    return Substitute(verb, precision, values_.At(next_++, call_.arena));
  }

  bool Substitute(char verb, int precision, const Value& value) {
    if (value.is_error()) {
      problem_ = value;
      return false;
    }
    bool good = false;
    switch (verb) {
      case 's': good = Text(value); break;
      case 'd': good = Decimal(value); break;
      case 'b': good = Binary(value); break;
      case 'o': good = Integer(value, 8); break;
      case 'x':
      case 'X': good = Hexadecimal(value, verb == 'X'); break;
      default: good = Floating(value, verb, precision);
    }
    if (!good && problem_.absent() && !call_.budget.exhausted())
      Fail("a value can't be formatted with `%" + std::string(1, verb) + "`");
    return good;
  }

  bool Integer(const Value& value, int base) {
    if (value.is(Kind::kInt)) AppendInteger(out_, value.AsInt(), base);
    if (value.is(Kind::kUint)) AppendInteger(out_, value.AsUint(), base);
    return value.is(Kind::kInt) || value.is(Kind::kUint);
  }

  bool Decimal(const Value& value) {
    if (!value.is(Kind::kDouble)) return Integer(value, 10);
    AppendDouble(out_, value.AsDouble(), std::chars_format::fixed);
    return true;
  }

  bool Binary(const Value& value) {
    if (!value.is(Kind::kBool)) return Integer(value, 2);
    out_ += value.AsBool() ? '1' : '0';
    return true;
  }

  bool Hexadecimal(const Value& value, bool upper) {
    const std::size_t start = out_.size();
    if (value.is(Kind::kString) || value.is(Kind::kBytes)) {
      const auto bytes = value.is(Kind::kString) ? value.AsString() : value.AsBytes();
      if (!call_.budget.ChargeBytes(2 * bytes.size())) return false;
      out_ += base::EncodeHex(bytes);
    } else if (!Integer(value, 16)) {
      return false;
    }
    if (upper)
      for (std::size_t i = start; i < out_.size(); ++i)
        if (out_[i] >= 'a') out_[i] = static_cast<char>(out_[i] - 'a' + 'A');
    return true;
  }

  bool Floating(const Value& value, char verb, int precision) {
    if (!call_.budget.ChargeBytes(static_cast<std::size_t>(precision))) return false;
    double number = 0;
    switch (value.kind()) {
      case Kind::kInt: number = static_cast<double>(value.AsInt()); break;
      case Kind::kUint: number = static_cast<double>(value.AsUint()); break;
      case Kind::kDouble: number = value.AsDouble(); break;
      default: return false;
    }
    const auto form = verb == 'e' ? std::chars_format::scientific : std::chars_format::fixed;
    AppendDouble(out_, number, form, precision);
    return true;
  }

  bool Text(const Value& value) {
    if (!call_.budget.Charge(1)) return false;
    switch (value.kind()) {
      case Kind::kNull: out_ += "null"; return true;
      case Kind::kBool: out_ += value.AsBool() ? "true" : "false"; return true;
      case Kind::kInt:
      case Kind::kUint:
      case Kind::kDouble: return Decimal(value);
      case Kind::kString: return Append(value.AsString());
      case Kind::kBytes:
        return base::IsUtf8(value.AsBytes()) ? Append(value.AsBytes())
                                             : Fail("bytes that are not UTF-8 have no text");
      case Kind::kTimestamp: out_ += FormatTimestamp(value.AsTimestamp()); return true;
      case Kind::kDuration: out_ += FormatDuration(value.AsDuration()); return true;
      case Kind::kType: return Append(value.AsType().ToString());
      case Kind::kList: return List(value);
      case Kind::kMap: return Map(value);
      case Kind::kOpaque: {
        const OpaqueType& type = *value.opaque_type();
        return Append((type.text != nullptr ? type.text : type.print)(value.AsOpaque(&type)));
      }
      default: return false;
    }
  }

  bool List(const Value& list) {
    out_ += '[';
    for (std::size_t i = 0; i < list.Size(); ++i) {
      if (i > 0) out_ += ", ";
      if (!Text(list.At(i, call_.arena))) return false;
    }
    out_ += ']';
    return true;
  }

  // Sorted by the text of the keys, so that equal maps look alike.
  bool Map(const Value& map) {
    std::vector<std::pair<std::string, std::string>> entries;
    MapCursor cursor(map);
    while (const auto entry = cursor.Next(call_.arena)) {
      std::string key;
      std::string value;
      if (!Apart(entry->key, key) || !Apart(entry->value, value)) return false;
      entries.emplace_back(std::move(key), std::move(value));
    }
    std::ranges::sort(entries);
    out_ += '{';
    for (std::size_t i = 0; i < entries.size(); ++i)
      out_.append(i == 0 ? "" : ", ").append(entries[i].first + ": " + entries[i].second);
    out_ += '}';
    return true;
  }

  bool Apart(const Value& value, std::string& text) {
    out_.swap(text);
    const bool good = Text(value);
    out_.swap(text);
    return good;
  }

  const Call& call_;
  const Value& values_;
  std::size_t next_ = 0;
  std::string out_;
  Value problem_;
};

}  // namespace

Value FormatText(const Call& call, std::string_view text, const Value& values) {
  return Formatter(call, values).Run(text);
}

}  // namespace strongroom::cel
