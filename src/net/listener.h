// Listener: accepts connections on one loop thread and deals them out to the workers in turn. It
// survives running out of descriptors.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "net/admission.h"
#include "net/counters.h"
#include "net/descriptor.h"
#include "net/loop_thread.h"
#include "net/openssl_handle.h"
#include "net/worker.h"

namespace strongroom::net {

// A socket that listens on an address, and its port.
struct ListeningSocket {
  Descriptor descriptor;
  std::uint16_t port = 0;
};
base::Result<ListeningSocket> Listen(const std::string& host, std::uint16_t port);

// On its thread, except where it says so.
class Listener final : public Watcher {
 public:
  // `workers` must outlive it. From any thread.
  Listener(Descriptor socket, SslContextHandle context, std::shared_ptr<Admission> admission,
           std::vector<std::unique_ptr<Worker>>& workers, std::shared_ptr<LoopThread> thread);

  // Whether the kernel has room to watch the socket.
  bool Open();
  void Close();
  // For connections from now on. From any thread.
  void UseContext(SslContextHandle context);
  // Connections turned away. From any thread.
  const Counter& refused() const { return refused_; }

  void OnEvents(std::uint32_t events) override;

 private:
  enum class Next { kAgain, kEnough };

  Next AcceptOne();
  Next OnAcceptError(int error);
  SslHandle NewSsl();
  void Pause();

  Descriptor socket_;
  Descriptor spare_;  // given up for a moment to turn someone away
  std::shared_ptr<Admission> admission_;
  std::vector<std::unique_ptr<Worker>>& workers_;
  std::shared_ptr<LoopThread> thread_;
  std::unique_ptr<Timer> resume_;
  std::size_t next_worker_ = 0;
  Counter refused_;

  std::mutex mutex_;
  SslContextHandle context_;  // guarded by mutex_
};

}  // namespace strongroom::net
