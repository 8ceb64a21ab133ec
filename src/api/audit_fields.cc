// `auth { auditLog }`: the records of the addressed tenant's audit log, as they were written.
#include <charconv>

#include "api/roots.h"
#include "base/encoding.h"
#include "ledger/audit/chain.h"
#include "ledger/audit/limits.h"
#include "ledger/read.h"

namespace strongroom::api {
namespace {

using base::ErrorCode;
using graphql::FieldContext;
using graphql::Object;
using graphql::Resolved;
using ledger::audit::ChainHead;
using ledger::audit::ChainRecord;

constexpr std::string_view kRight = "system.Decision.document.audit_record";
// Of one page, unless its first record is longer.
constexpr std::size_t kPageBytesMax = std::size_t{4} << 20;

base::Error BadArgument(std::string message, std::string hint = {}) {
  return base::MakeError(ErrorCode::kBadRequest, std::move(message), std::move(hint));
}

// Absent: nothing.
base::Result<std::optional<std::uint64_t>> CountArgument(const FieldContext& field,
                                                         std::string_view name) {
  const graphql::Input* given = field.arguments.Find(name);
  if (given == nullptr || given->IsNull()) return std::optional<std::uint64_t>();
  const std::int64_t count = given->AsInt();
  if (count < 0 || count > ledger::audit::kPageMax)
    return BadArgument("a page has 0 to 1000 records", "go on behind the last with `after`");
  return std::optional(static_cast<std::uint64_t>(count));
}

base::Result<std::uint64_t> AfterArgument(const FieldContext& field) {
  const graphql::Input* given = field.arguments.Find("after");
  if (given == nullptr || given->IsNull()) return std::uint64_t{0};
  const std::string& text = given->AsString();
  std::uint64_t sequence = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), sequence);
  if (error != std::errc() || end != text.data() + text.size())
    return BadArgument("`after` has to be the sequence of a record");
  return sequence;
}

struct Span {
  std::uint64_t from = 0;
  std::uint64_t to = 0;  // inclusive
};

base::Result<Span> SpanOf(const FieldContext& field, const ChainHead& head) {
  STRONGROOM_ASSIGN(const auto first, CountArgument(field, "first"));
  STRONGROOM_ASSIGN(const auto last, CountArgument(field, "last"));
  STRONGROOM_ASSIGN(const std::uint64_t after, AfterArgument(field));
  if (first.has_value() == last.has_value())
    return BadArgument("one of `first` and `last` has to be given");
  Span span{std::max(head.floor, after) + 1, head.sequence};
  if (after >= head.sequence) return Span{1, 0};
  if (first) span.to = std::min(head.sequence, span.from + *first - 1);
  if (last && *last < span.to - span.from + 1) span.from = span.to - *last + 1;
  return span;
}

base::Result<Resolved> AuditLog(const FieldContext& field) {
  auto& context = field.Request<OperationContext>();
  STRONGROOM_ASSIGN(const bool allowed,
                    context.permit->AllowsWithoutDocument(authz::Action::kSelect, kRight));
  if (!allowed)
    return ledger::AccessDenied(*context.permit, authz::Action::kSelect, kRight, nullptr);
  storage::Reader& reader = context.scope->reader;
  const storage::SpaceId tenant = context.scope->tenant;
  STRONGROOM_ASSIGN(const auto head, ledger::audit::ReadHead(reader, tenant));
  Resolved::List list;
  if (!head) return Resolved(std::move(list));
  STRONGROOM_ASSIGN(const Span span, SpanOf(field, *head));
  std::size_t bytes = 0;
  for (std::uint64_t sequence = span.from; sequence <= span.to; ++sequence) {
    STRONGROOM_ASSIGN(auto record, ledger::audit::ReadRecord(reader, tenant, sequence));
    if (!record)
      return base::MakeError(ErrorCode::kInternalServerError, "an audit record is missing",
                             "stop the server and run `strongroom audit verify`");
    bytes += record->text.size();
    if (bytes > kPageBytesMax && !list.empty()) break;
    list.emplace_back(Object{nullptr, std::make_shared<const ChainRecord>(*std::move(record))});
  }
  return Resolved(std::move(list));
}

}  // namespace

void BindAuditLog(graphql::EngineBuilder& builder) {
  builder.Bind("AuthQuery", "auditLog", AuditLog);
  const auto bind = [&](std::string_view name, Resolved (*read)(const ChainRecord&)) {
    builder.Bind("AuditRecord", name, [read](const FieldContext& field) -> base::Result<Resolved> {
      return read(field.parent.As<ChainRecord>());
    });
  };
  bind("sequence",
       [](const ChainRecord& record) { return Resolved(std::to_string(record.sequence)); });
  bind("hash", [](const ChainRecord& record) {
    return Resolved(base::EncodeHex(base::AsChars(record.hash)));
  });
  bind("text", [](const ChainRecord& record) { return Resolved(std::string_view(record.text)); });
}

}  // namespace strongroom::api
