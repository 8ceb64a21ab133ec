// The standard health service (grpc.health.v1): Check and Watch.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <vector>

#include "grpc/call.h"

namespace strongroom::grpc {

// Thread-safe.
class Health {
 public:
  // The services that may be asked for by name.
  explicit Health(std::vector<std::string> services);
  ~Health();

  // Tells watchers when it differs from before.
  void SetServing(bool serving);
  std::vector<Method> Methods();

 private:
  class Check;
  class Watch;
  bool Knows(const std::string& service) const;

  const std::vector<std::string> services_;
  // Shared with watches, which may outlive it.
  struct State {
    std::mutex mutex;
    bool serving = true;
    std::unordered_set<Watch*> watches;
  };
  const std::shared_ptr<State> state_;
};

}  // namespace strongroom::grpc
