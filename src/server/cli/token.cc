#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "base/json.h"
#include "server/cli/commands.h"
#include "server/development.h"

namespace strongroom::server::cli {
namespace {

namespace json = boost::json;

struct TokenOptions {
  std::string data = ".strongroom/data";
  std::vector<std::string> claims;
  std::int64_t lifetime_seconds = 3600;
  std::string output = "text";
};

// `name=value`; a value that is JSON is taken as such, everything else is text.
base::Result<json::object> ReadClaims(const std::vector<std::string>& texts) {
  json::object claims;
  for (const std::string& text : texts) {
    const std::size_t at = text.find('=');
    if (at == 0 || at == text.npos) {
      return base::MakeError(base::ErrorCode::kBadRequest, fmt::format("`{}` is no claim", text),
                             "write --claim name=value");
    }
    const std::string value = text.substr(at + 1);
    auto parsed = base::ParseJson(value);
    claims[text.substr(0, at)] = parsed.ok() ? std::move(parsed).value() : json::value(value);
  }
  return claims;
}

base::Status Print(const TokenOptions& options) {
  STRONGROOM_ASSIGN(const authn::DevIssuer issuer, LoadDevIssuer(options.data));
  STRONGROOM_ASSIGN(json::object claims, ReadClaims(options.claims));
  STRONGROOM_ASSIGN(
      const std::string token,
      DevToken(issuer, std::move(claims), std::chrono::seconds(options.lifetime_seconds)));
  if (options.output == "json") {
    fmt::print("{}\n", json::serialize(json::object{{"token", token}}));
  } else {
    fmt::print("{}\n", token);
  }
  return {};
}

}  // namespace

void AddToken(CLI::App& app, int& exit) {
  CLI::App* token = app.add_subcommand("token", "get tokens");
  token->require_subcommand(1);
  AddTokenAws(*token, exit);
  AddTokenOidc(*token, exit);
  CLI::App* command = token->add_subcommand("dev", "a token of the development issuer");
  auto options = std::make_shared<TokenOptions>();
  command->add_option("--data", options->data, "directory of the development server");
  command->add_option("--claim", options->claims, "a claim as name=value; may be repeated")
      ->take_all();
  command->add_option("--lifetime", options->lifetime_seconds, "in seconds")
      ->check(CLI::Range(1, 31536000));
  AddOutput(*command, options->output);
  command->footer(
      "examples:\n"
      "  strongroom token dev\n"
      "  strongroom token dev --claim email=a@example.com --claim email_verified=true\n"
      "  strongroom token dev --claim 'aud=[\"ledger\"]' --lifetime 60");
  command->callback([options, &exit] {
    const base::Status status = Print(*options);
    exit = status.ok() ? 0 : Report(status.error());
  });
}

}  // namespace strongroom::server::cli
