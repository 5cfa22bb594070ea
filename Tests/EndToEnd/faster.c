/* Loaded into a daemon before its libraries: its clocks run KAPWA_FASTER times as fast, and what it waits for comes as much
   sooner. Hours of a floor pass in minutes; what is computed takes as long as ever. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

typedef long long nanoseconds;

static nanoseconds second = 1000000000LL;
static nanoseconds speed = 1;
/* When it was loaded, on either clock. */
static nanoseconds wall, boot;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static nanoseconds of(const struct timespec *time) { return time->tv_sec * second + time->tv_nsec; }
static struct timespec spec(nanoseconds time) { return (struct timespec){time / second, time % second}; }

static int (*real_clock)(clockid_t, struct timespec *);

static nanoseconds read_clock(clockid_t clock) {
    struct timespec time;
    real_clock(clock, &time);
    return of(&time);
}

__attribute__((constructor)) static void begin(void) {
    const char *value = getenv("KAPWA_FASTER");
    if (real_clock) return;
    real_clock = REAL(clock_gettime);
    if (value && atoi(value) > 0) speed = atoi(value);
    wall = read_clock(CLOCK_REALTIME);
    boot = read_clock(CLOCK_MONOTONIC);
}

static nanoseconds origin(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ? wall : boot;
}

static nanoseconds faster(clockid_t clock, nanoseconds time) { return origin(clock) + (time - origin(clock)) * speed; }
/* When a fast clock shows a time. */
static nanoseconds slower(clockid_t clock, nanoseconds time) { return origin(clock) + (time - origin(clock)) / speed; }

/* Milliseconds of waiting; what is not nothing stays more than nothing. */
static int sooner(int milliseconds) { return milliseconds > 0 ? (milliseconds + speed - 1) / speed : milliseconds; }

/* Seconds since 1970 and since boot cannot be taken for one another. */
static clockid_t clock_of(const struct timespec *until) {
    return until->tv_sec > wall / second / 2 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    begin();
    int code = real_clock(clock, time);
    if (code == 0 && clock != CLOCK_PROCESS_CPUTIME_ID && clock != CLOCK_THREAD_CPUTIME_ID)
        *time = spec(faster(clock, of(time)));
    return code;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    *time = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *place) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (place) *place = now.tv_sec;
    return now.tv_sec;
}

int poll(struct pollfd *items, nfds_t count, int milliseconds) {
    return REAL(poll)(items, count, sooner(milliseconds));
}

int epoll_wait(int file, struct epoll_event *events, int count, int milliseconds) {
    return REAL(epoll_wait)(file, events, count, sooner(milliseconds));
}

int select(int count, fd_set *in, fd_set *out, fd_set *other, struct timeval *timeout) {
    if (!timeout) return REAL(select)(count, in, out, other, timeout);
    nanoseconds left = (timeout->tv_sec * second + timeout->tv_usec * 1000) / speed;
    struct timeval less = {left / second, left % second / 1000};
    return REAL(select)(count, in, out, other, &less);
}

int nanosleep(const struct timespec *time, struct timespec *left) {
    struct timespec less = spec(of(time) / speed);
    return REAL(nanosleep)(&less, left);
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *left) {
    struct timespec less = spec(flags & TIMER_ABSTIME ? slower(clock, of(time)) : of(time) / speed);
    return REAL(clock_nanosleep)(clock, flags, &less, left);
}

int timerfd_settime(int file, int flags, const struct itimerspec *timer, struct itimerspec *before) {
    struct itimerspec less = *timer;
    nanoseconds first = of(&timer->it_value);
    if (flags & TFD_TIMER_ABSTIME && first)
        first = slower(clock_of(&timer->it_value), first);
    else if (first)
        first = first / speed + 1;
    less.it_value = spec(first);
    less.it_interval = spec(of(&timer->it_interval) / speed);
    return REAL(timerfd_settime)(file, flags, &less, before);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until) {
    struct timespec less = spec(slower(CLOCK_REALTIME, of(until)));
    return REAL(sem_timedwait)(semaphore, &less);
}

int sem_clockwait(sem_t *restrict semaphore, clockid_t clock, const struct timespec *restrict until) {
    struct timespec less = spec(slower(clock, of(until)));
    return REAL(sem_clockwait)(semaphore, clock, &less);
}

int pthread_cond_timedwait(
    pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, const struct timespec *restrict until) {
    struct timespec less = spec(slower(clock_of(until), of(until)));
    return REAL(pthread_cond_timedwait)(condition, mutex, &less);
}

int pthread_cond_clockwait(
    pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, clockid_t clock,
    const struct timespec *restrict until) {
    struct timespec less = spec(slower(clock, of(until)));
    return REAL(pthread_cond_clockwait)(condition, mutex, clock, &less);
}
