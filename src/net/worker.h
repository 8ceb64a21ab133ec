// Worker: the connections of one server on one loop thread.
#pragma once

#include <array>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "net/admission.h"
#include "net/answer_sink.h"
#include "net/body_budget.h"
#include "net/counters.h"
#include "net/loop_thread.h"
#include "net/openssl_handle.h"
#include "net/request_head.h"
#include "net/server.h"
#include "net/stream.h"

namespace strongroom::net {

class Connection;
class WorkerSink;

// What all workers of a server share; unchanged while it runs, but for the budget.
struct ServerState {
  ServerLimits limits;
  ErrorBody error_body;
  Handler handler;
  StreamHandler streams;
  BodyBudget body_budget;
};

// A connection that has come in and has not spoken yet.
struct Accepted {
  Descriptor socket;
  SslHandle ssl;
  Peer peer;
  Admission::Ticket ticket;
};

// All on its loop thread, except where it says so.
class Worker final : public TurnEnd {
 public:
  Worker(std::shared_ptr<ServerState> state, std::shared_ptr<LoopThread> thread);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // First and last call on the thread.
  void Open();
  // Closes all connections; returns how many requests were cut off.
  std::size_t Close();
  void Drain();
  void Adopt(Accepted accepted);

  ServerState& state() { return *state_; }
  LoopThread& thread() { return *thread_; }  // from any thread
  const std::shared_ptr<LoopThread>& shared_thread() { return thread_; }
  Counters& counters() { return counters_; }
  const Counters& counters() const { return counters_; }  // from any thread
  const std::shared_ptr<AnswerSink>& sink() const { return sink_; }
  // Room for what is read, before it is looked at; one user at a time.
  std::span<char> scratch() { return scratch_; }
  std::string_view date();

  // For connections: to be flushed at the end of this turn; to go on reading in the next; to be
  // destroyed at the end of this turn.
  void FlushLater(Connection& connection) { to_flush_.push_back(&connection); }
  void ReadLater(std::uint64_t id);
  void Remove(std::uint64_t id);

  // Of the sink. No response: the request was dropped.
  void Answer(std::uint64_t connection, std::int32_t stream, std::optional<Response> response);
  // The answer to a request that no handler answers.
  Response ErrorAnswer(const Refusal& refusal);

  void OnTurnEnd() override;

 private:
  static constexpr std::size_t kScratchBytes = std::size_t{16} << 10;  // one TLS record

  std::shared_ptr<ServerState> state_;
  std::shared_ptr<LoopThread> thread_;
  std::shared_ptr<AnswerSink> sink_;
  Counters counters_;
  std::array<char, kScratchBytes> scratch_;
  std::string date_;
  std::time_t date_at_ = -1;
  std::uint64_t next_id_ = 1;
  std::unordered_map<std::uint64_t, std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> to_flush_;
  std::vector<std::unique_ptr<Connection>> removed_;
  bool draining_ = false;
};

}  // namespace strongroom::net
