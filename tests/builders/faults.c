/* Preloaded into a process, fails or ends it at its n-th call on files below one folder (test_crash_points.py). */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { WRITES = 1, READS = 2, KILL = -1, SHORT = -2 };
static int kind = 0, what = 0, sticky = 0, hit = 0;
static long at = 0, count = 0;
static char root[4096];

/* kind: WRITES or READS (0: none); at: which call, from 1; what: an errno, KILL or SHORT; sticky: and all later ones. */
void faults_arm(int kind_, long at_, int what_, int sticky_, const char *root_) {
    kind = kind_, at = at_, what = what_, sticky = sticky_, count = 0, hit = 0;
    strncpy(root, root_, sizeof root - 1);
}
long faults_count(void) { return count; }

static int below(const char *path) { return path && !strncmp(path, root, strlen(root)); }
static int below_fd(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size <= 0) return 0;
    path[size] = 0;
    return below(path);
}
/* 0: let it be; otherwise what is to happen to this call. */
static int due(int of, int here) {
    if (of != kind || !here) return 0;
    ++count;
    if (!(count == at || (sticky && hit))) return 0;
    hit = 1;
    if (what == KILL) kill(getpid(), SIGKILL);
    return what;
}
#define REAL(name) static __typeof__(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name)
#define FAIL(of, here) do { int fault = due(of, here); if (fault > 0) { errno = fault; return -1; } } while (0)
/* What makes room works on a full disk, too. */
#define FREES(here) do { int fault = due(WRITES, here); if (fault > 0 && fault != ENOSPC) { errno = fault; return -1; } } while (0)
#define HALVE(of, here, size) do { int fault = due(of, here); if (fault > 0) { errno = fault; return -1; } \
    if (fault == SHORT && size > 1) size /= 2; } while (0)

ssize_t write(int fd, const void *b, size_t n) { REAL(write); if (kind == WRITES) HALVE(WRITES, below_fd(fd), n); return real(fd, b, n); }
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) { REAL(pwrite); if (kind == WRITES) HALVE(WRITES, below_fd(fd), n); return real(fd, b, n, o); }
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) { REAL(pwrite64); if (kind == WRITES) HALVE(WRITES, below_fd(fd), n); return real(fd, b, n, o); }
int fsync(int fd) { REAL(fsync); if (kind == WRITES) FAIL(WRITES, below_fd(fd)); return real(fd); }
int fdatasync(int fd) { REAL(fdatasync); if (kind == WRITES) FAIL(WRITES, below_fd(fd)); return real(fd); }
int ftruncate(int fd, off_t n) { REAL(ftruncate); if (kind == WRITES) FAIL(WRITES, below_fd(fd)); return real(fd, n); }
int ftruncate64(int fd, off64_t n) { REAL(ftruncate64); if (kind == WRITES) FAIL(WRITES, below_fd(fd)); return real(fd, n); }
int rename(const char *a, const char *b) { REAL(rename); FAIL(WRITES, below(a)); return real(a, b); }
int renameat(int d, const char *a, int e, const char *b) { REAL(renameat); FAIL(WRITES, below(a)); return real(d, a, e, b); }
int unlink(const char *a) { REAL(unlink); FREES(below(a)); return real(a); }
int unlinkat(int d, const char *a, int f) { REAL(unlinkat); if (kind == WRITES) FREES(below(a) || below_fd(d)); return real(d, a, f); }
int rmdir(const char *a) { REAL(rmdir); FREES(below(a)); return real(a); }
int mkdir(const char *a, mode_t m) { REAL(mkdir); FAIL(WRITES, below(a)); return real(a, m); }

#define OPENS(name, first, ...) \
    int mode = 0; if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, int); va_end(more); } \
    REAL(name); FAIL(flags & O_CREAT ? WRITES : READS, below(path)); return real(__VA_ARGS__, flags, mode)
int open(const char *path, int flags, ...) { OPENS(open, path, path); }
int open64(const char *path, int flags, ...) { OPENS(open64, path, path); }
int openat(int d, const char *path, int flags, ...) { OPENS(openat, d, d, path); }
int openat64(int d, const char *path, int flags, ...) { OPENS(openat64, d, d, path); }
ssize_t read(int fd, void *b, size_t n) { REAL(read); if (kind == READS) HALVE(READS, below_fd(fd), n); return real(fd, b, n); }
ssize_t pread64(int fd, void *b, size_t n, off64_t o) { REAL(pread64); if (kind == READS) HALVE(READS, below_fd(fd), n); return real(fd, b, n, o); }
int stat(const char *p, struct stat *s) { REAL(stat); FAIL(READS, below(p)); return real(p, s); }
int stat64(const char *p, struct stat64 *s) { REAL(stat64); FAIL(READS, below(p)); return real(p, s); }
int lstat(const char *p, struct stat *s) { REAL(lstat); FAIL(READS, below(p)); return real(p, s); }
int lstat64(const char *p, struct stat64 *s) { REAL(lstat64); FAIL(READS, below(p)); return real(p, s); }
int fstat(int fd, struct stat *s) { REAL(fstat); if (kind == READS) FAIL(READS, below_fd(fd)); return real(fd, s); }
int fstat64(int fd, struct stat64 *s) { REAL(fstat64); if (kind == READS) FAIL(READS, below_fd(fd)); return real(fd, s); }
int fstatat(int d, const char *p, struct stat *s, int f) { REAL(fstatat); FAIL(READS, below(p)); return real(d, p, s, f); }
int fstatat64(int d, const char *p, struct stat64 *s, int f) { REAL(fstatat64); FAIL(READS, below(p)); return real(d, p, s, f); }
DIR *opendir(const char *p) {
    REAL(opendir);
    int fault = due(READS, below(p));
    if (fault > 0) { errno = fault; return NULL; }
    return real(p);
}
struct dirent64 *readdir64(DIR *d) {
    REAL(readdir64);
    int fault = kind == READS ? due(READS, below_fd(dirfd(d))) : 0;
    if (fault > 0) { errno = fault; return NULL; }
    return real(d);
}
