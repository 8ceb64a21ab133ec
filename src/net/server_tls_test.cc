#include <gtest/gtest.h>

#include "net/testing.h"

namespace strongroom::net {
namespace {

SslContextHandle WithVersions(int lowest, int highest) {
  SslContextHandle context = TestClientContext();
  SSL_CTX_set_security_level(context.get(), 0);
  SSL_CTX_set_min_proto_version(context.get(), lowest);
  SSL_CTX_set_max_proto_version(context.get(), highest);
  return context;
}

// A client certificate, signed by the test authority of clients below.
SslContextHandle WithCertificate(const CertificatePair& pair) {
  SslContextHandle context = TestClientContext();
  SSL_CTX_use_certificate(context.get(), ReadCertificate(pair.certificate_pem).get());
  SSL_CTX_use_PrivateKey(context.get(), ReadPrivateKey(pair.private_key_pem).get());
  return context;
}

// A self-signed certificate without an extended key usage, which serves clients too.
CertificatePair MakeClientPair(const char* name) {
  const PkeyHandle key(EVP_EC_gen("P-256"));
  const X509Handle certificate(X509_new());
  X509* raw = certificate.get();
  X509_set_version(raw, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(raw), 1);
  X509_gmtime_adj(X509_getm_notBefore(raw), -60);
  X509_gmtime_adj(X509_getm_notAfter(raw), 3600);
  X509_set_pubkey(raw, key.get());
  X509_NAME* subject = X509_get_subject_name(raw);
  for (const auto& [field, value] :
       std::initializer_list<std::pair<const char*, const char*>>{{"O", "Acme"}, {"CN", name}})
    X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(value), -1, -1, 0);
  X509_set_issuer_name(raw, subject);
  X509_sign(raw, key.get(), EVP_sha256());
  const BioHandle certificate_bio(BIO_new(BIO_s_mem()));
  const BioHandle key_bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(certificate_bio.get(), raw);
  PEM_write_bio_PrivateKey(key_bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(certificate_bio.get(), &text));
  char* key_text = nullptr;
  const auto key_size = static_cast<std::size_t>(BIO_get_mem_data(key_bio.get(), &key_text));
  return {std::string(text, size), base::SecretBytes(std::string_view(key_text, key_size))};
}

void EchoSubject(Request request, Responder responder) {
  Response response;
  response.body = "<" + request.peer().certificate_subject + ">";
  responder.Send(std::move(response));
}

TEST(ServerTls, SpeaksVersions12And13Only) {
  TestServer server;
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION})
    EXPECT_TRUE(TestClient(server.port(), "", WithVersions(version, version)).connected());
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION})
    EXPECT_FALSE(TestClient(server.port(), "", WithVersions(version, version)).connected());
}

TEST(ServerTls, TakesForwardSecretAeadSuitesOnly) {
  TestServer server;
  for (const auto& [cipher, good] :
       std::initializer_list<std::pair<const char*, bool>>{{"ECDHE-ECDSA-AES128-GCM-SHA256", true},
                                                           {"ECDHE-ECDSA-CHACHA20-POLY1305", true},
                                                           {"ECDHE-ECDSA-AES128-SHA256", false},
                                                           {"ECDHE-ECDSA-AES256-SHA", false}}) {
    const SslContextHandle context = WithVersions(TLS1_2_VERSION, TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context.get(), cipher);
    EXPECT_EQ(TestClient(server.port(), "", context).connected(), good) << cipher;
  }
}

TEST(ServerTls, ChoosesTheProtocolByAlpn) {
  TestServer server;
  const auto chosen = [&](std::string_view alpn) {
    const TestClient client(server.port(), alpn);
    const unsigned char* name = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(client.ssl(), &name, &size);
    return client.connected() ? std::string(reinterpret_cast<const char*>(name), size) : "refused";
  };
  EXPECT_EQ(chosen("\x08http/1.1\x02h2"), "h2");
  EXPECT_EQ(chosen("\x08http/1.1"), "http/1.1");
  EXPECT_EQ(chosen(""), "");
  EXPECT_EQ(chosen("\x08http/1.0\x02h3"), "refused");
}

TEST(ServerTls, RefusesRenegotiation) {
  TestServer server;
  TestClient client(server.port(), "", WithVersions(TLS1_2_VERSION, TLS1_2_VERSION));
  ASSERT_TRUE(client.connected());
  EXPECT_EQ(SSL_get_current_compression(client.ssl()), nullptr);
  SSL_renegotiate(client.ssl());
  EXPECT_LE(SSL_do_handshake(client.ssl()), 0);
}

TEST(ServerTls, ResumesSessionsByTicket) {
  TestServer server;
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const SslContextHandle context = WithVersions(version, version);
    TestClient first(server.port(), "", context);
    first.Ask(kGet);  // with version 1.3 the ticket comes after the handshake
    SSL_SESSION* session = SSL_get1_session(first.ssl());
    TestClient second(server.port(), "", context, session);
    EXPECT_TRUE(second.connected());
    EXPECT_EQ(SSL_session_reused(second.ssl()), 1) << version;
    EXPECT_EQ(SSL_SESSION_get_max_early_data(session), 0u);
    SSL_SESSION_free(session);
  }
  EXPECT_TRUE(server.Await([](const ServerMetrics& m) { return m.handshakes_resumed == 2; }));
}

