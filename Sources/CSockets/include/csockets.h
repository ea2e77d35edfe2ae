// UDP in batches: what the probe needs of the kernel and Swift cannot say without a heap object per packet.
// Every call that can fail gives a negative errno. Nothing here is shared between threads.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
  // Datagrams that one system call takes in or sends out.
  CSOCKETS_BATCH = 64,
  // Room for one reply. We ask for at most 1232 octets; a longer one is reported as cut.
  CSOCKETS_REPLY_OCTETS = 4096,
};

// Preallocated message headers, vectors and reply buffers for recvmmsg, sendmmsg and epoll_wait.
struct csockets_ring;

struct csockets_ring *csockets_ring_make(void);
void csockets_ring_free(struct csockets_ring *ring);

// Takes in what waits at a connected socket: the number of datagrams, 0 for none.
int csockets_receive(struct csockets_ring *ring, int fd);
// A datagram of the last csockets_receive; valid until the next.
const uint8_t *csockets_reply(const struct csockets_ring *ring, int index);
int csockets_reply_length(const struct csockets_ring *ring, int index);
// Whether the datagram was longer than the buffer.
bool csockets_reply_cut(const struct csockets_ring *ring, int index);

// Puts a datagram in the row; the octets must stay until csockets_send.
void csockets_put(struct csockets_ring *ring, int index, const uint8_t *octets, int length);
// Sends the first `count` of the row: how many the kernel took, at least 1, or a negative errno for the first.
int csockets_send(struct csockets_ring *ring, int fd, int first, int count);

// A connected, non-blocking UDP socket. `octets` holds 4 or 16, in network order; `local_port` 0 leaves the port to the
// kernel, which draws it at random. `granted` tells what receive buffer the kernel gave, in octets as it counts them.
int csockets_open(const uint8_t *octets, size_t count, uint16_t port, uint16_t local_port, int receive_buffer, int *granted);
void csockets_close(int fd);

int csockets_poll_open(void);
int csockets_poll_add(int poll, int fd, uint32_t key);
// Waits at most `milliseconds` (-1: for ever): the number of ready sockets.
int csockets_poll_wait(struct csockets_ring *ring, int poll, int milliseconds);
uint32_t csockets_poll_key(const struct csockets_ring *ring, int index);

// Lets `microseconds` pass, during which nobody wakes the thread.
void csockets_pause(int microseconds);

// A bell: another thread rings it, and the poll wakes up.
int csockets_bell_open(void);
void csockets_bell_ring(int bell);
void csockets_bell_quiet(int bell);

// CLOCK_MONOTONIC in nanoseconds.
int64_t csockets_now(void);
// Fills with octets from the kernel's generator.
int csockets_random(uint8_t *octets, size_t count);
// How many files this process may have open (RLIMIT_NOFILE, soft).
int64_t csockets_open_files_limit(void);
// The system's words for an errno, in `words`, ended by a zero.
void csockets_words(int reason, char *words, size_t size);
