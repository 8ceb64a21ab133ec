// conformance SUITE [WHERE]: runs a conformance suite against the real code. Failures and the
// count go to standard output, the rest to standard error. Exit status: 0 all passed, 1 failures, 2
// usage.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "conformance.h"

namespace strongroom::tools {
namespace {

constexpr std::string_view kUsage =
    "usage: tools/conformance {cel|jose|sigv4|iam} [FOLDER]\n"
    "       tools/conformance iam FILE\n";

struct Suite {
  std::string_view name;
  int (*run)(const std::filesystem::path& folder);
  std::string_view folder;  // below the conformance folder
  bool takes_file = false;
};

// One line per suite that has a runner.
constexpr Suite kSuites[] = {
    {"cel", RunCel, "cel"},
    {"jose", RunJose, "jose"},
    {"sigv4", RunSigV4, "sigv4"},
    {"iam", RunIam, "sigv4/getcalleridentity_cases.json", true},
};

void Say(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

int Main(int argc, char** argv) {
  const std::string_view name = argc > 1 ? argv[1] : "";
  for (const Suite& suite : kSuites) {
    if (suite.name != name || argc > 3) continue;
    const std::filesystem::path where =
        argc == 3 ? std::filesystem::path(argv[2])
                  : std::filesystem::path(STRONGROOM_CONFORMANCE_DIR) / suite.folder;
    const bool is_file = suite.takes_file && std::filesystem::is_regular_file(where);
    if (is_file || std::filesystem::is_directory(where)) return suite.run(where);
    Say("error: `" + where.string() + "` is not " +
        (suite.takes_file ? "a file or a folder\n" : "a folder\n"));
    return 2;
  }
  Say(kUsage);
  return 2;
}

void Line(std::string_view kind, std::string_view id, std::string_view why) {
  std::printf("%.*s %.*s: %.*s\n", static_cast<int>(kind.size()), kind.data(),
              static_cast<int>(id.size()), id.data(), static_cast<int>(why.size()), why.data());
}

}  // namespace

void Tally::Fail(std::string_view id, std::string_view why) {
  ++failed_;
  Line("FAILED", id, why);
}

void Tally::Disputed(std::string_view id, std::string_view why) { Line("disputed", id, why); }

void Tally::Note(std::string_view text) {
  Say("note: ");
  Say(text);
  Say("\n");
}

int Tally::Finish() const {
  std::printf("%d passed, %d failed\n", passed_, failed_);
  return failed_ == 0 ? 0 : 1;
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (in) return bytes;
  Say("error: can't read `" + path.string() + "`\n");
  std::exit(2);
}

}  // namespace strongroom::tools

int main(int argc, char** argv) { return strongroom::tools::Main(argc, argv); }
