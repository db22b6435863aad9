"""The engine's image, built without a daemon: its size, its user and what it holds; it trains, exports, follows and serves ssh as
pods of a cluster do. With --from-sources also its engine is built in it, as by `weft target image`. Exit code 77: not run."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import container

MOST_BYTES = 400e6
DATA = "/usr/share/datasets/fashion-mnist"
WEFT = os.path.join(container.BUILD, "bin/weft")
NOT_THERE = ["libQt6Widgets*", "weft-studio", "libLLVM*", "ssh_host_*_key", "*_dri.so", "cc1plus"]


def holds_what_it_should(image):
    size = image.bytes()
    print(f"image: {size / 1e6:.0f} MB uncompressed", flush=True)
    assert size < MOST_BYTES, size
    assert image.config["User"] == "1000", image.config
    for pattern in NOT_THERE:
        found = container.run(["find", image.root, "-xdev", "-name", pattern])
        assert not found, f"in the image: {found}"
    assert os.path.exists(image.root + "/usr/local/share/doc/weft/copyright")
    assert image.pod(["weft", "--version"]) == container.run([WEFT, "--version"])
    assert re.search(r"\(Open MPI\) 4\.1\.", image.pod(["mpirun", "--version"]))
    assert "Uid:\t1000\t1000\t1000\t1000" in image.pod(["cat", "/proc/self/status"])
    # What Debian installed is whole in the eyes of its own tools, so that updates and scanners work.
    container.run(["chroot", image.root, "apt-get", "check"])


def write_project(path):
    container.run([WEFT, "new", "lenet", "-o", path])
    with open(path) as file:
        project = json.load(file)
    project["data"] = {**project["data"], "source": "idx", "path": "/data"}
    with open(path, "w") as file:
        json.dump(project, file)


def trains(image, folder, name, **options):
    runs = os.path.join(folder, name)
    os.mkdir(runs)
    os.chown(runs, options.get("user", 1000), options.get("group", 1000))
    mounts = [(folder, "/etc/weft", "ro"), (DATA, "/data", "ro"), (runs, "/runs", "rw")]
    image.pod(["weft", "train", "/etc/weft/lenet.weft", "--epochs=1", "--ranks=2", "--run-dir=/runs/r"], mounts, **options)
    followed = image.pod(["weft", "follow", "/runs/r"], mounts, **options)
    accuracy = float(re.findall(r"accuracy\D+([\d.]+)", followed)[-1])
    print(f"{name}: accuracy {accuracy} after an epoch of LeNet on two ranks", flush=True)
    assert accuracy >= (0.8 if accuracy <= 1 else 80), followed
    image.pod(["weft", "export", "/runs/r", "--format=onnx", "-o", "/runs/lenet.onnx", "--verify"], mounts, **options)
    assert os.path.getsize(os.path.join(runs, "lenet.onnx")) > 1e6


def serves_ssh(image, folder):
    keys = os.path.join(folder, "keys")
    os.mkdir(keys)
    container.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", keys + "/id_rsa"])
    shutil.copy(keys + "/id_rsa.pub", keys + "/authorized_keys")
    for name in os.listdir(keys):  # as a mounted Secret has them
        os.chown(os.path.join(keys, name), 0, 1000)
        os.chmod(os.path.join(keys, name), 0o440)
    script = "/usr/sbin/sshd -De -f /home/mpiuser/.sshd_config & exec ssh -o ConnectionAttempts=10 127.0.0.1 weft --version"
    version = image.pod(["sh", "-c", script], [(keys, "/home/mpiuser/.ssh", "ro")])
    assert version == container.run([WEFT, "--version"]), version


def main():
    reason = container.missing() or (None if os.path.isdir(DATA) else "not installed: dataset-fashion-mnist")
    if reason:
        print("not run: " + reason)
        return 77
    with tempfile.TemporaryDirectory(prefix="image-", dir=container.BUILD) as folder:
        os.chmod(folder, 0o755)
        image = container.Image(folder, from_sources="--from-sources" in sys.argv[1:])
        holds_what_it_should(image)
        work = os.path.join(folder, "work")
        os.mkdir(work)
        write_project(work + "/lenet.weft")
        trains(image, work, "as-its-user")
        trains(image, work, "as-any-user", user=1234567, group=0)
        serves_ssh(image, work)
    return 0


if __name__ == "__main__":
    sys.exit(main())
