#include "server/cli/key_options.h"

#include <CLI/CLI.hpp>

namespace strongroom::server::cli {

void AddKeyOptions(CLI::App& command, storage::KeySettings& keys, const std::string& prefix) {
  const std::string start = "--" + prefix;
  command.add_option(start + "key-provider", keys.provider, "where the root key is")
      ->check(CLI::IsMember({"file", "pkcs11", "aws-kms"}))
      ->capture_default_str();
  command.add_option(start + "root-key", keys.file.path, "file: the root key");
  command.add_option(start + "root-key-passphrase-file", keys.file.passphrase_path,
                     "file: holds the passphrase that the root key is sealed under");
  command.add_option(start + "pkcs11-module", keys.pkcs11.module, "pkcs11: shared library");
  command.add_option(start + "pkcs11-token", keys.pkcs11.token, "pkcs11: label of the token");
  command.add_option(start + "pkcs11-key", keys.pkcs11.key, "pkcs11: label of the key");
  command.add_option(start + "pkcs11-pin-file", keys.pkcs11.pin_path, "pkcs11: holds the PIN");
  command.add_option(start + "kms-key", keys.kms.key_arn, "aws-kms: ARN of the key");
  command.add_option(start + "kms-fips", keys.kms.fips, "aws-kms: ask the region's FIPS endpoint");
  command.add_option(start + "kms-endpoint", keys.kms.endpoint,
                     "aws-kms: https://host[:port] to ask instead of the region's");
  command.add_option(start + "kms-ca", keys.kms.ca_path,
                     "aws-kms: PEM file trusted for it besides the system's");
  command.add_option(start + "kms-profile", keys.kms.profile,
                     "aws-kms: profile with the credentials; else the usual chain");
}

}  // namespace strongroom::server::cli
