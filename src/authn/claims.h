// The registered claims of a token (rfc7519 4.1): read with their types, checked against rules and
// a time. The signature must have been verified before a verdict of this page means anything.
#pragma once

#include <boost/json/fwd.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authn/refusal.h"
#include "base/clock.h"

namespace strongroom::authn {

// The time claims, in microseconds since the epoch, and the rules that hold for them. Kept with a
// verified token and checked again each time it is used (security 1.31).
struct TimeClaims {
  std::chrono::microseconds expires{0};
  std::optional<std::chrono::microseconds> not_before;
  std::optional<std::chrono::microseconds> issued_at;
  std::chrono::seconds lifetime_max{0};

  // Expired when now >= exp + skew (security 1.21-1.25).
  std::optional<Refusal> Check(base::Timestamp now, std::chrono::seconds skew) const;
  base::Timestamp expiry() const { return base::Timestamp(expires); }
};

// The payload as an object; strict JSON, at most 32 deep.
OrRefusal<std::shared_ptr<const boost::json::object>> ParseClaims(std::string_view payload);

// About how many bytes of memory the claims take. 16 KiB of token can come to half a megabyte.
std::size_t MemoryOf(const boost::json::object& claims);

// A string claim; nullopt if it is absent or no string.
std::optional<std::string_view> StringClaim(const boost::json::object& claims,
                                            std::string_view name);

// `exp` is required; exp, nbf and iat must be numbers from 0 to the end of year 2200
// (security 1.24).
OrRefusal<TimeClaims> ReadTimeClaims(const boost::json::object& claims,
                                     std::chrono::seconds lifetime_max);

// `sub`, if present, must be a string (security 1.26). `aud`, if present, must be a string or an
// array of strings; it must be present and name one of `audiences` unless that is nullopt
// (security 1.18).
std::optional<Refusal> CheckSubjectAndAudience(
    const boost::json::object& claims, const std::optional<std::vector<std::string>>& audiences);

}  // namespace strongroom::authn
