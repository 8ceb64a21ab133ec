#include "server/worker_pool.h"

#include <algorithm>

namespace strongroom::server {

WorkerPool::WorkerPool(std::size_t threads, std::size_t queue_max)
    : queue_max_(queue_max),
      share_waiting_max_((queue_max + 1) / 2),
      share_running_max_(std::max<std::size_t>(1, threads - (threads + 3) / 4)) {
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

WorkerPool::~WorkerPool() { Stop(); }

bool WorkerPool::Submit(std::string_view share_name, Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_ || waiting_ >= queue_max_) return false;
    std::string name(share_name);
    Share& share = shares_[name];
    if (share.tasks.size() >= share_waiting_max_) return false;
    share.tasks.push_back(std::move(task));
    if (share.tasks.size() == 1) turns_.push_back(std::move(name));
    ++waiting_;
  }
  wake_.notify_one();
  return true;
}

void WorkerPool::SubmitAlways(Task task) {
  {
    const std::unique_lock lock(mutex_);
    if (!stopped_) {
      second_halves_.push_back(std::move(task));
      task = nullptr;
    }
  }
  if (task) return task();
  wake_.notify_one();
}

void WorkerPool::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::size_t WorkerPool::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_ + second_halves_.size();
}

// The first share that may run one more task.
WorkerPool::Turn WorkerPool::NextTurn() {
  return std::ranges::find_if(turns_, [this](const std::string& name) {
    return stopped_ || shares_[name].running < share_running_max_;
  });
}

void WorkerPool::RunOne(std::unique_lock<std::mutex>& lock, Turn turn) {
  const std::string name = std::move(*turn);
  turns_.erase(turn);
  Share& share = shares_[name];  // stays where it is until nothing of it waits or runs
  Task task = std::move(share.tasks.front());
  share.tasks.pop_front();
  if (!share.tasks.empty()) turns_.push_back(name);
  ++share.running;
  --waiting_;
  lock.unlock();
  task();
  task = nullptr;
  lock.lock();
  if (--share.running == 0 && share.tasks.empty()) shares_.erase(name);
}

void WorkerPool::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(
        lock, [this] { return stopped_ || !second_halves_.empty() || NextTurn() != turns_.end(); });
    if (!second_halves_.empty()) {
      Task task = std::move(second_halves_.front());
      second_halves_.pop_front();
      lock.unlock();
      task();
      task = nullptr;
      lock.lock();
    } else if (const Turn turn = NextTurn(); turn != turns_.end()) {
      RunOne(lock, turn);
    } else {
      return;  // it has stopped, and nothing waits
    }
  }
}

}  // namespace strongroom::server
