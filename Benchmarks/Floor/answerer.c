// Answers for the zone that `workload make-zone addresses N` makes, without holding it: host7 has 10.0.0.7. For where the
// server must not be the limit, where questions are to be lost, and where runs are counted.
//
// One process a port. Questions are taken in and answered in batches; each answer is written into the room of its question.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  BATCH = 64,
  HEADER = 12,
  // A question of at most 255 octets, what it may bring along, and the answer behind it.
  ROOM = 1024,
  // An SOA in the authority section is the longest thing that is appended; then an OPT record.
  MOST_APPENDED = 160,
  TYPE_A = 1, TYPE_NS = 2, TYPE_SOA = 6, TYPE_OPT = 41,
  TTL = 3600,
  // The SOA's last field: how long it may be held that a name or type is not there (RFC 2308 §5).
  NEGATIVE_TTL = 300,
};

static struct options {
  struct sockaddr_in address;
  long names;
  double loss;
  uint64_t seed;
} options = {.seed = 1};

static uint8_t rooms[BATCH][ROOM];
static struct sockaddr_in askers[BATCH];
static struct iovec in_vectors[BATCH], out_vectors[BATCH];
static struct mmsghdr in[BATCH], out[BATCH];
static long taken, dropped;
static volatile sig_atomic_t ends;

static void die(const char *what) {
  fprintf(stderr, "answerer: %s: %s\n", what, strerror(errno));
  exit(1);
}

// MARK: The question

struct question {
  // Where the name's part before the zone's name starts and how long it is; just past the section.
  int labels, end;
  uint16_t type;
  bool is_ours, has_opt;
};

static uint16_t word(const uint8_t *at) { return (uint16_t)(at[0] << 8 | at[1]); }

// Whether a message of `length` octets is one question in class IN, and which.
static bool read_question(const uint8_t *message, int length, struct question *question) {
  static const char origin[] = "\4zone\7example";
  if (length < HEADER + 5 || message[2] & 0x80 || word(message + 4) != 1) return false;
  int place = HEADER;
  // Length octets are never letters, so that comparing without case compares them too.
  while (true) {
    int left = length - place;
    if (left < 5 || message[place] > 63) return false;
    if (left >= (int)sizeof origin && strncasecmp((const char *)message + place, origin, sizeof origin) == 0) {
      question->is_ours = true;
      question->labels = place - HEADER;
    }
    if (message[place] == 0) break;
    place += 1 + message[place];
  }
  question->type = word(message + place + 1);
  question->end = place + 5;
  question->has_opt = word(message + 10) > 0 && length >= question->end + 11 && message[question->end] == 0
    && word(message + question->end + 1) == TYPE_OPT;
  return word(message + place + 3) == 1;
}

// The number of host7; -1 for another name.
static long host(const uint8_t *name, int labels) {
  if (labels < 6 || labels > 16 || name[0] != labels - 1 || strncasecmp((const char *)name + 1, "host", 4) != 0) return -1;
  if (name[5] == '0' && labels > 6) return -1;
  long number = 0;
  for (int i = 5; i < labels; i++) {
    if (name[i] < '0' || name[i] > '9') return -1;
    number = number * 10 + name[i] - '0';
  }
  return number < options.names ? number : -1;
}

static bool is_name_server(const uint8_t *name, int labels) {
  return labels == 4 && strncasecmp((const char *)name, "\3ns1", 4) == 0;
}

// MARK: The answer

static int put(uint8_t *at, const void *octets, int count) {
  memcpy(at, octets, (size_t)count);
  return count;
}

static int put_word(uint8_t *at, int value) {
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
  return 2;
}

static int put_long(uint8_t *at, int value) { return put_word(at, value >> 16 & 0xFFFF) + put_word(at + 2, value & 0xFFFF); }

// Points to a name that stands earlier in the message (RFC 1035 §4.1.4).
static int put_pointer(uint8_t *at, int place) { return put_word(at, 0xC000 | place); }

// All of a record before its data, of whose length it is told.
static int put_head(uint8_t *at, int owner, int type, int ttl, int length) {
  int end = put_pointer(at, owner);
  end += put_word(at + end, type);
  end += put_word(at + end, 1);
  end += put_long(at + end, ttl);
  return end + put_word(at + end, length);
}

