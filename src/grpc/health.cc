#include "grpc/health.h"

#include <grpc/health/v1/health.pb.h>

#include <algorithm>

#include "grpc/limits.h"
#include "grpc/message.h"

namespace strongroom::grpc {
namespace {

using ::grpc::health::v1::HealthCheckRequest;
using ::grpc::health::v1::HealthCheckResponse;

std::string Answer(HealthCheckResponse::ServingStatus status) {
  HealthCheckResponse response;
  response.set_status(status);
  return response.SerializeAsString();
}

HealthCheckResponse::ServingStatus Name(bool serving) {
  return serving ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING;
}

}  // namespace

class Health::Check final : public CallHandler {
 public:
  Check(const Health& health, CallPtr call) : health_(health), call_(std::move(call)) {}
  void OnMessage(std::string message) override {
    HealthCheckRequest request;
    if (!Parse(message, request)) return call_->Finish(Unparsable());
    if (!health_.Knows(request.service()))
      return call_->Finish({Code::kNotFound, "there is no such service", {}});
    bool serving = false;
    {
      const std::lock_guard lock(health_.state_->mutex);
      serving = health_.state_->serving;
    }
    call_->Send(Answer(Name(serving)));
    call_->Finish({});
  }

 private:
  const Health& health_;
  const CallPtr call_;
};

// Lives on its call's thread; the list of watches holds it from OnMessage to its end.
class Health::Watch final : public CallHandler, public std::enable_shared_from_this<Watch> {
 public:
  Watch(const Health& health, CallPtr call)
      : health_(health), state_(health.state_), call_(std::move(call)) {}
  ~Watch() override { Leave(); }

  void OnMessage(std::string message) override {
    HealthCheckRequest request;
    if (!Parse(message, request)) return call_->Finish(Unparsable());
    if (!health_.Knows(request.service())) {
      return call_->Send(Answer(HealthCheckResponse::SERVICE_UNKNOWN));  // until it is cancelled
    }
    bool serving = false;
    bool full = false;
    {
      const std::lock_guard lock(state_->mutex);
      serving = state_->serving;
      full = state_->watches.size() >= limits::kWatchesMax;
      if (!full) state_->watches.insert(this);
    }
    if (full) return call_->Finish({Code::kResourceExhausted, "too many watch already", {}});
    call_->Send(Answer(Name(serving)));
  }
  void OnDrain() override {
    Leave();
    call_->Send(Answer(HealthCheckResponse::NOT_SERVING));
    call_->Finish({Code::kUnavailable, "the server is stopping", {}});
  }
  void OnAbandoned() override { Leave(); }

  // Under the lock of the state, from any thread.
  void Tell(bool serving) {
    call_->Post([weak = weak_from_this(), serving] {
      if (const auto self = weak.lock()) self->call_->Send(Answer(Name(serving)));
    });
  }

 private:
  void Leave() {
    const std::lock_guard lock(state_->mutex);
    state_->watches.erase(this);
  }
  const Health& health_;
  const std::shared_ptr<State> state_;
  const CallPtr call_;
};

Health::Health(std::vector<std::string> services)
    : services_(std::move(services)), state_(std::make_shared<State>()) {}

Health::~Health() = default;

bool Health::Knows(const std::string& service) const {
  return service.empty() ||
         std::find(services_.begin(), services_.end(), service) != services_.end();
}

void Health::SetServing(bool serving) {
  const std::lock_guard lock(state_->mutex);
  if (std::exchange(state_->serving, serving) == serving) return;
  for (Watch* watch : state_->watches) watch->Tell(serving);
}

std::vector<Method> Health::Methods() {
  const auto check = [this](const CallPtr& call) { return std::make_shared<Check>(*this, call); };
  const auto watch = [this](const CallPtr& call) { return std::make_shared<Watch>(*this, call); };
  return {{"/grpc.health.v1.Health/Check", false, false, true, check},
          {"/grpc.health.v1.Health/Watch", false, true, true, watch}};
}

}  // namespace strongroom::grpc
