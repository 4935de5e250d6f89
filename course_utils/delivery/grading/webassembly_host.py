"""The process around one guest of WebAssembly: no learner's code runs outside of the guest.

It is started by `webassembly`, with what to do as JSON, and imports nothing of the course:

compile: make native code of the guest's Python, into a file.
load: see whether the engine takes such a file.
serve: run one guest. Frames from our standard input go to the guest when it asks for one, and what
    it says goes to our standard output, where somebody reads who trusts none of it.

The engine is wasmtime (https://docs.wasmtime.dev); what a guest can call at all is WASI's preview 1
(https://github.com/WebAssembly/WASI). It gets the calls that are named in `calls`; all others
answer that they are not permitted.
"""

import contextlib
import importlib
import json
import os
import queue
import struct
import sys
import threading
from pathlib import Path

LENGTHS = struct.Struct("!II")  # of a frame's header and body, as in `wire`
ROOM = 64 << 20  # bytes, for the stack of the guest's thread
WASI = "wasi_snapshot_preview1"
NOT_PERMITTED, NO_ANSWER = 63, -2


def engine(wasmtime, settings: dict):
    config = wasmtime.Config()
    for name, value in settings.items():
        setattr(config, name, value)
    # As large as the stack that may be used; it has no public name yet.
    stack = settings["max_wasm_stack"]
    wasmtime._ffi.wasmtime_config_async_stack_size_set(config.ptr(), stack)
    return wasmtime.Engine(config)


def compile_to(wasmtime, job: dict) -> None:
    module = wasmtime.Module.from_file(engine(wasmtime, job["engine"]), job["source"])
    Path(job["target"]).write_bytes(module.serialize())


def serve(wasmtime, job: dict) -> None:
    inbox = queue.SimpleQueue()
    threading.Thread(target=listen, args=(inbox,), daemon=True).start()
    end = threading.Timer(job["seconds"], os._exit, [1])  # behind the marking process's clock
    end.daemon = True
    end.start()
    own = engine(wasmtime, job["engine"])
    module = wasmtime.Module.deserialize_file(own, job["module"])
    store = wasmtime.Store(own)
    if job["memory"]:
        store.set_limits(memory_size=job["memory"], instances=1, memories=1)
    wasi = wasmtime.WasiConfig()  # no standard input, and what is printed goes nowhere
    wasi.argv = ["python", "-c", job["guest"]]
    for folder, inside in job["folders"].items():
        wasi.preopen_dir(folder, inside, job["writable"])
    store.set_wasi(wasi)
    linker = wasmtime.Linker(own)
    linker.define_wasi()
    linker.allow_shadowing = True
    for one in module.imports:
        if one.module == WASI and one.name not in job["calls"]:
            linker.define_func(WASI, one.name, one.type, lambda *given: NOT_PERMITTED)
        elif one.module != WASI:
            linker.define_func(one.module, one.name, one.type, door(inbox, job["longest"]), True)
    exports = linker.instantiate(store, module).exports(store)
    limit(job["limits"])
    exports["_initialize"](store)
    exports["run"](store)


def listen(inbox: queue.SimpleQueue) -> None:
    """Frames from the marking process; when it is gone so are we, whatever the guest does."""
    source = sys.stdin.buffer
    while len(start := source.read(LENGTHS.size)) == LENGTHS.size:
        inbox.put(start + source.read(sum(LENGTHS.unpack(start))))
    os._exit(1)


def door(inbox: queue.SimpleQueue, longest: int):
    """The guest's one call to the marking process: bytes say them, none wait for a frame.

    Every address is the guest's, so none is believed.
    """

    def call(caller, *given: int) -> int:
        memory, allocate = caller["memory"], caller["host_alloc"]
        start, size, place_at, size_at = (one & 0xFFFFFFFF for one in given)
        end = memory.data_len(caller)
        if start + size > end or max(place_at, size_at) + 4 > end:
            return NO_ANSWER
        answer = b""
        if size:  # what is too long is cut off; whoever reads it sees from its head that it was
            sys.stdout.buffer.write(memory.read(caller, start, start + min(size, longest)))
            sys.stdout.buffer.flush()
        else:
            answer = inbox.get()
        place = allocate(caller, len(answer)) & 0xFFFFFFFF
        if not place or place + len(answer) > memory.data_len(caller):
            return NO_ANSWER
        memory.write(caller, answer, place)
        memory.write(caller, struct.pack("<I", place), place_at)
        memory.write(caller, struct.pack("<I", len(answer)), size_at)
        return 0

    return call


def limit(limits: dict) -> None:
    """Limits of the kernel, as far as it has them, on this process and so on its guest."""
    with contextlib.suppress(ModuleNotFoundError):
        resource = importlib.import_module("resource")
        for name, value in limits.items():
            with contextlib.suppress(AttributeError, ValueError, OSError):
                resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))


def main() -> None:
    job = json.loads(sys.argv[1])
    sys.path.append(job["packages"])
    wasmtime = importlib.import_module("wasmtime")
    if job["do"] == "compile":
        compile_to(wasmtime, job)
    elif job["do"] == "load":
        wasmtime.Module.deserialize_file(engine(wasmtime, job["engine"]), job["module"])
    else:
        threading.stack_size(ROOM)
        guest = threading.Thread(target=serve, args=(wasmtime, job))
        guest.start()
        guest.join()
        os._exit(0)  # without waiting for our other threads


if __name__ == "__main__":
    main()
