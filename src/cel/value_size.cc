#include "cel/value_size.h"

namespace strongroom::cel {
namespace {

class Measurer {
 public:
  explicit Measurer(SizeLimit left) : left_(left) {}

  bool Fits(const Value& value) {
    switch (value.kind()) {
      case Kind::kString:
      case Kind::kBytes: return Take(left_.bytes, value.Size());
      case Kind::kList: return FitsList(value);
      case Kind::kMap: return FitsMap(value);
      case Kind::kOptional:
        return value.AsOptional() == nullptr ||
               (Take(left_.elements, 1) && Fits(*value.AsOptional()));
      default: return true;
    }
  }

 private:
  static bool Take(std::size_t& left, std::size_t units) {
    if (units > left) return false;
    left -= units;
    return true;
  }

  bool FitsList(const Value& list) {
    const std::size_t size = list.Size();
    if (!Take(left_.elements, size)) return false;
    Arena arena;
    for (std::size_t i = 0; i < size; ++i)
      if (!Fits(list.At(i, arena))) return false;
    return true;
  }

  bool FitsMap(const Value& map) {
    if (!Take(left_.elements, map.Size())) return false;
    Arena arena;
    MapCursor cursor(map);
    while (const auto entry = cursor.Next(arena))
      if (!Fits(entry->key) || !Fits(entry->value)) return false;
    return true;
  }

  SizeLimit left_;
};

}  // namespace

bool IsWithin(const Value& value, SizeLimit limit) { return Measurer(limit).Fits(value); }

}  // namespace strongroom::cel
