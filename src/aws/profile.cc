#include "aws/profile.h"

#include <algorithm>
#include <string_view>

#include "aws/limits.h"

namespace strongroom::aws {
namespace {

std::string_view Trim(std::string_view text) {
  const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return text;
}

// A comment in a line begins with white space and # or ;.
std::string_view WithoutComment(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i)
    if ((text[i] == '#' || text[i] == ';') && (text[i - 1] == ' ' || text[i - 1] == '\t'))
      return text.substr(0, i);
  return text;
}

// `[profile x]`, `[default]`, `[sso-session x]`; in the credentials file the name alone. Null for
// a section that is about something else.
Section* SectionOf(std::string_view heading, bool is_config, Profiles& into) {
  const std::size_t end = heading.find(']');
  if (end == heading.npos) return nullptr;
  std::string_view name = Trim(heading.substr(1, end - 1));
  const auto after = [&](std::string_view word) {
    if (!name.starts_with(word) || name.size() == word.size()) return false;
    const char next = name[word.size()];
    if (next != ' ' && next != '\t') return false;
    name = Trim(name.substr(word.size()));
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
      name = name.substr(1, name.size() - 2);
    return true;
  };
  if (!is_config) return &into.profiles[std::string(name)];
  if (after("sso-session")) return &into.sso_sessions[std::string(name)];
  if (after("profile") || name == "default") return &into.profiles[std::string(name)];
  return nullptr;
}

void ReadInto(std::string_view text, bool is_config, Profiles& into) {
  Section* section = nullptr;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      section = SectionOf(line, is_config, into);
      continue;
    }
    // What is indented belongs to a nested setting, such as those of `s3 =`.
    const std::size_t equals = line.find('=');
    if (section == nullptr || equals == line.npos || line.front() == ' ' || line.front() == '\t')
      continue;
    std::string name(Trim(line.substr(0, equals)));
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    (*section)[name] = Trim(WithoutComment(line.substr(equals + 1)));
  }
}

base::Status ReadFileInto(const std::string& path, bool is_config, Profiles& into) {
  if (path.empty()) return {};
  STRONGROOM_ASSIGN(const auto text, ReadIfThere(path, limits::kProfileFileBytesMax));
  if (text) ReadInto(*text, is_config, into);
  return {};
}

}  // namespace

std::string Profiles::Value(const std::string& profile, const std::string& name) const {
  const auto section = profiles.find(profile);
  if (section == profiles.end()) return {};
  const auto value = section->second.find(name);
  return value == section->second.end() ? std::string() : value->second;
}

std::string HomePath(const Surroundings& surroundings, const std::string& name) {
  const auto home = surroundings.variable("HOME");
  return home ? *home + "/.aws/" + name : std::string();
}

std::string ProfileName(const std::string& named, const Surroundings& surroundings) {
  return named.empty() ? surroundings.variable("AWS_PROFILE").value_or("default") : named;
}

base::Result<Profiles> ReadProfiles(const Surroundings& surroundings) {
  const auto path = [&](const char* variable, const char* name) {
    return surroundings.variable(variable).value_or(HomePath(surroundings, name));
  };
  Profiles profiles;
  STRONGROOM_TRY(ReadFileInto(path("AWS_CONFIG_FILE", "config"), true, profiles));
  STRONGROOM_TRY(ReadFileInto(path("AWS_SHARED_CREDENTIALS_FILE", "credentials"), false, profiles));
  return profiles;
}

}  // namespace strongroom::aws
