// The fields of a request message as the variables of its method's document (shape.h).
#pragma once

#include <google/protobuf/message.h>

#include <boost/json/fwd.hpp>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace strongroom::services {

// What was sent and nothing else: a field that knows whether it was set counts when it was, a
// repeated one when it has an element, any other one always. `except` names fields that are not
// variables. kBadRequest, with the way to the field as its argument path, for an unknown value of
// an enum and for text that is no JSON.
base::Result<boost::json::object> VariablesOf(const google::protobuf::Message& message,
                                              const std::vector<std::string_view>& except = {});

}  // namespace strongroom::services
