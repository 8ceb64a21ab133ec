// The standard reflection service, v1 and v1alpha: what stands in the generated descriptors. It
// tells the interface alone, nothing of tenants.
#pragma once

#include <string>
#include <vector>

#include "grpc/call.h"

namespace strongroom::grpc {

// `services`: full names, as they are listed.
std::vector<Method> ReflectionMethods(std::vector<std::string> services);

}  // namespace strongroom::grpc
