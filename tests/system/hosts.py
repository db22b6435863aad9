"""Hosts on one machine for tests: network, process, mount and name spaces, joined by a bridge, each with its own sshd, home
folder and temporary folders. What runs on a host ends with it, so a test that dies leaves nothing."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WEFT = os.environ.get("WEFT_PROGRAM", os.path.join(SOURCE, "build/release/bin/weft"))
DYING = ["setpriv", "--pdeathsig", "KILL"]  # what is started so goes with the test
NEEDED = ["setpriv", "ip", "tc", "unshare", "nsenter", "ssh", "ssh-keygen", "/usr/sbin/sshd", "mpirun"]


def wait_for(what, seconds, said):
    """Waits until `what` gives something true, and gives it back."""
    end = time.monotonic() + seconds
    while True:
        found = what()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {said() if callable(said) else said}")
        time.sleep(0.02)


def missing(programs=()):
    """Why hosts cannot be made here, or nothing."""
    if os.geteuid() != 0:
        return "namespaces and sshd need root"
    for program in [*NEEDED, *programs]:
        if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            return f"{program} is not installed"
    tried = subprocess.run(["unshare", "--net", "--mount", "--uts", "--pid", "--fork", "--mount-proc", "sh", "-c",
                            "mount -t tmpfs tmpfs /run && ip link add name hub0 type bridge && ip link add name one type veth peer name two"],
                           stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return None if tried.returncode == 0 else "no namespaces here: " + tried.stderr.strip()


def run(words, **options):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options).stdout


def child_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return int((file.read().split() or ["0"])[0])


class Host:
    """`isServer`: with an sshd and processes of its own. Another is a place to work at, whose processes are the test's."""

    def __init__(self, network, name, number, is_server):
        self.network, self.name, self.is_server = network, name, is_server
        self.address = f"10.77.0.{number}"
        self.card = f"02:00:0a:4d:00:{number:02x}"  # the same after a restart
        self.home = os.path.join(network.folder, name)
        self.space = None

    def boot(self):
        os.makedirs(self.home, exist_ok=True)
        spaces = ["--net", "--mount", "--uts"] + (["--pid", "--fork", "--mount-proc", "--kill-child"] if self.is_server else [])
        self.holder = subprocess.Popen([*DYING, "unshare", *spaces, sys.executable, os.path.abspath(__file__), self.network.folder, self.name,
                                        self.address if self.is_server else ""], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True)
        self.holder.stdout.readline()
        self.pid = child_of(self.holder.pid) if self.is_server else self.holder.pid
        self.space = os.readlink(f"/proc/{self.pid}/ns/pid")
        self.network.plug(self)
        self.holder.stdin.write("plugged\n")
        self.holder.stdin.flush()
        assert self.holder.stdout.readline() == "up\n", f"{self.name} does not come up"

    def words(self, words):
        """A command line that runs words here."""
        enter = ["nsenter", f"--target={self.pid}", "--mount", "--net", "--uts"] + (["--pid"] if self.is_server else [])
        return [*enter, "env", f"HOME={self.home}", f"XDG_CONFIG_HOME={self.home}/.config", f"XDG_DATA_HOME={self.home}/.local/share",
                f"XDG_STATE_HOME={self.home}/.local/state", "LC_ALL=C.UTF-8", *words]

    def run(self, words, **options):
        return run(self.words(words), **options)

    def processes(self):
        """What runs here beside the host's own programs: process id as seen from outside, and command line."""
        found = {}
        for entry in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.readlink(f"/proc/{entry}/ns/pid") == self.space and int(entry) != self.pid:
                    with open(f"/proc/{entry}/cmdline") as file:
                        found[int(entry)] = file.read().replace("\0", " ").strip()
            except OSError:
                continue
        return {pid: line for pid, line in found.items() if line and "[listener]" not in line}

    def signal(self, pid, number):
        """To a process as it knows itself."""
        self.run(["kill", f"-{int(number)}", str(pid)])

    def die(self):
        """All processes at once, as when the power goes."""
        os.kill(self.pid, signal.SIGKILL)
        self.holder.wait()
        self.holder.stdin.close()
        self.holder.stdout.close()
        self.network.unplug(self)


