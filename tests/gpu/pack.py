"""What the checks on a card need, as one file: pack.py BUILD ARCHIVE TEST...
Unpacked, it is a folder gpu that stands for a build folder on a machine that has a card, CUDA, glibc and Python alone: programs,
Weft's libraries and those of the system, Qt's plugins, the texts, and a part of Fashion-MNIST. Programs find them by a script in their place."""
import glob
import gzip
import os
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile

# Of every machine, and those of CUDA, which come with the card.
ELSEWHERE = ("ld-linux", "libc.so", "libm.so", "libdl.so", "libpthread.so", "librt.so", "libresolv.so", "libutil.so", "libcuda", "libcublas", "libcudnn", "libnccl", "libnv", "libweft")
QT_PLUGINS = ("platforms/libqoffscreen.so", "platforms/libqminimal.so", "sqldrivers/libqsqlite.so", "imageformats/libqjpeg.so")
PICTURES = {"train": 12000, "t10k": 1000}
SCRIPT = """#!/bin/sh
here=$(cd "$(dirname "$0")/.." && pwd)
export LD_LIBRARY_PATH="$here/lib:$here/system:${WEFT_CUDA_LIBRARIES:-/usr/local/cuda/lib64}" QT_PLUGIN_PATH="$here/plugins"
exec "$here/programs/$(basename "$0")" "$@"
"""


def libraries(file):
    """The shared libraries that a program or library is linked to, by path."""
    lines = subprocess.run(["ldd", file], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    return {line.split("=>")[1].split()[0] for line in lines if "=> /" in line}


def copy(source, folder):
    """The file under its own name, without what debuggers read."""
    os.makedirs(folder, exist_ok=True)
    target = os.path.join(folder, os.path.basename(source))
    shutil.copy(os.path.realpath(source), target)
    subprocess.run(["strip", "--strip-unneeded", target], stderr=subprocess.DEVNULL, check=False)
    return target


def pack_programs(build, folder, tests):
    for name, place in [("weft", "bin"), *((test, "tests") for test in tests)]:
        copy(os.path.join(build, place, name), os.path.join(folder, "programs"))
        os.makedirs(os.path.join(folder, place), exist_ok=True)
        script = os.path.join(folder, place, name)
        with open(script, "w") as file:
            file.write(SCRIPT)
        os.chmod(script, 0o755)
    for library in glob.glob(os.path.join(build, "lib/libweft*.so")):
        copy(library, os.path.join(folder, "lib"))


def pack_system(folder):
    """Qt's plugins, and the libraries that all need."""
    plugins = subprocess.run(["qmake6", "-query", "QT_INSTALL_PLUGINS"], stdout=subprocess.PIPE, text=True, check=False).stdout.strip() or "/usr/lib/x86_64-linux-gnu/qt6/plugins"
    for plugin in QT_PLUGINS:
        if os.path.exists(os.path.join(plugins, plugin)):
            copy(os.path.join(plugins, plugin), os.path.join(folder, "plugins", os.path.dirname(plugin)))
    needing = [path for part in ("programs", "lib", "plugins/*") for path in glob.glob(os.path.join(folder, part, "*")) if os.path.isfile(path)]
    for library in sorted(set().union(*map(libraries, needing))):
        if not os.path.basename(library).startswith(ELSEWHERE):
            copy(library, os.path.join(folder, "system"))


def pack_data(folder):
    """The first pictures of each file of Fashion-MNIST, and the texts of the templates."""
    source, target = "/usr/share/datasets/fashion-mnist", os.path.join(folder, "data/fashion-mnist")
    os.makedirs(target)
    for path in glob.glob(os.path.join(source, "*-ubyte.gz")):
        name = os.path.basename(path)
        count = PICTURES[name.split("-")[0]]
        with gzip.open(path) as file:
            magic, _ = struct.unpack(">II", file.read(8))
            shape = file.read(8) if magic & 0xFF == 3 else b""
            data = file.read(count * (28 * 28 if shape else 1))
        with gzip.open(os.path.join(target, name), "wb") as file:
            file.write(struct.pack(">II", magic, count) + shape + data)
    texts = [path for path in glob.glob("/usr/share/games/fortunes/*") if os.path.isfile(path) and not path.endswith((".dat", ".u8"))]
    for path in texts:
        os.makedirs(os.path.join(folder, "data/fortunes"), exist_ok=True)
        shutil.copy(path, os.path.join(folder, "data/fortunes"))


def main(build, archive, tests):
    with tempfile.TemporaryDirectory() as temporary:
        folder = os.path.join(temporary, "gpu")
        pack_programs(build, folder, tests)
        pack_system(folder)
        pack_data(folder)
        with tarfile.open(archive, "w:xz", preset=1) as file:  # smaller takes minutes
            file.add(folder, "gpu")
    print(f"{archive}: {os.path.getsize(archive) / (1 << 20):.1f} MiB")


main(sys.argv[1], sys.argv[2], sys.argv[3:])
