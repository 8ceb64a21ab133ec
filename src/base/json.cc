#include "base/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "base/encoding.h"

namespace strongroom::base {
namespace {

namespace json = boost::json;

// Builds a value from the events of Boost.JSON's parser, and refuses what its own reader lets pass.
class StrictHandler {
 public:
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }

  bool on_object_begin(json::error_code&) { return Open(json::object()); }
  bool on_object_end(std::size_t, json::error_code&) { return Close(); }
  bool on_array_begin(json::error_code&) { return Open(json::array()); }
  bool on_array_end(std::size_t, json::error_code&) { return Close(); }

  bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return Append(part); }
  bool on_key(json::string_view part, std::size_t, json::error_code& ec) {
    Append(part);
    if (open_.back().value.as_object().contains(text_)) {
      ec = json::error::syntax;
      duplicate_ = true;
      return false;
    }
    open_.back().key = std::move(text_);
    text_.clear();
    return true;
  }

  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    return Append(part);
  }
  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    Append(part);
    Add(json::value(text_));
    text_.clear();
    return true;
  }

  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, json::error_code&) { return Add(number); }
  bool on_uint64(std::uint64_t number, json::string_view, json::error_code&) { return Add(number); }
  bool on_double(double number, json::string_view, json::error_code& ec) {
    if (!std::isfinite(number)) {
      ec = json::error::exponent_overflow;
      return false;
    }
    return Add(number);
  }
  bool on_bool(bool value, json::error_code&) { return Add(value); }
  bool on_null(json::error_code&) { return Add(nullptr); }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

  bool duplicate() const { return duplicate_; }
  json::value Take() { return std::move(root_); }

 private:
  struct Frame {
    json::value value;
    std::string key;
  };

  bool Append(json::string_view part) {
    text_.append(part.data(), part.size());
    return true;
  }
  bool Open(json::value container) {
    open_.push_back({std::move(container), {}});
    return true;
  }
  bool Close() {
    json::value done = std::move(open_.back().value);
    open_.pop_back();
    return Add(std::move(done));
  }
  bool Add(json::value value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (json::value& parent = open_.back().value; parent.is_array()) {
      parent.as_array().push_back(std::move(value));
    } else {
      parent.as_object().emplace(open_.back().key, std::move(value));
    }
    return true;
  }

  std::vector<Frame> open_;
  std::string text_;
  json::value root_;
  bool duplicate_ = false;
};

Error Bad(std::string_view what, std::size_t offset) {
  return MakeError(ErrorCode::kJsonParseError,
                   fmt::format("invalid JSON at byte {}: {}", offset, what));
}

}  // namespace

Result<json::value> ParseJson(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes_max) return Bad("too long", limits.bytes_max);
  if (!IsUtf8(text)) return Bad("not UTF-8", 0);
  json::parse_options options;
  options.max_depth = limits.depth_max;
  try {
    json::basic_parser<StrictHandler> parser(options);
    json::error_code ec;
    const std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
    if (parser.handler().duplicate()) return Bad("duplicate member", used);
    if (ec) return Bad(ec.message(), used);
    // Trailing white space is not part of the value, and may stand there.
    if (text.find_first_not_of(" \t\r\n", used) != std::string_view::npos)
      return Bad("extra data after the value", used);
    return parser.handler().Take();
  } catch (const std::exception&) {
    return Bad("too large", 0);
  }
}

}  // namespace strongroom::base
