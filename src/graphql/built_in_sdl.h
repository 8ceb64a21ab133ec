// What every schema has without saying so: the scalars, directives and introspection types of the
// specification (GraphQL 3.5, 3.13, 4.2).
#pragma once

#include <string_view>

namespace strongroom::graphql {

std::string_view BuiltInSdl();

}  // namespace strongroom::graphql
