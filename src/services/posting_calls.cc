// Methods that take many postings: in one transaction, or one after another.
#include <boost/json.hpp>

#include "services/error_status.h"
#include "services/limits.h"
#include "services/prepared_method.h"

namespace strongroom::services {
namespace {

namespace json = boost::json;
using Object = std::shared_ptr<const json::object>;

class Batch final : public grpc::CallHandler, public std::enable_shared_from_this<Batch> {
 public:
  Batch(const PreparedMethod& method, grpc::CallPtr call)
      : method_(method), call_(std::move(call)) {}

  void OnMessage(std::string message) override {
    if (postings_.size() >= limits::kBatchMax) {
      return call_->Finish({grpc::Code::kResourceExhausted,
                            "more than " + std::to_string(limits::kBatchMax) + " postings",
                            {}});
    }
    bytes_ += message.size();
    if (bytes_ > limits::kBatchBytesMax) {
      return call_->Finish({grpc::Code::kResourceExhausted, "the postings are too long", {}});
    }
    auto variables = ReadVariables(method_, call_, message);
    if (!variables) return;
    postings_.push_back(std::make_shared<const json::object>(std::move(*variables)));
    call_->Next();
  }

  void OnEnd() override {
    if (postings_.empty()) return Answer(0);
    graphql::HttpGraphqlRequest request;
    request.query = method_.document;
    request.variables = postings_.front();
    postings_.erase(postings_.begin());
    const std::size_t count = postings_.size() + 1;
    method_.runner.Run(
        call_, std::move(request),
        [self = shared_from_this(), count](api::OperationAnswer answer) {
          auto outcome = Take(self->method_, self->call_, answer);
          if (auto* status = std::get_if<grpc::Status>(&outcome)) {
            status->message = "posting " + std::to_string(answer.executed) + " of " +
                              std::to_string(count) + " (from 0): " + status->message;
            return self->call_->Finish(std::move(*status));
          }
          self->Answer(count);
        },
        std::move(postings_));
  }

 private:
  void Answer(std::size_t count) {
    std::string wire;
    AppendNumber(1, count, wire);
    call_->Send(wire);
    call_->Finish({});
  }

  const PreparedMethod& method_;
  const grpc::CallPtr call_;
  std::vector<Object> postings_;
  std::size_t bytes_ = 0;
};

class Stream final : public grpc::CallHandler, public std::enable_shared_from_this<Stream> {
 public:
  Stream(const PreparedMethod& method, grpc::CallPtr call)
      : method_(method), call_(std::move(call)) {}

  void OnMessage(std::string message) override {
    auto variables = ReadVariables(method_, call_, message);
    if (!variables) return;
    if (const json::value* input = variables->if_contains("input"))
      id_ = input->get_object().at("transactionId").get_string();
    graphql::HttpGraphqlRequest request;
    request.query = method_.document;
    request.variables = std::make_shared<const json::object>(std::move(*variables));
    method_.runner.Run(
        call_, std::move(request),
        [self = shared_from_this()](api::OperationAnswer answer) { self->Answer(answer); });
  }
  void OnEnd() override { call_->Finish({}); }
  void OnWritable() override {
    if (std::exchange(waits_, false)) call_->Next();
  }
  void OnDrain() override { drains_ = true; }

 private:
  void Answer(const api::OperationAnswer& answer) {
    auto outcome = Take(method_, call_, answer);
    std::string wire;
    AppendBytes(1, id_, wire);
    if (auto* status = std::get_if<grpc::Status>(&outcome)) {
      // Who may not come in any more gets no further answers.
      if (answer.status == 403) return call_->Finish(std::move(*status));
      AppendBytes(2, status->details, wire);
    }
    call_->Send(wire);
    if (drains_) return call_->Finish({grpc::Code::kUnavailable, "the server is stopping", {}});
    waits_ = true;
  }

  const PreparedMethod& method_;
  const grpc::CallPtr call_;
  std::string id_;
  bool waits_ = false;
  bool drains_ = false;
};

}  // namespace

std::shared_ptr<grpc::CallHandler> StartBatch(const PreparedMethod& method, grpc::CallPtr call) {
  return std::make_shared<Batch>(method, std::move(call));
}

std::shared_ptr<grpc::CallHandler> StartStream(const PreparedMethod& method, grpc::CallPtr call) {
  return std::make_shared<Stream>(method, std::move(call));
}

}  // namespace strongroom::services
