// The conformance runner: one function per suite of ../shared/conformance.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace strongroom::tools {

// Counts the cases of one run and prints each failure to standard output.
class Tally {
 public:
  void Pass() { ++passed_; }
  void Fail(std::string_view id, std::string_view why);
  void Check(bool ok, std::string_view id, std::string_view why) {
    if (ok) {
      Pass();
    } else {
      Fail(id, why);
    }
  }
  // A case that is marked `disputed`: reported, and not counted.
  void Disputed(std::string_view id, std::string_view why);
  // A remark for the reader, such as how many cases of a file concern nothing that the product has.
  void Note(std::string_view text);
  // Prints the last line, `N passed, M failed`, and gives the exit status: 0 without failures.
  int Finish() const;

 private:
  int passed_ = 0;
  int failed_ = 0;
};

// Each runs the files of its suite that `folder` holds; 2 when it holds none that it knows.
int RunCel(const std::filesystem::path& folder);
int RunJose(const std::filesystem::path& folder);
int RunSigV4(const std::filesystem::path& folder);
// A folder with files of the form of getcalleridentity_cases.json, or one such file.
int RunIam(const std::filesystem::path& where);

// The bytes of a file; exits with status 2 and a message if it can't be read.
std::string ReadFile(const std::filesystem::path& path);

}  // namespace strongroom::tools
