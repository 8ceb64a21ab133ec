// Work that waits for others, done by a few threads at once.
#pragma once

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"

namespace strongroom::storage {

// Calls work(0) to work(count - 1), up to `threads` of them at once. After the first error no
// further one is begun; that error is answered.
template <typename Work>
base::Status ForAllAtOnce(std::size_t count, std::size_t threads, const Work& work) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  base::Status first;
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      base::Status done = work(i);
      if (done.ok()) continue;
      next = count;
      const std::lock_guard lock(mutex);
      if (first.ok()) first = std::move(done);
    }
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < std::min(count, threads); ++i) others.emplace_back(run);
  run();
  for (std::thread& other : others) other.join();
  return first;
}

}  // namespace strongroom::storage
