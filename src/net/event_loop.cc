#include "net/event_loop.h"

#include <algorithm>
#include <string>

#include "net/loop_thread.h"

namespace strongroom::net {

std::unique_ptr<EventLoop> EventLoop::Start(std::size_t threads) {
  std::unique_ptr<EventLoop> loop(new EventLoop);
  for (std::size_t i = 0; i < std::max<std::size_t>(threads, 1); ++i)
    loop->threads_.push_back(std::make_shared<LoopThread>("net-" + std::to_string(i)));
  return loop;
}

EventLoop::~EventLoop() {
  for (const auto& thread : threads_) thread->Stop();
}

void EventLoop::Post(std::size_t index, Task task) { thread(index)->Post(std::move(task)); }

}  // namespace strongroom::net
