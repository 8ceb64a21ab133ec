#include "server/key_commands.h"

#include <boost/json.hpp>
#include <chrono>

namespace strongroom::server {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::MakeError;

base::Error BadCommand() {
  return MakeError(ErrorCode::kBadRequest, "this is no command for keys",
                   "use the `strongroom` of the same version as the server");
}

json::value TimeJson(base::Timestamp at) {
  if (at == base::Timestamp()) return nullptr;
  return json::value(base::FormatTimestamp(at));
}

json::object SpaceJson(const storage::SpaceKeys& keys) {
  json::object about{
      {"tenant", keys.space.id.IsNil() ? std::string("installation") : keys.space.id.ToString()},
      {"key_made", TimeJson(keys.made)},
      {"epoch", keys.epoch},
      {"epoch_since", TimeJson(keys.epoch_since)},
      {"seals_reserved", keys.seals_reserved},
      {"rotating", keys.rotating}};
  if (keys.destroyed_at.has_value()) about["key_destroyed_at"] = TimeJson(*keys.destroyed_at);
  return about;
}

json::object StatusJson(const storage::KeyStatus& status, const storage::OldSeals* old) {
  json::array spaces;
  for (const auto& keys : status.spaces) spaces.push_back(SpaceJson(keys));
  json::object answer{{"store", status.store.ToString()},
                      {"root_key", status.provider},
                      {"wrapped_at", TimeJson(status.wrapped_at)},
                      {"root_key_reachable", status.provider_reachable},
                      {"root_key_asked_at", TimeJson(status.provider_asked)},
                      {"seals_per_key_max", status.seals_per_key_max},
                      {"rotation",
                       {{"running", status.rotation.spaces_left > 0 && !status.rotation.paused},
                        {"paused", status.rotation.paused},
                        {"tenants_left", status.rotation.spaces_left},
                        {"records_left", status.rotation.records_left},
                        {"records_rewritten", status.rotation.records_rewritten},
                        {"problem", status.rotation.problem}}},
                      {"tenants", std::move(spaces)}};
  if (old != nullptr)
    answer["old_seals"] = {{"records", old->records},
                           {"bytes", old->bytes},
                           {"all_records", old->all_records},
                           {"all_bytes", old->all_bytes}};
  return answer;
}

base::Result<std::optional<storage::SpaceId>> TenantOf(const json::object& command) {
  const auto* tenant = command.if_contains("tenant");
  if (tenant == nullptr || tenant->is_null()) return std::optional<storage::SpaceId>();
  if (!tenant->is_string()) return BadCommand();
  STRONGROOM_ASSIGN(const base::Uuid id, base::ParseUuid(tenant->as_string()));
  return std::optional(storage::SpaceId{id});
}

base::Result<json::object> Rotate(storage::KeyControl& keys, const json::object& command) {
  STRONGROOM_ASSIGN(const auto tenant, TenantOf(command));
  const auto* dry = command.if_contains("dry_run");
  if (dry != nullptr && dry->is_bool() && dry->as_bool()) {
    STRONGROOM_ASSIGN(const storage::OldSeals count, keys.CountOldSeals(tenant));
    return json::object{
        {"dry_run", true}, {"records", count.all_records}, {"bytes", count.all_bytes}};
  }
  STRONGROOM_TRY(keys.RotateDataKeys(tenant));
  return StatusJson(keys.Status(), nullptr);
}

base::Result<std::string> Member(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  if (value == nullptr) return std::string();
  if (!value->is_string()) return BadCommand();
  return std::string(value->as_string());
}

base::Result<storage::KeySettings> ReadSettings(const json::object& from) {
  storage::KeySettings settings;
  STRONGROOM_ASSIGN(settings.provider, Member(from, "provider"));
  STRONGROOM_ASSIGN(settings.file.path, Member(from, "root_key"));
  STRONGROOM_ASSIGN(settings.file.passphrase_path, Member(from, "passphrase_file"));
  STRONGROOM_ASSIGN(settings.pkcs11.module, Member(from, "pkcs11_module"));
  STRONGROOM_ASSIGN(settings.pkcs11.token, Member(from, "pkcs11_token"));
  STRONGROOM_ASSIGN(settings.pkcs11.key, Member(from, "pkcs11_key"));
  STRONGROOM_ASSIGN(settings.pkcs11.pin_path, Member(from, "pkcs11_pin_file"));
  STRONGROOM_ASSIGN(settings.kms.key_arn, Member(from, "kms_key"));
  STRONGROOM_ASSIGN(settings.kms.endpoint, Member(from, "kms_endpoint"));
  STRONGROOM_ASSIGN(settings.kms.ca_path, Member(from, "kms_ca"));
  STRONGROOM_ASSIGN(settings.kms.profile, Member(from, "kms_profile"));
  if (const auto* fips = from.if_contains("kms_fips"); fips != nullptr && fips->is_bool())
    settings.kms.fips = fips->as_bool();
  return settings;
}

base::Result<json::object> Rewrap(storage::KeyControl& keys, const json::object& command) {
  const auto* chosen = command.if_contains("keys");
  if (chosen == nullptr || !chosen->is_object()) return BadCommand();
  STRONGROOM_ASSIGN(const storage::KeySettings settings, ReadSettings(chosen->as_object()));
  STRONGROOM_ASSIGN(std::shared_ptr<storage::KeyProvider> provider,
                    storage::OpenKeyProvider(settings, base::SystemRandom()));
  const auto before = std::chrono::steady_clock::now();
  const std::string old = keys.Status().provider;
  STRONGROOM_TRY(keys.Rewrap(std::move(provider)));
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - before);
  const storage::KeyStatus status = keys.Status();
  return json::object{{"root_key_before", old},
                      {"root_key", status.provider},
                      {"keys", status.spaces.size() + 1},
                      {"milliseconds", took.count()}};
}

}  // namespace

