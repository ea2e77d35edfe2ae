// For runs under valgrind, loaded before the C library: sigsuspend with a signal mask that may be written to.
//
// valgrind 3.19 clears its own signals in the caller's mask. The main thread of a Swift program with an asynchronous main waits in
// libdispatch with a mask that is read-only, so valgrind ends there with signal 11.
#define _GNU_SOURCE
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { KERNEL_MASK_OCTETS = 8 };

int sigsuspend(const sigset_t *mask) {
  sigset_t copy = *mask;
  return (int)syscall(SYS_rt_sigsuspend, &copy, KERNEL_MASK_OCTETS);
}
