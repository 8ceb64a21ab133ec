// WorkerPool: the threads on which requests read and write the store. The network's own threads
// never block; these may.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace strongroom::server {

// Thread-safe.
class WorkerPool {
 public:
  WorkerPool(std::size_t threads, std::size_t queue_max);
  ~WorkerPool();  // Stop()
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False, and `task` is not taken, when `queue_max` tasks wait already or the pool has stopped.
  bool Submit(std::function<void()> task);
  // Takes the task whatever waits: for the second half of a request that was let in. Runs it on the
  // calling thread when the pool has stopped.
  void SubmitAlways(std::function<void()> task);
  // Runs what waits, then joins the threads.
  void Stop();

  std::size_t waiting() const;

 private:
  void Run();

  const std::size_t queue_max_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace strongroom::server
