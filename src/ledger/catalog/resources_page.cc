#include <fmt/format.h>

#include "ledger/catalog/catalog.h"

namespace strongroom::ledger {
namespace {

constexpr std::string_view kIntroduction =
    R"(# Resources

What policies name in `resources`: every property, index, join and reference of every ledger. This
page is made from the catalog (`ledger_test` writes it with `STRONGROOM_WRITE_DOCS=1` and checks
that it is current).

A pattern matches a resource when it matches the whole identifier or a leading part of it that ends
before a dot: `financial.Account` covers everything below it. `*` matches any run of characters,
dots included, `?` exactly one.
)";

template <typename Specs, typename About>
void AddTable(std::string& page, const Ledger& ledger, std::string_view kind, const Specs& specs,
              About about) {
  for (const auto& spec : specs) {
    const auto [name, text] = about(spec);
    if (!name.empty())
      page += fmt::format("| `{}.{}.{}` | {} |\n", ledger.full_name(), kind, name, text);
  }
}

using Row = std::pair<std::string_view, std::string_view>;

}  // namespace

std::string ResourcesPage(const Catalog& catalog) {
  std::string page(kIntroduction);
  for (const auto& ledger : catalog.ledgers()) {
    const LedgerSpec& spec = ledger->spec();
    page += fmt::format("\n## {}\n\n{}\n\n| resource | what it is |\n|---|---|\n",
                        ledger->full_name(), spec.about);
    AddTable(page, *ledger, "document", spec.properties, [](const PropertySpec& property) {
      return Row(property.internal ? "" : property.name, property.about);
    });
    AddTable(page, *ledger, "indexes", spec.indexes, [](const IndexSpec& index) {
      return Row(index.internal ? "" : index.name, index.about);
    });
    AddTable(page, *ledger, "joins", spec.joins,
             [](const JoinSpec& join) { return Row(join.name, join.about); });
    AddTable(page, *ledger, "references", spec.references, [](const ReferenceSpec& reference) {
      return Row(reference.property, reference.about);
    });
  }
  return page;
}

}  // namespace strongroom::ledger