static int put_address(uint8_t *at, int owner, const uint8_t address[4]) {
  int end = put_head(at, owner, TYPE_A, TTL, 4);
  return end + put(at + end, address, 4);
}

static int put_name_server(uint8_t *at, int apex) {
  int end = put_head(at, apex, TYPE_NS, TTL, 6);
  end += put(at + end, "\3ns1", 4);
  return end + put_pointer(at + end, apex);
}

static int put_authority(uint8_t *at, int apex, int ttl) {
  static const int32_t numbers[] = {1, 7200, 3600, 1209600, NEGATIVE_TTL};
  int end = put_head(at, apex, TYPE_SOA, ttl, 6 + 13 + (int)sizeof numbers);
  end += put(at + end, "\3ns1", 4);
  end += put_pointer(at + end, apex);
  end += put(at + end, "\12hostmaster", 11);
  end += put_pointer(at + end, apex);
  for (int i = 0; i < 5; i++) end += put_long(at + end, numbers[i]);
  return end;
}

static int put_opt(uint8_t *at) {
  static const uint8_t opt[11] = {0, 0, TYPE_OPT, 4, 208};
  return put(at, opt, sizeof opt);
}

static void put_counts(uint8_t *message, int answers, int authorities, int additional) {
  put_word(message + 6, answers);
  put_word(message + 8, authorities);
  put_word(message + 10, additional);
}

