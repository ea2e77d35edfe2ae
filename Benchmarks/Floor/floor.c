// The floor under every DNS client: what the kernel's UDP path costs when nothing is done with the answers.
//
// Asks A of host0, host1, … in zone.example over connected sockets, in batches, and reads of an answer only its id, to know
// which question it ends. What a socket lost is asked again, so that every run gets the same number of answers.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
  BATCH = 64,
  // A new batch leaves when this many fit into the window: a system call for a few is the dear part of each of them.
  FEWEST = 32,
  MOST_SOCKETS = 64,
  // A slot's number is the low octet of the id, its turn the high one: a late answer does not end the slot's next question.
  MOST_WINDOW = 256,
  QUESTION_ROOM = 96,
  ANSWER_ROOM = 1232,
  LOST_AFTER_MS = 100,
};

struct options {
  struct sockaddr_in server;
  long names;
  int sockets, window;
  bool edns, single;
};

struct slot {
  long name;
  int64_t sent_at;
  uint8_t turn;
  bool flies;
};

struct asker {
  int file, flying, free_count;
  uint8_t free[MOST_WINDOW];
  struct slot slots[MOST_WINDOW];
};

// 192 in flight in all. A server's receive buffer of 212,992 octets, the default, holds 277 small datagrams, of which the kernel
// gives room back in quarters: more than 208 in flight are lost now and then.
static struct options options = {.sockets = 4, .window = 48};
static struct asker askers[MOST_SOCKETS];
static long asked, answers, resent;

static uint8_t questions[BATCH][QUESTION_ROOM], replies[BATCH][ANSWER_ROOM];
static struct iovec out_vectors[BATCH], in_vectors[BATCH];
static struct mmsghdr out[BATCH], in[BATCH];

