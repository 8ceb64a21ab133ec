// Task: a move-only function without arguments, called once. std::move_only_function is not in this
// standard library yet, and std::function can't hold what can't be copied (a Responder).
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace strongroom::net {

class Task {
 public:
  template <typename F>
  requires(!std::is_same_v<std::decay_t<F>, Task>)
      Task(F&& function)  // NOLINT(google-explicit-constructor)
      : call_(std::make_unique<Holder<std::decay_t<F>>>(std::forward<F>(function))) {}

  void operator()() { call_->Run(); }

 private:
  struct Call {
    virtual ~Call() = default;
    virtual void Run() = 0;
  };
  template <typename F>
  struct Holder final : Call {
    explicit Holder(F f) : function(std::move(f)) {}
    void Run() override { function(); }
    F function;
  };
  std::unique_ptr<Call> call_;
};

}  // namespace strongroom::net
