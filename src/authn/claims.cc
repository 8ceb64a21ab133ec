#include "authn/claims.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/json.h"
#include "base/limits.h"

namespace strongroom::authn {
namespace {

namespace json = boost::json;
using std::chrono::microseconds;

// 2200-12-31T23:59:59Z: later instants don't fit base::Timestamp.
constexpr double kSecondsMax = 7289654399.0;

std::string_view View(const json::string& text) { return {text.data(), text.size()}; }

// rfc7519 2, NumericDate. Integers go through double too: below 2^53 that is exact, and what lies
// above is out of range.
std::optional<microseconds> NumericDate(const json::value& value) {
  double seconds = 0;
  if (const std::int64_t* integer = value.if_int64()) {
    seconds = static_cast<double>(*integer);
  } else if (const std::uint64_t* natural = value.if_uint64()) {
    seconds = static_cast<double>(*natural);
  } else if (const double* number = value.if_double()) {
    seconds = *number;
  } else {
    return std::nullopt;
  }
  if (!(seconds >= 0 && seconds <= kSecondsMax)) return std::nullopt;
  return microseconds(static_cast<std::int64_t>(seconds * 1e6));
}

// Reads an optional time claim; false if it is there and no time.
bool ReadTime(const json::object& claims, std::string_view name, std::optional<microseconds>& out) {
  const json::value* value = claims.if_contains(name);
  if (value == nullptr) return true;
  out = NumericDate(*value);
  return out.has_value();
}

// What an allocation costs besides what is asked for.
constexpr std::size_t kAllocation = 16;

std::size_t MemoryBelow(const json::value& value) {
  if (const json::object* object = value.if_object()) return MemoryOf(*object);
  if (const json::string* text = value.if_string()) return kAllocation + text->capacity();
  const json::array* array = value.if_array();
  if (array == nullptr) return 0;
  std::size_t sum = kAllocation + array->capacity() * sizeof(json::value);
  for (const json::value& element : *array) sum += MemoryBelow(element);
  return sum;
}

bool IsOneOf(const std::vector<std::string>& audiences, const json::string& audience) {
  return std::ranges::find(audiences, View(audience)) != audiences.end();
}

}  // namespace

std::optional<Refusal> TimeClaims::Check(base::Timestamp at, std::chrono::seconds skew) const {
  const auto now = std::chrono::floor<microseconds>(at).time_since_epoch();
  if (now >= expires + skew) return Refusal::kExpired;
  if (not_before && now + skew < *not_before) return Refusal::kNotYetValid;
  if (issued_at && now + skew < *issued_at) return Refusal::kIssuedInFuture;
  if (expires - issued_at.value_or(now) > lifetime_max) return Refusal::kLifetimeTooLong;
  return std::nullopt;
}

OrRefusal<std::shared_ptr<const json::object>> ParseClaims(std::string_view payload) {
  auto parsed = base::ParseJson(payload, {base::limits::kTokenJsonDepthMax, payload.size()});
  if (!parsed.ok() || !parsed->is_object()) return Refusal::kPayloadMalformed;
  return std::make_shared<const json::object>(std::move(parsed->get_object()));
}

// INVARIANT: claims are at most kTokenJsonDepthMax deep.
std::size_t MemoryOf(const json::object& claims) {
  constexpr std::size_t kIndexed = 8;  // of a member, in the table that finds it
  std::size_t sum = kAllocation + claims.capacity() * (sizeof(json::key_value_pair) + kIndexed);
  for (const auto& [name, value] : claims) sum += kAllocation + name.size() + MemoryBelow(value);
  return sum;
}

std::optional<std::string_view> StringClaim(const json::object& claims, std::string_view name) {
  const json::value* value = claims.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return View(value->get_string());
}

OrRefusal<TimeClaims> ReadTimeClaims(const json::object& claims,
                                     std::chrono::seconds lifetime_max) {
  TimeClaims times;
  times.lifetime_max = lifetime_max;
  std::optional<microseconds> expires;
  if (!claims.contains("exp")) return Refusal::kExpiryMissing;
  if (!ReadTime(claims, "exp", expires) || !ReadTime(claims, "nbf", times.not_before) ||
      !ReadTime(claims, "iat", times.issued_at))
    return Refusal::kTimeMalformed;
  times.expires = *expires;
  return times;
}

std::optional<Refusal> CheckSubjectAndAudience(
    const json::object& claims, const std::optional<std::vector<std::string>>& audiences) {
  const json::value* subject = claims.if_contains("sub");
  if (subject != nullptr && !subject->is_string()) return Refusal::kSubjectMalformed;
  const json::value* audience = claims.if_contains("aud");
  if (audience == nullptr) return audiences ? std::optional(Refusal::kAudienceWrong) : std::nullopt;
  bool named = !audiences.has_value();
  if (const json::string* one = audience->if_string()) {
    named = named || IsOneOf(*audiences, *one);
  } else if (const json::array* many = audience->if_array()) {
    for (const json::value& element : *many) {
      if (!element.is_string()) return Refusal::kAudienceWrong;
      named = named || IsOneOf(*audiences, element.get_string());
    }
  } else {
    return Refusal::kAudienceWrong;
  }
  return named ? std::nullopt : std::optional(Refusal::kAudienceWrong);
}

}  // namespace strongroom::authn
