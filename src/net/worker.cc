#include "net/worker.h"

#include "base/log.h"
#include "net/connection.h"
#include "net/response_head.h"

namespace strongroom::net {

// Outlives the worker in the responders that hold it.
class WorkerSink final : public AnswerSink, public std::enable_shared_from_this<WorkerSink> {
 public:
  WorkerSink(std::shared_ptr<LoopThread> thread, Worker* worker)
      : thread_(std::move(thread)), worker_(worker) {}

  void Deliver(std::uint64_t connection, std::int32_t stream, Response response) override {
    Pass(connection, stream, std::move(response));
  }
  void Drop(std::uint64_t connection, std::int32_t stream) override {
    Pass(connection, stream, std::nullopt);
  }
  void Detach() { worker_ = nullptr; }

 private:
  void Pass(std::uint64_t connection, std::int32_t stream, std::optional<Response> response) {
    if (thread_->IsCurrent()) {
      if (worker_ != nullptr) worker_->Answer(connection, stream, std::move(response));
      return;
    }
    thread_->Post(
        [self = shared_from_this(), connection, stream, answer = std::move(response)]() mutable {
          if (self->worker_ != nullptr)
            self->worker_->Answer(connection, stream, std::move(answer));
        });
  }

  std::shared_ptr<LoopThread> thread_;
  Worker* worker_;  // touched on the thread alone
};

Worker::Worker(std::shared_ptr<ServerState> state, std::shared_ptr<LoopThread> thread)
    : state_(std::move(state)),
      thread_(std::move(thread)),
      sink_(std::make_shared<WorkerSink>(thread_, this)) {}

Worker::~Worker() = default;

void Worker::Open() { thread_->AddTurnEnd(*this); }

std::size_t Worker::Close() {
  std::size_t cut_off = 0;
  while (!connections_.empty()) {
    Connection& connection = *connections_.begin()->second;
    cut_off += connection.requests_open();
    connection.Close();
  }
  static_cast<WorkerSink&>(*sink_).Detach();
  thread_->RemoveTurnEnd(*this);
  to_flush_.clear();
  removed_.clear();
  return cut_off;
}

void Worker::Drain() {
  draining_ = true;
  for (auto next = connections_.begin(); next != connections_.end();) {
    Connection& connection = *(next++)->second;  // may close, and leave the table
    connection.Drain();
  }
}

void Worker::Adopt(Accepted accepted) {
  counters_.connections_accepted.Add(1);
  const std::uint64_t id = next_id_++;
  auto connection = std::make_unique<Connection>(*this, id, std::move(accepted));
  Connection& added = *connections_.emplace(id, std::move(connection)).first->second;
  added.Open();
  if (draining_) added.Drain();
}

std::string_view Worker::date() {
  const std::time_t now = std::time(nullptr);
  if (now != date_at_) {
    date_at_ = now;
    date_ = FormatHttpDate(now);
  }
  return date_;
}

void Worker::ReadLater(std::uint64_t id) {
  thread_->Post([sink = sink_, this, id] {
    // INVARIANT: tasks posted by a worker run before the task that closes it.
    const auto found = connections_.find(id);
    if (found != connections_.end()) found->second->ReadMore();
  });
}

void Worker::Remove(std::uint64_t id) {
  const auto found = connections_.find(id);
  removed_.push_back(std::move(found->second));
  connections_.erase(found);
}

void Worker::Answer(std::uint64_t connection, std::int32_t stream,
                    std::optional<Response> response) {
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return;
  if (response && !IsSendable(*response)) {
    base::Log(base::LogLevel::kError, "an answer can't be sent: its status or headers are invalid");
    response.reset();
  }
  if (!response)
    response = ErrorAnswer({500, base::ErrorCode::kInternalServerError, "internal error"});
  found->second->Answer(stream, *std::move(response));
}

Response Worker::ErrorAnswer(const Refusal& refusal) {
  base::Error error = base::MakeError(refusal.code, refusal.message);
  error.retriable = refusal.status == 408 || refusal.status == 503;
  Response response;
  response.status = refusal.status;
  if (refusal.status == 503) response.headers.push_back({"retry-after", "1"});
  response.body = state_->error_body(refusal.status, error);
  return response;
}

void Worker::OnTurnEnd() {
  // Flushing can bring further ones.
  for (std::size_t i = 0; i < to_flush_.size(); ++i) to_flush_[i]->Flush();
  to_flush_.clear();
  removed_.clear();
}

}  // namespace strongroom::net
