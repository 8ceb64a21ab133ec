#include "server/book/export.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "base/uuid.h"

namespace strongroom::server::book {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::MakeError;

constexpr std::size_t kTransactionsAtOnce = 10;  // each with up to 500 entries

constexpr std::string_view kMoneySides =
    "drBalance { units } crBalance { units } normalBalance { units }";

// A file of records of one kind, all with the same members.
class RecordFile {
 public:
  RecordFile(const ExportOptions& options, std::string_view name,
             std::vector<std::string_view> columns)
      : csv_(options.csv), columns_(std::move(columns)) {
    const std::string path =
        fmt::format("{}/{}.{}", options.directory, name, csv_ ? "csv" : "jsonl");
    // A book is for its owner's eyes.
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor >= 0) file_.reset(::fdopen(descriptor, "wb"));
    if (file_ != nullptr && csv_) Line(fmt::format("{}\r\n", fmt::join(columns_, ",")));
  }

  bool Open() const { return file_ != nullptr; }

  void Write(const json::object& record) {
    if (!csv_) return Line(json::serialize(record) + "\n");
    std::string line;
    for (const std::string_view column : columns_) {
      if (!line.empty() || &column != &columns_.front()) line += ',';
      const auto* value = record.if_contains(column);
      if (value != nullptr) line += Cell(*value);
    }
    Line(line + "\r\n");
  }

  base::Status Close() {
    const bool good =
        file_ != nullptr && std::fflush(file_.get()) == 0 && std::ferror(file_.get()) == 0;
    file_.reset();
    if (good) return {};
    return MakeError(ErrorCode::kBadRequest, "a file of the export can't be written",
                     "check the space and the permissions of the directory");
  }

