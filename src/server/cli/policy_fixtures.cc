// The claims and documents of a suite.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "ledger/document_json.h"
#include "scalars/timestamp.h"
#include "server/cli/suite_members.h"

namespace strongroom::server::cli {
namespace suite {
namespace {

namespace json = boost::json;

base::Result<const json::object*> ObjectIn(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return static_cast<const json::object*>(nullptr);
  if (!value->is_object()) return Bad(fmt::format("`{}` has to be an object", name));
  return &value->get_object();
}

base::Status ReadDocuments(const json::object& suite, const ledger::Catalog& catalog,
                           Fixtures& fixtures) {
  STRONGROOM_ASSIGN(const json::object* ledgers, ObjectIn(suite, "documents"));
  if (ledgers == nullptr) return {};
  for (const auto& of_ledger : *ledgers) {
    const std::string name(of_ledger.key());
    const ledger::Ledger* ledger = LedgerNamed(catalog, name);
    if (ledger == nullptr)
      return Bad(fmt::format("`documents` holds `{}`, which is no ledger", name),
                 "documents stand by name below their ledger, such as `financial.Account`");
    STRONGROOM_ASSIGN(const json::object* documents, ObjectIn(*ledgers, name));
    for (const auto& one : *documents) {
      auto document = ledger::DocumentFromJson(*ledger, one.value());
      if (!document.ok()) {
        base::Error error = std::move(document).error();
        error.message =
            fmt::format("document `{}`: {}", std::string_view(one.key()), error.message);
        return error;
      }
      fixtures.documents.push_back({std::string(one.key()), ledger, std::move(document).value()});
    }
  }
  return {};
}

}  // namespace

base::Error Bad(std::string message, std::string hint) {
  return base::MakeError(base::ErrorCode::kBadRequest, std::move(message), std::move(hint));
}

base::Error Placed(const StructuredFile& file, const std::vector<std::string>& way,
                   base::Error error) {
  error.message = fmt::format("{}: {}", file.PlaceOf(way), error.message);
  return error;
}

const ledger::Ledger* LedgerNamed(const ledger::Catalog& catalog, std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == name.npos) return nullptr;
  const ledger::Ledger* ledger = catalog.Find(name.substr(dot + 1));
  return ledger != nullptr && ledger->spec().space == name.substr(0, dot) ? ledger : nullptr;
}

base::Status RefuseUnknown(const json::object& object,
                           std::initializer_list<std::string_view> known, std::string_view where) {
  for (const auto& member : object)
    if (std::ranges::find(known, std::string_view(member.key())) == known.end())
      return Bad(
          fmt::format("{} has an unknown member `{}`", where, std::string_view(member.key())),
          fmt::format("its members are {}", fmt::join(known, ", ")));
  return {};
}

base::Result<std::string> Text(const json::object& object, std::string_view name,
                               std::string_view fallback) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr && fallback.data() != nullptr) return std::string(fallback);
  if (value == nullptr || !value->is_string())
    return Bad(fmt::format("`{}` has to be a text", name));
  return std::string(value->get_string());
}

base::Result<std::vector<std::string>> Texts(const json::object& object, std::string_view name) {
  std::vector<std::string> texts;
  const json::value* value = object.if_contains(name);
  const json::array* list = value == nullptr ? nullptr : value->if_array();
  if (list == nullptr) return Bad(fmt::format("`{}` has to be a list of texts", name));
  for (const json::value& item : *list) {
    if (!item.is_string()) return Bad(fmt::format("`{}` has to be a list of texts", name));
    texts.emplace_back(item.get_string());
  }
  return texts;
}

base::Result<Fixtures> FixturesOf(const json::object& suite, const ledger::Catalog& catalog) {
  Fixtures fixtures;
  STRONGROOM_ASSIGN(fixtures.principal, Text(suite, "principal", "https://issuer.example"));
  STRONGROOM_ASSIGN(fixtures.account, Text(suite, "account", "Test"));
  fixtures.now = base::SystemClock().Now();
  if (suite.contains("now")) {
    STRONGROOM_ASSIGN(const std::string text, Text(suite, "now"));
    STRONGROOM_ASSIGN(fixtures.now, scalars::ParseTimestamp(text));
  }
  STRONGROOM_ASSIGN(const json::object* claims, ObjectIn(suite, "claims"));
  if (claims != nullptr) {
    for (const auto& one : *claims) {
      STRONGROOM_ASSIGN(const json::object* object, ObjectIn(*claims, one.key()));
      fixtures.claims[std::string(one.key())] = *object;
    }
  }
  STRONGROOM_TRY(ReadDocuments(suite, catalog, fixtures));
  return fixtures;
}

}  // namespace suite

base::Result<Fixtures> ReadFixtures(const std::string& path, const ledger::Catalog& catalog) {
  STRONGROOM_ASSIGN(const StructuredFile file, ReadStructuredFile(path));
  if (!file.value.is_object())
    return suite::Placed(file, {}, suite::Bad("a suite has to be an object"));
  auto fixtures = suite::FixturesOf(file.value.get_object(), catalog);
  if (!fixtures.ok()) return suite::Placed(file, {}, std::move(fixtures).error());
  return fixtures;
}

}  // namespace strongroom::server::cli
