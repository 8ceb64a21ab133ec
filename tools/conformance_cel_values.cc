// Values and types as the corpus writes them.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value_to.hpp>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "base/encoding.h"
#include "conformance_cel.h"

namespace strongroom::tools {
namespace {

namespace json = boost::json;
using cel::Kind;
using cel::Type;
using cel::Value;

std::string_view View(const json::value& text) {
  const json::string& string = text.as_string();
  return {string.data(), string.size()};
}

// `map(string, list(int))` after its name: the parameters at depth one.
std::vector<std::string_view> SplitParameters(std::string_view inside) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= inside.size(); ++i) {
    const char c = i < inside.size() ? inside[i] : ',';
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c != ',' || depth > 0) continue;
    std::string_view part = inside.substr(start, i - start);
    while (part.starts_with(' ')) part.remove_prefix(1);
    parts.push_back(part);
    start = i + 1;
  }
  return parts;
}

Type AbstractType(std::string_view name, std::vector<Type> parameters, CelStore& store) {
  const std::string& kept = store.names.emplace_back(name);
  store.opaque_types.push_back({.name = kept,
                                .equal = [](const void* a, const void* b) { return a == b; },
                                .compare = nullptr,
                                .hash = [](const void*) { return std::size_t{0}; },
                                .print = [](const void*) { return std::string(); },
                                .copy = [](const void* data, cel::Arena&) { return data; }});
  return Type::Opaque(name, std::move(parameters));
}

struct NamedType {
  std::string_view name;
  Type (*make)();
};
constexpr NamedType kSimpleTypes[] = {
    {"bool", Type::Bool},
    {"int", Type::Int},
    {"uint", Type::Uint},
    {"double", Type::Double},
    {"string", Type::String},
    {"bytes", Type::Bytes},
    {"dyn", Type::Dyn},
    {"any", Type::Dyn},
    {"null_type", Type::Null},
    {"google.protobuf.Timestamp", Type::Timestamp},
    {"google.protobuf.Duration", Type::Duration},
    {"type", [] { return Type::TypeType(); }},
    {"list", [] { return Type::List(Type::Dyn()); }},
    {"map", [] { return Type::Map(Type::Dyn(), Type::Dyn()); }},
    {"optional_type", [] { return Type::Optional(Type::Dyn()); }},
    {"net.IP", [] { return Type::Opaque("net.IP"); }},
    {"net.CIDR", [] { return Type::Opaque("net.CIDR"); }},
};

// As `type(x)` gives it: what it is a list of does not matter.
bool SameTypeValue(const Type& a, const Type& b) {
  return a.kind() == b.kind() && (!a.is(cel::TypeKind::kOpaque) || a.name() == b.name());
}

template <typename T>
T Seconds(const json::value& body) {
  return {std::strtoll(body.at("seconds").as_string().c_str(), nullptr, 10),
          body.at("nanos").to_number<std::int32_t>()};
}

Value ReadMap(const json::array& pairs, CelStore& store) {
  const auto entries = store.arena.NewArray<cel::MapEntry>(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i)
    entries[i] = {ReadCelValue(pairs[i].at(0), store), ReadCelValue(pairs[i].at(1), store)};
  return Value::Map(entries);
}

Value ReadList(const json::array& items, CelStore& store) {
  const auto elements = store.arena.NewArray<Value>(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) elements[i] = ReadCelValue(items[i], store);
  return Value::List(elements);
}

bool SameDouble(double a, double b) {
  return std::isnan(a) ? std::isnan(b) : a == b && std::signbit(a) == std::signbit(b);
}

// Both of one kind, made of plain parts.
bool Same(const Value& a, const Value& b, CelStore& store);

bool SameList(const Value& a, const Value& b, CelStore& store) {
  if (a.Size() != b.Size()) return false;
  for (std::size_t i = 0; i < a.Size(); ++i)
    if (!Same(a.At(i, store.arena), b.At(i, store.arena), store)) return false;
  return true;
}

bool SameMap(const Value& a, const Value& b, CelStore& store) {
  if (a.Size() != b.Size()) return false;
  cel::MapCursor wanted(a);
  while (const auto entry = wanted.Next(store.arena)) {
    bool found = false;
    cel::MapCursor there(b);
    while (const auto other = there.Next(store.arena))
      found =
          found || (Same(entry->key, other->key, store) && Same(entry->value, other->value, store));
    if (!found) return false;
  }
  return true;
}

bool Same(const Value& a, const Value& b, CelStore& store) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case Kind::kNull: return true;
    case Kind::kDouble: return SameDouble(a.AsDouble(), b.AsDouble());
    case Kind::kType: return SameTypeValue(a.AsType(), b.AsType());
    case Kind::kList: return SameList(a, b, store);
    case Kind::kMap: return SameMap(a, b, store);
    default: return cel::Equal(a, b, store.arena);
  }
}

}  // namespace

Type ReadCelType(std::string_view text, CelStore& store) {
  for (const NamedType& simple : kSimpleTypes)
    if (simple.name == text) return simple.make();
  const std::size_t open = text.find('(');
  const std::string_view name = text.substr(0, open);
  if (open == text.npos || !text.ends_with(')')) return AbstractType(name, {}, store);
  const std::string_view inside = text.substr(open + 1, text.size() - open - 2);
  if (name == "param") return Type::Param(inside);
  std::vector<Type> parameters;
  for (const std::string_view part : SplitParameters(inside))
    parameters.push_back(ReadCelType(part, store));
  if (name == "list") return Type::List(parameters.at(0));
  if (name == "map" && parameters.size() == 2) return Type::Map(parameters[0], parameters[1]);
  if (name == "optional_type") return Type::Optional(parameters.at(0));
  if (name == "wrapper") return Type::Nullable(parameters.at(0));
  if (name == "type") return Type::TypeType(parameters.at(0));
  return AbstractType(name, std::move(parameters), store);
}

Value ReadCelValue(const json::value& json, CelStore& store) {
  const auto& [kind, body] = *json.as_object().begin();
  if (kind == "null") return Value::Null();
  if (kind == "bool") return Value::Bool(body.as_bool());
  if (kind == "int") return Value::Int(std::strtoll(body.as_string().c_str(), nullptr, 10));
  if (kind == "uint") return Value::Uint(std::strtoull(body.as_string().c_str(), nullptr, 10));
  if (kind == "double") return Value::Double(std::strtod(body.as_string().c_str(), nullptr));
  if (kind == "string") return Value::String(store.arena.Copy(View(body)));
  if (kind == "bytes")
    return Value::Bytes(store.arena.Copy(base::DecodeBase64(View(body)).value()));
  if (kind == "list") return ReadList(body.as_array(), store);
  if (kind == "map") return ReadMap(body.as_array(), store);
  if (kind == "type")
    return Value::TypeValue(&store.types.emplace_back(ReadCelType(View(body), store)));
  if (kind == "timestamp") return Value::Timestamp(Seconds<cel::TimestampValue>(body));
  if (kind == "duration") return Value::Duration(Seconds<cel::DurationValue>(body));
  return {};
}

bool MatchesCelValue(const json::value& expected, const Value& value, CelStore& store) {
  return Same(ReadCelValue(expected, store), value, store);
}

}  // namespace strongroom::tools