class Network:
    """`with Network(["alpha", "beta"]) as network`: hosts of these names, and `network.desk`, where the user sits."""

    def __init__(self, names):
        self.folder = tempfile.mkdtemp(prefix="weft-hosts-", dir="/var/tmp")
        self.hosts = {name: Host(self, name, 11 + i, True) for i, name in enumerate(names)}
        self.desk = Host(self, "desk", 10, False)
        self.hub = None

    def __enter__(self):
        try:
            self.build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def build(self):
        self.hub = subprocess.Popen([*DYING, "unshare", "--net", "sh", "-c", "echo; exec sleep infinity"], stdout=subprocess.PIPE)
        self.hub.stdout.readline()
        self.switch("link", "add", "name", "hub", "type", "bridge")
        self.switch("link", "set", "hub", "up")
        everyone = [*self.hosts.values(), self.desk]
        self.write("hosts", "127.0.0.1 localhost\n" + "".join(f"{host.address} {host.name}\n" for host in everyone))
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.path("host_key")])
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.path("user_key")])
        with open(self.path("host_key.pub")) as file:
            key = file.read()
        self.write("known_hosts", "".join(f"{host.name},{host.address} {key}" for host in everyone))
        for host in everyone:
            self.write(f"{host.name}/.ssh/config", f"Host *\n  IdentityFile {self.path('user_key')}\n  UserKnownHostsFile {self.path('known_hosts')}\n"
                                                   "  LogLevel ERROR\n")
            host.boot()

    def __exit__(self, *_):
        for host in [*self.hosts.values(), self.desk]:
            if host.space and host.holder.poll() is None:
                host.die()
        if self.hub:
            self.hub.kill()
            self.hub.wait()
            self.hub.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w") as file:
            file.write(text)

    def switch(self, *words):
        run(["nsenter", f"--target={self.hub.pid}", "--net", "ip", *words])

    def plug(self, host):
        self.switch("link", "add", "name", host.name, "type", "veth", "peer", "name", "eth0", "address", host.card, "netns", str(host.pid))
        self.switch("link", "set", host.name, "master", "hub")
        self.switch("link", "set", host.name, "up")

    def unplug(self, host):
        """The kernel takes the cable of a dead host away, but not at once."""
        wait_for(lambda: self.has_no(host.name), 10, f"the cable of {host.name} is gone")

    def has_no(self, card):
        return subprocess.run(["nsenter", f"--target={self.hub.pid}", "--net", "ip", "link", "show", card], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode != 0

    def cable(self, host, is_in):
        self.switch("link", "set", host.name, "up" if is_in else "down")

    def shape(self, host, rate):
        """What the host sends goes at this rate at most, such as 1gbit, and waits rather than being lost, as in a network card."""
        host.run(["tc", "qdisc", "replace", "dev", "eth0", "root", "tbf", "rate", rate, "burst", "256kb", "latency", "100ms"])

    def unshape(self, host):
        host.run(["tc", "qdisc", "delete", "dev", "eth0", "root"])


def be_host(folder, name, address):
    """The first process of a host: sets it up, starts sshd, and takes in what ends."""
    print("begun", flush=True)
    sys.stdin.readline()
    home = os.path.join(folder, name)
    with open("/etc/passwd") as file:
        lines = [line.rstrip("\n").split(":") for line in file]
    with open(os.path.join(folder, f"passwd-{name}"), "w") as file:
        file.writelines(":".join(line[:5] + [home if line[2] == "0" else line[5], line[6]]) + "\n" for line in lines)
    run(["hostname", name])
    run(["mount", "--bind", os.path.join(folder, f"passwd-{name}"), "/etc/passwd"])
    run(["mount", "--bind", os.path.join(folder, "hosts"), "/etc/hosts"])
    run(["mount", "-t", "tmpfs", "tmpfs", "/run"])
    run(["mount", "-t", "tmpfs", "tmpfs", "/dev/shm"])
    run(["mount", "-t", "tmpfs", "tmpfs", "/tmp"])
    run(["ip", "link", "set", "lo", "up"])
    run(["ip", "address", "add", (address or "10.77.0.10") + "/24", "dev", "eth0"])
    run(["ip", "link", "set", "eth0", "up"])
    if address:
        os.mkdir("/run/sshd")
        config = os.path.join(home, "sshd_config")
        with open(config, "w") as file:
            file.write(f"ListenAddress {address}\nListenAddress 127.0.0.1\nHostKey {folder}/host_key\nAuthorizedKeysFile {folder}/user_key.pub\n"
                       "PidFile /run/sshd.pid\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nMaxStartups 100\n")
        subprocess.Popen(["/usr/sbin/sshd", "-D", "-E", os.path.join(home, "sshd.log"), "-f", config], stdin=subprocess.DEVNULL)
        wait_for(lambda: os.path.exists("/run/sshd.pid"), 10, "sshd starts")
    print("up", flush=True)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        try:
            os.wait()
        except ChildProcessError:
            signal.pause()


if __name__ == "__main__":
    be_host(*sys.argv[1:])
