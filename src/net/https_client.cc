#include "net/https_client.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <unordered_map>

#include "base/check.h"
#include "net/fetch_exchange.h"

namespace strongroom::net {

class HttpsClient::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(EventLoop& loop, std::shared_ptr<Resolver> resolver) : resolver_(std::move(resolver)) {
    for (std::size_t i = 0; i < loop.thread_count(); ++i)
      lanes_.push_back(std::make_unique<Lane>(loop.thread(i)));
  }

  void Fetch(FetchRequest request, FetchDone done) {
    {
      std::lock_guard lock(mutex_);
      ++running_;
    }
    Lane& lane = *lanes_[next_++ % lanes_.size()];
    const TimePoint started = std::chrono::steady_clock::now();
    lane.thread->Post([self = shared_from_this(), &lane, started, request = std::move(request),
                       done = std::move(done)]() mutable {
      self->Start(lane, started, std::move(request), std::move(done));
    });
  }

  // Ends all that is running and waits for it.
  void Close() {
    for (const auto& lane : lanes_)
      lane->thread->Post([self = shared_from_this(), &cancelled = *lane] {
        cancelled.ended = true;
        while (!cancelled.exchanges.empty()) {
          const auto exchange = cancelled.exchanges.begin()->second;
          exchange->Cancel();
        }
      });
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return running_ == 0; });
  }

 private:
  // The exchanges of one loop thread; touched there alone.
  struct Lane {
    explicit Lane(std::shared_ptr<LoopThread> its_thread) : thread(std::move(its_thread)) {}
    std::shared_ptr<LoopThread> thread;
    std::unordered_map<FetchExchange*, std::shared_ptr<FetchExchange>> exchanges;
    bool ended = false;
  };

  void Start(Lane& lane, TimePoint started, FetchRequest request, FetchDone done) {
    const auto ended = [self = shared_from_this(), &lane, done = std::move(done)](
                           FetchExchange& exchange, base::Result<FetchResponse> result) {
      // The exchange is still running the code that called this.
      lane.thread->Post([gone = lane.exchanges.extract(&exchange).mapped()] {});
      done(std::move(result));
      std::lock_guard lock(self->mutex_);
      if (--self->running_ == 0) self->idle_.notify_all();
    };
    const auto exchange =
        std::make_shared<FetchExchange>(lane.thread, std::move(request), started, ended);
    lane.exchanges.emplace(exchange.get(), exchange);
    if (lane.ended) return exchange->Cancel();
    exchange->Start(*resolver_, trust_);
  }

  std::shared_ptr<Resolver> resolver_;
  Trust trust_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::condition_variable idle_;
  std::size_t running_ = 0;  // guarded by mutex_
};

HttpsClient::HttpsClient(EventLoop& loop, std::shared_ptr<Resolver> resolver)
    : impl_(std::make_shared<Impl>(loop, std::move(resolver))) {}

HttpsClient::~HttpsClient() { impl_->Close(); }

void HttpsClient::Fetch(FetchRequest request, FetchDone done) {
  STRONGROOM_CHECK(done != nullptr);
  impl_->Fetch(std::move(request), std::move(done));
}

}  // namespace strongroom::net
