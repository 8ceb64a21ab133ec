// The values of an Env's variables for one evaluation. Cheap to make and to reuse.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "cel/env.h"
#include "cel/value.h"

namespace strongroom::cel {

// Values point into what the caller keeps alive while evaluating, and while using a result. Const
// use is thread-safe.
class Activation {
 public:
  explicit Activation(const Env& env) : values_(env.variable_count()) {}

  // By the number from Env::FindVariable (INVARIANT: below variable_count).
  void Set(std::size_t variable, const Value& value) { values_[variable] = value; }
  // False when the Env has no such variable.
  bool Set(const Env& env, std::string_view name, const Value& value);

  // Absent when unbound: reading it is an error value, and unknown for Specialize.
  const Value& Get(std::size_t variable) const { return values_[variable]; }
  std::size_t size() const { return values_.size(); }

  // Whatever the functions from outside need and variables don't carry (a clock, randomness, the
  // start of a transaction): they read it from Call::activation, and know its type.
  void SetHost(const void* host) { host_ = host; }
  const void* host() const { return host_; }

 private:
  std::vector<Value> values_;
  const void* host_ = nullptr;
};

}  // namespace strongroom::cel