 private:
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  // rfc4180. A text that a spreadsheet would take for a formula is kept from being one.
  static std::string Cell(const json::value& value) {
    if (value.is_null()) return {};
    const bool is_text = value.is_string();
    std::string text = is_text ? std::string(value.get_string()) : json::serialize(value);
    const bool number = !text.empty() && text.find_first_not_of("+-0123456789.E") == text.npos;
    if (is_text && !number && !text.empty() &&
        std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
      text.insert(text.begin(), '\'');
    if (text.find_first_of(",\"\r\n") == text.npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
  }

  void Line(const std::string& line) { std::fwrite(line.data(), 1, line.size(), file_.get()); }

  bool csv_;
  std::vector<std::string_view> columns_;
  std::unique_ptr<std::FILE, Closer> file_;
};

const json::value& At(const json::value& value, std::string_view name) {
  static const json::value kNull;
  const json::object* object = value.if_object();
  const json::value* found = object == nullptr ? nullptr : object->if_contains(name);
  return found == nullptr ? kNull : *found;
}

std::string TextAt(const json::value& value, std::string_view name) {
  const json::value& found = At(value, name);
  return found.is_string() ? std::string(found.get_string()) : std::string();
}

class Exporter {
 public:
  Exporter(Remote& remote, const ExportOptions& options) : remote_(remote), options_(options) {}

  base::Result<ExportReport> Run() {
    STRONGROOM_TRY(Journals());
    STRONGROOM_TRY(Simple("tran_codes", "tranCodes(index: {name: CODE}, first: 25, after: $after)",
                          {"tranCodeId", "code", "description", "status", "params", "vars",
                           "transaction", "entries", "metadata", "created", "version"},
                          "tranCodeId code description status vars metadata created version "
                          "params { name type default description } "
                          "transaction { effective journalId correlationId externalId description "
                          "metadata } "
                          "entries { entryType accountId layer direction units currency "
                          "description metadata condition }"));
    STRONGROOM_TRY(Sets());
    STRONGROOM_TRY(Accounts());
    return report_;
  }

 private:
  using See = std::function<base::Status(const json::value&)>;

  // Every node of a list, page by page. `place` is the way to the connection in the data.
  base::Status Pages(const std::string& query, json::object variables,
                     const std::vector<std::string_view>& place, const See& see) {
    while (true) {
      STRONGROOM_ASSIGN(const Answer answer, remote_.Ask(query, variables));
      const json::value* connection = &answer.data;
      for (const std::string_view step : place) connection = &At(*connection, step);
      for (const Answer::Problem& problem : answer.problems) {
        if (problem.code != "ACCESS_DENIED")
          return MakeError(ErrorCode::kDependencyError,
                           fmt::format("the server refuses: {}", problem.message));
        ++report_.withheld;
      }
      if (!connection->is_object()) return {};
      for (const json::value& node : At(*connection, "nodes").as_array())
        if (node.is_object()) STRONGROOM_TRY(see(node));
      const json::value& page = At(*connection, "pageInfo");
      if (At(page, "hasNextPage") != json::value(true)) return {};
      variables["after"] = At(page, "endCursor");
    }
  }

  base::Status Open(const RecordFile& file) {
    if (file.Open()) return {};
    return MakeError(ErrorCode::kBadRequest,
                     fmt::format("a file in `{}` can't be made", options_.directory),
                     "name a directory that can be written, and holds no export yet");
  }

  void Count(const std::string& what, std::uint64_t count) {
    ++report_.records;
    if (count % 100 == 0 && options_.progress) options_.progress(what, count);
  }

  base::Status Simple(std::string_view name, std::string_view list,
                      std::vector<std::string_view> columns, std::string_view fields,
                      const See& more = {}) {
    RecordFile file(options_, name, std::move(columns));
    STRONGROOM_TRY(Open(file));
    std::uint64_t count = 0;
    const std::string query = fmt::format(
        "query ($after: String) {{ list: {} {{ nodes {{ {} }} pageInfo {{ "
        "hasNextPage endCursor }} }} }}",
        list, fields);
    STRONGROOM_TRY(Pages(query, {}, {"list"}, [&](const json::value& node) -> base::Status {
      file.Write(node.get_object());
      Count(std::string(name), ++count);
      return more ? more(node) : base::Status();
    }));
    return file.Close();
  }

  base::Status Journals() {
    return Simple("journals", "journals(index: {name: NAME}, first: 100, after: $after)",
                  {"journalId", "name", "description", "status", "code", "created", "version"},
                  "journalId name description status code created version",
                  [&](const json::value& journal) -> base::Status {
                    journals_.push_back(TextAt(journal, "journalId"));
                    return {};
                  });
  }

  base::Status Sets() {
    RecordFile sets(options_, "account_sets",
                    {"accountSetId", "journalId", "name", "code", "description",
                     "normalBalanceType", "metadata", "created", "version"});
    RecordFile members(options_, "account_set_members", {"accountSetId", "memberId", "memberType"});
    STRONGROOM_TRY(Open(sets));
    STRONGROOM_TRY(Open(members));
    std::uint64_t count = 0;
    for (const std::string& journal : journals_) {
      const std::string query = fmt::format(
          "query ($after: String) {{ list: accountSets(index: {{name: NAME}}, where: {{journalId: "
          "{{eq: \"{}\"}}}}, first: 100, after: $after) {{ nodes {{ accountSetId journalId name "
          "code description normalBalanceType metadata created version }} pageInfo {{ hasNextPage "
          "endCursor }} }} }}",
          journal);
      STRONGROOM_TRY(Pages(query, {}, {"list"}, [&](const json::value& set) -> base::Status {
        sets.Write(set.get_object());
        Count("account_sets", ++count);
        return Members(TextAt(set, "accountSetId"), members);
      }));
    }
    STRONGROOM_TRY(members.Close());
    return sets.Close();
  }

  base::Status Members(const std::string& set, RecordFile& file) {
    const std::string query = fmt::format(
        "query ($after: String) {{ set: accountSet(id: \"{}\") {{ members(first: 1000, after: "
        "$after) {{ nodes {{ ... on Account {{ accountId }} ... on AccountSet {{ accountSetId }} "
        "}} pageInfo {{ hasNextPage endCursor }} }} }} }}",
        set);
    return Pages(query, {}, {"set", "members"}, [&](const json::value& node) -> base::Status {
      const bool is_set = !At(node, "accountSetId").is_null();
      file.Write({{"accountSetId", set},
                  {"memberId", TextAt(node, is_set ? "accountSetId" : "accountId")},
                  {"memberType", is_set ? "ACCOUNT_SET" : "ACCOUNT"}});
      return {};
    });
  }

  base::Status Accounts() {
    RecordFile balances(options_, "balances",
                        {"accountId", "journalId", "currency", "settled", "pending", "encumbrance",
                         "modified", "version"});
    RecordFile transactions(
        options_, "transactions",
        {"transactionId", "tranCodeId", "journalId", "correlationId", "externalId", "effective",
         "description", "metadata", "voidOf", "voidedBy", "created", "version"});
    STRONGROOM_TRY(Open(balances));
    STRONGROOM_TRY(Open(transactions));
    std::optional<RecordFile> entries;
    if (options_.csv) {
      entries.emplace(options_, "entries",
                      std::vector<std::string_view>{
                          "transactionId", "sequence", "entryId", "accountId", "entryType", "layer",
                          "direction", "units", "currency", "description", "metadata", "created"});
      STRONGROOM_TRY(Open(*entries));
    }
    transactions_ = &transactions;
    entries_ = entries ? &*entries : nullptr;
    STRONGROOM_TRY(Simple(
        "accounts", "accounts(index: {name: NAME}, first: 100, after: $after)",
        {"accountId", "externalId", "name", "code", "description", "status", "normalBalanceType",
         "metadata", "config", "created", "version"},
        "accountId externalId name code description status normalBalanceType metadata config { "
        "isAccountSet } created version",
        [&](const json::value& account) { return Balances(account, balances); }));
    STRONGROOM_TRY(Flush());
    STRONGROOM_TRY(balances.Close());
    if (entries) STRONGROOM_TRY(entries->Close());
    return transactions.Close();
  }

  base::Status Balances(const json::value& account, RecordFile& file) {
    const bool is_set = At(At(account, "config"), "isAccountSet") == json::value(true);
    const std::string id = TextAt(account, "accountId");
    for (const std::string& journal : journals_) {
      const std::string query = fmt::format(
          "query ($after: String) {{ account(id: \"{}\") {{ balances(where: {{journalId: {{eq: "
          "\"{}\"}}}}, first: 100, after: $after) {{ nodes {{ accountId journalId currency settled "
          "{{ {} }} pending {{ {} }} encumbrance {{ {} }} modified version }} pageInfo {{ "
          "hasNextPage endCursor }} }} }} }}",
          id, journal, kMoneySides, kMoneySides, kMoneySides);
      STRONGROOM_TRY(Pages(query, {}, {"account", "balances"},
                           [&](const json::value& balance) -> base::Status {
                             file.Write(balance.get_object());
                             ++report_.records;
                             if (is_set) return {};  // its members have the entries
                             return Entries(id, journal, TextAt(balance, "currency"));
                           }));
    }
    return {};
  }

  // Transactions are found by their entries, each once.
  base::Status Entries(const std::string& account, const std::string& journal,
                       const std::string& currency) {
    const std::string query = fmt::format(
        "query ($after: String) {{ account(id: \"{}\") {{ entries(where: {{journalId: {{eq: "
        "\"{}\"}}, currency: {{eq: \"{}\"}}}}, first: 1000, after: $after) {{ nodes {{ "
        "transactionId }} pageInfo {{ hasNextPage endCursor }} }} }} }}",
        account, journal, currency);
    return Pages(query, {}, {"account", "entries"}, [&](const json::value& entry) -> base::Status {
      const std::string id = TextAt(entry, "transactionId");
      const auto parsed = base::ParseUuid(id);
      if (!parsed.ok() || !seen_.insert(*parsed).second) return {};
      waiting_[journal].push_back(id);
      return waiting_[journal].size() < kTransactionsAtOnce ? base::Status() : Flush();
    });
  }

  base::Status Flush() {
    for (auto& [journal, ids] : waiting_) {
      if (ids.empty()) continue;
      json::array list(ids.begin(), ids.end());
      STRONGROOM_TRY(Pages(
          "query ($ids: [UUID!], $after: String) { list: transactions(index: {name: "
          "TRANSACTION_IDS}, where: {transactionIds: $ids}, first: 10, after: $after) { nodes { "
          "transactionId tranCodeId journalId correlationId externalId effective description "
          "metadata voidOf voidedBy created version entries(first: 500) { nodes { entryId "
          "transactionId sequence accountId entryType layer direction units currency description "
          "metadata created } } } pageInfo { hasNextPage endCursor } } }",
          {{"ids", std::move(list)}}, {"list"},
          [&](const json::value& node) { return Transaction(node); }));
      ids.clear();
    }
    return {};
  }

  base::Status Transaction(const json::value& node) {
    json::object record = node.get_object();
    const json::value entries = At(At(node, "entries"), "nodes");
    record["entries"] = entries;
    transactions_->Write(record);
    Count("transactions", ++transaction_count_);
    if (!entries.is_array()) return {};
    report_.entries += entries.get_array().size();
    if (entries_ == nullptr) return {};
    for (const json::value& entry : entries.get_array())
      if (entry.is_object()) entries_->Write(entry.get_object());
    return {};
  }

  Remote& remote_;
  const ExportOptions& options_;
  ExportReport report_;
  std::vector<std::string> journals_;
  std::set<base::Uuid> seen_;
  std::map<std::string, std::vector<std::string>> waiting_;  // transaction ids, by journal
  RecordFile* transactions_ = nullptr;
  RecordFile* entries_ = nullptr;
  std::uint64_t transaction_count_ = 0;
};

}  // namespace

base::Result<ExportReport> Export(Remote& remote, const ExportOptions& options) {
  std::error_code failed;
  std::filesystem::create_directories(options.directory, failed);
  return Exporter(remote, options).Run();
}

}  // namespace strongroom::server::book
