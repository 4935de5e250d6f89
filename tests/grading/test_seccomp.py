"""The list of system calls: its numbers, and what the filter says of each call on each machine."""

import errno
import re
import struct
from pathlib import Path

import pytest

from course_utils.delivery.grading import seccomp

HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
ELSEWHERE = {"newfstatat": "fstatat"}  # the generic table's name
COLUMN = {machine: column for machine, (column, _) in seccomp.MACHINES.items()}
F_SETLEASE, F_NOTIFY, F_SETLK, F_OFD_SETLK, F_SETPIPE_SZ, F_SETSIG = 1024, 1026, 6, 37, 1031, 10
THREAD, PROCESS = 0x3D0F00, 0x1200011  # flags with which the C library starts one


def verdict(machine: str, number: int, *arguments: int, threads: bool = False, table: int = 0):
    """What the filter answers: "allow", "kill" or the number of an error."""
    _, architecture = seccomp.MACHINES[machine]
    given = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<IIQ6Q", number, table or architecture, 0, *given)
    program = seccomp.program(threads, machine)
    steps = list(struct.iter_unpack("=HBBI", program))
    place, register = 0, 0
    while True:
        code, yes, no, value = steps[place]
        place += 1
        if code == seccomp.RETURN:
            if value & 0xFFFF0000 == seccomp.REFUSE:
                return value & 0xFFFF
            return {seccomp.ALLOW: "allow", seccomp.KILL: "kill"}[value]
        if code == seccomp.LOAD:
            register = struct.unpack_from("<I", data, value)[0]
        else:
            right = {
                seccomp.EQUAL: register == value,
                seccomp.AT_LEAST: register >= value,
                seccomp.ANY_BIT: bool(register & value),
            }[code]
            place += yes if right else no


@pytest.mark.parametrize("machine", HEADERS)
def test_the_numbers_are_those_of_the_kernel(machine: str) -> None:
    if not HEADERS[machine].exists():
        pytest.skip("the kernel's headers are not installed")
    text = HEADERS[machine].read_text()
    pairs = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text)
    known = {name: int(number) for name, number in pairs}
    listed = {name: numbers[COLUMN[machine]] for name, numbers in seccomp.ALLOWED.items()}
    listed |= {name: one.numbers[COLUMN[machine]] for name, one in seccomp.CHOSEN.items()}
    listed["prlimit64"] = seccomp.PRLIMIT[COLUMN[machine]]
    listed["clone"] = seccomp.CLONE[COLUMN[machine]]
    for name, number in listed.items():
        found = known.get(name, known.get(ELSEWHERE.get(name, "")))
        assert number == found or (number is None and machine == "aarch64"), name


@pytest.mark.parametrize("machine", HEADERS)
def test_what_is_not_on_the_list_does_not_exist(machine: str) -> None:
    column = COLUMN[machine]
    listed = {numbers[column] for numbers in seccomp.ALLOWED.values()}
    chosen = {one.numbers[column] for one in seccomp.CHOSEN.values()}
    chosen |= {seccomp.CLONE[column], seccomp.PRLIMIT[column]}
    for number in range(1000):
        if number not in chosen:
            expected = "allow" if number in listed else errno.ENOSYS
            assert verdict(machine, number) == expected, number


@pytest.mark.parametrize("machine", HEADERS)
@pytest.mark.parametrize("upper", [0, 1, 0xFFFFFFFF])
def test_an_argument_decides(machine: str, upper: int) -> None:
    """The kernel does not read the upper half of these arguments, so nothing hides behind it."""
    for name, one in seccomp.CHOSEN.items():
        number = one.numbers[COLUMN[machine]]
        for value in (*range(1100), 0x5412, 0x53564D41, 0xFFFFFFFF):
            given = [0, 0, 0]
            given[one.argument] = upper << 32 | value
            expected = "allow" if value in one.values else errno.EINVAL
            assert verdict(machine, number, *given) == expected, (name, value)


@pytest.mark.parametrize(
    "command", [F_SETLEASE, F_NOTIFY, F_SETLK, F_OFD_SETLK, F_SETPIPE_SZ, F_SETSIG]
)
def test_no_hold_on_a_file(command: int) -> None:
    assert command not in seccomp.CHOSEN["fcntl"].values


@pytest.mark.parametrize("machine", HEADERS)
def test_its_own_limits_can_be_read_and_not_set(machine: str) -> None:
    number = seccomp.PRLIMIT[COLUMN[machine]]
    for resource in range(20):
        threads = resource == seccomp.NPROC
        assert verdict(machine, number, 0, resource, 0) == "allow"
        for new in (1, 1 << 31, 1 << 32, 0x7FFF_0000_0000, (1 << 64) - 1):
            assert verdict(machine, number, 0, resource, new) == (
                "allow" if threads else errno.EPERM
            )
        for pid in (1, 2, 0xFFFFFFFF):
            assert verdict(machine, number, pid, resource, 0) == errno.EPERM


@pytest.mark.parametrize("machine", HEADERS)
def test_threads_and_no_processes(machine: str) -> None:
    clone = seccomp.CLONE[COLUMN[machine]]
    assert verdict(machine, clone, THREAD, threads=True) == "allow"
    assert verdict(machine, clone, THREAD) == errno.EAGAIN
    for threads in (True, False):
        assert verdict(machine, clone, PROCESS, threads=threads) == errno.EAGAIN
        assert verdict(machine, 435, threads=threads) == errno.ENOSYS  # clone3


def test_no_second_table() -> None:
    """32-bit calls have other numbers, and x32 is the same table once more."""
    assert verdict("x86_64", 4, table=0x40000003) == "kill"
    assert verdict("x86_64", 0x40000000 | 39) == "kill"
    assert verdict("aarch64", 4, table=0x40000028) == "kill"
