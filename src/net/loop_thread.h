// LoopThread: one thread around one epoll instance, with timers and posted tasks. It works in
// turns: wait, call watchers, run tasks, let timers expire, call the turn ends (where connections
// send what the turn brought together), wait again.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "net/descriptor.h"
#include "net/task.h"

namespace strongroom::net {

using TimePoint = std::chrono::steady_clock::time_point;

// Is told of what happens to a descriptor (EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP; level-triggered).
class Watcher {
 public:
  virtual void OnEvents(std::uint32_t events) = 0;

 protected:
  ~Watcher() = default;
};

// Is called at the end of every turn of a thread.
class TurnEnd {
 public:
  virtual void OnTurnEnd() = 0;

 protected:
  ~TurnEnd() = default;
};

class Timer;

class LoopThread {
 public:
  // Aborts if the kernel refuses what the thread needs.
  explicit LoopThread(const std::string& name);
  ~LoopThread();
  LoopThread(const LoopThread&) = delete;
  LoopThread& operator=(const LoopThread&) = delete;

  // Ends the thread after its turn and joins it; tasks left over and posted later are destroyed
  // without running, on the thread that calls. Not to be called from the thread itself.
  void Stop();

  // See EventLoop::Post. From any thread.
  void Post(Task task);
  // Posts `task` and waits until it has run; false if the thread has stopped. From other threads.
  bool Run(Task task);
  bool IsCurrent() const { return current_ == this; }

  // The rest is for the thread itself.

  // The time at which this turn began.
  TimePoint now() const { return now_; }
  // Starts watching; false if the kernel has no room. `watcher` must live until Unwatch; after that
  // it is not called any more, not even in the same turn.
  bool Watch(int fd, std::uint32_t events, Watcher& watcher);
  void Rewatch(int fd, std::uint32_t events, Watcher& watcher);
  void Unwatch(int fd, Watcher& watcher);
  // Not from within OnTurnEnd.
  void AddTurnEnd(TurnEnd& turn_end) { turn_ends_.push_back(&turn_end); }
  void RemoveTurnEnd(TurnEnd& turn_end) { std::erase(turn_ends_, &turn_end); }

 private:
  friend class Timer;
  static constexpr int kEventsPerTurn = 128;

  void Turns();
  bool Sleep();
  void CallWatchers();
  void RunTasks();
  void ExpireTimers();
  int WaitMilliseconds() const;

  static thread_local const LoopThread* current_;

  Descriptor epoll_;
  Descriptor wake_;
  std::array<epoll_event, kEventsPerTurn> events_{};
  int event_count_ = 0;
  TimePoint now_;
  std::set<std::pair<TimePoint, Timer*>> timers_;
  std::vector<TurnEnd*> turn_ends_;
  std::vector<Task> running_;

  std::mutex mutex_;
  std::vector<Task> posted_;  // guarded by mutex_, as are the two below
  bool asleep_ = false;
  bool stopped_ = false;
  std::thread thread_;
};

// Calls `expired` once its deadline has passed. Belongs to a loop thread, like what it is called
// on; moving a deadline later, which happens at every request, costs one assignment.
class Timer {
 public:
  Timer(LoopThread& thread, std::function<void()> expired)
      : thread_(thread), expired_(std::move(expired)) {}
  ~Timer() { Cancel(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  // TimePoint::max() is never.
  void Set(TimePoint deadline);
  void Cancel();

 private:
  friend class LoopThread;
  LoopThread& thread_;
  std::function<void()> expired_;
  TimePoint deadline_ = TimePoint::max();
  TimePoint queued_ = TimePoint::max();  // where it stands in the thread's set; max: it does not
};

}  // namespace strongroom::net
