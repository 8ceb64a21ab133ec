// FailureLimit: how many wrong signatures one source may send in a second (security 1.32).
// Public-key operations are what a stranger can make us pay for.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace strongroom::authn {

// Thread-safe. Counts per source and second of the steady clock. A source is an address, or any
// other name; IPv6 addresses of one /64 are one source, for its owner has all of them. Memory is
// bounded: when too many sources fail within one second, the further ones share a count.
class FailureLimit {
 public:
  FailureLimit(std::size_t per_second_max, std::size_t sources_max)
      : per_second_max_(per_second_max), sources_max_(sources_max) {}

  bool IsExceeded(std::string_view source, std::chrono::steady_clock::time_point now);
  void Count(std::string_view source, std::chrono::steady_clock::time_point now);

 private:
  void StartSecond(std::chrono::steady_clock::time_point now);
  std::string Slot(std::string_view source) const;

  const std::size_t per_second_max_;
  const std::size_t sources_max_;
  std::mutex mutex_;
  std::chrono::seconds second_{0};
  std::unordered_map<std::string, std::size_t> failures_;
};

}  // namespace strongroom::authn
