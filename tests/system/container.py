"""The engine's image for tests: built from packaging/Containerfile without a daemon, on a Debian base made here, and pods of it
as a cluster with PodSecurity `restricted` runs them: no rights, a read-only root, only mounts to write in."""
import json
import os
import shutil
import subprocess

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("WEFT_BUILD_DIR", os.path.join(SOURCE, "build/release"))
NEEDED = ["buildah", "mmdebstrap", "unshare", "setpriv", "ip", "ssh-keygen"]
# Debian's slim images leave out the same.
LEFT_OUT = ["/usr/share/doc/*", "/usr/share/man/*", "/usr/share/info/*", "/usr/share/locale/*"]

# In namespaces of its own: the image's root, closed for writing, with the mounts of a pod. Arguments: root, host name, user, group,
# number of mounts, then for each its source, place and options, then the command.
POD = """
set -e
root=$1 name=$2 user=$3 group=$4 mounts=$5; shift 5
hostname "$name"
ip link set lo up
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/dev/shm"
mount -t tmpfs tmpfs "$root/tmp"
for i in $(seq "$mounts"); do
    [ -d "$1" ] || touch "$root$2"
    mount --bind "$1" "$root$2"
    mount -o "remount,bind,$3" "$root$2"
    shift 3
done
mount -o remount,bind,ro "$root"
exec chroot "$root" setpriv --reuid="$user" --regid="$group" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"
"""


def missing():
    """Why no image can be built here, or nothing."""
    if os.geteuid() != 0:
        return "building and entering an image without a daemon needs root"
    lacking = [program for program in NEEDED if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin")]
    return f"not installed: {', '.join(lacking)}" if lacking else None


def run(words, **options):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(words[:6])} … ended with {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


class Image:
    """Built in `folder`, which holds everything and may be removed afterwards: of the engine that is built here, or wholly from sources."""

    def __init__(self, folder, from_sources=False):
        self.folder = folder
        self.from_sources = from_sources
        self.name = "localhost/weft:test"
        self.build()
        description = json.loads(self.buildah("inspect", "--type", "image", self.name))
        self.config = description["OCIv1"]["config"]
        self.container = self.buildah("from", self.name).strip()
        self.root = self.buildah("mount", self.container).strip()

    def buildah(self, *words):
        store = [f"--root={self.folder}/store", f"--runroot={self.folder}/run", "--storage-driver=vfs"]
        return run(["buildah", *store, *words])

    def base(self):
        """A Debian like debian:12-slim; kept, since it takes a minute."""
        tar = os.path.join(BUILD, "debian-base.tar")
        if not os.path.exists(tar):
            options = ["--variant=minbase", "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr", "--include=usr-is-merged"]
            options += [f"--dpkgopt=path-exclude={path}" for path in LEFT_OUT]
            options.append("--dpkgopt=path-include=/usr/share/doc/*/copyright")
            run(["mmdebstrap", "--quiet", *options, "bookworm", tar + ".part.tar"])
            os.rename(tar + ".part.tar", tar)
        container = self.buildah("from", "scratch").strip()
        self.buildah("add", "--quiet", container, tar)
        self.buildah("commit", "--quiet", container, "localhost/base")
        self.buildah("rm", container)
        return "localhost/base"

    def build(self):
        words = self.compiler_cache() if self.from_sources else [f"--build-context=engine={self.installed_engine()}"]
        self.log = self.buildah("build", "--isolation=chroot", f"--build-arg=BASE={self.base()}", *words,
                                "--tag", self.name, "--file", os.path.join(SOURCE, "packaging/Containerfile"), SOURCE)

    def installed_engine(self):
        engine = os.path.join(self.folder, "engine")
        run(["cmake", "--install", BUILD, "--component", "engine", "--prefix", os.path.join(engine, "opt/weft")])
        return engine

    def compiler_cache(self):
        """Lends the build in the image this machine's compiler cache, where it has one: the same compiler gives the same objects."""
        if not shutil.which("ccache"):
            return []
        configuration = os.path.join(self.folder, "ccache")
        os.mkdir(configuration)
        with open(configuration + "/ccache.conf", "w") as file:
            file.write("base_dir = /src\nhash_dir = false\n")
        cache = run(["ccache", "--get-config", "cache_dir"]).strip()
        os.makedirs(cache, exist_ok=True)
        return [f"--volume={cache}:/root/.cache/ccache", f"--volume={configuration}:/root/.config/ccache:ro"]

    def bytes(self):
        """All layers, uncompressed, as nodes store them."""
        archive = os.path.join(self.folder, "image.tar")
        self.buildah("push", "--quiet", self.name, "docker-archive:" + archive)
        size = os.path.getsize(archive)
        os.remove(archive)
        return size

    def pod_words(self, command, mounts=(), name="pod", user=None, group=None, spaces=("--net", "--uts", "--pid", "--fork", "--kill-child"), env=None):
        """A command line that runs `command` as a pod. A mount is (source, place, "ro" or "rw")."""
        user = user or int(self.config["User"])
        environment = [*self.config["Env"], *(f"{key}={value}" for key, value in (env or {}).items())]
        flat = [word for mount in mounts for word in mount]
        enter = ["env", "--chdir=" + self.config["WorkingDir"], "-i", *environment, *command]
        return ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--ipc", *spaces, "sh", "-c", POD, "pod", self.root, name, str(user),
                str(user if group is None else group), str(len(mounts)), *flat, *enter]

    def pod(self, command, *arguments, **options):
        """Runs a pod to its end and gives back what it printed."""
        return run(self.pod_words(command, *arguments, **options), timeout=300)
