// JSON written straight into the text of an answer (rfc8259).
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace strongroom::graphql {

void AppendJsonString(std::string_view text, std::string& out);
void AppendJsonNumber(std::int64_t number, std::string& out);
void AppendJsonNumber(double number, std::string& out);  // finite
// Ends early, in the middle of the value, once `out` is longer than `bytes_max`.
void AppendJson(const boost::json::value& value, std::string& out,
                std::size_t bytes_max = std::string::npos);

}  // namespace strongroom::graphql
