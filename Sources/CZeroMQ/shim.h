#pragma once
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <zmq.h>

// _GNU_SOURCE must not be defined here: it changes system structures under Swift's own view of the C library. What
// needs it is declared by hand instead.

extern int pthread_setname_np(pthread_t thread, const char *name);

/// `ZMQ_ZAP_ENFORCE_DOMAIN`: the library has it since 4.3.0, its header shows it to users of drafts alone. Without it a
/// server whose handler is not there lets everybody in.
enum { KAPWA_ZAP_ENFORCE_DOMAIN = 93 };

static inline int kapwa_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

/// Names the calling thread; at most 15 bytes, as the kernel allows.
static inline void kapwa_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

/// What a TCP connection has carried since it was made.
typedef struct {
    /// A key of the address at the other end, by which a reused descriptor is told from the connection that was meant.
    uint64_t peer;
    /// Bytes that have come, and bytes that left and were acknowledged by the other end's kernel.
    uint64_t received, acknowledged;
} kapwa_connection_t;

/// 0, or -1 when `fd` is no TCP connection (any more).
static inline int kapwa_connection(int fd, kapwa_connection_t *connection) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    memset(&address, 0, sizeof address);
    if (getpeername(fd, (struct sockaddr *)&address, &length) != 0) return -1;
    if (address.ss_family != AF_INET && address.ss_family != AF_INET6) return -1;
    uint64_t key = 14695981039346656037ULL;
    for (socklen_t index = 0; index < length && index < sizeof address; index++)
        key = (key ^ ((const unsigned char *)&address)[index]) * 1099511628211ULL;
    // The C library's `struct tcp_info` ends before the field that counts, and the kernel's header cannot be
    // included beside it. The layout is part of the kernel's interface: `tcpi_bytes_acked` lies at 120,
    // `tcpi_bytes_received` at 128.
    unsigned char info[256];
    length = sizeof info;
    memset(info, 0, sizeof info);
    if (getsockopt(fd, IPPROTO_TCP, 11 /* TCP_INFO */, info, &length) != 0 || length < 136) return -1;
    memcpy(&connection->acknowledged, info + 120, sizeof connection->acknowledged);
    memcpy(&connection->received, info + 128, sizeof connection->received);
    connection->peer = key;
    return 0;
}