base::Result<json::object> AnswerKeyCommand(storage::KeyControl& keys,
                                            const json::object& command) {
  STRONGROOM_ASSIGN(const std::string name, Member(command, "command"));
  if (name == "status") {
    STRONGROOM_ASSIGN(const storage::OldSeals old, keys.CountOldSeals(std::nullopt));
    return StatusJson(keys.Status(), &old);
  }
  if (name == "progress") return StatusJson(keys.Status(), nullptr);
  if (name == "rotate") return Rotate(keys, command);
  if (name == "pause" || name == "resume") {
    STRONGROOM_TRY(keys.PauseRotation(name == "pause"));
    return StatusJson(keys.Status(), nullptr);
  }
  if (name == "rewrap") return Rewrap(keys, command);
  if (name == "verify") {
    STRONGROOM_ASSIGN(const std::size_t count, keys.Verify());
    return json::object{{"keys", count}, {"root_key", keys.Status().provider}};
  }
  return BadCommand();
}

bool IsRotateIssuer(const json::object& command) {
  const json::value* name = command.if_contains("command");
  return name != nullptr && name->is_string() && name->as_string() == "rotate_issuer";
}

json::object KeySettingsJson(const storage::KeySettings& settings) {
  return {{"provider", settings.provider},
          {"root_key", settings.file.path},
          {"passphrase_file", settings.file.passphrase_path},
          {"pkcs11_module", settings.pkcs11.module},
          {"pkcs11_token", settings.pkcs11.token},
          {"pkcs11_key", settings.pkcs11.key},
          {"pkcs11_pin_file", settings.pkcs11.pin_path},
          {"kms_key", settings.kms.key_arn},
          {"kms_endpoint", settings.kms.endpoint},
          {"kms_ca", settings.kms.ca_path},
          {"kms_profile", settings.kms.profile},
          {"kms_fips", settings.kms.fips}};
}

}  // namespace strongroom::server
