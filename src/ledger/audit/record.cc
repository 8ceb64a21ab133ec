#include "ledger/audit/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <iterator>

#include "base/encoding.h"
#include "ledger/audit/limits.h"
#include "ledger/catalog/catalog.h"
#include "ledger/document_text.h"

namespace strongroom::ledger::audit {
namespace {

namespace json = boost::json;

// Written by hand: a posting waits for it.
class Text {
 public:
  Text(std::string_view kind, const Source& source) {
    text_.reserve(512);
    text_ += '{';
    Member("kind", kind);
    Member("time", base::FormatTimestamp(source.time));
    MemberIfAny("request_id", source.request_id);
    MemberIfAny("account_id", source.account_id);
    MemberIfAny("principal", source.principal);
    if (!source.client.empty()) {
      Name("client");
      text_ += R"({"name":)";
      Quote(source.client);
      fmt::format_to(std::back_inserter(text_), R"(,"version":{}}})", source.client_version);
    }
    if (!source.groups.empty()) Strings("groups", source.groups);
    if (source.jwt_id.size() <= kJwtIdBytesMax) MemberIfAny("jti", source.jwt_id);
    MemberIfAny("token", source.token_hash);
    MemberIfAny("operation", source.operation);
  }

  void Name(std::string_view name) {
    if (text_.back() != '{' && text_.back() != '[') text_ += ',';
    Quote(name);
    text_ += ':';
  }
  void Member(std::string_view name, std::string_view value) {
    Name(name);
    Quote(value);
  }
  void MemberIfAny(std::string_view name, std::string_view value) {
    if (!value.empty()) Member(name, value);
  }
  void Member(std::string_view name, std::uint64_t value) {
    Name(name);
    fmt::format_to(std::back_inserter(text_), "{}", value);
  }
  template <typename List>
  void Strings(std::string_view name, const List& values) {
    Begin(name, '[');
    for (const auto& value : values) {
      Comma();
      Quote(value);
    }
    End(']');
  }
  void Numbers(std::string_view name, const std::vector<std::uint32_t>& numbers) {
    Begin(name, '[');
    for (std::size_t i = 0; i < std::min(numbers.size(), kReasonsMax); ++i) {
      Comma();
      fmt::format_to(std::back_inserter(text_), "{}", numbers[i]);
    }
    End(']');
    if (numbers.size() > kReasonsMax) Member("reasons_in_all", numbers.size());
  }
  void Json(std::string_view name, const json::value& value) {
    Name(name);
    text_ += json::serialize(value);
  }
  void Begin(std::string_view name, char bracket) {
    Name(name);
    text_ += bracket;
  }
  void BeginItem() {
    Comma();
    text_ += '{';
  }
  void End(char bracket) { text_ += bracket; }
  std::string Take() && {
    text_ += '}';
    return std::move(text_);
  }

 private:
  void Comma() {
    if (text_.back() != '[') text_ += ',';
  }
  void Quote(std::string_view value) {
    const auto plain = [](char c) {
      return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7F &&
             c != '"' && c != '\\';
    };
    if (std::ranges::all_of(value, plain)) {
      text_ += '"';
      text_ += value;
      text_ += '"';
    } else if (base::IsUtf8(value)) {
      text_ += json::serialize(value);
    } else {
      // A record is JSON whatever a caller sends.
      std::string ascii(value);
      for (char& c : ascii)
        if (static_cast<unsigned char>(c) >= 0x80) c = '?';
      text_ += json::serialize(ascii);
    }
  }

  std::string text_;
};

void AddWrite(Text& text, const Catalog& catalog, const authz::GrantedWrite& write) {
  const Ledger& ledger = catalog.At(static_cast<LedgerId>(write.ledger.value));
  std::vector<std::string_view> names;
  for (const authz::ResourceId id : write.resources) {
    const std::string_view whole = catalog.rights()->At(write.ledger, id).identifier;
    names.push_back(whole.substr(ledger.full_name().size() + 1));
  }
  text.BeginItem();
  text.MemberIfAny("id", write.id);
  text.Member("effect", "ALLOW");
  text.Member("action", authz::ActionName(write.action));
  text.Member("resource", ledger.full_name());
  if (!names.empty()) text.Strings("parts", names);
  text.Member("key", write.key);
  text.Numbers("reasons", write.reasons);
  if (!write.complete) text.Member("complete", "the budget ended before all reasons were found");
  text.End('}');
}

void AddDenial(Text& text, const authz::DeniedAsk& denied) {
  text.BeginItem();
  text.MemberIfAny("id", denied.id);
  text.Member("effect", "DENY");
  text.Member("action", authz::ActionName(denied.action));
  text.Member("resource", denied.resource);
  text.Numbers("reasons", denied.reasons);
  if (!denied.errors.empty()) text.Numbers("errors", denied.errors);
  if (denied.count > 1) text.Member("count", denied.count);
  text.End('}');
}

}  // namespace

std::string WritesText(const Source& source, Kind kind, const Catalog& catalog,
                       const std::vector<authz::GrantedWrite>& writes) {
  Text text(kind == Kind::kDryRun ? "dry_run" : "write", source);
  text.Begin("decisions", '[');
  for (const authz::GrantedWrite& write : writes) AddWrite(text, catalog, write);
  text.End(']');
  return std::move(text).Take();
}

std::string DenialsText(const Source& source, const authz::PermitNotes& notes) {
  Text text("denial", source);
  text.Begin("decisions", '[');
  for (const authz::DeniedAsk& denied : notes.denied) AddDenial(text, denied);
  text.End(']');
  if (notes.denied_more > 0) text.Member("more", notes.denied_more);
  return std::move(text).Take();
}

std::string ReadsText(const Source& source, const Catalog& catalog,
                      const std::vector<std::uint64_t>& selected) {
  Text text("read", source);
  text.Begin("documents", '{');
  for (std::size_t i = 0; i < selected.size(); ++i)
    if (selected[i] > 0) text.Member(catalog.At(static_cast<LedgerId>(i)).full_name(), selected[i]);
  text.End('}');
  return std::move(text).Take();
}

std::string ChangeText(const Source& source, const AdministrativeChange& change) {
  const Document& some = change.after != nullptr ? *change.after : *change.before;
  Text text("change", source);
  text.Member("resource", some.ledger().full_name());
  text.Member("key", KeyText(some));
  text.Json("before", change.before == nullptr ? json::value() : JsonOf(*change.before));
  text.Json("after", change.after == nullptr ? json::value() : JsonOf(*change.after));
  return std::move(text).Take();
}

Source HostSource(base::Timestamp time, std::string_view account_id, std::string_view operation) {
  Source source;
  source.time = time;
  source.account_id = std::string(account_id);
  source.principal = "host";
  source.operation = std::string(operation);
  return source;
}

}  // namespace strongroom::ledger::audit
