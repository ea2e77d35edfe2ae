// Runs a command and appends a line to a file: its wall and processor seconds and its greatest memory. `time` of bash does not
// tell the memory. Ends as the command ended.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds_of(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

static double now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void die(const char *what) {
  fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
  exit(127);
}

int main(int count, char **words) {
  if (count < 3) {
    fputs("usage: measure FILE COMMAND [ARGUMENT…]\nAppends to FILE: wall S cpu S maxrss KIB\n", stderr);
    return 2;
  }
  double started = now();
  pid_t child = fork();
  if (child < 0) die("cannot start a process");
  if (child == 0) {
    execvp(words[2], words + 2);
    die(words[2]);
  }
  int status;
  struct rusage usage;
  while (wait4(child, &status, 0, &usage) < 0) {
    if (errno != EINTR) die("cannot wait");
  }
  double wall = now() - started;
  FILE *file = fopen(words[1], "a");
  if (!file) die(words[1]);
  fprintf(file, "wall %.3f cpu %.3f maxrss %ld\n", wall, seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime), usage.ru_maxrss);
  if (fclose(file) != 0) die(words[1]);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
