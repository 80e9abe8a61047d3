// Shows the thread sanitizer two things that Swift's runtime orders and does not tell it about.
//
// **A mutex that has to wait.** A `Mutex` is a futex. Its quick path, one compare-and-exchange, is inlined
// into our code: the sanitizer sees that. Its slow path lies in libswiftSynchronization.so, which is not
// instrumented: of a lock that was handed over by the kernel the sanitizer knows nothing, and reports a
// race for two closures that never ran together. (On Darwin, where a `Mutex` is an `os_unfair_lock`, it
// knows.)
//
// **A continuation that is resumed before its task waits for it.** Whoever resumes states that edge, and a
// task that was put to sleep finds it when it runs again. But a task that finds its answer there already
// goes straight on, and the runtime forgets to say so.
//
// Loaded before those libraries (LD_PRELOAD), this stands in for the functions concerned. Each calls the
// real one and states the one edge that it makes. No edge is stated that is not made, so a race beside a
// lock, or beside a continuation, is reported as ever; Tests/sanitize proves both before it trusts a
// silence.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))
#define ASYNC __attribute__((swiftasynccall))
#define ASYNC_CONTEXT __attribute__((swift_async_context))
#define TAIL_CALL __attribute__((musttail)) return

// In the program, if it was built with the sanitizer; a program that was not goes without.
extern void __tsan_acquire(void *) __attribute__((weak));
extern void __tsan_release(void *) __attribute__((weak));

static void *real(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (function == NULL) {
    fprintf(stderr, "runtime-edges: there is no %s behind this one\n", name);
    abort();
  }
  return function;
}

// The mutex: what came before an unlock happened before what follows the next lock of the same handle.
// The handle is a method's `self`: clang's `swiftcall` finds it where Swift passes it.

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

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

// The continuation: what came before it was resumed happened before what its task does next. The edge ends
// at the task, where the runtime's own begins when somebody resumes.

// The head of the runtime's `ContinuationAsyncContext`. Of the flags the lowest four have a meaning.
struct continuation {
  void *parent;
  ASYNC void (*next)(ASYNC_CONTEXT struct continuation *);
  uintptr_t flags;
};

// What the task does next waits above the flags for `resumed`: an address has 47 bits.
#define FLAG_BITS 16

SWIFT extern void *swift_task_getCurrent(void);

static ASYNC void resumed(ASYNC_CONTEXT struct continuation *continuation) {
  ASYNC void (*next)(ASYNC_CONTEXT struct continuation *) = (void *)(continuation->flags >> FLAG_BITS);
  if (__tsan_acquire) __tsan_acquire(swift_task_getCurrent());
  TAIL_CALL next(continuation);
}

ASYNC void swift_continuation_await(struct continuation *continuation) {
  ASYNC void (*await)(struct continuation *) = real("swift_continuation_await");
  continuation->flags &= (1 << FLAG_BITS) - 1;
  continuation->flags |= (uintptr_t)continuation->next << FLAG_BITS;
  continuation->next = resumed;
  TAIL_CALL await(continuation);
}
