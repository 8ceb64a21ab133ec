// Keys that seal session tickets. They change every six hours, and the one before is still
// accepted: who takes a key from memory can open the sessions of at most twelve hours.
#pragma once

#include <openssl/ssl.h>

namespace strongroom::net {

// Gives `context` keys of its own, which live as long as it does. A ticket of another context is
// not accepted, so that a new certificate authority for clients is never bypassed by an old
// session.
bool UseTicketKeys(SSL_CTX* context);

}  // namespace strongroom::net
