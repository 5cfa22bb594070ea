/* Loaded into a daemon before its libraries: holds up what its files say, for as long as they are there.

     KAPWA_STALL_DISK     no fdatasync or fsync returns
     KAPWA_STALL_SOCKETS  the thread of the sockets does not come back from poll */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Standing still is the fault that is tried: it lasts until somebody takes the file away, never for a time. */
static void wait_for(const char *name) {
    const char *file = getenv(name);
    const struct timespec moment = {0, 10000000};
    while (file && access(file, F_OK) == 0) ppoll(NULL, 0, &moment, NULL);
}

int fdatasync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_for("KAPWA_STALL_DISK");
    return real(file);
}

int fsync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_for("KAPWA_STALL_DISK");
    return real(file);
}

int poll(struct pollfd *items, nfds_t count, int milliseconds) {
    static int (*real)(struct pollfd *, nfds_t, int);
    char thread[16] = "";
    if (!real) real = (int (*)(struct pollfd *, nfds_t, int))dlsym(RTLD_NEXT, "poll");
    pthread_getname_np(pthread_self(), thread, sizeof thread);
    if (strcmp(thread, "kapwa-wire") == 0) wait_for("KAPWA_STALL_SOCKETS");
    return real(items, count, milliseconds);
}
