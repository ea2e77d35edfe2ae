// Whether a chain of certificates leads from a server's name to an authority (RFC 5280 §6, RFC 9525): OpenSSL's
// X509_verify_cert, without a connection and at a moment that the caller names. Nothing here is shared between calls.
#pragma once
#include <stdint.h>
#include <stddef.h>

enum {
  CTRUST_TRUSTED = 0,
  // Positive numbers are OpenSSL's X509_V_ERR_…; these are ours.
  CTRUST_NO_CERTIFICATE = -1,  // one of the octet strings is no certificate
  CTRUST_NO_AUTHORITIES = -2,  // the authorities could not be read
  CTRUST_NO_MEMORY = -3,
};

// Judges the `count` certificates that stand one behind the other in `octets`, the server's own first.
//
// `name` is the server's, without final dot. `authorities` is a PEM file, or NULL for the system's. Where `anchor_length` is
// not 0, the certificate in `anchor` is the one authority, self-signed or not, and `authorities` is not read.
int ctrust_verify(
  const uint8_t *octets, const size_t *lengths, size_t count, const char *name, int64_t at, const char *authorities,
  const uint8_t *anchor, size_t anchor_length);

// OpenSSL's words for its positive numbers: a constant string.
const char *ctrust_words(int code);