TEST(ServerTls, ReloadsItsCertificateForNewConnections) {
  TestServer server;
  const SslContextHandle context = TestClientContext();
  TestClient old(server.port(), "", context);
  old.Ask(kGet);
  SSL_SESSION* session = SSL_get1_session(old.ssl());
  const auto serial = [](const TestClient& client) {
    return ASN1_INTEGER_dup(X509_get0_serialNumber(SSL_get0_peer_certificate(client.ssl())));
  };
  TlsServerOptions bad = TestTls();
  bad.private_key_pem = TestTls().private_key_pem.Clone();
  EXPECT_FALSE(server->ReloadCertificate(std::move(bad)).ok());
  EXPECT_TRUE(TestClient(server.port()).connected());

  ASSERT_TRUE(server->ReloadCertificate(TestTls()).ok());
  TestClient fresh(server.port(), "", context, session);
  ASSERT_TRUE(fresh.connected());
  EXPECT_EQ(SSL_session_reused(fresh.ssl()), 0) << "a ticket of before must not count";
  ASN1_INTEGER* before = serial(old);
  ASN1_INTEGER* after = serial(fresh);
  EXPECT_NE(ASN1_INTEGER_cmp(before, after), 0);
  EXPECT_TRUE(old.Ask(kGet).ends_with("GET /x"));
  ASN1_INTEGER_free(before);
  ASN1_INTEGER_free(after);
  SSL_SESSION_free(session);
}

TEST(ServerTls, AsksForClientCertificatesWhenToldTo) {
  const CertificatePair known = MakeClientPair("alice");
  const CertificatePair stranger = MakeClientPair("mallory");
  TlsServerOptions optional = TestTls();
  optional.client_ca_pem = known.certificate_pem;
  TestServer server({}, EchoSubject, std::move(optional));
  const SslContextHandle with = WithCertificate(known);
  TestClient client(server.port(), "", with);
  EXPECT_TRUE(client.Ask(kGet).ends_with("<CN=alice,O=Acme>"));
  SSL_SESSION* session = SSL_get1_session(client.ssl());
  TestClient resumed(server.port(), "", with, session);
  EXPECT_EQ(SSL_session_reused(resumed.ssl()), 1);
  EXPECT_TRUE(resumed.Ask(kGet).ends_with("<CN=alice,O=Acme>"));
  SSL_SESSION_free(session);
  EXPECT_TRUE(TestClient(server.port()).Ask(kGet).ends_with("<>"));
  EXPECT_EQ(TestClient(server.port(), "", WithCertificate(stranger)).Ask(kGet), "");
}

TEST(ServerTls, RequiresClientCertificatesWhenToldTo) {
  const CertificatePair known = MakeClientPair("alice");
  TlsServerOptions required = TestTls();
  required.client_ca_pem = known.certificate_pem;
  required.client_certificate_required = true;
  TestServer server({}, EchoSubject, std::move(required));
  EXPECT_TRUE(TestClient(server.port(), "", WithCertificate(known)).Ask(kGet).ends_with(">"));
  EXPECT_EQ(TestClient(server.port()).Ask(kGet), "");
}

TEST(ServerTls, RefusesToStartWithUnusableMaterial) {
  const auto loop = EventLoop::Start(1);
  const auto start = [&](const std::function<void(TlsServerOptions&)>& spoil) {
    ServerOptions options;
    options.tls = TestTls();
    spoil(options.tls);
    return Server::Start(std::move(options), Echo, *loop).ok();
  };
  EXPECT_TRUE(start([](TlsServerOptions&) {}));
  EXPECT_FALSE(start([](TlsServerOptions& tls) { tls.certificate_pem = ""; }));
  EXPECT_FALSE(start([](TlsServerOptions& tls) { tls.private_key_pem = base::SecretBytes(); }));
  EXPECT_FALSE(start([](TlsServerOptions& tls) { tls.client_ca_pem = "nonsense"; }));
  EXPECT_FALSE(start([](TlsServerOptions& tls) { tls.client_certificate_required = true; }));
}

TEST(ServerTls, AnswersNothingWithoutTls) {
  TestServer server;
  const Descriptor plain = ConnectTo(server.port());
  ASSERT_GT(send(plain.get(), kGet.data(), kGet.size(), MSG_NOSIGNAL), 0);
  std::string answer;
  char buffer[256];
  for (ssize_t count; (count = recv(plain.get(), buffer, sizeof buffer, 0)) > 0;)
    answer.append(buffer, static_cast<std::size_t>(count));
  EXPECT_EQ(answer.find("HTTP"), answer.npos);
  EXPECT_TRUE(server.Await([](const ServerMetrics& m) { return m.handshakes_failed == 1; }));
}

}  // namespace
}  // namespace strongroom::net
