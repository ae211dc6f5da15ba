"""Nothing goes in, and from then on this process opens no connection, starts no other and signals none (Linux seccomp).

What a parser never needs is refused with EPERM, as if its user had no right to; all else is left alone. The filter is
classic BPF as in seccomp(2), so that no library must be installed.
"""

import ctypes
import errno
import os
import platform
import struct
from dataclasses import dataclass

_SET_FILTER, _IN_ALL_THREADS = 1, 1
_NO_NEW_PRIVILEGES = 38
_GET_SECCOMP = 21
# Parts of a filter: load a word of the call, compare, return.
_LOAD, _EQUAL, _AT_LEAST, _HAS_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE, _ABSENT, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS, 0x80000000
_NUMBER, _PROCESSOR, _FIRST_ARGUMENT = 0, 4, 16
_THREAD = 0x00010000  # CLONE_THREAD
_OTHER_NUMBERING = 0x40000000  # x32 calls on x86-64
_CLONE3 = 435


@dataclass(frozen=True, slots=True)
class _Calls:
    """Numbers of system calls on one kind of processor. `own` may name the process itself as their first argument."""

    audit: int
    seccomp: int
    socket: int
    clone: int
    own: tuple[int, ...]  # kill, tgkill, prlimit64
    refused: tuple[int, ...]


# pidfd_send_signal io_uring_setup _enter _register, open_tree move_mount fsopen fsconfig fsmount fspick, pidfd_open
# pidfd_getfd mount_setattr fchmodat2 setxattrat removexattrat file_setattr: the same everywhere.
_REFUSED = (424, 425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 438, 442, 452, 463, 466, 469)
_CALLS = {
    "x86_64": _Calls(
        0xC000003E, 317, 41, 56, (62, 234, 302),
        (
            57, 58, 59, 322,  # fork vfork execve execveat
            101, 310, 311, 200, 129, 297,  # ptrace process_vm_readv/writev tkill rt_sigqueueinfo rt_tgsigqueueinfo
            165, 166, 155, 161, 308, 272,  # mount umount2 pivot_root chroot setns unshare
            248, 249, 250, 321, 298, 323,  # add_key request_key keyctl bpf perf_event_open userfaultfd
            175, 313, 176, 246, 320, 304,  # init_module finit_module delete_module kexec (two) open_by_handle_at
            169, 167, 168, 170, 171, 164, 227, 159, 305, 163, 179,  # reboot swap host name, clocks, accounting, quotas
            135, 319, 172, 173,  # personality memfd_create iopl ioperm
            90, 91, 268, 92, 93, 94, 260,  # chmod fchmod fchmodat chown fchown lchown fchownat
            132, 235, 261, 280, 188, 189, 190, 197, 198, 199,  # times and extended attributes
        ),
    ),
    "aarch64": _Calls(
        0xC00000B7, 277, 198, 220, (129, 131, 261),
        (
            221, 281, 117, 270, 271, 130, 138, 240, 40, 39, 41, 51, 268, 97, 217, 218, 219, 280, 241, 282, 105, 273,
            106, 104, 294, 265, 142, 224, 225, 161, 162, 170, 112, 171, 266, 89, 60, 92, 279, 52, 53, 54, 55, 88, 5, 6,
            7, 14, 15, 16,
        ),
    ),
}  # fmt: skip


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def is_there() -> bool:
    """Whether the kernel has it and the numbers of this processor's calls are known."""
    if platform.system() != "Linux" or platform.machine() not in _CALLS:
        return False
    return int(_libc().prctl(_GET_SECCOMP, 0, 0, 0, 0)) >= 0


def refuse_calls(network: bool) -> None:
    """Refuse, in all threads of this process, what no parser needs; with `network`, connections are let through.

    Raises:
        OSError: it is not there, or the kernel refuses.
    """
    if not is_there():
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    calls = _CALLS[platform.machine()]
    rules = _filter(calls, os.getpid(), network)
    program = _Program(len(rules) // 8, rules)
    libc = _libc()
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.syscall(
        calls.seccomp, _SET_FILTER, _IN_ALL_THREADS, ctypes.byref(program)
    ):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _filter(calls: _Calls, pid: int, network: bool) -> bytes:
    steps = [
        (_LOAD, 0, 0, _PROCESSOR), (_EQUAL, 1, 0, calls.audit), (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, _OTHER_NUMBERING), (_RETURN, 0, 0, _REFUSE),
        # libc asks for a new thread by clone3 first, and by clone when there is none; only clone can be looked into.
        (_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _ABSENT),
    ]  # fmt: skip
    for number in (*_REFUSED, *calls.refused, *(() if network else (calls.socket,))):
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    for number in calls.own:
        steps += [
            (_EQUAL, 0, 5, number), (_LOAD, 0, 0, _FIRST_ARGUMENT), (_EQUAL, 2, 0, pid),
            (_EQUAL, 1, 0, 0 if number == calls.own[2] else pid), (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW),
        ]  # fmt: skip
    steps += [
        (_EQUAL, 0, 3, calls.clone), (_LOAD, 0, 0, _FIRST_ARGUMENT), (_HAS_BIT, 1, 0, _THREAD),
        (_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW),
    ]  # fmt: skip
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
