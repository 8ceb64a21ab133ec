// EventLoop: the threads that do all network I/O. Each thread owns one epoll instance; a connection
// is pinned to one thread for its life, so that nothing of a connection needs a lock.
//
// What runs on these threads must never block: no file, no name lookup, no lock held across I/O.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "net/task.h"

namespace strongroom::net {

class LoopThread;  // net/loop_thread.h; for the inside of this folder

class EventLoop {
 public:
  // Starts `threads` threads (at least one). Aborts if the kernel refuses an epoll instance.
  static std::unique_ptr<EventLoop> Start(std::size_t threads);

  // Stops and joins the threads. Tasks that have not run yet are destroyed without running. Servers
  // and clients that use this loop must be gone by then. Not to be called from a loop thread.
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  std::size_t thread_count() const { return threads_.size(); }

  // Runs `task` on thread `index % thread_count()`, later, in the order posted. From any thread.
  // Tasks that arrive while the thread is awake do not wake it again.
  void Post(std::size_t index, Task task);

  const std::shared_ptr<LoopThread>& thread(std::size_t index) const {
    return threads_[index % threads_.size()];
  }

 private:
  EventLoop() = default;
  std::vector<std::shared_ptr<LoopThread>> threads_;
};

}  // namespace strongroom::net
