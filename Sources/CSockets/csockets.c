#define _GNU_SOURCE
#include "csockets.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct csockets_ring {
  struct mmsghdr in[CSOCKETS_BATCH], out[CSOCKETS_BATCH];
  struct iovec in_vectors[CSOCKETS_BATCH], out_vectors[CSOCKETS_BATCH];
  struct epoll_event events[CSOCKETS_BATCH];
  uint8_t replies[CSOCKETS_BATCH][CSOCKETS_REPLY_OCTETS];
};

struct csockets_ring *csockets_ring_make(void) {
  struct csockets_ring *ring = calloc(1, sizeof *ring);
  if (!ring) return NULL;
  for (int i = 0; i < CSOCKETS_BATCH; i++) {
    ring->in_vectors[i] = (struct iovec){ring->replies[i], CSOCKETS_REPLY_OCTETS};
    ring->in[i].msg_hdr.msg_iov = &ring->in_vectors[i];
    ring->in[i].msg_hdr.msg_iovlen = 1;
    ring->out[i].msg_hdr.msg_iov = &ring->out_vectors[i];
    ring->out[i].msg_hdr.msg_iovlen = 1;
  }
  return ring;
}

void csockets_ring_free(struct csockets_ring *ring) { free(ring); }

int csockets_receive(struct csockets_ring *ring, int fd) {
  int count;
  do count = recvmmsg(fd, ring->in, CSOCKETS_BATCH, MSG_DONTWAIT, NULL);
  while (count < 0 && errno == EINTR);
  if (count >= 0) return count;
  return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -errno;
}

const uint8_t *csockets_reply(const struct csockets_ring *ring, int index) { return ring->replies[index]; }

int csockets_reply_length(const struct csockets_ring *ring, int index) { return (int)ring->in[index].msg_len; }

bool csockets_reply_cut(const struct csockets_ring *ring, int index) {
  return ring->in[index].msg_hdr.msg_flags & MSG_TRUNC;
}

void csockets_put(struct csockets_ring *ring, int index, const uint8_t *octets, int length) {
  ring->out_vectors[index] = (struct iovec){(void *)octets, (size_t)length};
}

int csockets_send(struct csockets_ring *ring, int fd, int first, int count) {
  int sent;
  do sent = sendmmsg(fd, ring->out + first, (unsigned)count, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent >= 0 ? sent : -errno;
}

static socklen_t fill(struct sockaddr_storage *address, const uint8_t *octets, size_t count, uint16_t port) {
  memset(address, 0, sizeof *address);
  if (count == 4) {
    struct sockaddr_in *v4 = (struct sockaddr_in *)address;
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    if (octets) memcpy(&v4->sin_addr, octets, 4);
    return sizeof *v4;
  }
  struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons(port);
  if (octets) memcpy(&v6->sin6_addr, octets, 16);
  return sizeof *v6;
}

int csockets_open(const uint8_t *octets, size_t count, uint16_t port, uint16_t local_port, int receive_buffer, int *granted) {
  if (count != 4 && count != 16) return -EAFNOSUPPORT;
  struct sockaddr_storage peer, local;
  socklen_t length = fill(&peer, octets, count, port);
  int fd = socket(peer.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  // A refused wish for a larger buffer is no fault: what was granted is read back.
  (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  socklen_t size = sizeof *granted;
  if (getsockopt(fd, SOL_SOCKET, SO_RCVBUF, granted, &size) < 0) *granted = 0;
  int failed = 0;
  if (local_port) {
    fill(&local, NULL, count, local_port);
    failed = bind(fd, (struct sockaddr *)&local, length);
  }
  if (failed == 0) failed = connect(fd, (struct sockaddr *)&peer, length);
  if (failed < 0) {
    int reason = errno;
    close(fd);
    return -reason;
  }
  return fd;
}

void csockets_close(int fd) { close(fd); }

int csockets_poll_open(void) {
  int poll = epoll_create1(EPOLL_CLOEXEC);
  return poll < 0 ? -errno : poll;
}

int csockets_poll_add(int poll, int fd, uint32_t key) {
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = key};
  return epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno : 0;
}

int csockets_poll_wait(struct csockets_ring *ring, int poll, int milliseconds) {
  int count = epoll_wait(poll, ring->events, CSOCKETS_BATCH, milliseconds);
  if (count >= 0) return count;
  return errno == EINTR ? 0 : -errno;
}

uint32_t csockets_poll_key(const struct csockets_ring *ring, int index) { return ring->events[index].data.u32; }

void csockets_pause(int microseconds) {
  struct timespec time = {microseconds / 1000000, (long)(microseconds % 1000000) * 1000};
  nanosleep(&time, NULL);
}

int csockets_bell_open(void) {
  int bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return bell < 0 ? -errno : bell;
}

// Both ignore the result: a bell that cannot take one more ring is ringing already.
void csockets_bell_ring(int bell) {
  uint64_t one = 1;
  if (write(bell, &one, sizeof one) < 0) return;
}

void csockets_bell_quiet(int bell) {
  uint64_t rings;
  if (read(bell, &rings, sizeof rings) < 0) return;
}

int64_t csockets_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int csockets_random(uint8_t *octets, size_t count) {
  while (count > 0) {
    ssize_t got = getrandom(octets, count, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      return -errno;
    }
    octets += got;
    count -= (size_t)got;
  }
  return 0;
}

int64_t csockets_open_files_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY) return 65536;
  return (int64_t)limit.rlim_cur;
}

void csockets_words(int reason, char *words, size_t size) {
  char room[128];
  const char *text = strerror_r(reason, room, sizeof room);
  strncpy(words, text, size - 1);
  words[size - 1] = 0;
}
