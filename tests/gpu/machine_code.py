"""Kernels that write nothing: a compiler leaves out without a word what comes after a call that a card has not.
  tests/gpu/machine_code.py LIBRARY    a plugin or an object file; needs CUDA's cuobjdump. Exit code 1: there are some, 77: not checked"""
import re
import shutil
import subprocess
import sys

WRITES = re.compile(r"^(@!?U?P\d+ )?(STG?|STL|STS|RED|REDG|ATOM|ATOMG|ATOMS)\b")
WITHOUT = "probe"  # which has nothing to write


def kernels(library):
    """Yields each kernel's name and its instructions."""
    listing = subprocess.Popen(["cuobjdump", "-sass", library], stdout=subprocess.PIPE, text=True)
    name, instructions = None, []
    for line in listing.stdout:
        start = re.match(r"\s*Function : (\S+)", line)
        instruction = re.match(r"\s*/\*[0-9a-f]{4,6}\*/\s+([^;]*);", line)
        if start:
            if name:
                yield name, instructions
            name, instructions = start.group(1), []
        elif instruction:
            instructions.append(instruction.group(1).strip())
    if name:
        yield name, instructions
    if listing.wait() != 0:
        sys.exit(f"cuobjdump cannot read {library}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if not shutil.which("cuobjdump"):
        print("not checked whether each kernel writes something: cuobjdump is not here")
        return 77
    count, idle = 0, []
    for name, instructions in kernels(sys.argv[1]):
        count += 1
        if WITHOUT not in name and not any(WRITES.match(instruction) for instruction in instructions):
            idle.append(name)
    for name in idle:
        print(f"writes nothing: {name}")
    print(f"{count} kernels, {len(idle)} of which write nothing")
    return 1 if idle or count == 0 else 0


sys.exit(main())
