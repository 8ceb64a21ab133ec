// Files that people write: policies, tenants, suites. JSON (read as strictly as requests are) or a
// plain subset of YAML 1.2 that means the same as JSON: no anchors, aliases, tags, merge keys,
// second documents or keys that are no texts; no member twice. What is not exactly a JSON number,
// true, false or null is a text, so `no` and `1.0.0` are; numbers with leading zeros are refused,
// since an AWS account that is written without quotes would lose them.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace strongroom::server::cli {

struct StructuredFile {
  struct Place {
    std::size_t line = 0;  // from 1
    std::size_t column = 0;
  };

  std::string path;
  boost::json::value value;
  std::map<std::string, Place> places;  // by the way to a value: "/clients/0/name"

  // `tenant.yaml:3:7`, of the longest part of the way that the file has.
  std::string PlaceOf(const std::vector<std::string>& way) const;
};

// Errors are kBadRequest or kJsonParseError, and begin with the path and the place.
base::Result<StructuredFile> ReadStructuredFile(const std::string& path);
// The same of a text; `path` names it, and decides by its ending between JSON (.json) and YAML.
base::Result<StructuredFile> ParseStructured(const std::string& path, std::string_view text);

// As YAML that ParseStructured reads back as the same value. Members keep their order; short lists
// of plain values stand on one line.
std::string ToYaml(const boost::json::value& value);

}  // namespace strongroom::server::cli
