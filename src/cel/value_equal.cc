#include "cel/value_equal.h"

#include <cmath>
#include <limits>

#include "cel/numbers.h"
#include "cel/text_equal.h"
#include "cel/type.h"

namespace strongroom::cel {
namespace {

std::partial_ordering CompareIntUint(std::int64_t a, std::uint64_t b) {
  if (a < 0) return std::partial_ordering::less;
  return static_cast<std::uint64_t>(a) <=> b;
}

template <typename Whole>
std::partial_ordering CompareWholeDouble(Whole a, double b) {
  constexpr auto kMin = static_cast<double>(std::numeric_limits<Whole>::min());
  constexpr auto kMax = static_cast<double>(std::numeric_limits<Whole>::max());
  if (std::isnan(b)) return std::partial_ordering::unordered;
  if (b < kMin) return std::partial_ordering::greater;
  if (b > kMax) return std::partial_ordering::less;
  return static_cast<double>(a) <=> b;
}

std::partial_ordering Reverse(std::partial_ordering order) { return 0 <=> order; }

std::partial_ordering CompareInt(std::int64_t a, const Value& b) {
  if (b.is(Kind::kInt)) return a <=> b.AsInt();
  if (b.is(Kind::kUint)) return CompareIntUint(a, b.AsUint());
  return CompareWholeDouble(a, b.AsDouble());
}

std::partial_ordering CompareUint(std::uint64_t a, const Value& b) {
  if (b.is(Kind::kUint)) return a <=> b.AsUint();
  if (b.is(Kind::kInt)) return Reverse(CompareIntUint(b.AsInt(), a));
  return CompareWholeDouble(a, b.AsDouble());
}

class Comparer {
 public:
  Comparer(Arena& arena, Budget* budget) : arena_(arena), budget_(budget) {}

  bool Equal(const Value& a, const Value& b) {
    if (IsNumber(a.kind()) && IsNumber(b.kind())) return CompareNumbers(a, b) == 0;
    if (a.kind() != b.kind()) return false;
    switch (a.kind()) {
      case Kind::kNull: return true;
      case Kind::kBool: return a.AsBool() == b.AsBool();
      case Kind::kString: return EqualText(a.AsString(), b.AsString());
      case Kind::kBytes: return EqualText(a.AsBytes(), b.AsBytes());
      case Kind::kTimestamp: return a.AsTimestamp() == b.AsTimestamp();
      case Kind::kDuration: return a.AsDuration() == b.AsDuration();
      case Kind::kType: return SameType(a.AsType(), b.AsType());
      case Kind::kList: return EqualLists(a, b);
      case Kind::kMap: return EqualMaps(a, b);
      case Kind::kObject: return EqualObjects(a.AsObject(), b.AsObject());
      case Kind::kOptional: return EqualOptionals(a.AsOptional(), b.AsOptional());
      case Kind::kOpaque: {
        const OpaqueType* type = a.opaque_type();
        return type == b.opaque_type() && type->equal(a.AsOpaque(type), b.AsOpaque(type));
      }
      default: return false;  // absent values and errors equal nothing
    }
  }

 private:
  bool Charge(std::size_t units) { return budget_ == nullptr || budget_->Charge(units); }

  bool EqualText(std::string_view a, std::string_view b) {
    return a.size() == b.size() && Charge(a.size() / 10) && TextEqual(a, b);
  }

  // The parameters of a type are for the checker: type([1]) == type(['a']).
  static bool SameType(const Type& a, const Type& b) {
    return a.kind() == b.kind() && a.name() == b.name();
  }

  bool EqualLists(const Value& a, const Value& b) {
    const std::size_t size = a.Size();
    if (b.Size() != size || !Charge(size)) return false;
    for (std::size_t i = 0; i < size; ++i)
      if (!Equal(a.At(i, arena_), b.At(i, arena_))) return false;
    return true;
  }

  bool EqualMaps(const Value& a, const Value& b) {
    const std::size_t size = a.Size();
    if (b.Size() != size || !Charge(size)) return false;
    MapCursor cursor(a);
    while (const auto entry = cursor.Next(arena_)) {
      const Value other = b.Find(entry->key, arena_);
      if (other.absent() || !Equal(entry->value, other)) return false;
    }
    return true;
  }

  bool EqualObjects(const ObjectView& a, const ObjectView& b) {
    if (&a == &b) return true;
    const StructType& type = a.type();
    if (&type != &b.type() || !Charge(type.fields.size())) return false;
    for (std::size_t i = 0; i < type.fields.size(); ++i) {
      if (a.Has(i) != b.Has(i)) return false;
      if (a.Has(i) && !Equal(a.Get(i, arena_), b.Get(i, arena_))) return false;
    }
    return true;
  }

  bool EqualOptionals(const Value* a, const Value* b) {
    if (a == nullptr || b == nullptr) return a == b;
    return Charge(1) && Equal(*a, *b);
  }

  Arena& arena_;
  Budget* budget_;
};

}  // namespace

std::partial_ordering CompareNumbers(const Value& a, const Value& b) {
  if (a.is(Kind::kInt)) return CompareInt(a.AsInt(), b);
  if (a.is(Kind::kUint)) return CompareUint(a.AsUint(), b);
  if (b.is(Kind::kInt)) return Reverse(CompareWholeDouble(b.AsInt(), a.AsDouble()));
  if (b.is(Kind::kUint)) return Reverse(CompareWholeDouble(b.AsUint(), a.AsDouble()));
  return a.AsDouble() <=> b.AsDouble();
}

bool SameKey(const Value& a, const Value& b) {
  if (IsNumber(a.kind()) && IsNumber(b.kind())) return CompareNumbers(a, b) == 0;
  if (a.kind() != b.kind()) return false;
  if (a.is(Kind::kString)) return a.AsString() == b.AsString();
  return a.is(Kind::kBool) && a.AsBool() == b.AsBool();
}

bool Equal(const Value& a, const Value& b, Arena& arena) {
  return Comparer(arena, nullptr).Equal(a, b);
}

bool EqualCharged(const Value& a, const Value& b, Arena& arena, Budget& budget) {
  return Comparer(arena, &budget).Equal(a, b);
}

std::optional<std::partial_ordering> Compare(const Value& a, const Value& b) {
  if (IsNumber(a.kind()) && IsNumber(b.kind())) return CompareNumbers(a, b);
  if (a.kind() != b.kind()) return std::nullopt;
  switch (a.kind()) {
    case Kind::kBool: return a.AsBool() <=> b.AsBool();
    case Kind::kString: return a.AsString() <=> b.AsString();
    case Kind::kBytes: return a.AsBytes() <=> b.AsBytes();
    case Kind::kTimestamp: return a.AsTimestamp() <=> b.AsTimestamp();
    case Kind::kDuration: return a.AsDuration() <=> b.AsDuration();
    case Kind::kOpaque: {
      const OpaqueType* type = a.opaque_type();
      if (type != b.opaque_type() || type->compare == nullptr) return std::nullopt;
      return type->compare(a.AsOpaque(type), b.AsOpaque(type));
    }
    default: return std::nullopt;
  }
}

}  // namespace strongroom::cel
