// Admission: how many connections are open, in all and per source, and who may come in.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "net/address.h"

namespace strongroom::net {

// Thread-safe.
class Admission : public std::enable_shared_from_this<Admission> {
 public:
  // The place of one open connection; given back when it goes.
  class Ticket {
   public:
    Ticket(Ticket&& other) noexcept = default;
    Ticket& operator=(Ticket&&) = delete;
    ~Ticket() {
      if (admission_) admission_->Leave(source_);
    }

   private:
    friend class Admission;
    Ticket(std::shared_ptr<Admission> admission, std::string source)
        : admission_(std::move(admission)), source_(std::move(source)) {}
    std::shared_ptr<Admission> admission_;
    std::string source_;
  };

  Admission(std::size_t total_max, std::size_t per_source_max)
      : total_max_(total_max), per_source_max_(per_source_max) {}

  // Nothing when there are too many. IPv6 addresses of one /64 are one source: its owner has all
  // of them.
  std::optional<Ticket> Enter(const IpAddress& address);
  std::size_t open() const;
  // Whether none is left, at the latest after `wait`.
  bool WaitUntilEmpty(std::chrono::milliseconds wait);

 private:
  void Leave(const std::string& source);

  const std::size_t total_max_;
  const std::size_t per_source_max_;
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::size_t total_ = 0;                              // guarded by mutex_
  std::unordered_map<std::string, std::size_t> each_;  // guarded by mutex_
};

}  // namespace strongroom::net
