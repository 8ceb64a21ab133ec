#include "ledger/encoding.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "base/encoding.h"
#include "scalars/decimal_encoding.h"

namespace strongroom::ledger {
namespace {

constexpr char kFormat = 1;
// Records and lists in each other: a list of records of lists is the most there is.
constexpr int kDepthMax = 8;

enum class Form : std::uint8_t {
  kNull,
  kFalse,
  kTrue,
  kInt,
  kText,
  kUuid,
  kDate,
  kTimestamp,
  kDecimal,
  kMoney,
  kJson,
  kRecord,
  kList,
};

base::Error Damaged() {
  return base::MakeError(base::ErrorCode::kInternalServerError, "a stored record is damaged");
}

// ---- Writing.

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  void Properties(std::span<const PropertySpec> specs, const Values& values) {
    for (std::size_t i = 0; i < specs.size(); ++i)
      if (!values[i].IsNull()) Property(specs[i], values[i]);
  }
  void Property(const PropertySpec& spec, const Value& value) {
    Fixed(StoredTag(spec.name), 2);
    Any(spec, value);
  }

 private:
  void Put(Form form) { out_ += static_cast<char>(form); }
  void Fixed(std::uint64_t number, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
      out_ += static_cast<char>((number >> shift) & 0xFF);
  }
  void Varint(std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) out_ += static_cast<char>((number & 0x7F) | 0x80);
    out_ += static_cast<char>(number);
  }
  void Zigzag(std::int64_t number) {
    Varint((static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63));
  }
  void Text(std::string_view text) {
    Varint(text.size());
    out_ += text;
  }

  void Any(const PropertySpec& spec, const Value& value) {
    std::visit([&](const auto& held) { Held(spec, held); }, value.held);
  }
  void Held(const PropertySpec&, std::monostate) { Put(Form::kNull); }
  void Held(const PropertySpec&, bool value) { Put(value ? Form::kTrue : Form::kFalse); }
  void Held(const PropertySpec&, std::int64_t value) {
    Put(Form::kInt);
    Zigzag(value);
  }
  void Held(const PropertySpec&, const std::string& value) {
    Put(Form::kText);
    Text(value);
  }
  void Held(const PropertySpec&, const base::Uuid& value) {
    Put(Form::kUuid);
    out_ += base::AsChars(value.bytes);
  }
  void Held(const PropertySpec&, scalars::Date value) {
    Put(Form::kDate);
    Zigzag(value.days);
  }
  void Held(const PropertySpec&, base::Timestamp value) {
    Put(Form::kTimestamp);
    Fixed(static_cast<std::uint64_t>(value.time_since_epoch().count()), 8);
  }
  void Held(const PropertySpec&, const scalars::Decimal& value) {
    Put(Form::kDecimal);
    scalars::AppendDecimal(value, out_);
  }
  void Held(const PropertySpec&, const scalars::Money& value) {
    Put(Form::kMoney);
    Fixed(value.currency.Number(), 2);
    scalars::AppendDecimal(value.units, out_);
  }
  void Held(const PropertySpec&, const JsonValue& value) {
    Put(Form::kJson);
    Text(boost::json::serialize(*value.json));
  }
  void Held(const PropertySpec& spec, const RecordValue& value) {
    std::uint64_t count = 0;
    for (const Value& field : *value.fields) count += field.IsNull() ? 0 : 1;
    Put(Form::kRecord);
    Varint(count);
    Properties(spec.record->fields, *value.fields);
  }
  void Held(const PropertySpec& spec, const ListValue& value) {
    Put(Form::kList);
    Varint(value.items->size());
    for (const Value& item : *value.items) Any(spec, item);
  }

  std::string& out_;
};

