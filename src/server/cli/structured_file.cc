#include "server/cli/structured_file.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <boost/json.hpp>
#include <sstream>
#include <utility>

#include "base/json.h"
#include "server/cli/limits.h"
#include "server/read_file.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;

base::Error Bad(std::string message, std::string hint = {}) {
  return base::MakeError(base::ErrorCode::kBadRequest, std::move(message), std::move(hint));
}

// Leaves the library's parser; caught in this file.
struct Refusal {
  YAML::Mark mark;
  std::string message;
  std::string hint = {};
};

bool IsNumber(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const auto digits = [&] {
    const std::size_t from = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - from;
  };
  if (digits() == 0) return false;
  if (at < text.size() && text[at] == '.') {
    ++at;
    if (digits() == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

bool HasLeadingZero(std::string_view number) {
  if (number.starts_with('-')) number.remove_prefix(1);
  return number.size() > 1 && number[0] == '0' && number[1] >= '0' && number[1] <= '9';
}

class Builder : public YAML::EventHandler {
 public:
  explicit Builder(StructuredFile& file) : file_(file) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    RefuseAnchor(mark, anchor);
    Put(mark, nullptr);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    throw Refusal{mark, "aliases are not read", "write the value out"};
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    RefuseAnchor(mark, anchor);
    if (tag != "?" && tag != "!" && !tag.empty()) RefuseTag(mark, tag);
    if (WantsKey()) return TakeKey(mark, text);
    Put(mark, tag == "!" ? json::value(text) : Plain(mark, text));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, json::array());
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, json::object());
  }
  void OnMapEnd() override { Close(); }

  json::value Take() { return std::move(root_); }

 private:
  struct Level {
    YAML::Mark mark;
    json::value value;
    std::string key = {};  // of the member that comes
    bool has_key = false;
    std::size_t way_bytes = 0;
  };

  static void RefuseAnchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) throw Refusal{mark, "anchors are not read", "write the value out"};
  }
  [[noreturn]] static void RefuseTag(const YAML::Mark& mark, const std::string& tag) {
    throw Refusal{mark, fmt::format("the tag `{}` is not read", tag), "leave it out"};
  }

  bool WantsKey() const {
    return !levels_.empty() && levels_.back().value.is_object() && !levels_.back().has_key;
  }

  void TakeKey(const YAML::Mark& mark, const std::string& key) {
    if (levels_.back().value.get_object().contains(key))
      throw Refusal{mark, fmt::format("the member `{}` is there twice", key)};
    if (key == "<<") throw Refusal{mark, "merge keys are not read", "write the members out"};
    levels_.back().key = key;
    levels_.back().has_key = true;
  }

  static json::value Plain(const YAML::Mark& mark, const std::string& text) {
    if (text == "true") return true;
    if (text == "false") return false;
    if (!IsNumber(text)) return json::value(text);
    if (HasLeadingZero(text))
      throw Refusal{mark, fmt::format("the number `{}` begins with a zero", text),
                    fmt::format("write '{}' if it is a text", text)};
    auto number = base::ParseJson(text);
    if (!number.ok()) throw Refusal{mark, fmt::format("the number `{}` can't be read", text)};
    return std::move(number).value();
  }

  void Count(const YAML::Mark& mark) {
    if (++values_ > limits::kFileValuesMax)
      throw Refusal{mark,
                    fmt::format("the file holds more than {} values", limits::kFileValuesMax)};
  }

  void Open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            json::value empty) {
    RefuseAnchor(mark, anchor);
    if (tag != "?" && !tag.empty()) RefuseTag(mark, tag);
    if (WantsKey()) throw Refusal{mark, "the key of a member has to be a text"};
    if (levels_.size() >= limits::kFileDepthMax)
      throw Refusal{mark, fmt::format("the file is more than {} deep", limits::kFileDepthMax)};
    Count(mark);
    Enter(mark);
    levels_.push_back({mark, std::move(empty), {}, false, way_.size()});
  }

  void Close() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    Add(std::move(level.value));
  }

  void Put(const YAML::Mark& mark, json::value value) {
    if (WantsKey()) throw Refusal{mark, "the key of a member has to be a text"};
    Count(mark);
    Enter(mark);
    Add(std::move(value));
  }

  // Makes way_ that of the value that begins.
  void Enter(const YAML::Mark& mark) {
    if (!levels_.empty()) {
      const Level& level = levels_.back();
      way_.resize(level.way_bytes);
      way_ += '/';
      way_ += level.value.is_object() ? level.key : std::to_string(level.value.get_array().size());
    }
    file_.places[way_] = {static_cast<std::size_t>(mark.line) + 1,
                          static_cast<std::size_t>(mark.column) + 1};
  }

  void Add(json::value value) {
    if (levels_.empty()) {
      root_ = std::move(value);
      return;
    }
    Level& level = levels_.back();
    if (json::array* list = level.value.if_array()) {
      list->push_back(std::move(value));
      return;
    }
    level.value.get_object()[level.key] = std::move(value);
    level.has_key = false;
  }

  StructuredFile& file_;
  std::vector<Level> levels_;
  json::value root_;
  std::string way_;
  std::size_t values_ = 0;
};

base::Error At(const std::string& path, const YAML::Mark& mark, std::string message,
               std::string hint) {
  return Bad(fmt::format("{}:{}:{}: {}", path, mark.line + 1, mark.column + 1, message),
             std::move(hint));
}

base::Status ReadYaml(std::string_view text, StructuredFile& file) {
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    Builder builder(file);
    if (!parser.HandleNextDocument(builder))
      return Bad(fmt::format("{}: the file is empty", file.path));
    file.value = builder.Take();
    StructuredFile ignored;
    Builder second(ignored);
    if (parser.HandleNextDocument(second))
      return Bad(fmt::format("{}: the file holds a second document", file.path),
                 "one file holds one document");
    return {};
  } catch (const Refusal& refusal) {
    return At(file.path, refusal.mark, refusal.message, refusal.hint);
  } catch (const YAML::Exception& error) {
    return At(file.path, error.mark, error.msg, {});
  }
}

}  // namespace

std::string StructuredFile::PlaceOf(const std::vector<std::string>& way) const {
  std::string name;
  Place place;
  for (const std::string& part : way) {
    (name += '/') += part;
    const auto found = places.find(name);
    if (found == places.end()) break;
    place = found->second;
  }
  return place.line == 0 ? path : fmt::format("{}:{}:{}", path, place.line, place.column);
}

base::Result<StructuredFile> ParseStructured(const std::string& path, std::string_view text) {
  if (text.size() > limits::kFileBytesMax)
    return Bad(fmt::format("{}: the file is larger than {} bytes", path, limits::kFileBytesMax));
  StructuredFile file;
  file.path = path;
  if (!path.ends_with(".json")) {
    STRONGROOM_TRY(ReadYaml(text, file));
    return file;
  }
  auto value = base::ParseJson(text, {limits::kFileDepthMax, limits::kFileBytesMax});
  if (!value.ok()) {
    base::Error error = std::move(value).error();
    error.message = fmt::format("{}: {}", path, error.message);
    return error;
  }
  // JSON is YAML too, which knows where everything stands.
  if (!ReadYaml(text, file).ok()) file.places.clear();
  file.value = std::move(value).value();
  return file;
}

base::Result<StructuredFile> ReadStructuredFile(const std::string& path) {
  STRONGROOM_ASSIGN(const std::string text, ReadFile(path));
  return ParseStructured(path, text);
}

}  // namespace strongroom::server::cli
