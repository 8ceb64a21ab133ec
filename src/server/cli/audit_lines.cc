#include "server/cli/audit_lines.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <sstream>

#include "base/json.h"
#include "server/read_file.h"

namespace strongroom::server::cli {

namespace json = boost::json;
using ledger::audit::AuditKeys;
using ledger::audit::Checkpoint;

std::string RecordLine(std::string_view chain, std::string_view account_id, std::string_view hash,
                       std::string_view sequence, std::string_view text) {
  std::string line = "{";
  if (!chain.empty()) line += fmt::format(R"("chain":"{}",)", chain);
  if (!account_id.empty())
    line += fmt::format(R"("account_id":{},)", json::serialize(json::value(account_id)));
  return line + fmt::format(R"("sequence":{},"hash":"{}","record":{}}})", sequence, hash, text);
}

std::string CheckpointLine(std::string_view chain, std::uint64_t sequence, std::string_view jws) {
  return fmt::format(R"({{"chain":"{}","sequence":{},"checkpoint":"{}"}})", chain, sequence, jws);
}

base::Result<std::vector<Checkpoint>> ReadCarried(const std::string& path, const AuditKeys& keys) {
  STRONGROOM_ASSIGN(const std::string text, ReadFile(path));
  std::vector<Checkpoint> carried;
  std::istringstream lines(text);
  std::uint64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.find("\"checkpoint\"") == line.npos) continue;
    const auto parsed = base::ParseJson(line);
    if (!parsed.ok() || !parsed->is_object()) continue;
    const json::value* jws = parsed->get_object().if_contains("checkpoint");
    if (jws == nullptr || !jws->is_string()) continue;
    auto checkpoint = keys.Verify(jws->get_string());
    if (!checkpoint.ok())
      return base::MakeError(
          base::ErrorCode::kBadRequest,
          fmt::format("the checkpoint in line {} of `{}` was not signed by this store", number,
                      path),
          "if the file is this store's, then the store was replaced, with its key");
    carried.push_back(std::move(checkpoint).value());
  }
  if (carried.empty())
    return base::MakeError(base::ErrorCode::kBadRequest,
                           fmt::format("there is no checkpoint in `{}`", path),
                           "name a request log (`audit-log`) or what `audit export` printed");
  return carried;
}

}  // namespace strongroom::server::cli
