"""Process 1 of a pod: has namespaces of its own, sees the image's folders and the pod's volumes at their paths, and becomes the
container's command. Reads what it shall be from its first line of standard input, once the node has plugged its network in.

The image is this machine's /usr with the programs of a build of Weft. argv[1]: the file descriptor that the node reads this
process's number from."""
import ctypes
import json
import os
import signal
import sys

LIBC = ctypes.CDLL(None, use_errno=True)
NEW_SPACES = 0x00020000 | 0x04000000 | 0x08000000 | 0x20000000 | 0x40000000  # mount, uts, ipc, pid, net
BIND, REC, PRIVATE, REMOUNT, READ_ONLY = 4096, 16384, 1 << 18, 32, 1
OF_IMAGE = ["alternatives", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "openmpi", "pmix", "ssl", "localtime", "protocols", "services", "ucx"]


def check(result):
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def mount(source, target, kind="", flags=0, options=""):
    check(LIBC.mount(source.encode(), target.encode(), kind.encode(), flags, options.encode()))


def bind(source, target, is_read_only=False):
    if os.path.isdir(source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        open(target, "a").close()
    mount(source, target, flags=BIND | REC)
    if is_read_only:
        mount("", target, flags=BIND | REMOUNT | READ_ONLY)


def build_root(spec):
    root = spec["root"]
    mount("", "/", flags=REC | PRIVATE)
    mount("tmpfs", root, "tmpfs")
    for name in ("usr", "opt", "dev", "sys"):
        if os.path.isdir("/" + name):
            bind("/" + name, f"{root}/{name}")
    for name in ("bin", "sbin", "lib", "lib64", "lib32"):
        if os.path.islink("/" + name):
            os.symlink(os.readlink("/" + name), f"{root}/{name}")
        elif os.path.isdir("/" + name):
            bind("/" + name, f"{root}/{name}")
    for name in OF_IMAGE:
        if os.path.exists("/etc/" + name):
            bind(os.path.realpath("/etc/" + name), f"{root}/etc/{name}")
    for name, mode in (("proc", 0o755), ("tmp", 0o1777), ("var/tmp", 0o1777), ("run", 0o755), ("home/mpiuser", 0o755)):
        os.makedirs(f"{root}/{name}", exist_ok=True)
        os.chmod(f"{root}/{name}", mode)
    os.chown(f"{root}/home/mpiuser", spec["uid"], spec["uid"])
    mount("proc", f"{root}/proc", "proc")
    for path in spec["programs"]:
        bind(path, root + path, True)
    for path, content in spec["files"].items():
        os.makedirs(os.path.dirname(root + path), exist_ok=True)
        with open(root + path, "w", encoding="utf-8") as file:
            file.write(content)
    for volume in sorted(spec["mounts"], key=lambda entry: entry["path"]):
        if volume["source"] == "memory":
            os.makedirs(root + volume["path"], exist_ok=True)
            mount("tmpfs", root + volume["path"], "tmpfs", options="mode=1777")
        else:
            bind(volume["source"], root + volume["path"], volume["readOnly"])
    os.chroot(root)
    os.chdir("/")


def main():
    report = int(sys.argv[1])
    check(LIBC.unshare(NEW_SPACES))
    child = os.fork()
    if child:
        # Without the node there is no pod: of its namespace nothing outlives the child.
        signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGKILL))
        LIBC.prctl(1, signal.SIGTERM)
        os.write(report, b"%d\n" % child)
        os.close(report)
        os.dup2(os.open("/dev/null", os.O_RDWR), 0)
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
    os.close(report)
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            os._exit(1)
        line += byte
    spec = json.loads(line)
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    LIBC.sethostname(spec["hostname"].encode(), len(spec["hostname"]))
    build_root(spec)
    os.setgroups([spec["uid"]])
    os.setgid(spec["uid"])
    os.setuid(spec["uid"])
    os.environ.clear()
    os.environ.update(spec["environment"])
    try:
        os.execvp(spec["command"][0], spec["command"])
    except OSError as fault:
        sys.stderr.write(f"{spec['command'][0]}: {fault.strerror}\n")
        os._exit(128)


main()