// ---- Reading.

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  bool AtEnd() const { return rest_.empty(); }

  base::Result<std::uint16_t> Tag() {
    STRONGROOM_ASSIGN(const std::uint64_t tag, Fixed(2));
    return static_cast<std::uint16_t>(tag);
  }

  // `spec` is null for what is passed over.
  base::Result<Value> Any(const PropertySpec* spec, int depth = 0) {
    if (depth > kDepthMax) return Damaged();
    STRONGROOM_ASSIGN(const std::uint64_t form, Fixed(1));
    switch (static_cast<Form>(form)) {
      case Form::kNull: return Value();
      case Form::kFalse: return Value(false);
      case Form::kTrue: return Value(true);
      case Form::kInt: {
        STRONGROOM_ASSIGN(const std::int64_t number, Zigzag());
        return Value(number);
      }
      case Form::kText: {
        STRONGROOM_ASSIGN(const std::string_view text, Text());
        return Value(text);
      }
      case Form::kUuid: return Uuid();
      case Form::kDate: {
        STRONGROOM_ASSIGN(const std::int64_t days, Zigzag());
        return Value(scalars::Date{static_cast<std::int32_t>(days)});
      }
      case Form::kTimestamp: {
        STRONGROOM_ASSIGN(const std::uint64_t count, Fixed(8));
        return Value(base::Timestamp(std::chrono::nanoseconds(static_cast<std::int64_t>(count))));
      }
      case Form::kDecimal: {
        STRONGROOM_ASSIGN(const scalars::Decimal decimal, scalars::TakeDecimal(rest_));
        return Value(decimal);
      }
      case Form::kMoney: return Money();
      case Form::kJson: return Json();
      case Form::kRecord: return Record(spec, depth + 1);
      case Form::kList: return List(spec, depth + 1);
    }
    return Damaged();
  }

 private:
  base::Result<std::string_view> Take(std::uint64_t size) {
    if (size > rest_.size()) return Damaged();
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  base::Result<std::uint64_t> Fixed(std::size_t size) {
    STRONGROOM_ASSIGN(const std::string_view bytes, Take(size));
    std::uint64_t number = 0;
    for (const char byte : bytes) number = (number << 8) | static_cast<unsigned char>(byte);
    return number;
  }
  base::Result<std::uint64_t> Varint() {
    std::uint64_t number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      STRONGROOM_ASSIGN(const std::uint64_t byte, Fixed(1));
      number |= (byte & 0x7F) << shift;
      if ((byte & 0x80) == 0) return number;
    }
    return Damaged();
  }
  base::Result<std::int64_t> Zigzag() {
    STRONGROOM_ASSIGN(const std::uint64_t number, Varint());
    return static_cast<std::int64_t>((number >> 1) ^ (~(number & 1) + 1));
  }
  base::Result<std::string_view> Text() {
    STRONGROOM_ASSIGN(const std::uint64_t size, Varint());
    return Take(size);
  }
  base::Result<Value> Uuid() {
    base::Uuid id;
    STRONGROOM_ASSIGN(const std::string_view bytes, Take(id.bytes.size()));
    std::ranges::copy(base::AsBytes(bytes), id.bytes.begin());
    return Value(id);
  }
  base::Result<Value> Money() {
    STRONGROOM_ASSIGN(const std::uint64_t number, Fixed(2));
    STRONGROOM_ASSIGN(const scalars::Currency currency,
                      scalars::Currency::FromNumber(static_cast<std::uint16_t>(number)));
    STRONGROOM_ASSIGN(const scalars::Decimal units, scalars::TakeDecimal(rest_));
    return Value(scalars::Money{units, currency});
  }
  base::Result<Value> Json() {
    STRONGROOM_ASSIGN(const std::string_view text, Text());
    boost::system::error_code failed;
    boost::json::value json = boost::json::parse(text, failed);
    if (failed) return Damaged();
    return MakeJson(std::move(json));
  }
  base::Result<Value> Record(const PropertySpec* spec, int depth) {
    const RecordSpec* record = spec == nullptr ? nullptr : spec->record;
    Values fields(record == nullptr ? 0 : record->fields.size());
    STRONGROOM_ASSIGN(const std::uint64_t count, Varint());
    for (std::uint64_t i = 0; i < count; ++i) {
      STRONGROOM_ASSIGN(const std::uint16_t tag, Tag());
      std::size_t at = 0;
      while (at < fields.size() && StoredTag(record->fields[at].name) != tag) ++at;
      STRONGROOM_ASSIGN(Value value,
                        Any(at < fields.size() ? &record->fields[at] : nullptr, depth));
      if (at < fields.size()) fields[at] = std::move(value);
    }
    return MakeRecord(std::move(fields));
  }
  base::Result<Value> List(const PropertySpec* spec, int depth) {
    STRONGROOM_ASSIGN(const std::uint64_t count, Varint());
    if (count > rest_.size()) return Damaged();  // an item has a byte at least
    Values items;
    items.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      STRONGROOM_ASSIGN(Value item, Any(spec, depth));
      items.push_back(std::move(item));
    }
    return MakeList(std::move(items));
  }

  std::string_view rest_;
};

}  // namespace

std::string Encode(const Document& document) {
  std::string out(1, kFormat);
  Writer writer(out);
  const auto properties = document.ledger().properties();
  for (PropertyIndex i = 0; i < properties.size(); ++i)
    if (!document.At(i).IsNull()) writer.Property(properties[i], document.At(i));
  return out;
}

base::Result<SharedDocument> Decode(const Ledger& ledger, std::string_view bytes) {
  if (bytes.empty() || bytes.front() != kFormat) return Damaged();
  Reader reader(bytes.substr(1));
  auto document = std::make_shared<Document>(ledger);
  while (!reader.AtEnd()) {
    STRONGROOM_ASSIGN(const std::uint16_t tag, reader.Tag());
    const auto at = ledger.FindTag(tag);
    STRONGROOM_ASSIGN(Value value, reader.Any(at ? &ledger.properties()[*at] : nullptr));
    if (at) document->Set(*at, std::move(value));
  }
  return SharedDocument(std::move(document));
}

}  // namespace strongroom::ledger
