// The floor of every benchmark: an HTTPS server of src/net alone, which sends back the body of each
// request. `echo_server PORT THREADS CA_FILE [HANDOFF]` writes its certificate authority to
// CA_FILE; with HANDOFF every answer comes from another thread, as it does from a storage engine.
// Ends at SIGTERM, SIGINT or the end of standard input.
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <thread>
#include <vector>

#include "net/certificate.h"
#include "net/server.h"

namespace {

using namespace strongroom;

// One thread that answers what it is given, all that is there at a time.
class Handoff {
 public:
  Handoff() : thread_([this] { Work(); }) {}
  ~Handoff() {
    {
      std::lock_guard lock(mutex_);
      ended_ = true;
    }
    ready_.notify_one();
    thread_.join();
  }
  void Give(net::Request request, net::Responder responder) {
    std::lock_guard lock(mutex_);
    work_.push_back({std::move(request), std::move(responder)});
    if (work_.size() == 1) ready_.notify_one();
  }

 private:
  struct Item {
    net::Request request;
    net::Responder responder;
  };
  void Work() {
    std::unique_lock lock(mutex_);
    while (true) {
      ready_.wait(lock, [this] { return ended_ || !work_.empty(); });
      if (ended_) return;
      std::vector<Item> batch = std::exchange(work_, {});
      lock.unlock();
      for (Item& item : batch) {
        net::Response response;
        response.body = item.request.TakeBody();
        item.responder.Send(std::move(response));
      }
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable ready_;
  std::vector<Item> work_;
  bool ended_ = false;
  std::thread thread_;
};

void WaitForEnd(int signals) {
  pollfd waited[] = {{signals, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  while (true) {
    if (poll(waited, 2, -1) < 0) continue;
    char byte = 0;
    if (waited[0].revents != 0) return;
    if (waited[1].revents != 0 && read(STDIN_FILENO, &byte, 1) <= 0) return;
  }
}

int Fail(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return Fail("usage: echo_server PORT THREADS CA_FILE [HANDOFF]");
  sigset_t end;
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  sigaddset(&end, SIGINT);
  pthread_sigmask(SIG_BLOCK, &end, nullptr);

  const auto authority = net::MakeAuthority("echo", std::chrono::hours(24), base::SystemClock());
  if (!authority) return Fail(authority.error().message);
  auto pair = net::MakeServerCertificate(*authority, net::LocalNames(), std::chrono::hours(24),
                                         base::SystemClock());
  if (!pair) return Fail(pair.error().message);
  std::ofstream(argv[3]) << authority->certificate_pem;

  const auto loop = net::EventLoop::Start(static_cast<std::size_t>(std::atoi(argv[2])));
  net::ServerOptions options;
  options.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  options.tls.certificate_pem = pair->certificate_pem;
  options.tls.private_key_pem = std::move(pair->private_key_pem);
  std::unique_ptr<Handoff> handoff;
  if (argc > 4) handoff = std::make_unique<Handoff>();
  auto server = net::Server::Start(
      std::move(options),
      [&](net::Request request, net::Responder responder) {
        if (handoff) return handoff->Give(std::move(request), std::move(responder));
        net::Response response;
        response.body = request.TakeBody();
        responder.Send(std::move(response));
      },
      *loop);
  if (!server) return Fail(server.error().message);
  std::fprintf(stderr, "listening on https://127.0.0.1:%d\n", (*server)->port());
  WaitForEnd(signalfd(-1, &end, SFD_CLOEXEC));
  (*server)->Drain(std::chrono::seconds(2));
  return 0;
}
