// Shows the thread sanitizer what Swift's `Mutex` does when it has to wait.
//
// A `Mutex` is a futex. Its quick path, one compare-and-exchange, is inlined into our code: the sanitizer
// sees that. Its slow path lies in libswiftSynchronization.so, which is not instrumented: of a lock that
// was handed over by the kernel the sanitizer knows nothing, and reports a race for two closures that
// never ran together. (On Darwin, where a `Mutex` is an `os_unfair_lock`, it knows.)
//
// Loaded before that library (LD_PRELOAD), this stands in for its three slow functions. Each calls the
// real one and states the one edge that a lock makes: what came before an unlock happened before what
// follows the next lock of the same handle. No edge is stated that the lock does not make, so a race
// beside a lock is reported as ever; Tests/sanitize proves both before it trusts a silence.
//
// The handle is a method's `self`: clang's `swiftcall` finds it where Swift passes it.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

// In the program, if it was built with the sanitizer; a program that was not goes without.
extern void __tsan_acquire(void *) __attribute__((weak));
extern void __tsan_release(void *) __attribute__((weak));

static void *real(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (function == NULL) {
    fprintf(stderr, "mutex-edges: there is no %s behind this one\n", name);
    abort();
  }
  return function;
}

SWIFT void lock_slow(uint32_t thread, SELF void *handle) __asm__(LOCK);
SWIFT void lock_slow(uint32_t thread, SELF void *handle) {
  SWIFT void (*lock)(uint32_t, SELF void *) = real(LOCK);
  lock(thread, handle);
  if (__tsan_acquire) __tsan_acquire(handle);
}

SWIFT bool try_lock_slow(SELF void *handle) __asm__(TRY_LOCK);
SWIFT bool try_lock_slow(SELF void *handle) {
  SWIFT bool (*try_lock)(SELF void *) = real(TRY_LOCK);
  bool is_locked = try_lock(handle);
  if (is_locked && __tsan_acquire) __tsan_acquire(handle);
  return is_locked;
}

SWIFT void unlock_slow(SELF void *handle) __asm__(UNLOCK);
SWIFT void unlock_slow(SELF void *handle) {
  SWIFT void (*unlock)(SELF void *) = real(UNLOCK);
  if (__tsan_release) __tsan_release(handle);
  unlock(handle);
}
