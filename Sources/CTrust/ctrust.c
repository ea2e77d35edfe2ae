#include "ctrust.h"
#include <limits.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <openssl/x509_vfy.h>

// A certificate that fills its octets exactly.
static X509 *certificate(const uint8_t *octets, size_t length) {
  if (length > LONG_MAX) return NULL;
  const unsigned char *end = octets;
  X509 *made = d2i_X509(NULL, &end, (long)length);
  if (made != NULL && end != octets + length) {
    X509_free(made);
    return NULL;
  }
  return made;
}

// The certificates of the chain; the first also stands in `leaf`, which does not own it.
static int read_chain(
  const uint8_t *octets, const size_t *lengths, size_t count, STACK_OF(X509) *chain, X509 **leaf
) {
  for (size_t index = 0; index < count; index++) {
    X509 *next = certificate(octets, lengths[index]);
    if (next == NULL) return CTRUST_NO_CERTIFICATE;
    if (sk_X509_push(chain, next) == 0) {
      X509_free(next);
      return CTRUST_NO_MEMORY;
    }
    if (index == 0) *leaf = next;
    octets += lengths[index];
  }
  return *leaf == NULL ? CTRUST_NO_CERTIFICATE : CTRUST_TRUSTED;
}

static int read_authorities(X509_STORE *store, const char *authorities, const uint8_t *anchor, size_t anchor_length) {
  if (anchor_length > 0) {
    X509 *only = certificate(anchor, anchor_length);
    if (only == NULL) return CTRUST_NO_CERTIFICATE;
    int added = X509_STORE_add_cert(store, only);
    X509_free(only);
    return added == 1 ? CTRUST_TRUSTED : CTRUST_NO_MEMORY;
  }
  int isRead = authorities != NULL ? X509_STORE_load_file(store, authorities) : X509_STORE_set_default_paths(store);
  return isRead == 1 ? CTRUST_TRUSTED : CTRUST_NO_AUTHORITIES;
}

static int judge(X509_STORE_CTX *context, const char *name, int64_t at, int has_anchor) {
  if (X509_STORE_CTX_set_default(context, "ssl_server") != 1) return CTRUST_NO_MEMORY;
  X509_VERIFY_PARAM *rules = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_time(rules, (time_t)at);
  X509_VERIFY_PARAM_set_auth_level(rules, 2);  // 112 bits and no SHA-1, as Debian's OpenSSL wants of a connection
  // An authority that a TLSA record names is often no root (RFC 7671 §5.2).
  if (has_anchor) X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
  // The subject is no place for names (RFC 9525 §2, RFC 8461 §4.1), and a wildcard is a whole label (RFC 9525 §6.3).
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (X509_VERIFY_PARAM_set1_host(rules, name, 0) != 1) return CTRUST_NO_MEMORY;
  if (X509_verify_cert(context) == 1) return CTRUST_TRUSTED;
  int code = X509_STORE_CTX_get_error(context);
  return code > 0 ? code : X509_V_ERR_UNSPECIFIED;
}

int ctrust_verify(
  const uint8_t *octets, const size_t *lengths, size_t count, const char *name, int64_t at, const char *authorities,
  const uint8_t *anchor, size_t anchor_length
) {
  X509 *leaf = NULL;
  STACK_OF(X509) *chain = sk_X509_new_null();
  X509_STORE *store = X509_STORE_new();
  X509_STORE_CTX *context = X509_STORE_CTX_new();
  int code = CTRUST_NO_MEMORY;
  if (chain != NULL && store != NULL && context != NULL) {
    code = read_chain(octets, lengths, count, chain, &leaf);
    if (code == CTRUST_TRUSTED) code = read_authorities(store, authorities, anchor, anchor_length);
    if (code == CTRUST_TRUSTED && X509_STORE_CTX_init(context, store, leaf, chain) != 1) code = CTRUST_NO_MEMORY;
    else if (code == CTRUST_TRUSTED) code = judge(context, name, at, anchor_length > 0);
  }
  X509_STORE_CTX_free(context);
  X509_STORE_free(store);
  sk_X509_pop_free(chain, X509_free);
  // What it noted on this thread concerns nobody any more.
  ERR_clear_error();
  return code;
}

const char *ctrust_words(int code) { return X509_verify_cert_error_string(code); }
