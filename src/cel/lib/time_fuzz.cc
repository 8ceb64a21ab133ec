// Texts of timestamps, durations and zones, as an attacker sends them: nothing crashes, what is
// read is in range and prints to what reads as the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cel/lib/time.h"

namespace {

using namespace strongroom::cel;

void Require(bool condition) {
  if (!condition) std::abort();
}

void Check(TimestampValue at, std::string_view zone) {
  Require(InRange(at) && ParseTimestamp(FormatTimestamp(at)).value() == at);
  if (const auto fields = CivilFieldsOf(at, zone); fields.ok())
    Require(fields->month >= 1 && fields->month <= 12 && fields->day >= 1 && fields->day <= 31 &&
            fields->hours >= 0 && fields->hours < 24 && fields->day_of_week < 7);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = text.find('|');
  const std::string_view first = text.substr(0, cut);
  const std::string_view rest = cut == text.npos ? "" : text.substr(cut + 1);
  const auto at = ParseTimestamp(first);
  const auto span = ParseDuration(rest);
  if (at.ok()) Check(*at, rest);
  if (span.ok()) Require(InRange(*span) && ParseDuration(FormatDuration(*span)).value() == *span);
  if (at.ok() && span.ok())
    if (const auto later = Plus(*at, *span)) Require(Minus(*later, *span) == *at);
  return 0;
}
