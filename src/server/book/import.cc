#include "server/book/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <vector>

#include "base/json.h"

namespace strongroom::server::book {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::MakeError;

constexpr std::size_t kRecordsAtOnce = 25;
constexpr std::size_t kLineBytesMax = std::size_t{64} << 20;
constexpr std::string_view kTaken = "UNIQUE_CONSTRAINT_VIOLATION";

std::string TextOf(const json::object& record, std::string_view name) {
  const auto* value = record.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

// The members that an input takes, without those that are null or left out.
json::object Picked(const json::object& record, std::initializer_list<std::string_view> names) {
  json::object picked;
  for (const std::string_view name : names) {
    const auto* value = record.if_contains(name);
    if (value != nullptr && !value->is_null()) picked[name] = *value;
  }
  return picked;
}

json::array PickedEach(const json::value* list, std::initializer_list<std::string_view> names) {
  json::array picked;
  if (list == nullptr || !list->is_array()) return picked;
  for (const json::value& item : list->get_array())
    if (item.is_object()) picked.push_back(Picked(item.get_object(), names));
  return picked;
}

// One mutation: a root field with one variable of an input type, or two ids.
struct Step {
  std::string field;      // "createAccount(input: $)": `$` stands for the variable
  std::string selection;  // "{ accountId }"
  std::string type;       // of the variable; empty: there is none
  json::value input;
  std::string probe = {};  // answers a list in `nodes` that holds it, when it is there already
  std::uint64_t line = 0;
};

class Importer {
 public:
  Importer(Remote& remote, const ImportOptions& options) : remote_(remote), options_(options) {}

  base::Result<ImportReport> Run() {
    STRONGROOM_TRY(Each("journals", [&](const json::object& one) {
      return Add({"createJournal(input: $)", "{ journalId }", "JournalInput!",
                  Picked(one, {"journalId", "name", "description", "code"})});
    }));
    STRONGROOM_TRY(Each("account_sets", [&](const json::object& one) {
      sets_.insert(TextOf(one, "accountSetId"));
      return Add({"createAccountSet(input: $)", "{ accountSetId }", "AccountSetInput!",
                  Picked(one, {"accountSetId", "journalId", "name", "code", "description",
                               "normalBalanceType", "metadata"})});
    }));
    STRONGROOM_TRY(Each("accounts", [&](const json::object& one) {
      if (sets_.contains(TextOf(one, "accountId"))) return base::Status();  // comes with its set
      json::object input = Picked(one, {"accountId", "externalId", "name", "code", "description",
                                        "normalBalanceType", "metadata"});
      if (TextOf(input, "externalId").empty()) input.erase("externalId");
      return Add({"createAccount(input: $)", "{ accountId }", "AccountInput!", std::move(input)});
    }));
    STRONGROOM_TRY(Members());
    STRONGROOM_TRY(TranCodes());
    STRONGROOM_TRY(Each("transactions", [&](const json::object& one) { return Post(one); }));
    STRONGROOM_TRY(Lock());
    return report_;
  }

 private:
  using See = std::function<base::Status(const json::object&)>;

  std::string PathOf(std::string_view name) const {
    return fmt::format("{}/{}.jsonl", options_.directory, name);
  }

  base::Result<std::uint64_t> CountLines(std::string_view name) const {
    std::ifstream file(PathOf(name), std::ios::binary);
    if (!file)
      return MakeError(ErrorCode::kBadRequest, fmt::format("`{}` can't be read", PathOf(name)),
                       "name the directory of an export as JSON Lines");
    return static_cast<std::uint64_t>(
        std::count(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>(), '\n'));
  }

  base::Status Each(const std::string& name, const See& see) {
    STRONGROOM_ASSIGN(const std::uint64_t all, CountLines(name));
    std::ifstream file(PathOf(name), std::ios::binary);
    file_ = name;
    line_ = 0;
    for (std::string line; std::getline(file, line);) {
      ++line_;
      auto record = base::ParseJson(line, {64, kLineBytesMax});
      if (!record.ok() || !record->is_object())
        return MakeError(ErrorCode::kBadRequest,
                         fmt::format("line {} of {} is no record", line_, name));
      STRONGROOM_TRY(see(record->get_object()));
      if (line_ % 100 == 0 && options_.progress) options_.progress(name, line_, all);
    }
    if (options_.progress) options_.progress(name, all, all);
    return Flush();
  }

  base::Status Add(Step step) {
    step.line = line_;
    steps_.push_back(std::move(step));
    return steps_.size() < kRecordsAtOnce ? base::Status() : Flush();
  }

  // All of them in one document; when one is refused nothing happened, and each is tried alone.
  base::Status Flush() {
    if (steps_.empty()) return {};
    const std::vector<Step> steps = std::exchange(steps_, {});
    STRONGROOM_ASSIGN(const Answer together, Send(steps));
    if (together.problems.empty()) {
      report_.made += steps.size();
      return {};
    }
    for (const Step& step : steps) {
      STRONGROOM_ASSIGN(const Answer answer, Send({&step, 1}));
      if (answer.problems.empty()) {
        ++report_.made;
        continue;
      }
      STRONGROOM_ASSIGN(const bool there, IsThere(step, answer.problems.front().code));
      if (there) {
        ++report_.there;
      } else {
        return MakeError(ErrorCode::kDependencyError,
                         fmt::format("line {} of {} is refused: {}: {}", step.line, file_,
                                     answer.problems.front().code, answer.problems.front().message),
                         "what was made before stays; run the import again to go on");
      }
    }
    return {};
  }

  base::Result<bool> IsThere(const Step& step, const std::string& code) {
    if (code == kTaken) return true;
    if (step.probe.empty()) return false;
    STRONGROOM_ASSIGN(const Answer answer, remote_.Ask(step.probe));
    return json::serialize(answer.data).find("__typename") != std::string::npos;
  }

  base::Result<Answer> Send(std::span<const Step> steps) {
    std::string declarations;
    std::string fields;
    json::object variables;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      std::string field = steps[i].field;
      if (!steps[i].type.empty()) {
        const std::string name = fmt::format("v{}", i);
        declarations += fmt::format("${}: {} ", name, steps[i].type);
        field.replace(field.find('$'), 1, "$" + name);
        variables[name] = steps[i].input;
      }
      fields += fmt::format(" o{}: {} {}", i, field, steps[i].selection);
    }
    if (!declarations.empty()) declarations = "(" + declarations + ")";
    return remote_.Ask(fmt::format("mutation {} {{{} }}", declarations, fields),
                       std::move(variables));
  }

  // A set gets into another one while it is empty: from the top down, accounts last.
  base::Status Members() {
    std::multimap<std::string, std::string> children;
    std::map<std::string, int> depths;
    STRONGROOM_TRY(Each("account_set_members", [&](const json::object& one) -> base::Status {
      if (TextOf(one, "memberType") == "ACCOUNT_SET")
        children.emplace(TextOf(one, "accountSetId"), TextOf(one, "memberId"));
      return {};
    }));
    int deepest = 0;
    const std::function<void(const std::string&, int)> sink = [&](const std::string& set,
                                                                  int depth) {
      int& known = depths[set];
      if (depth > 100 || (known >= depth && depth > 0)) return;
      known = std::max(known, depth);
      deepest = std::max(deepest, known);
      const auto [first, last] = children.equal_range(set);
      for (auto child = first; child != last; ++child) sink(child->second, depth + 1);
    };
    for (const auto& [set, child] : children) sink(set, depths[set]);
    for (int depth = 0; depth <= deepest + 1; ++depth) {
      const bool accounts = depth > deepest;
      STRONGROOM_TRY(Each("account_set_members", [&](const json::object& one) -> base::Status {
        const std::string set = TextOf(one, "accountSetId");
        const bool is_set = TextOf(one, "memberType") == "ACCOUNT_SET";
        if (is_set == accounts || (is_set && depths[set] != depth)) return {};
        Step step{fmt::format("addToAccountSet(id: \"{}\", member: $)", set), "{ accountSetId }",
                  "AccountSetMemberInput!", Picked(one, {"memberId", "memberType"})};
        step.probe = fmt::format(
            "{{ accountSet(id: \"{}\") {{ members(where: {{memberId: {{eq: \"{}\"}}}}, first: 1) "
            "{{ nodes {{ __typename }} }} }} }}",
            set, TextOf(one, "memberId"));
        return Add(std::move(step));
      }));
    }
    return {};
  }

  base::Status TranCodes() {
    return Each("tran_codes", [&](const json::object& one) {
      json::object input = Picked(one, {"tranCodeId", "code", "description", "metadata", "vars"});
      input["params"] =
          PickedEach(one.if_contains("params"), {"name", "type", "default", "description"});
      const auto* transaction = one.if_contains("transaction");
      input["transaction"] =
          transaction != nullptr && transaction->is_object()
              ? Picked(transaction->get_object(), {"effective", "journalId", "correlationId",
                                                   "externalId", "description", "metadata"})
              : json::object();
      input["entries"] = PickedEach(one.if_contains("entries"),
                                    {"entryType", "accountId", "layer", "direction", "units",
                                     "currency", "description", "metadata", "condition"});
      return Add(
          {"createTranCode(input: $)", "{ tranCodeId }", "TranCodeInput!", std::move(input)});
    });
  }

  // The tran code that posts this many entries as the params say.
  base::Status NeedTranCode(std::size_t entries) {
    if (!tran_codes_.insert(entries).second) return {};
    STRONGROOM_TRY(Flush());
    json::array list;
    for (std::size_t i = 0; i < entries; ++i) {
      const auto of = [&](std::string_view name) {
        return fmt::format("params.entries[{}].{}", i, name);
      };
      list.push_back({{"accountId", fmt::format("uuid({})", of("accountId"))},
                      {"units", fmt::format("decimal({})", of("units"))},
                      {"currency", of("currency")},
                      {"direction", of("direction")},
                      {"layer", of("layer")},
                      {"entryType", of("entryType")},
                      {"description", of("description")},
                      {"metadata", of("metadata")}});
    }
    const auto transaction = [](std::string_view name) {
      return fmt::format("params.transaction.{}", name);
    };
    // An id that follows from the number, so that every import makes the same.
    const std::string id = fmt::format("5b2f9c3e-6d0a-4f7b-8c1d-{:012}", entries);
    const json::object input{
        {"tranCodeId", id},
        {"code", CodeOf(entries)},
        {"description", "Posts transactions of another book."},
        {"params", json::array{json::object{{"name", "transaction"}, {"type", "JSON"}},
                               json::object{{"name", "entries"}, {"type", "JSON"}}}},
        {"transaction",
         json::object{{"effective", fmt::format("date({})", transaction("effective"))},
                      {"journalId", fmt::format("uuid({})", transaction("journalId"))},
                      {"correlationId", transaction("correlationId")},
                      {"externalId", transaction("externalId")},
                      {"description", transaction("description")},
                      {"metadata", transaction("metadata")}}},
        {"entries", std::move(list)}};
    STRONGROOM_TRY(Add({"createTranCode(input: $)", "{ tranCodeId }", "TranCodeInput!", input}));
    return Flush();
  }

  static std::string CodeOf(std::size_t entries) {
    return fmt::format("STRONGROOM_IMPORT_{}", entries);
  }

  base::Status Post(const json::object& one) {
    const auto* stored = one.if_contains("entries");
    if (stored == nullptr || !stored->is_array() || stored->get_array().empty()) return {};
    json::array entries;
    for (const json::value& item : stored->get_array()) {
      if (!item.is_object())
        return MakeError(ErrorCode::kBadRequest,
                         fmt::format("line {} of {} lacks an entry", line_, file_),
                         "export with a token that may read every entry");
      json::object entry;
      for (const std::string_view name : {"accountId", "units", "currency", "direction", "layer",
                                          "entryType", "description", "metadata"}) {
        const auto* value = item.get_object().if_contains(name);
        entry[name] = value == nullptr ? json::value() : *value;
      }
      entries.push_back(std::move(entry));
    }
    STRONGROOM_TRY(NeedTranCode(entries.size()));
    json::object transaction;
    for (const std::string_view name :
         {"effective", "journalId", "correlationId", "externalId", "description", "metadata"}) {
      const auto* value = one.if_contains(name);
      transaction[name] = value == nullptr ? json::value() : *value;
    }
    const std::string code = CodeOf(entries.size());
    return Add({"postTransaction(input: $)", "{ transactionId }", "TransactionInput!",
                json::object{{"transactionId", TextOf(one, "transactionId")},
                             {"tranCode", code},
                             {"params", json::object{{"transaction", std::move(transaction)},
                                                     {"entries", std::move(entries)}}}}});
  }

  // What was closed takes postings no more.
  base::Status Lock() {
    const auto lock = [&](const std::string& file, std::string_view id, std::string_view field) {
      return Each(file, [&, this](const json::object& one) -> base::Status {
        const std::string status = TextOf(one, "status");
        const std::string key = TextOf(one, id);
        if (status.empty() || status == "ACTIVE" || sets_.contains(key)) return {};
        --report_.made;  // it has been counted
        return Add({status == "LOCKED" ? fmt::format("delete{}(id: \"{}\")", field, key)
                                       : fmt::format("update{}(id: \"{}\", input: {{status: {}}})",
                                                     field, key, status),
                    "{ version }",
                    "",
                    {}});
      });
    };
    STRONGROOM_TRY(lock("accounts", "accountId", "Account"));
    STRONGROOM_TRY(lock("tran_codes", "tranCodeId", "TranCode"));
    return lock("journals", "journalId", "Journal");
  }

  Remote& remote_;
  const ImportOptions& options_;
  ImportReport report_;
  std::string file_;
  std::uint64_t line_ = 0;
  std::vector<Step> steps_;
  std::set<std::string> sets_;
  std::set<std::size_t> tran_codes_;
};

}  // namespace

base::Result<ImportReport> Import(Remote& remote, const ImportOptions& options) {
  return Importer(remote, options).Run();
}

}  // namespace strongroom::server::book
