#include "net/loop_thread.h"

#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <future>
#include <limits>
#include <memory>

#include "base/check.h"

namespace strongroom::net {

thread_local const LoopThread* LoopThread::current_ = nullptr;

LoopThread::LoopThread(const std::string& name)
    : epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      now_(std::chrono::steady_clock::now()) {
  STRONGROOM_CHECK(epoll_ && wake_);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  STRONGROOM_CHECK(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) == 0);

  // Signals belong to the main thread.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { Turns(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_setname_np(thread_.native_handle(), name.substr(0, 15).c_str());
}

LoopThread::~LoopThread() { Stop(); }

void LoopThread::Stop() {
  STRONGROOM_CHECK(!IsCurrent());
  if (!thread_.joinable()) return;
  std::vector<Task> left;
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    left.swap(posted_);
  }
  const std::uint64_t one = 1;
  STRONGROOM_CHECK(write(wake_.get(), &one, sizeof one) == sizeof one);
  thread_.join();
}

void LoopThread::Post(Task task) {
  bool wake = false;
  {
    std::lock_guard lock(mutex_);
    if (stopped_) return;
    posted_.push_back(std::move(task));
    wake = std::exchange(asleep_, false);
  }
  const std::uint64_t one = 1;
  if (wake) STRONGROOM_CHECK(write(wake_.get(), &one, sizeof one) == sizeof one);
}

bool LoopThread::Run(Task task) {
  STRONGROOM_CHECK(!IsCurrent());
  std::promise<bool> promise;
  std::future<bool> future = promise.get_future();
  Post([task = std::move(task), promise = std::move(promise)]() mutable {
    task();
    promise.set_value(true);
  });
  // A task that is destroyed without running breaks its promise.
  future.wait();
  try {
    return future.get();
  } catch (const std::future_error&) {
    return false;
  }
}

bool LoopThread::Watch(int fd, std::uint32_t events, Watcher& watcher) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &watcher;
  return epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

void LoopThread::Rewatch(int fd, std::uint32_t events, Watcher& watcher) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &watcher;
  STRONGROOM_CHECK(epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0);
}

void LoopThread::Unwatch(int fd, Watcher& watcher) {
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
  for (int i = 0; i < event_count_; ++i) {
    epoll_event& event = events_[static_cast<std::size_t>(i)];
    if (event.data.ptr == &watcher) event.data.ptr = nullptr;
  }
}

void LoopThread::Turns() {
  current_ = this;
  while (Sleep()) {
    CallWatchers();
    RunTasks();
    ExpireTimers();
    for (TurnEnd* turn_end : turn_ends_) turn_end->OnTurnEnd();
  }
}

// Waits for the next turn; false when the thread shall end.
bool LoopThread::Sleep() {
  int wait = 0;
  {
    std::lock_guard lock(mutex_);
    if (stopped_) return false;
    asleep_ = posted_.empty();
    if (asleep_) wait = WaitMilliseconds();
  }
  event_count_ = std::max(0, epoll_wait(epoll_.get(), events_.data(), kEventsPerTurn, wait));
  now_ = std::chrono::steady_clock::now();
  return true;
}

void LoopThread::CallWatchers() {
  for (int i = 0; i < event_count_; ++i) {
    const epoll_event event = events_[static_cast<std::size_t>(i)];
    if (event.data.ptr != nullptr) static_cast<Watcher*>(event.data.ptr)->OnEvents(event.events);
  }
  event_count_ = 0;
}

void LoopThread::RunTasks() {
  bool woken = false;
  {
    std::lock_guard lock(mutex_);
    if (stopped_) return;
    running_.swap(posted_);
    // Whoever cleared it has written, or is about to write, to wake_.
    woken = !std::exchange(asleep_, false);
  }
  std::uint64_t count = 0;
  if (woken) (void)!read(wake_.get(), &count, sizeof count);
  for (Task& task : running_) task();
  running_.clear();
}

void LoopThread::ExpireTimers() {
  while (!timers_.empty() && timers_.begin()->first <= now_) {
    Timer& timer = *timers_.begin()->second;
    timers_.erase(timers_.begin());
    timer.queued_ = TimePoint::max();
    if (timer.deadline_ > now_) {
      timer.Set(timer.deadline_);
    } else {
      timer.expired_();
    }
  }
}

int LoopThread::WaitMilliseconds() const {
  if (timers_.empty()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(timers_.begin()->first -
                                                                 std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60000));
}

void Timer::Set(TimePoint deadline) {
  deadline_ = deadline;
  if (deadline >= queued_) return;
  if (queued_ != TimePoint::max()) thread_.timers_.erase({queued_, this});
  queued_ = deadline;
  thread_.timers_.emplace(queued_, this);
}

void Timer::Cancel() {
  if (queued_ != TimePoint::max()) thread_.timers_.erase({queued_, this});
  deadline_ = queued_ = TimePoint::max();
}

}  // namespace strongroom::net
