#include "ledger/catalog/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "cel/program.h"
#include "ledger/catalog/ledgers.h"

namespace strongroom::ledger {
namespace {

const Catalog& TheCatalog() {
  static const std::shared_ptr<const Catalog> catalog = Catalog::Make();
  return *catalog;
}

std::string Identifier(const Ledger& ledger, authz::ResourceId right) {
  return TheCatalog().rights()->At(ledger.rights(), right).identifier;
}

TEST(CatalogTest, EveryPartOfALedgerHasTheRightOfItsName) {
  for (const auto& ledger : TheCatalog().ledgers()) {
    const std::string name = ledger->full_name();
    EXPECT_EQ(TheCatalog().rights()->LedgerName(ledger->rights()), name);
    for (PropertyIndex i = 0; i < ledger->public_count(); ++i)
      EXPECT_EQ(Identifier(*ledger, Ledger::Right(i)),
                name + ".document." + std::string(ledger->properties()[i].name));
    for (const IndexSpec& index : ledger->spec().indexes) {
      if (index.internal) continue;
      EXPECT_EQ(Identifier(*ledger, ledger->Right(index)),
                name + ".indexes." + std::string(index.name));
    }
    for (const JoinSpec& join : ledger->spec().joins)
      EXPECT_EQ(Identifier(*ledger, ledger->Right(join)),
                name + ".joins." + std::string(join.name));
    for (const ReferenceSpec& reference : ledger->spec().references)
      EXPECT_EQ(Identifier(*ledger, ledger->Right(reference)),
                name + ".references." + std::string(reference.property));
  }
}

TEST(CatalogTest, FindsLedgersByNameAndByPrefix) {
  EXPECT_EQ(TheCatalog().Find("Account")->id(), LedgerId::kAccount);
  EXPECT_EQ(TheCatalog().FindByIdPrefix("tx")->id(), LedgerId::kTransaction);
  EXPECT_EQ(TheCatalog().Find("Accounts"), nullptr);
  EXPECT_EQ(TheCatalog().FindByIdPrefix(""), nullptr);
  EXPECT_EQ(TheCatalog().FindByIdPrefix("zz"), nullptr);
}

TEST(CatalogTest, NamesOfGraphqlFollowFromStoredOnes) {
  EXPECT_EQ(CamelCase("normal_balance_type"), "normalBalanceType");
  EXPECT_EQ(CamelCase("_account_id"), "_accountId");
  const Ledger& entry = TheCatalog().At(LedgerId::kEntry);
  EXPECT_EQ(entry.properties()[entry.record_id()].GraphqlName(), "_recordId");
  EXPECT_EQ(entry.properties()[entry.At("balance_record_id")].GraphqlName(), "_balanceRecordId");
}

TEST(CatalogTest, InternalPropertiesAndIndexesHaveNoResource) {
  const auto& rights = *TheCatalog().rights();
  EXPECT_FALSE(rights.Find("financial.Entry.document.position"));
  EXPECT_FALSE(rights.Find("financial.Entry.indexes.account"));
  EXPECT_FALSE(rights.Find("financial.Journal.document.virtual"));
  EXPECT_TRUE(rights.Find("financial.Entry.document.amount"));
}

TEST(CatalogTest, TagsOfStoredBytesDoNotChange) {
  // They stand in every stored record: a new hash would lose all of them.
  EXPECT_EQ(StoredTag("account_id"), 41484);
  EXPECT_EQ(StoredTag("created"), 17750);
}

TEST(CatalogTest, ConstantsOfEnumsAreNamedInExpressions) {
  const auto env = TheCatalog().expression_env();
  for (const std::string_view expression :
       {"ACTIVE == 0 && LOCKED == 1 && INACTIVE == 2", "DEBIT == 0 && CREDIT == 1",
        "SETTLED == 0 && PENDING == 1 && ENCUMBRANCE == 2", "decimal('1.0') == decimal('1.00')"}) {
    const cel::Compilation compiled = cel::Compile(env, expression);
    ASSERT_TRUE(compiled.ok()) << compiled.ToText();
    ASSERT_TRUE(compiled.program().is_constant()) << expression;
    EXPECT_TRUE(compiled.program().constant().is_true()) << expression;
  }
}

// `STRONGROOM_WRITE_DOCS=1 ledger_test` writes the page.
TEST(CatalogTest, ThePageOfResourcesIsCurrent) {
  const std::string path = STRONGROOM_DOCS_DIR "/reference/resources.md";
  const std::string page = ResourcesPage(TheCatalog());
  if (std::getenv("STRONGROOM_WRITE_DOCS") != nullptr) std::ofstream(path) << page;
  std::stringstream written;
  written << std::ifstream(path).rdbuf();
  EXPECT_EQ(written.str(), page) << "run ledger_test with STRONGROOM_WRITE_DOCS=1";
}

TEST(CatalogTest, ThePageOfResourcesNamesEveryResource) {
  const std::string page = ResourcesPage(TheCatalog());
  for (const auto& ledger : TheCatalog().ledgers())
    for (const authz::Resource& resource : TheCatalog().rights()->Resources(ledger->rights()))
      EXPECT_THAT(page, testing::HasSubstr("| `" + resource.identifier + "` |"));
}

}  // namespace
}  // namespace strongroom::ledger
