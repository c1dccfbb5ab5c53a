/* A disk with little room, for a process that this is loaded into (LD_PRELOAD): of the writes to files below a folder, so
 * many are done whole, one is done by half, and all others find the disk full. It stands below SQLite and below the
 * standard library alike, and needs no rights that a plain user does not have.
 *
 * SMALL_DISK_FOLDER names the folder, SMALL_DISK_ROOM a file of two numbers of eight bytes, which the process may change
 * while it runs: the writes that are left, and those that were asked for. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct room {
  _Atomic int64_t left;
  _Atomic int64_t asked;
};

static struct room *room;
static const char *folder;

__attribute__((constructor)) static void begin(void) {
  const char *file = getenv("SMALL_DISK_ROOM");
  folder = getenv("SMALL_DISK_FOLDER");
  int fd = file && folder ? open(file, O_RDWR) : -1;
  if (fd < 0) return;
  void *mapped = mmap(NULL, sizeof *room, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (mapped != MAP_FAILED) room = mapped;
  close(fd);
}

static int is_below(const char *path) { return strncmp(path, folder, strlen(folder)) == 0; }

static int is_on_it(int fd) {
  char name[64], path[PATH_MAX];
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(name, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return is_below(path);
}

/* How much of `size` there is room for; nothing, and the reason, where there is none. */
static ssize_t granted(size_t size) {
  atomic_fetch_add(&room->asked, 1);
  int64_t left = atomic_fetch_sub(&room->left, 1);
  if (left > 0) return size;
  if (left == 0 && size > 1) return size / 2;
  errno = ENOSPC;
  return -1;
}

#define REAL(name) __typeof__(name) *real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
#define ROOM_FOR(fd, size)                      \
  if (room && (size) > 0 && is_on_it(fd)) {     \
    ssize_t grant = granted(size);              \
    if (grant < 0) return -1;                   \
    size = grant;                               \
  }

ssize_t write(int fd, const void *bytes, size_t size) {
  REAL(write);
  ROOM_FOR(fd, size);
  return real(fd, bytes, size);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
  REAL(pwrite);
  ROOM_FOR(fd, size);
  return real(fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
  REAL(pwrite64);
  ROOM_FOR(fd, size);
  return real(fd, bytes, size, at);
}

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t size, unsigned flags) {
  REAL(copy_file_range);
  ROOM_FOR(to, size);
  return real(from, from_at, to, to_at, size, flags);
}

ssize_t sendfile64(int to, int from, off64_t *at, size_t size) {
  REAL(sendfile64);
  ROOM_FOR(to, size);
  return real(to, from, at, size);
}

int mkdir(const char *path, mode_t mode) {
  REAL(mkdir);
  if (room && is_below(path) && access(path, F_OK) != 0) {
    /* A folder is made, or it is not. */
    if (granted(1) < 0) return -1;
  }
  return real(path, mode);
}
