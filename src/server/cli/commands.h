// The commands of `strongroom`, one file each. Data goes to standard output, everything else to
// standard error; `--output json` on every command.
#pragma once

#include <string>

#include "base/error.h"

namespace CLI {
class App;
}

namespace strongroom::server::cli {

// Exit codes: 0 done, 1 failed, 2 wrong usage, 3 what was checked is not valid, 4 a test failed.
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;
inline constexpr int kInvalid = 3;
inline constexpr int kTestFailed = 4;

int Main(int argc, char** argv);

// Each adds its command to `app`; when it is the one called, it runs while parsing and leaves its
// exit code in `exit`. Both outlive the parsing.
void AddDev(CLI::App& app, int& exit);
void AddServe(CLI::App& app, int& exit);
void AddInit(CLI::App& app, int& exit);  // init, recover
void AddToken(CLI::App& app, int& exit);
void AddTokenAws(CLI::App& token, int& exit);   // a command of `token`
void AddTokenOidc(CLI::App& token, int& exit);  // another
void AddPolicy(CLI::App& app, int& exit);
void AddKey(CLI::App& app, int& exit);
void AddExplain(CLI::App& app, int& exit);
void AddAudit(CLI::App& app, int& exit);
void AddCel(CLI::App& app, int& exit);
void AddVerify(CLI::App& app, int& exit);
void AddBackup(CLI::App& app, int& exit);  // backup, restore
void AddBook(CLI::App& app, int& exit);  // export, import

// "error: …" and "hint: …" on standard error; returns kFailed.
int Report(const base::Error& error);

// Adds --output {text,json}.
void AddOutput(CLI::App& command, std::string& output);

}  // namespace strongroom::server::cli
