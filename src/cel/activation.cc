#include "cel/activation.h"

namespace strongroom::cel {

bool Activation::Set(const Env& env, std::string_view name, const Value& value) {
  const auto variable = env.FindVariable(name);
  if (!variable || *variable >= values_.size()) return false;
  values_[*variable] = value;
  return true;
}

}  // namespace strongroom::cel