// Appends what the zone has to say, and sets the response code; returns the message's end.
static int append_records(uint8_t *message, const struct question *question) {
  static const uint8_t name_server[4] = {192, 0, 2, 53};
  const uint8_t *name = message + HEADER;
  int end = question->end, apex = HEADER + question->labels;
  bool is_apex = question->labels == 0, is_server = is_name_server(name, question->labels);
  long number = host(name, question->labels);
  if (number >= 0 && question->type == TYPE_A) {
    put_counts(message, 1, 0, 0);
    const uint8_t address[4] = {10, (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number};
    return end + put_address(message + end, HEADER, address);
  }
  if (is_server && question->type == TYPE_A) {
    put_counts(message, 1, 0, 0);
    return end + put_address(message + end, HEADER, name_server);
  }
  if (is_apex && question->type == TYPE_NS) {
    put_counts(message, 1, 0, 1);
    int host = end + HEADER;  // The name server's name, the data of the record that comes first.
    end += put_name_server(message + end, apex);
    return end + put_address(message + end, host, name_server);
  }
  if (is_apex && question->type == TYPE_SOA) {
    put_counts(message, 1, 0, 0);
    return end + put_authority(message + end, apex, TTL);
  }
  // No such record, or no such name (RFC 2308 §2).
  put_counts(message, 0, 1, 0);
  if (!is_apex && !is_server && number < 0) message[3] = 3;
  return end + put_authority(message + end, apex, NEGATIVE_TTL);
}

// Makes the answer of the question where it stands; 0 if it gets none.
static int answer(uint8_t *message, int length) {
  struct question question = {0};
  if (!read_question(message, length, &question)) return 0;
  message[2] = (uint8_t)(0x80 | (message[2] & 1));
  message[3] = 0;
  int end = question.end;
  if (question.is_ours) {
    message[2] |= 4;  // With authority.
    end = append_records(message, &question);
  } else {
    message[3] = 5;
    put_counts(message, 0, 0, 0);
  }
  if (!question.has_opt) return end;
  put_word(message + 10, word(message + 10) + 1);
  return end + put_opt(message + end);
}

// MARK: The loop

// xorshift64* (Vigna, 2014): the same questions are lost in each run that asks in the same order.
static bool is_lost(void) {
  static uint64_t state;
  if (options.loss == 0) return false;
  if (state == 0) state = options.seed;
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return (double)(state * 0x2545F4914F6CDD1D >> 11) / (double)(1ULL << 53) < options.loss / 100;
}

static void reply_to(int file, int count) {
  for (int sent = 0; sent < count;) {
    int more = sendmmsg(file, out + sent, (unsigned)(count - sent), 0);
    if (more < 0 && errno == EINTR) continue;
    // A client that has gone refuses its answer: the error is the socket's, and the next answer may be sent.
    sent += more > 0 ? more : 1;
  }
}

static void serve(int file) {
  while (!ends) {
    for (int i = 0; i < BATCH; i++) in[i].msg_hdr.msg_namelen = sizeof askers[i];
    int count = recvmmsg(file, in, BATCH, MSG_WAITFORONE, NULL), answers = 0;
    if (count < 0 && errno != EINTR && errno != EAGAIN && errno != ECONNREFUSED) die("cannot receive");
    for (int i = 0; i < count; i++) {
      taken++;
      if (is_lost()) {
        dropped++;
        continue;
      }
      int length = answer(rooms[i], (int)in[i].msg_len);
      if (length == 0) continue;
      out_vectors[answers] = (struct iovec){rooms[i], (size_t)length};
      out[answers++].msg_hdr.msg_name = &askers[i];
    }
    reply_to(file, answers);
  }
}

// MARK: Start

static int open_socket(void) {
  int file = socket(AF_INET, SOCK_DGRAM, 0), wanted = 4 << 20;
  if (file < 0 || bind(file, (struct sockaddr *)&options.address, sizeof options.address) < 0) die("cannot take the port");
  // What the kernel grants of it is enough.
  setsockopt(file, SOL_SOCKET, SO_RCVBUF, &wanted, sizeof wanted);
  // A signal that comes just before the wait is noticed after it.
  struct timeval wait = {.tv_usec = 500000};
  setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  return file;
}

static void lay_out_batches(void) {
  for (int i = 0; i < BATCH; i++) {
    in_vectors[i] = (struct iovec){rooms[i], ROOM - MOST_APPENDED};
    in[i].msg_hdr = (struct msghdr){.msg_name = &askers[i], .msg_iov = &in_vectors[i], .msg_iovlen = 1};
    out[i].msg_hdr = (struct msghdr){.msg_namelen = sizeof askers[i], .msg_iov = &out_vectors[i], .msg_iovlen = 1};
  }
}

static void end(int signal) {
  (void)signal;
  ends = 1;
}

static void usage(FILE *to) {
  fputs(
    "usage: answerer [--loss PERCENT] [--seed N] ADDRESS PORT NAMES\n"
    "Answers for zone.example with host0 … of NAMES addresses until it is ended by SIGTERM; then prints: taken N dropped N\n"
    "  --loss PERCENT  leaves so many of the questions without an answer\n"
    "  --seed N        which ones (1)\n",
    to);
  exit(to == stdout ? 0 : 2);
}

static double number(const char *text, double least, double most) {
  char *end;
  double value = strtod(text, &end);
  if (end == text || *end || !(value >= least && value <= most)) usage(stderr);
  return value;
}

static void read_arguments(int count, char **words) {
  static const struct option known[] = {
    {"loss", required_argument, NULL, 'l'}, {"seed", required_argument, NULL, 's'}, {"help", no_argument, NULL, 'h'}, {0},
  };
  int option;
  while ((option = getopt_long(count, words, "h", known, NULL)) != -1) {
    switch (option) {
    case 'l': options.loss = number(optarg, 0, 100); break;
    case 's': options.seed = (uint64_t)number(optarg, 1, 1e15); break;
    case 'h': usage(stdout); break;
    default: usage(stderr);
    }
  }
  if (count - optind != 3) usage(stderr);
  options.address.sin_family = AF_INET;
  options.address.sin_port = htons((uint16_t)number(words[optind + 1], 1, 65535));
  if (inet_pton(AF_INET, words[optind], &options.address.sin_addr) != 1) usage(stderr);
  // Addresses are numbered by three octets.
  options.names = (long)number(words[optind + 2], 1, 1 << 24);
}

int main(int count, char **words) {
  read_arguments(count, words);
  struct sigaction action = {.sa_handler = end};  // Without SA_RESTART: it ends the wait too.
  sigaction(SIGTERM, &action, NULL);
  int file = open_socket();
  lay_out_batches();
  serve(file);
  printf("taken %ld dropped %ld\n", taken, dropped);
}
