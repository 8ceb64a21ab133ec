// Counters: what one thread of a server counts. It alone writes them; anyone reads.
#pragma once

#include <atomic>
#include <cstdint>

#include "net/server.h"

namespace strongroom::net {

class Counter {
 public:
  void Add(std::uint64_t count) {
    value_.store(value_.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
  }
  void Subtract(std::uint64_t count) {
    value_.store(value_.load(std::memory_order_relaxed) - count, std::memory_order_relaxed);
  }
  std::uint64_t Get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct alignas(64) Counters {
  Counter connections_accepted;
  Counter connections_refused;
  Counter handshakes_completed;
  Counter handshakes_resumed;
  Counter handshakes_failed;
  Counter requests;
  Counter requests_open;
  Counter requests_refused;
  Counter timeouts;
  Counter http2_abuse;
  Counter bytes_received;
  Counter bytes_sent;

  void AddTo(ServerMetrics& metrics) const {
    metrics.connections_accepted += connections_accepted.Get();
    metrics.connections_refused += connections_refused.Get();
    metrics.handshakes_completed += handshakes_completed.Get();
    metrics.handshakes_resumed += handshakes_resumed.Get();
    metrics.handshakes_failed += handshakes_failed.Get();
    metrics.requests += requests.Get();
    metrics.requests_open += requests_open.Get();
    metrics.requests_refused += requests_refused.Get();
    metrics.timeouts += timeouts.Get();
    metrics.http2_abuse += http2_abuse.Get();
    metrics.bytes_received += bytes_received.Get();
    metrics.bytes_sent += bytes_sent.Get();
  }
};

}  // namespace strongroom::net
