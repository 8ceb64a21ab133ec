// Http2Guard: tells floods from use (security 8.19). What a client does that costs us and brings
// nothing (pings, settings, priorities, window updates, empty frames, resets) is paid from budgets
// that refill with time and with honest work.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>

#include "net/loop_thread.h"

namespace strongroom::net {

// A bucket of tokens.
class TokenBucket {
 public:
  TokenBucket(double capacity, double per_second, TimePoint now)
      : capacity_(capacity), per_second_(per_second), tokens_(capacity), at_(now) {}

  bool Spend(TimePoint now) {
    const std::chrono::duration<double> passed = now - at_;
    at_ = now;
    tokens_ = std::min(capacity_, tokens_ + passed.count() * per_second_);
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }
  void Earn(double tokens) { tokens_ = std::min(capacity_, tokens_ + tokens); }

 private:
  double capacity_;
  double per_second_;
  double tokens_;
  TimePoint at_;
};

// Tells keepalive from nagging: pings closer together than kPingInterval, without anything having
// been sent in between, are allowed kStrikesMax times.
class KeepaliveGuard {
 public:
  static constexpr std::chrono::seconds kPingInterval{10};
  static constexpr int kStrikesMax = 2;

  bool OnPing(TimePoint now) {
    const bool early = pinged_ && now - *pinged_ < kPingInterval;
    pinged_ = now;
    return !early || ++strikes_ <= kStrikesMax;
  }
  void OnSent() {
    pinged_.reset();
    strikes_ = 0;
  }

 private:
  std::optional<TimePoint> pinged_;
  int strikes_ = 0;
};

class Http2Guard {
 public:
  static constexpr double kFramesBurst = 1000;
  static constexpr double kFramesPerSecond = 100;
  static constexpr double kResetsBurst = 200;
  static constexpr double kResetsPerSecond = 20;

  explicit Http2Guard(TimePoint now)
      : frames_(kFramesBurst, kFramesPerSecond, now),
        resets_(kResetsBurst, kResetsPerSecond, now) {}

  // A frame that asks for nothing. False: this is a flood.
  bool OnIdleFrame(TimePoint now) { return frames_.Spend(now); }
  // A stream that was reset by the client, or by us for the client's mistake (CVE-2023-44487 and
  // its kin).
  bool OnReset(TimePoint now) { return resets_.Spend(now); }
  // A complete request; frames around it are due.
  void OnRequest() { frames_.Earn(4); }
  // Bytes that the client had to make room for. By bytes, for tiny windows make tiny frames.
  void OnDataSent(std::size_t bytes) { frames_.Earn(static_cast<double>(bytes) / 512); }

 private:
  TokenBucket frames_;
  TokenBucket resets_;
};

}  // namespace strongroom::net
