// export, import.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "server/book/export.h"
#include "server/book/import.h"
#include "server/cli/commands.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;

struct BookCommand {
  book::RemoteOptions remote;
  std::string directory;
  std::string format = "jsonl";
  std::string output = "text";
};

void AddCommon(CLI::App& command, BookCommand& options) {
  command.add_option("DIRECTORY", options.directory, "where the files are")->required();
  command.add_option("--account-id", options.remote.account_id, "accountId of the tenant")
      ->required();
  command
      .add_option("--token-file", options.remote.token_file,
                  "file with the token; read for every request, so that it can be renewed")
      ->required();
  command.add_option("--url", options.remote.url, "of GraphQL")->capture_default_str();
  command.add_option("--ca", options.remote.ca, "PEM file that is trusted besides the system's");
  AddOutput(command, options.output);
}

// On a terminal one line that is written over; else a line of JSON. `all` is 0 when it isn't known.
void ShowProgress(const std::string& what, std::uint64_t done, std::uint64_t all) {
  if (isatty(STDERR_FILENO) == 0) {
    json::object line{{"file", what}, {"done", done}};
    if (all > 0) line["all"] = all;
    fmt::print(stderr, "{}\n", json::serialize(line));
  } else if (all > 0) {
    fmt::print(stderr, "\r{}: {} of {} ({} %)\x1b[K", what, done, all, done * 100 / all);
  } else {
    fmt::print(stderr, "\r{}: {}\x1b[K", what, done);
  }
}

void EndProgress() {
  if (isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r\x1b[K");
}

base::Status RunExport(const BookCommand& command) {
  STRONGROOM_ASSIGN(const auto remote, book::Remote::Make(command.remote));
  book::ExportOptions options;
  options.directory = command.directory;
  options.csv = command.format == "csv";
  options.progress = [](const std::string& what, std::uint64_t count) {
    ShowProgress(what, count, 0);
  };
  const auto report = book::Export(*remote, options);
  EndProgress();
  if (!report.ok()) return report.error();
  if (command.output == "json") {
    fmt::print("{}\n", json::serialize(json::object{{"records", report->records},
                                                    {"entries", report->entries},
                                                    {"withheld", report->withheld}}));
    return {};
  }
  fmt::print("{} records and {} entries\n", report->records, report->entries);
  if (report->withheld > 0)
    fmt::print(stderr, "{} values are empty: the token's policies keep them\n", report->withheld);
  return {};
}

base::Status RunImport(const BookCommand& command) {
  STRONGROOM_ASSIGN(const auto remote, book::Remote::Make(command.remote));
  book::ImportOptions options;
  options.directory = command.directory;
  options.progress = ShowProgress;
  const auto report = book::Import(*remote, options);
  EndProgress();
  if (!report.ok()) return report.error();
  if (command.output == "json") {
    fmt::print("{}\n",
               json::serialize(json::object{{"made", report->made}, {"there", report->there}}));
  } else {
    fmt::print("{} made, {} were there\n", report->made, report->there);
  }
  return {};
}

void Bind(CLI::App& command, std::shared_ptr<BookCommand> options,
          base::Status (*run)(const BookCommand&), int& exit) {
  command.callback([options, run, &exit] {
    const base::Status status = run(*options);
    exit = status.ok() ? 0 : Report(status.error());
  });
}

}  // namespace

void AddBook(CLI::App& app, int& exit) {
  auto exporting = std::make_shared<BookCommand>();
  CLI::App* command =
      app.add_subcommand("export", "write a tenant's book to files, as a token may see it");
  AddCommon(*command, *exporting);
  command->add_option("--format", exporting->format, "of the files: jsonl or csv")
      ->check(CLI::IsMember({"jsonl", "csv"}));
  command->footer(
      "example:\n"
      "  strongroom export book --account-id Main --token-file token.txt --ca ca.pem");
  Bind(*command, exporting, RunExport, exit);

  auto importing = std::make_shared<BookCommand>();
  command = app.add_subcommand(
      "import", "bring an exported book (jsonl) into a tenant; what is there already stays");
  AddCommon(*command, *importing);
  command->footer(
      "example, which may be repeated, and goes on where it was cut off:\n"
      "  strongroom import book --account-id Copy --token-file token.txt --ca ca.pem");
  Bind(*command, importing, RunImport, exit);
}

}  // namespace strongroom::server::cli
