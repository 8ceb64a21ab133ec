// WorkerPool: the threads on which requests read and write the store. The network's own threads
// never block; these may.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace strongroom::server {

// Thread-safe. Tasks wait in shares, one for each tenant: the shares take turns, one may hold half
// of the queue at most, and it never runs on all threads. So a tenant that floods the server holds
// up itself.
class WorkerPool {
 public:
  WorkerPool(std::size_t threads, std::size_t queue_max);
  ~WorkerPool();  // Stop()
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False, and `task` is not taken, when the share or the queue is full or the pool has stopped.
  bool Submit(std::string_view share, std::function<void()> task);
  // In the share of those who have none.
  bool Submit(std::function<void()> task) { return Submit({}, std::move(task)); }
  // Takes the task whatever waits, and runs it before all that does: for the second half of a
  // request that was let in. Runs it on the calling thread when the pool has stopped.
  void SubmitAlways(std::function<void()> task);
  // Runs what waits, then joins the threads.
  void Stop();

  std::size_t waiting() const;

 private:
  using Task = std::function<void()>;
  struct Share {
    std::deque<Task> tasks;
    std::size_t running = 0;
  };
  using Turn = std::deque<std::string>::iterator;

  void Run();
  Turn NextTurn();
  void RunOne(std::unique_lock<std::mutex>& lock, Turn turn);

  const std::size_t queue_max_;
  const std::size_t share_waiting_max_;
  const std::size_t share_running_max_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  // All below by `mutex_`.
  std::deque<Task> second_halves_;
  std::unordered_map<std::string, Share> shares_;  // those with tasks that wait or run
  std::deque<std::string> turns_;                  // those with tasks that wait, the next first
  std::size_t waiting_ = 0;                        // in shares
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace strongroom::server
