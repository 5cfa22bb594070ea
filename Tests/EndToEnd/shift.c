/* Loaded into a daemon before its libraries: its clock shows another day.

     KAPWA_SHIFT_DAYS  so many days are added to the time of day; negative: taken off */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t which, struct timespec *time) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(which, time);
    const char *days = getenv("KAPWA_SHIFT_DAYS");
    if (!failed && days && which == CLOCK_REALTIME) time->tv_sec += atol(days) * 86400;
    return failed;
}
