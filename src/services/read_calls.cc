// Methods that take one message: one operation, or a list that is read page by page.
#include <boost/json.hpp>

#include "base/log.h"
#include "grpc/limits.h"
#include "grpc/message.h"
#include "services/error_status.h"
#include "services/limits.h"
#include "services/prepared_method.h"

namespace strongroom::services {
namespace {

namespace json = boost::json;

constexpr int kWarnings = 14;

graphql::HttpGraphqlRequest Ask(const PreparedMethod& method, json::object variables) {
  graphql::HttpGraphqlRequest request;
  request.query = method.document;
  request.variables = std::make_shared<const json::object>(std::move(variables));
  return request;
}

void FinishMisfit(const grpc::CallPtr& call, const base::Error& error) {
  base::Log(base::LogLevel::kError, "internal error", {{"detail", error.message}});
  call->Finish({grpc::Code::kInternal, "internal server error", {}});
}

// Members `code`, `message`, `hint` of an item, as fields 1 to 3.
void AppendWarnings(const json::value& whole, std::string& wire) {
  const json::value* extensions = whole.get_object().if_contains("extensions");
  if (extensions == nullptr) return;
  const json::value* warnings = extensions->get_object().if_contains("warnings");
  if (warnings == nullptr) return;
  for (const json::value& item : warnings->get_array()) {
    std::string bytes;
    int number = 0;
    for (const char* name : {"code", "message", "hint"}) {
      ++number;
      const json::value* text = item.get_object().if_contains(name);
      if (text != nullptr && text->is_string()) AppendBytes(number, text->get_string(), bytes);
    }
    AppendBytes(kWarnings, bytes, wire);
  }
}

class Unary final : public grpc::CallHandler {
 public:
  Unary(const PreparedMethod& method, grpc::CallPtr call)
      : method_(method), call_(std::move(call)) {}

  void OnMessage(std::string message) override {
    auto variables = ReadVariables(method_, call_, message);
    if (!variables) return;
    method_.runner.Run(call_, Ask(method_, std::move(*variables)),
                       [&method = method_, call = call_](api::OperationAnswer answer) {
                         Answer(method, call, answer);
                       });
  }

 private:
  static void Answer(const PreparedMethod& method, const grpc::CallPtr& call,
                     const api::OperationAnswer& answer) {
    auto outcome = Take(method, call, answer);
    if (auto* status = std::get_if<grpc::Status>(&outcome)) return call->Finish(std::move(*status));
    const Taken& taken = std::get<Taken>(outcome);
    std::string wire;
    if (taken.data != nullptr) {
      if (auto made = method.shape.Append(*taken.data, wire); !made.ok())
        return FinishMisfit(call, made.error());
    }
    AppendWarnings(taken.whole, wire);
    AppendProblems(taken.errors, {}, wire);
    call->Send(wire);
    call->Finish({});
  }

  const PreparedMethod& method_;
  const grpc::CallPtr call_;
};

// Reads a page, sends its documents, and reads the next one when the caller has taken them.
class List final : public grpc::CallHandler, public std::enable_shared_from_this<List> {
 public:
  List(const PreparedMethod& method, grpc::CallPtr call) : method_(method), call_(std::move(call)) {
    for (const std::string& name : method.root) prefix_ += name + '.';
    prefix_ += "edges.";
  }

  void OnMessage(std::string message) override {
    auto variables = ReadVariables(method_, call_, message, {"limit"});
    if (!variables) return;
    const std::unique_ptr<google::protobuf::Message> parsed(method_.request.New());
    grpc::Parse(message, *parsed);
    const auto* limit = parsed->GetDescriptor()->FindFieldByName("limit");
    left_ = parsed->GetReflection()->GetInt32(*parsed, limit);
    if (left_ < 0) return call_->Finish({grpc::Code::kInvalidArgument, "limit is negative", {}});
    bounded_ = left_ > 0;
    variables_ = std::move(*variables);
    if (variables_["after"].get_string().empty()) variables_.erase("after");
    ReadPage();
  }
  void OnWritable() override {
    if (std::exchange(waits_, false)) ReadPage();
  }

 private:
  void ReadPage() {
    const int page = std::exchange(page_, limits::kPage);
    variables_["first"] = bounded_ ? std::min(page, left_) : page;
    method_.runner.Run(
        call_, Ask(method_, variables_),
        [self = shared_from_this()](api::OperationAnswer answer) { self->TakePage(answer); });
  }

  void TakePage(const api::OperationAnswer& answer) {
    auto outcome = Take(method_, call_, answer);
    if (auto* status = std::get_if<grpc::Status>(&outcome))
      return call_->Finish(std::move(*status));
    const Taken& taken = std::get<Taken>(outcome);
    if (taken.data == nullptr)  // what the list starts from is not there
      return call_->Finish({grpc::Code::kNotFound, "there is no such document", {}});
    const json::array& edges = taken.data->at("edges").get_array();
    for (std::size_t i = 0; i < edges.size(); ++i) {
      if (auto sent = SendEdge(edges[i], i, taken.errors); !sent.ok())
        return FinishMisfit(call_, sent.error());
      if (call_->over()) return;
    }
    if (bounded_) left_ -= static_cast<int>(edges.size());
    const bool more = taken.data->at("pageInfo").get_object().at("hasNextPage").get_bool();
    if (!more || edges.empty() || (bounded_ && left_ <= 0)) return call_->Finish({});
    waits_ = true;
  }

  base::Status SendEdge(const json::value& edge, std::size_t index, const json::array* errors) {
    if (!edge.is_object()) return {};
    const json::object& members = edge.get_object();
    std::string wire;
    if (members.at("node").is_object()) {
      std::string document;
      STRONGROOM_TRY(method_.shape.Append(members.at("node").get_object(), document));
      AppendBytes(1, document, wire);
    }
    variables_["after"] = members.at("cursor");
    AppendBytes(2, members.at("cursor").get_string(), wire);
    if (errors != nullptr) AppendProblems(errors, prefix_ + std::to_string(index) + ".node.", wire);
    call_->Send(wire);
    return {};
  }

  const PreparedMethod& method_;
  const grpc::CallPtr call_;
  std::string prefix_;  // of the paths of errors
  json::object variables_;
  int page_ = limits::kFirstPage;
  int left_ = 0;
  bool bounded_ = false;
  bool waits_ = false;
};

}  // namespace

std::shared_ptr<grpc::CallHandler> StartUnary(const PreparedMethod& method, grpc::CallPtr call) {
  return std::make_shared<Unary>(method, std::move(call));
}

std::shared_ptr<grpc::CallHandler> StartList(const PreparedMethod& method, grpc::CallPtr call) {
  return std::make_shared<List>(method, std::move(call));
}

}  // namespace strongroom::services
