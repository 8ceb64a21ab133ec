#include <netdb.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "net/https_client.h"
#include "net/socket_address.h"

namespace strongroom::net {
namespace {

constexpr std::size_t kWaitingMax = 256;
constexpr std::size_t kThreadsMax = 4;

base::Error NotFound(const std::string& message) {
  base::Error error = base::MakeError(base::ErrorCode::kUnavailable, message);
  error.retriable = true;
  return error;
}

base::Result<std::vector<IpAddress>> LookUp(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &list) != 0)
    return NotFound("the name `" + host + "` was not found");
  std::vector<IpAddress> addresses;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next)
    if (entry->ai_family == AF_INET || entry->ai_family == AF_INET6)
      addresses.push_back(ToEndpoint(entry->ai_addr).address);
  freeaddrinfo(list);
  if (addresses.empty()) return NotFound("the name `" + host + "` has no address");
  return addresses;
}

// A lookup can't be interrupted, so that the threads are not waited for: they own what they use.
class SystemResolver final : public Resolver {
 public:
  SystemResolver() : shared_(std::make_shared<Shared>()) {}

  ~SystemResolver() override {
    std::deque<Lookup> left;
    {
      std::lock_guard lock(shared_->mutex);
      shared_->ended = true;
      left.swap(shared_->waiting);
    }
    shared_->ready.notify_all();
    for (Lookup& lookup : left) lookup.done(NotFound("the resolver has ended"));
  }

  void Resolve(const std::string& host, Done done) override {
    std::unique_lock lock(shared_->mutex);
    if (shared_->waiting.size() >= kWaitingMax) {
      lock.unlock();
      return done(NotFound("too many names are being looked up"));
    }
    shared_->waiting.push_back({host, std::move(done)});
    if (shared_->idle < shared_->waiting.size() && shared_->threads < kThreadsMax) StartThread();
    shared_->ready.notify_one();
  }

 private:
  struct Lookup {
    std::string host;
    Done done;
  };
  struct Shared {
    std::mutex mutex;
    std::condition_variable ready;
    std::deque<Lookup> waiting;
    std::size_t threads = 0;
    std::size_t idle = 0;
    bool ended = false;
  };

  // Under the lock.
  void StartThread() {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread([shared = shared_] { Work(*shared); }).detach();
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ++shared_->threads;
  }

  static void Work(Shared& shared) {
    std::unique_lock lock(shared.mutex);
    while (true) {
      ++shared.idle;
      shared.ready.wait(lock, [&] { return shared.ended || !shared.waiting.empty(); });
      --shared.idle;
      if (shared.ended) return;
      const Lookup lookup = std::move(shared.waiting.front());
      shared.waiting.pop_front();
      lock.unlock();
      lookup.done(LookUp(lookup.host));
      lock.lock();
    }
  }

  std::shared_ptr<Shared> shared_;
};

}  // namespace

std::shared_ptr<Resolver> MakeSystemResolver() { return std::make_shared<SystemResolver>(); }

}  // namespace strongroom::net
