#include "ledger/encoding.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "ledger/catalog/catalog.h"

namespace strongroom::ledger {
namespace {

// RapidCheck's own ranges grow with the size of a case, so that small cases would all be alike.
template <typename T>
T InRange(T begin, T end) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<T>(begin, end));
}

const Catalog& TheCatalog() {
  static const std::shared_ptr<const Catalog> catalog = Catalog::Make();
  return *catalog;
}

base::Uuid AnyUuid() {
  base::Uuid id;
  for (auto& byte : id.bytes) byte = *rc::gen::arbitrary<std::uint8_t>();
  return id;
}

scalars::Decimal AnyDecimal() {
  return scalars::Decimal::Of(*rc::gen::arbitrary<std::int64_t>(), InRange<int>(-20, 1)).value();
}

Value AnyValue(const PropertySpec& spec);

Value AnySingle(const PropertySpec& spec) {
  switch (spec.type) {
    case PropertyType::kUuid: return AnyUuid();
    case PropertyType::kString: return *rc::gen::arbitrary<std::string>();
    case PropertyType::kBool: return *rc::gen::arbitrary<bool>();
    case PropertyType::kInt: return *rc::gen::arbitrary<std::int64_t>();
    case PropertyType::kEnum:
      return static_cast<std::int64_t>(InRange<std::size_t>(0, spec.enumeration->values.size()));
    case PropertyType::kDate: return scalars::Date{InRange<int>(-700000, 2900000)};
    case PropertyType::kTimestamp:
      return base::Timestamp(std::chrono::nanoseconds(*rc::gen::arbitrary<std::int64_t>()));
    case PropertyType::kDecimal: return AnyDecimal();
    case PropertyType::kMoney:
      return scalars::Money{AnyDecimal(), scalars::ParseCurrency("JPY").value()};
    case PropertyType::kJson:
      return MakeJson(boost::json::object{{"n", *rc::gen::arbitrary<std::int64_t>()},
                                          {"list", boost::json::array{1.5, nullptr, true, "x"}}});
    case PropertyType::kRecord: {
      Values fields;
      for (const PropertySpec& field : spec.record->fields) fields.push_back(AnyValue(field));
      return MakeRecord(std::move(fields));
    }
  }
  return {};
}

Value AnyValue(const PropertySpec& spec) {
  if (InRange<int>(0, 4) == 0) return {};
  if (!spec.list) return AnySingle(spec);
  Values items;
  for (int count = InRange<int>(0, 4); count > 0; --count) items.push_back(AnySingle(spec));
  return MakeList(std::move(items));
}

Document AnyDocument() {
  const auto ledger = InRange<std::size_t>(0, kLedgerCount);
  Document document(TheCatalog().At(static_cast<LedgerId>(ledger)));
  for (PropertyIndex i = 0; i < document.ledger().properties().size(); ++i)
    document.Set(i, AnyValue(document.ledger().properties()[i]));
  return document;
}

TEST(EncodingTest, EveryDocumentComesBackAsItWas) {
  EXPECT_TRUE(rc::check([] {
    const Document document = AnyDocument();
    const auto back = Decode(document.ledger(), Encode(document));
    RC_ASSERT(back.ok());
    for (PropertyIndex i = 0; i < document.ledger().properties().size(); ++i)
      RC_ASSERT(Identical(document.At(i), (*back)->At(i)));
  }));
}

TEST(EncodingTest, CutBytesAreRefusedOrReadAsAShorterDocument) {
  EXPECT_TRUE(rc::check([] {
    const Document document = AnyDocument();
    const std::string bytes = Encode(document);
    const auto size = InRange<std::size_t>(0, bytes.size());
    const auto read = Decode(document.ledger(), std::string_view(bytes).substr(0, size));
    if (!read.ok()) RC_ASSERT(read.error().code == base::ErrorCode::kInternalServerError);
  }));
}

TEST(EncodingTest, ChangedBytesNeverCrash) {
  EXPECT_TRUE(rc::check([] {
    const Document document = AnyDocument();
    std::string bytes = Encode(document);
    bytes[InRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
    static_cast<void>(Decode(document.ledger(), bytes).ok());
  }));
}

// The bytes of format 1. When this changes, stored records of the field become unreadable.
TEST(EncodingTest, TheStoredFormIsStable) {
  Document document(TheCatalog().At(LedgerId::kClient));
  document.Set("principal", "p");
  document.Set("version", 300);
  document.Set("record_id", base::Uuid());
  EXPECT_EQ(base::EncodeHex(Encode(document)),
            "01"
            "7588"
            "04"
            "01"
            "70"  // principal: text
            "e8e6"
            "03"
            "d804"  // version: integer
            "ce4b"
            "05"
            "00000000000000000000000000000000");  // record_id: UUID
}

TEST(EncodingTest, PropertiesThatAreUnknownArePassedOver) {
  const Ledger& wide = TheCatalog().At(LedgerId::kTranCode);
  const Ledger& narrow = TheCatalog().At(LedgerId::kOrganization);
  Document document(wide);
  document.Set("tran_code_id", base::Uuid());
  document.Set("description", "kept");
  document.Set("metadata", MakeJson(boost::json::object{{"a", 1}}));
  document.Set("entries", MakeList({MakeRecord(Values(9, Value("x")))}));
  const auto read = Decode(narrow, Encode(document));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ((*read)->At("description").Get<std::string>(), "kept");
  EXPECT_TRUE((*read)->At("id").IsNull());
}

TEST(EncodingTest, ValuesNestedWithoutEndAreRefused) {
  std::string bytes("\x01\x75\x88", 3);
  for (int i = 0; i < 100000; ++i) bytes += "\x0c\x01";
  EXPECT_FALSE(Decode(TheCatalog().At(LedgerId::kClient), bytes).ok());
}

TEST(EncodingTest, ANewerFormatIsRefused) {
  EXPECT_FALSE(Decode(TheCatalog().At(LedgerId::kAccount), "\x02").ok());
  EXPECT_FALSE(Decode(TheCatalog().At(LedgerId::kAccount), "").ok());
}

}  // namespace
}  // namespace strongroom::ledger
