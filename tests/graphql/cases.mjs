// Documents for the schema `pets` that chance would not find.
const times = (count, make) => Array.from({ length: count }, (_, index) => make(index)).join(" ");

export const cases = [
  // No document at all, and the edges of the grammar.
  "", " ", "\uFEFF{now}", "# nothing\n", "{", "{}", "{now", "{now}}", "{ now(", "query", "query Q", "query Q(",
  "query Q()", "query ($a:) {now}", "fragment", "fragment on on Dog {id}", "fragment F Dog {id}",
  "{...on}", "{...on Dog}", "{... @skip}", "{a: }", "{a: b: c}", "{now @}", "{now @skip(}", "{now()}",
  "query Q 10", "10", "\"text\"", "\"text\" {now}", "\"text\" query {now}", "\"text\" fragment F on Dog {id}",
  "{dog(id: $)}", "{dog(id: [})}", "{dog(id: {a})}", "{dog(id: {a: 1)}", "query ($a: ID = $b) {dog(id: $a) {id}}",
  "query ($a: ID = [$b]) {dog(id: $a) {id}}", "query ($a: ID! = null) {dog(id: $a) {id}}",
  "query ($a: [ID {now}", "query ($a: ID!!) {now}", "query ($a: ID @onVariable(needed: $a)) {dog(id: $a) {id}}",
  "extend", "extend query {now}", "extend type Dog", "type Dog {", "enum E { true }", "enum E { null A }",
  "directive @a on", "directive @a on NOWHERE", "union U =", "schema {", "schema { query Query }", "input I {a: Int = $b}",
  "subscription {", "Query {now}", "QUERY {now}", "mutation { on }", "{ on: now on1: now }", "{ query: now mutation: now true: now null: now }",
  // Lexical faults, each with its position.
  "{ now \u0000 }", "{ now \u0007 }", "{ now ? }", "{ now\n\r\n  ? }", "{ 'now' }", "{ \u00e9 }", "{ \u{1f600} ? }", "{ now # \u{1f600}\n ? }",
  "{dog(id: \"open)}", "{dog(id: \"open\n\")}", "{dog(id: \"\\q\")}", "{dog(id: \"\\u12\")}", "{dog(id: \"\\u{110000}\")}",
  "{dog(id: \"\\u{}\")}", "{dog(id: \"\\u{D800}\")}", "{dog(id: \"\\uD83D\\uDE00\") {id}}", "{dog(id: \"\\uD83D\") {id}}", "{dog(id: \"\\uDE00\") {id}}",
  "{dog(id: \"\\uD83Dx\")}", "{dog(id: \"tab\tinside\") {id}}", "{dog(id: \"\u0007\")}", "{dog(id: \"\u{1f600}\", ?)}", "{dog(id: \"\"\"\u{1f600}\n\n\"\"\", ?)}",
  "{dog(id: \"\"\"open", "{dog(id: \"\"\"open\"\")}", "{dog(id: \"\"\" \\\"\"\" \\q \"\"\") {id}}", "{dog(id: \"\"\"\u0007\"\"\")}", "{dog(id: \"\"\"\r\n\ta\r  b\n\"\"\") {id}}",
  "{pet(size: 01)}", "{pet(size: -)}", "{pet(size: -01)}", "{pet(size: +1)}", "{pet(size: 1.)}", "{pet(size: 1.e1)}", "{pet(size: .5)}",
  "{pet(size: 1e)}", "{pet(size: 1e+)}", "{pet(size: 1E5.)}", "{pet(size: 1x)}", "{pet(size: 0x1)}", "{pet(size: 1.5.)}", "{pet(size: 1_0)}", "{pet(size: 1\"a\") {id}}",
  ". {now}", ".. {now}", "{..now}", "{....now}", "{... now}", "{now}\r\r\n\n?", "{now},,,,\t \uFEFF ?", "{now}\u00a0", "{now}\u2028",
  // Operations.
  "{now} {now}", "query A {now} query A {now} mutation A {adopt(id: 1) {id}}", "{now} query A {now} {now}",
  "subscription S {adopted {id} barked}", "subscription {adopted {id} a: barked b: barked}", "subscription {__typename}",
  "subscription S {...F} fragment F on Subscription {barked ...G} fragment G on Subscription {found {__typename} __typename}",
  "subscription {barked @skip(if: true) b: barked c: barked @include(if: false)}", "subscription {... on Query {now} ... on Subscription {barked}}",
  "subscription S {a: barked a: barked ... {a: barked}}", "subscription S {...F ...F ...U} fragment F on Subscription {...F barked}",
  // Fields and leaves.
  "{now {x}}", "{dog}", "{dog {}}", "{search(text: \"\")}", "{search(text: \"\") {name}}", "{search(text: \"\") {id}}", "{pet {barkVolume}}", "{pet {meowz}}",
  "{being {size}}", "{being {barks}}", "{catOrDog {name}}", "{catOrDog {barkVolume}}", "{catOrDog {nam}}", "{dog {nmae}}", "{dog {zzz}}", "{nwo}", "{dog {__type(name: \"a\") {name}}}",
  "{dog {__schema {types {name}}}}", "mutation {__schema {types {name}}}", "{__typename {a}}", "{__type {name}}", "{dog {toys {label {a}}}}", "{human {pets}}",
  // Fragments.
  "{...F}", "{...F} fragment F on Query {now} fragment F on Query {now}", "fragment F on Query {now}", "{now} fragment F on Nowhere {a}", "{now ...F} fragment F on Size {a}",
  "{now ...F} fragment F on PetFilter {size}", "{... on Size {a}}", "{... on Nowhere {a {b}}}", "{... on PetFilter {size}}", "{dog {... on Cat {id}}}", "{dog {... on Being {id}}}", "{pet {... on Human {id}}}",
  "{catOrDog {... on Human {id} ... on DogOrHuman {__typename}}}", "{dogOrHuman {... on Pet {id} ... on Canine {id}}}", "{dog {...F}} fragment F on Cat {id}", "{being {...F}} fragment F on CatOrDog {__typename}",
  "{...F} fragment F on Query {...F}", "{...A} fragment A on Query {...B} fragment B on Query {...C now} fragment C on Query {...A ...B}",
  "{...A} fragment A on Query {dog {...B} ...C} fragment B on Dog {owner {...D}} fragment C on Query {...A} fragment D on Human {pets {...B ...E}} fragment E on Pet {...E ...B}",
  "{...A ...A ...B} fragment A on Query {...B ...B} fragment B on Query {...A}", "fragment A on Query {...A} fragment A on Query {...B} fragment B on Query {...A} {...A}",
  // Variables.
  "query ($a: ID, $a: Int, $b: ID, $a: ID) {dog(id: $a) {id}}", "query Q {dog(id: $a) {id}}", "{dog(id: $a) {id}}", "query ($a: Nowhere, $b: [Dog!]!, $c: Dog) {now}",
  "query A {...F} query B($a: ID) {...F ...F} fragment F on Query {dog(id: $a) {...G}} fragment G on Dog {name(surname: $b) ...F2} fragment F2 on Dog {knows(command: {name: $c, then: [$d, {name: $e}]})}",
  "query ($a: Int) {human(id: $a) {id}}", "query ($a: ID) {human(id: $a) {id}}", "query ($a: ID = 1) {human(id: $a) {id}}", "query ($a: ID = null) {human(id: $a) {id}}",
  "query ($a: Int) {pet {friends(first: $a) {id}}}", "query ($a: Size) {pet(size: $a) {id}}", "query ($a: [Size]) {count(sizes: $a, strict: true)}", "query ($a: [Size!]!) {count(sizes: $a, strict: true)}",
  "query ($a: Size!) {count(sizes: [$a], strict: true)}", "query ($a: Size!) {count(sizes: $a, strict: true)}", "query ($a: [[Float!]!]!) {search(text: \"\", filter: {near: $a}) {__typename}}",
  "query ($a: [[Float]]) {search(text: \"\", filter: {near: $a, any: $a}) {__typename}}", "query ($a: Int, $b: String) {dog {knows(command: {name: $b, times: $a})}}", "query ($a: Boolean) {now @skip(if: $a)}",
  "query ($a: Boolean = true) {now @skip(if: $a)}", "query ($a: Any!) {search(text: $a, any: {b: [$a, $b]}) {__typename}}", "query ($a: PetFilter = {size: $b}) {now}", "query ($a: Int = \"1\", $b: [Int!] = [null, \"x\"], $c: Size = NONE) {now @tag(name: $a, weight: $b)}",
  // Directives.
  "{now @nowhere}", "query @skip(if: true) {now}", "{now @skip(if: true) @skip(if: false) @skip(if: true)}", "{now @tag(name: \"a\") @tag(name: \"b\")}", "query @onQuery @onQuery {now}", "{now @skip}", "{now @include(if: null)}",
  "{now @include(iff: true)}", "{now @include(if: true, if: false, if: \"x\")}", "{dog(id: 1) @nowhere(id: {a: 1}) {id}}", "{human(id: 1) {pets(filter: {}) {...F @nowhere(filter: {sze: 1})}}} fragment F on Pet @nowhere(filter: 1) {id @deprecated}",
  "query ($a: ID @onVariable @onVariable(needed: 1) @onField(size: SMAL)) @onMutation {dog(id: $a) {id}}", "{...F @onFragmentDefinition ... @onFragmentSpread {now @onInlineFragment}} fragment F on Query @onField {now @onVariable(needed: \"\")}",
  "{now @specifiedBy(url: \"a\") @onField(size: SMALL, sizes: MEDIUM) @onField}",
  // Arguments and literals.
  "{human {id}}", "{human(ident: 1, id: 2, id: 3) {id}}", "{dog(id: 1.5) {id}}", "{dog(id: true) {id}}", "{dog(id: [1]) {id}}", "{dog(id: {a: 1}) {id}}", "{dog(id: SMALL) {id}}", "{human(id: null) {id}}",
  "{pet(size: \"SMALL\") {id}}", "{pet(size: small) {id}}", "{pet(size: LARG) {id}}", "{pet(size: 1) {id}}", "{pet(size: null) {id}}", "{pet(size: [SMALL]) {id}}", "{count(sizes: SMALL, strict: true)}", "{count(sizes: [SMALL, null, [LARGE], BIG], strict: \"no\")}",
  "{search(text: 1, limit: 2147483648, weights: [1, 2.5, \"3\", null]) {__typename}}", "{search(text: \"\"\"two\nlines\"\"\", limit: \"\"\"two\nlines\"\"\") {__typename}}", "{search(text: null, limit: -2147483649) {__typename}}",
  "{search(text: \"\", limit: 99999999999999999999, weights: 1, any: [{a: [1, {b: X}]}, $v]) {__typename}}", "{search(text: \"\", filter: 1) {__typename}}", "{search(text: \"\", filter: [1]) {__typename}}", "{search(text: \"\", filter: [{size: SMALL}]) {__typename}}",
  "{search(text: \"\", filter: {size: SMALL, size: LARGE, sizes: SMALL, sizes: [x], ids: [1, \"a\", 1.0], near: [[1], 2, [[3]], \"4\"]}) {__typename}}", "{search(text: \"\", filter: {not: {not: {nod: 1, siz: 2}}}) {__typename}}",
  "{dog {knows(command: {})}}", "{dog {knows(command: {name: null, times: null, then: [{}, {name: 1}, 2, null], extra: {a: 1, a: 2}})}}", "{dog {knows(command: {name: \"\", style: {upper: 1, width: 1.0, fill: fill}})}}", "{dog {knows}}", "{dog {toys {details(as: {a: 1, a: 2, b: [{c: 1, c: 2}]})}}}",
  "mutation {teach(commands: {name: \"\"}) {id}}", "mutation {teach(commands: null) {id}}", "mutation {teach(commands: [null]) {id}}", "{search(text: \"\\u0007\\u0085\\\\\\\"\", limit: \"\\b\\f\\n\\r\\t\\u0007\\u0085\\u00e9\\u{1F600}\\/\") {__typename}}",
  `{search(text: "", limit: """${"long ".repeat(20)}""", weights: [""" led""", """quoted\\"""""", """\n\n   a\n  b\n""", """slash\\ """]) {__typename}}`,
  // Overlapping fields.
  "{a: now a: dog {id}}", "{dog {id} dog(id: 1) {id}}", "{dog(id: 1) {id} dog(id: \"1\") {id}}", "{dog {id: name id}}", "{dog {a: id} dog {a: name}}", "{dog {a: id b: name} dog {a: name b: id c: size} cat: dog {a: id}}",
  "{catOrDog {... on Dog {v: barkVolume} ... on Cat {v: meowVolume}}}", "{catOrDog {... on Dog {v: barkVolume} ... on Cat {v: barkVolume}}}", "{catOrDog {... on Dog {barkVolume} ... on Cat {barkVolume}}}", "{pet {... on Dog {a: id} ... on Pet {a: name} ... on Cat {a: size}}}",
  "{catOrDog {... on Dog {owner {a: id}} ... on Cat {owner {a: name}}}}", "{catOrDog {... on Dog {o: owner {a: iq}} ... on Cat {o: owner {a: name}}}}", "{catOrDog {... on Dog {x: toys {label}} ... on Cat {x: owner {id}}}}", "{catOrDog {... on Dog {x: size} ... on Cat {x: meows}}}",
  "{...A ...B} fragment A on Query {a: now} fragment B on Query {a: isOpen ...C} fragment C on Query {a: dog {id}}", "{a: dog {id} ...A} fragment A on Query {...B a: cat {id}} fragment B on Query {...A a: pet {id}}",
  "{dog {...A} dog {...B}} fragment A on Dog {a: id ...C} fragment B on Dog {a: name ...D} fragment C on Dog {b: id} fragment D on Dog {b: name a: size}", "{a: search(text: \"\", filter: {size: SMALL, any: 1}) {__typename} a: search(filter: {any: 1, size: SMALL}, text: \"\") {__typename}}",
  "{a: search(text: \"x\") {__typename} a: search(text: \"\"\"x\"\"\") {__typename}}", "{a: search(text: \"x\", any: [1, 2]) {__typename} a: search(text: \"x\", any: [2, 1]) {__typename}}", "query ($a: String!) {s: search(text: $a) {__typename} s: search(text: $a) {__typename} s: search(text: $b) {__typename}}",
  "{human(id: 1, id: 2) {id} human(id: 1, id: 2) {id}}", "{a: unknown a: unknown {b} a: other}", "{a: __typename a: now}", "{__schema {types {name}} __schema {types: queryType {name}}}", "{nowhere {a: b} nowhere {a: c}}",
  `{dog {${times(30, (i) => `k${i}: id`)}} dog {${times(30, (i) => `k${i}: name`)}}}`, `{${times(12, (i) => `a: dog(id: ${i}) {id}`)}}`, `{${times(40, () => "now")}}`, "{dog {owner {pets {... on Dog {a: id}}}} dog {owner {pets {... on Cat {a: name} ... on Dog {a: barks}}}}}",
  "{...F dog {id ...G}} fragment F on Query {dog {...G id: name}} fragment G on Dog {name: id owner {...H}} fragment H on Human {name: id pets {name ...I}} fragment I on Dog {name: size owner {...H}}",
  // Introspection.
  "{__schema {types {fields {type {fields {type {fields {name}}}}}}}}", "{__type(name: \"a\") {fields {type {interfaces {possibleTypes {name}}}}}}", "{__schema {types {...F}}} fragment F on __Type {fields {type {...F}}}", "{__schema {types {inputFields {type {inputFields {name}}}}}}",
  // Definitions that can't be executed.
  "{now} type Stray {a: Nowhere b(c: Stray = {a: 1, a: 2} @skip): [Int!]! @deprecated @deprecated}", "{now} extend type Dog @onQuery {a: Nowhere}", "scalar Stray query ($a: Stray) {now @stray} directive @stray(a: Int!, b: Int! = 1) on QUERY", "schema {query: Nowhere} {now}",
  "\"text\" schema {query: Query} {now}", "extend schema @onQuery {mutation: Nowhere}", "interface Stray implements Pet & Nowhere {a: Int}", "union Stray = Dog | Nowhere {now}", "enum Stray {\"text\" A @onField(size: SMAL) B}", "input Stray {a: Int @skip(if: 1) b: [Nowhere] = [1]} extend input Stray @tag(name: \"\") {c: Int @tag}",
  "{now @a(b: 1)} directive @a(c: Int!) repeatable on FIELD", "{now @skip @skip} directive @skip repeatable on FIELD", "\"text\" directive @a(\"text\" b: Int = \"x\" @skip(if: 1)) on | FIELD | QUERY {now}", "type A type A @onQuery extend type A @onQuery {b: Int} {now}", "type Stray {a: Int, b: String, c: Boolean, d: Float, e: ID} {now}",
  // The hundredth error ends the list.
  `{${times(99, (i) => `x${i}`)}}`, `{${times(100, (i) => `x${i}`)}}`, `{${times(101, (i) => `x${i}`)}}`, `{${times(150, (i) => `x${i}`)} ...F ...G}`,
];
