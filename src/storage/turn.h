// Whose turn it is: one holder at a time, first come, first served, with a deadline.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

namespace strongroom::storage {

// Thread-safe. May be given on by another thread than the one that took it.
class Turn {
 public:
  // False when `deadline` passed first.
  bool Take(std::chrono::steady_clock::time_point deadline);
  // False when someone holds it or waits.
  bool TryTake();
  // Only by its holder.
  void Give();

 private:
  struct Waiter {
    std::condition_variable called;
    bool has_turn = false;
  };
  std::mutex mutex_;
  bool held_ = false;
  std::deque<Waiter*> waiters_;
};

}  // namespace strongroom::storage
