// Time comes from outside, so that every test is deterministic.
#pragma once

#include <chrono>
#include <string>

namespace strongroom::base {

// Wall-clock time, in UTC. Tokens and documents use it; timeouts use a steady clock.
using Timestamp = std::chrono::sys_time<std::chrono::nanoseconds>;

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp Now() const = 0;
  virtual std::chrono::steady_clock::time_point Steady() const = 0;
};

// The machine's clocks; lives as long as the program.
const Clock& SystemClock();

// A clock that stands still until it is moved. For tests.
class ManualClock : public Clock {
 public:
  explicit ManualClock(Timestamp now) : now_(now) {}
  Timestamp Now() const override { return now_; }
  std::chrono::steady_clock::time_point Steady() const override {
    return std::chrono::steady_clock::time_point(now_.time_since_epoch());
  }
  void Advance(std::chrono::nanoseconds by) { now_ += by; }

 private:
  Timestamp now_;
};

// RFC 3339 in UTC with six digits of a second: `2026-01-28T06:24:05.540808Z`.
std::string FormatTimestamp(Timestamp at);

}  // namespace strongroom::base
