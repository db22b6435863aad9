# The parts of tests/gpu/run, which reads this from the top of the source.
# shellcheck shell=sh
build=${WEFT_BUILD:-build/cuda}
[ -n "${WEFT_BUILD:-}" ] || [ -x build/cuda/bin/weft ] || [ ! -e build/gpu.tar.xz ] || build=build/gpu
python=${TORCH_PYTHON:-python3}
PATH=$PATH:/usr/local/cuda/bin
export QTEST_FUNCTION_TIMEOUT=500000 # milliseconds; a sanitizer is slow
export TORCH_PYTHON="$python" WEFT_PROGRAM="$PWD/$build/bin/weft" QT_QPA_PLATFORM=offscreen LC_ALL=C.UTF-8
[ ! -d build/gpu/data ] || export WEFT_DATA_DIR="$PWD/build/gpu/data"
# Where a bare machine may have CUDA's libraries: beside nvcc, and in the packages of PyTorch.
WEFT_CUDA_LIBRARIES=$(
    ls -d /usr/local/cuda/lib64 2>/dev/null
    "$python" -c 'import glob, sysconfig; print(*glob.glob(sysconfig.get_path("purelib") + "/nvidia/*/lib"), sep="\n")' 2>/dev/null
)
WEFT_CUDA_LIBRARIES=$(echo "$WEFT_CUDA_LIBRARIES" | grep . | paste -sd: -)
export WEFT_CUDA_LIBRARIES
seconds=${WEFT_PART_SECONDS:-450} # that a part may take

ops_tests="cuda_kernels_test cuda_stored_test chain_test dense_gradients_test fuse_elementwise_test fused_batch_norm_test fused_layer_norm_test fused_loss_test
card_passes_test attention_test channels_last_test sixteen_bits_test training_loss_scale_test card_training_test"
tests="$ops_tests layers_training_test training_resume_test training_run_test training_ranks_test"

# Not checked (77) where CUDA's cuobjdump is missing.
every_kernel_writes() {
    "$python" tests/gpu/machine_code.py build/cuda/lib/libweft_cuda.so
    [ $? -ne 1 ]
}

build() {
    cmake --preset cuda -DCMAKE_CUDA_ARCHITECTURES="${WEFT_ARCHITECTURES:-native}" && cmake --build build/cuda --target weft-cli weft_cuda $tests &&
        # Ranks of several processes need Open MPI, replicas do not.
        { cmake --build build/cuda --target weft_mpi || echo "not built: Open MPI's plugin; --ranks is not run"; } &&
        every_kernel_writes
}

pack() {
    "$python" tests/gpu/pack.py "$build" build/gpu.tar.xz $tests
}

unpack() {
    if [ "$build" = build/gpu ] && [ ! -x build/gpu/bin/weft ]; then
        "$python" -c 'import tarfile; tarfile.open("build/gpu.tar.xz").extractall("build")'
    fi
}

# Whether Weft can use card number $1: those that it cannot are listed as well.
has_card() {
    "$build/bin/weft" devices --json | "$python" -c 'import json, sys
sys.exit(not any(d["available"] and d["id"] == sys.argv[1] for d in json.load(sys.stdin)))' "cuda:$1"
}

# A program, within what is left of the part's time since `begin`.
within() {
    left=$((begin + seconds - $(date +%s)))
    if [ "$left" -le 0 ]; then
        echo "not run, the time of this part is up: $*"
        return 1
    fi
    timeout "$left" "$@"
}

# Runs all, and says at the end whether one failed.
all_of() {
    result=0
    for test; do
        within "$build"/tests/$test || { result=1; echo "$test: failed"; }
    done
    return $result
}

# Every kernel against its reference, in float32 and stored in 16 bits, every layer against the CPU, with the memory poisoned before; attention
# against its chain of ops; channels last against planes; what products round to, the loss scale of fp16, what runs say of both,
# and that steps which are begun early change nothing.
part_ops() {
    # shellcheck disable=SC2086 # one word a test
    all_of $ops_tests \
        "layers_training_test everyLayerTrainsAlikeOnACard everyLayerTrainsAlikeInSixteenBits layersOfPicturesTrainAlikeWithChannelsLast"
    kernels=$result
    WEFT_TEST_DEVICE=cuda all_of training_resume_test training_run_test && [ "$kernels" = 0 ]
}

# Ranks with a card each, by NCCL.
part_ranks() {
    if ! has_card 1; then
        echo "ranks: not run: they need two cards"
        return 0
    fi
    WEFT_TEST_DEVICE=cuda all_of "training_ranks_test lossesAreThoseOfOneProcess repetitionGivesTheSameBits" \
        "card_training_test ranksTakeACardEach cardsThatRanksCannotHaveAreRefused"
}

part_agreement() {
    within "$python" tests/gpu/agreement.py --device cuda
}

part_templates() {
    WEFT_TRAIN_STEPS=50 WEFT_TRAIN_OPTIONS="--device cuda" within python3 tests/system/templates_train.py
}

# Against PyTorch on the same card.
part_table_small() { "$python" tests/gpu/table.py --seconds "$seconds" lenet mlp lstm one; }
part_table_resnet() { "$python" tests/gpu/table.py --seconds "$seconds" 224; }
part_table_inception() { "$python" tests/gpu/table.py --seconds "$seconds" inception; }
part_table_transformer() { "$python" tests/gpu/table.py --seconds "$seconds" transformer; }

# Weft's own kernels alone: those of the libraries are many, and not ours to mend.
sanitized() {
    tool=$1
    shift
    # The option has had two names.
    option=$(compute-sanitizer --help | grep -o -m 1 -e '--kernel-name\b' -e '--kernel-regex\b')
    within compute-sanitizer --tool "$tool" --target-processes all ${option:+"$option" kns=weft} --error-exitcode 1 --print-limit 20 "$@"
}
part_memcheck() { sanitized memcheck "$build/tests/cuda_kernels_test"; }
part_memcheck_stored() { sanitized memcheck "$build/tests/cuda_stored_test"; }
part_racecheck() { sanitized racecheck "$build/tests/cuda_kernels_test"; }