static void die(const char *what) {
  fprintf(stderr, "floor: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// MARK: Questions

static int put(uint8_t *at, const void *octets, int count) {
  memcpy(at, octets, (size_t)count);
  return count;
}

static int put_label(uint8_t *at, long number) {
  int length = sprintf((char *)at + 1, "host%ld", number);
  at[0] = (uint8_t)length;
  return 1 + length;
}

// A question as it goes out, RFC 1035 §4.1: its octets.
static int write_question(uint8_t *at, uint16_t id, long name) {
  static const uint8_t origin[] = "\4zone\7example", type_and_class[] = {0, 1, 0, 1};
  // What nameward sends: 1232 octets, NSID, and a client's cookie (RFC 6891 §6.1.2, RFC 5001, RFC 7873 §4).
  static const uint8_t opt[] = {0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 16, 0, 3, 0, 0, 0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8};
  uint8_t header[12] = {(uint8_t)(id >> 8), (uint8_t)id, [5] = 1, [11] = options.edns};
  int end = put(at, header, sizeof header);
  end += put_label(at + end, name);
  end += put(at + end, origin, sizeof origin);
  end += put(at + end, type_and_class, sizeof type_and_class);
  if (options.edns) end += put(at + end, opt, sizeof opt);
  return end;
}

static int write_slot(uint8_t *at, struct asker *asker, int slot) {
  return write_question(at, (uint16_t)(asker->slots[slot].turn << 8 | slot), asker->slots[slot].name);
}

// The slot of the next name. There must be one free and a name left.
static int next_slot(struct asker *asker, int64_t now) {
  int number = asker->free[--asker->free_count];
  struct slot *slot = &asker->slots[number];
  *slot = (struct slot){.name = asked++, .sent_at = now, .turn = (uint8_t)(slot->turn + 1), .flies = true};
  asker->flying++;
  return number;
}

static void take(struct asker *asker, const uint8_t *reply, ssize_t length) {
  if (length < 12) return;
  struct slot *slot = &asker->slots[reply[1]];
  if (!slot->flies || slot->turn != reply[0]) return;
  slot->flies = false;
  asker->free[asker->free_count++] = reply[1];
  asker->flying--;
  answers++;
}

// MARK: In batches

// What the kernel does not take counts as lost and is sent again in its time.
static void send_row(struct asker *asker, int count) {
  if (count > 0 && sendmmsg(asker->file, out, (unsigned)count, MSG_DONTWAIT) < 0 && errno != EAGAIN) die("cannot send");
}

static void send_batch(struct asker *asker, int64_t now) {
  long left = options.names - asked;
  int count = asker->free_count < BATCH ? asker->free_count : BATCH;
  if (count > left) count = (int)left;
  else if (count < FEWEST && asker->flying > 0) return;
  for (int i = 0; i < count; i++) {
    int slot = next_slot(asker, now);
    out_vectors[i].iov_len = (size_t)write_slot(questions[i], asker, slot);
  }
  send_row(asker, count);
}

static int receive_batch(struct asker *asker) {
  if (asker->flying == 0) return 0;
  int count = recvmmsg(asker->file, in, BATCH, MSG_DONTWAIT, NULL);
  if (count < 0 && errno != EAGAIN && errno != EINTR) die("cannot receive");
  for (int i = 0; i < count; i++) take(asker, replies[i], in[i].msg_len);
  return count < 0 ? 0 : count;
}

static void send_lost(struct asker *asker, int64_t now) {
  int count = 0;
  for (int number = 0; number < options.window && count < BATCH; number++) {
    struct slot *slot = &asker->slots[number];
    if (!slot->flies || now - slot->sent_at < LOST_AFTER_MS) continue;
    slot->sent_at = now;
    out_vectors[count].iov_len = (size_t)write_slot(questions[count], asker, number);
    count++;
  }
  resent += count;
  send_row(asker, count);
}

static void wait_for_answers(void) {
  struct pollfd files[MOST_SOCKETS];
  for (int i = 0; i < options.sockets; i++) files[i] = (struct pollfd){askers[i].file, POLLIN, 0};
  if (poll(files, (nfds_t)options.sockets, LOST_AFTER_MS / 4) < 0 && errno != EINTR) die("cannot wait");
}

static void ask_in_batches(void) {
  int64_t looked_at = now_ms();
  while (answers < options.names) {
    int64_t now = now_ms();
    int received = 0;
    for (int i = 0; i < options.sockets; i++) {
      send_batch(&askers[i], now);
      received += receive_batch(&askers[i]);
    }
    if (now - looked_at >= LOST_AFTER_MS / 4) {
      for (int i = 0; i < options.sockets; i++) send_lost(&askers[i], now);
      looked_at = now;
    }
    if (received == 0) wait_for_answers();
  }
}

// MARK: One by one, the shape of massdns: one socket that is not connected, and for each wake-up one answer and one question

static void send_one(struct asker *asker, int slot) {
  int length = write_slot(questions[0], asker, slot);
  ssize_t sent = sendto(
    asker->file, questions[0], (size_t)length, MSG_DONTWAIT, (struct sockaddr *)&options.server, sizeof options.server);
  if (sent < 0 && errno != EAGAIN) die("cannot send");
}

static void receive_one(struct asker *asker) {
  struct sockaddr_in from;
  socklen_t size = sizeof from;
  ssize_t length = recvfrom(asker->file, replies[0], ANSWER_ROOM, MSG_DONTWAIT, (struct sockaddr *)&from, &size);
  if (length < 0 && errno != EAGAIN && errno != EINTR) die("cannot receive");
  take(asker, replies[0], length);
}

static void send_lost_one_by_one(struct asker *asker, int64_t now) {
  for (int number = 0; number < options.window; number++) {
    struct slot *slot = &asker->slots[number];
    if (!slot->flies || now - slot->sent_at < LOST_AFTER_MS) continue;
    slot->sent_at = now;
    send_one(asker, number);
    resent++;
  }
}

static void ask_one_by_one(struct asker *asker) {
  int poll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN};
  if (poll < 0 || epoll_ctl(poll, EPOLL_CTL_ADD, asker->file, &event) < 0) die("cannot wait");
  int64_t looked_at = now_ms();
  while (asker->free_count > 0 && asked < options.names) send_one(asker, next_slot(asker, looked_at));
  while (answers < options.names) {
    if (epoll_wait(poll, &event, 1, LOST_AFTER_MS / 4) > 0) receive_one(asker);
    int64_t now = now_ms();
    if (asker->free_count > 0 && asked < options.names) send_one(asker, next_slot(asker, now));
    if (now - looked_at < LOST_AFTER_MS / 4) continue;
    send_lost_one_by_one(asker, now);
    looked_at = now;
  }
  close(poll);
}

// MARK: Start

static void open_sockets(void) {
  for (int i = 0; i < options.sockets; i++) {
    struct asker *asker = &askers[i];
    asker->file = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    if (asker->file < 0) die("cannot open a socket");
    if (!options.single && connect(asker->file, (struct sockaddr *)&options.server, sizeof options.server) < 0) {
      die("cannot connect");
    }
    for (int slot = 0; slot < options.window; slot++) asker->free[asker->free_count++] = (uint8_t)slot;
  }
}

static void lay_out_batches(void) {
  for (int i = 0; i < BATCH; i++) {
    out_vectors[i].iov_base = questions[i];
    in_vectors[i] = (struct iovec){replies[i], ANSWER_ROOM};
    out[i].msg_hdr = (struct msghdr){.msg_iov = &out_vectors[i], .msg_iovlen = 1};
    in[i].msg_hdr = (struct msghdr){.msg_iov = &in_vectors[i], .msg_iovlen = 1};
  }
}

static void usage(FILE *to) {
  fputs(
    "usage: floor [--edns] [--sockets N] [--window N] [--single] ADDRESS PORT NAMES\n"
    "Asks ADDRESS for A of host0 … in zone.example and prints: answers N resent N wall S cpu S maxrss KIB\n"
    "  --edns       with the OPT record that nameward sends\n"
    "  --sockets N  connected sockets, at most 64 (4)\n"
    "  --window N   questions in flight on each socket, at most 256 (48)\n"
    "  --single     one socket with all windows, and one epoll_wait, recvfrom and sendto an answer: the shape of massdns\n",
    to);
  exit(to == stdout ? 0 : 2);
}

// A whole number from 1 to `most`.
static long number(const char *text, long most) {
  char *end;
  long value = strtol(text, &end, 10);
  if (end == text || *end || value < 1 || value > most) usage(stderr);
  return value;
}

static void read_arguments(int count, char **words) {
  static const struct option known[] = {
    {"edns", no_argument, NULL, 'e'},          {"sockets", required_argument, NULL, 's'},
    {"window", required_argument, NULL, 'w'},  {"single", no_argument, NULL, 'm'},
    {"help", no_argument, NULL, 'h'},          {0},
  };
  int option;
  while ((option = getopt_long(count, words, "h", known, NULL)) != -1) {
    switch (option) {
    case 'e': options.edns = true; break;
    case 's': options.sockets = (int)number(optarg, MOST_SOCKETS); break;
    case 'w': options.window = (int)number(optarg, MOST_WINDOW); break;
    case 'm': options.single = true; break;
    case 'h': usage(stdout); break;
    default: usage(stderr);
    }
  }
  if (count - optind != 3) usage(stderr);
  options.server.sin_family = AF_INET;
  options.server.sin_port = htons((uint16_t)number(words[optind + 1], 65535));
  if (inet_pton(AF_INET, words[optind], &options.server.sin_addr) != 1) usage(stderr);
  options.names = number(words[optind + 2], 1L << 40);
  if (!options.single) return;
  int window = options.window * options.sockets;
  options.window = window < MOST_WINDOW ? window : MOST_WINDOW;
  options.sockets = 1;
}

static double seconds(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

int main(int count, char **words) {
  read_arguments(count, words);
  open_sockets();
  lay_out_batches();
  int64_t started = now_ms();
  if (options.single) ask_one_by_one(&askers[0]);
  else ask_in_batches();
  double wall = (double)(now_ms() - started) / 1e3;
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("answers %ld resent %ld wall %.3f cpu %.3f maxrss %ld\n",
    answers, resent, wall, seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss);
}
