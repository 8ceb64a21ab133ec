#include "ledger/verify/inspection.h"

#include "ledger/encoding.h"
#include "ledger/records.h"

namespace strongroom::ledger {
namespace {

// Records between two words about the progress.
constexpr std::uint64_t kStepsPerWord = 4096;

std::string TextOf(const PropertySpec& spec, const Value& value) {
  if (const auto* id = value.As<base::Uuid>(); id != nullptr) return id->ToString();
  if (const auto* text = value.As<std::string>(); text != nullptr) return *text;
  if (spec.type == PropertyType::kEnum) return std::string(EnumName(*spec.enumeration, value));
  return {};
}

}  // namespace

std::string NameOf(const Document& document) {
  const Ledger& ledger = document.ledger();
  std::string name(ledger.spec().name);
  for (const PropertyIndex part : ledger.key())
    name += " " + TextOf(ledger.properties()[part], document.At(part));
  return name;
}

void Inspection::Find(std::string_view check, std::string text) {
  ++report.found;
  if (report.findings.size() < options.findings_max)
    report.findings.push_back({account_id, std::string(check), std::move(text)});
}

base::Status Inspection::Step() {
  if (++report.records % kStepsPerWord != 0 || !options.progress) return {};
  return options.progress(account_id, report);
}

base::Status Inspection::Run(std::string_view check, const std::function<base::Status()>& body) {
  base::Status status = body();
  if (status.ok() || status.error().code != base::ErrorCode::kInternalServerError) return status;
  Find(check, fmt::format("{}; the rest of this check was left out", status.error().message));
  return {};
}

base::Status Inspection::Each(
    const storage::KeyRange& range, bool keys_only,
    const std::function<base::Status(std::string_view, std::string_view)>& see) {
  STRONGROOM_ASSIGN(const auto cursor, scope.reader.Scan(space(), range, {.keys_only = keys_only}));
  while (true) {
    STRONGROOM_ASSIGN(const bool found, cursor->Next());
    if (!found) return {};
    STRONGROOM_TRY(see(cursor->key(), cursor->value()));
  }
}

base::Status Inspection::EachDocument(
    const Ledger& ledger,
    const std::function<base::Status(const SharedDocument&, std::string_view)>& see) {
  const std::string prefix = CurrentKey(ledger);
  return Each(storage::PrefixRange(prefix), false,
              [&](std::string_view key, std::string_view value) -> base::Status {
                STRONGROOM_ASSIGN(const SharedDocument document, Decode(ledger, value));
                return see(document, key.substr(prefix.size()));
              });
}

base::Result<std::uint64_t> Inspection::Count(const std::string& prefix) {
  std::uint64_t count = 0;
  STRONGROOM_TRY(Each(storage::PrefixRange(prefix), true,
                      [&](std::string_view, std::string_view) -> base::Status {
                        ++count;
                        return {};
                      }));
  return count;
}

}  // namespace strongroom::ledger
