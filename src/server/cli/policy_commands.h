// The parts of `strongroom policy` that have files of their own.
#pragma once

namespace CLI {
class App;
}

namespace strongroom::server::cli {

void AddPolicyServer(CLI::App& policy, int& exit);    // export, diff, apply
void AddPolicySimulate(CLI::App& policy, int& exit);  // simulate

}  // namespace strongroom::server::cli
